#include "cli/since_option.hpp"

#include "os/files.hpp"
#include "read/former_audit.hpp"

namespace tuner::cli {

namespace {

template <class Former>
Result<std::optional<Former>> former_of(const Invocation& invocation,
                                        Result<Former> (*reader)(std::string_view,
                                                                 const std::string&)) {
  const auto path = invocation.value("since");
  if (!path) return std::nullopt;
  const auto text = os::read_named_file(*path);
  if (!text) return tl::unexpected(text.error());
  return reader(*text, *path).map([](Former former) { return std::optional(std::move(former)); });
}

}  // namespace

Result<std::optional<FormerAudit>> former_audit_of(const Invocation& invocation) {
  return former_of(invocation, parse::former_audit);
}

Result<std::optional<FormerFleet>> former_fleet_of(const Invocation& invocation) {
  return former_of(invocation, parse::former_fleet);
}

}  // namespace tuner::cli
