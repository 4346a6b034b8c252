#include "render/networks.hpp"

#include <doctest/doctest.h>

namespace tuner {
namespace {

NetworkRow row(const char* name, std::optional<Summary> summary) {
  return {.name = name, .pid = 1, .processes = 1, .summary = summary};
}

TEST_CASE("the namespace that most is wrong with comes first") {
  NetworkReport report;
  report.networks = {row("clean", Summary{}),
                     row("remark", Summary{.infos = 9}),
                     row("unread", std::nullopt),
                     row("error", Summary{.errors = 1}),
                     row("warnings", Summary{.warnings = 2, .infos = 1}),
                     row("warning", Summary{.warnings = 2}),
                     row("also-clean", Summary{})};
  report.audit_command = "tuner audit";
  const std::string text = render::networks_text(report, {});
  std::size_t before = 0;
  for (const char* const name : {"\nerror ", "\nwarnings ", "\nwarning ", "\nremark ", "\nunread ",
                                 "\nclean ", "\nalso-clean "}) {
    CAPTURE(text);
    const auto place = text.find(name);
    REQUIRE(place != std::string::npos);
    CHECK(place >= before);
    before = place;
  }
}

}  // namespace
}  // namespace tuner
