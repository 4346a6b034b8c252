#include <cstddef>
#include <cstdint>
#include <string_view>

#include "host.hpp"
#include "judge/check.hpp"
#include "judge/difference.hpp"
#include "judge/fleet.hpp"
#include "judge/reading.hpp"
#include "judge/recommend.hpp"
#include "os/read_boot.hpp"
#include "render/audit.hpp"
#include "render/fleet.hpp"
#include "render/json.hpp"
#include "render/text.hpp"
#include "tuner/recommendation.hpp"

/// Trees of strangers: files over a captured host's, read, judged by every rule, compared with the
/// host as it was, and shown in every form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuner;
  const fuzz::Files files = fuzz::files_in({reinterpret_cast<const char*>(data), size});
  FleetSurvey survey(reading_for(nullptr).keys);
  for (const fuzz::Files& one : {files, fuzz::Files()}) {
    Report report;
    report.host = std::make_shared<HostSnapshot>(fuzz::read_tree(one));
    report.recommendation = recommend(*report.host).line();
    fuzz::Overlaid source(one);
    os::BootFiles boot(source, os::Kernel::captured, {});
    report.boot = boot.view(*report.host);
    report.findings = check({.host = *report.host, .boot = &*report.boot});
    (void)render::audit_text(report, {.detail = render::Detail::everything});
    (void)render::audit_json(report, "0");
    (void)render::audit_csv(report);
    (void)render::audit_html(report, "0");
    (void)render::audit_prometheus(report, "0");
    survey.add("host", report);
    if (one.empty()) break;
    // A sample of a host whose counters went anywhere between.
    const HostSnapshot before = fuzz::read_tree({});
    const HostSnapshot since = difference(before, *report.host, std::chrono::seconds(1));
    (void)check({.host = since});
  }
  const FleetReport report = survey.finish();
  (void)render::fleet_text(report, {});
  (void)render::fleet_json(report, "0");
  (void)render::fleet_html(report, "0");
  return 0;
}
