#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "host.hpp"
#include "judge/check.hpp"
#include "judge/plan.hpp"
#include "profile/fit.hpp"
#include "profile/parse_profile.hpp"
#include "profile/resolve.hpp"
#include "render/plan.hpp"
#include "render/profile.hpp"
#include "tuner/plan.hpp"
#include "tuner/profile.hpp"

/// Any bytes as a profile; one that is understood is fitted to a host, judged and planned.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuner;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  auto parsed = parse_profile(text, "fuzz.toml");
  if (!parsed) {
    if (parsed.error().detail.empty() || parsed.error().kind != ErrorKind::configuration) {
      std::abort();
    }
    return 0;
  }
  const auto no_other = [](const std::string& name) -> Result<Profile> {
    return fail({.kind = ErrorKind::configuration, .subject = name, .detail = "there is none"});
  };
  auto resolved = resolve_profile(std::move(*parsed), no_other);
  if (!resolved) return 0;
  static const auto host = std::make_shared<const HostSnapshot>(fuzz::read_tree({}));
  PlanReport report{.host = host};
  report.profile = fit_profile(std::move(*resolved), *host);
  report.plan = make_plan(report.profile, *host);
  (void)render::plan_text(report, {.detail = render::Detail::everything});
  (void)check({.host = *host, .profile = &report.profile});
  return 0;
}
