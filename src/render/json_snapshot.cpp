#include "render/json_snapshot.hpp"

#include "render/json_parts.hpp"
#include "text/human.hpp"

namespace tuner::render {

std::string snapshot_json(const SnapshotReport& report, std::string_view version) {
  return Document()
      .with("schema", "tuner/snapshot/1")
      .with("tool", tool_object(version))
      .with("generated_at", text::timestamp(report.generated_at))
      .with("directory", report.directory)
      .with("anonymous", report.anonymous)
      .with("files", report.files)
      .with("sockets", report.sockets)
      .with("interfaces_left_out", report.interfaces_left_out)
      .with("unread", list_of(report.unread))
      .with_list("errors", kNoErrors, error_object)
      .text();
}

}  // namespace tuner::render
