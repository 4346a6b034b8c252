#include <fmt/core.h>

#include "judge/findings.hpp"
#include "text/human.hpp"
#include "tuner/boot.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::file_never_applied {

namespace {

std::vector<Finding> check(const AuditInput& input) {
  if (input.boot == nullptr) return {};
  // Sysctl files are applied to the initial network namespace.
  if (!input.boot->for_this_network) return {};
  std::vector<Finding> findings;
  for (const UnappliedFile& file : input.boot->unapplied) {
    Finding finding = judge::failed(
        Severity::warning, file.path,
        fmt::format(
            "Its {} not applied at boot. {}",
            file.settings == 1 ? "setting is" : text::grouped(file.settings) + " settings are",
            file.why));
    finding.location = Location{.file = file.path, .line = file.first_line};
    finding.fix = {.kind = Fix::Kind::sysctl, .text = file.hint};
    findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "file-never-applied",
    .what = "A file with sysctl settings is not applied at boot.",
    .why = "Its author believes that its values are set; after a boot they are not.",
    .fix = "Move the lines to a file of /etc/sysctl.d whose name ends in .conf.",
    .source =
        "sysctl.d(5); sysctl(8) --system; measured with systemd 252, 257, 262 and procps "
        "4.0.2, 4.0.4, 4.0.7",
    .check = check,
};

}  // namespace tuner::rules::file_never_applied
