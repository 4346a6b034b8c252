#include "cli/apply_options.hpp"

#include <algorithm>

#include "judge/demand.hpp"
#include "knowledge/key_name.hpp"
#include "read/measure.hpp"
#include "text/suggest.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::cli {

namespace {

using Parts = ApplyOptions::Parts;

tl::unexpected<Error> usage(std::string subject, std::string detail, std::string hint) {
  return fail({.kind = ErrorKind::usage,
               .subject = std::move(subject),
               .detail = std::move(detail),
               .hint = std::move(hint)});
}

/// Keys in the form that every reader takes. One that the profile does not ask for is a mistake.
Result<std::vector<std::string>> keys_given(const Invocation& invocation, std::string_view option,
                                            const Profile& profile) {
  std::vector<std::string_view> known;
  for (const Demand& demand : profile.demands) {
    if (demand.area == Area::sysctl) known.push_back(demand.key);
  }
  std::vector<std::string> keys;
  for (const std::string& word : invocation.values(option)) {
    std::string whole;
    const auto key = SysctlKey::parse(word);
    if (fact_of(word, whole) == nullptr && key) whole = key->text();
    const bool asked =
        std::find(known.begin(), known.end(), whole) != known.end() || whole == kReservedPorts;
    if (!asked) {
      std::string hint = did_you_mean(whole.empty() ? word : whole, known);
      if (hint.empty()) hint = "tuner profile show " + profile.name + " lists its keys.";
      return usage("--" + std::string(option) + " " + word,
                   "the profile " + profile.name + " does not set this key", std::move(hint));
    }
    keys.push_back(std::move(whole));
  }
  return keys;
}

/// Without a profile the keys that were named are all that is touched.
std::vector<std::string> keys_of(const Profile& profile) {
  std::vector<std::string> keys;
  for (const Demand& demand : profile.demands) {
    keys.push_back(demand.key);
    if (demand.reserve_listening_ports) keys.emplace_back(kReservedPorts);
  }
  return keys;
}

Result<std::optional<std::chrono::milliseconds>> waiting_time(const Invocation& invocation) {
  const auto text = invocation.value("confirm-within");
  if (!text) return std::nullopt;
  constexpr auto kLongest = std::chrono::hours(24);
  const auto time = parse::duration(*text);
  const auto within = time ? std::chrono::duration_cast<std::chrono::milliseconds>(*time)
                           : std::chrono::milliseconds(0);
  if (within.count() > 0 && within <= kLongest) return within;
  return usage("--confirm-within " + *text, "must be a time of at most 24h",
               "Write it like 2min, 30s or 500ms.");
}

}  // namespace

Result<ApplyOptions> apply_options_of(const Invocation& invocation, const AskedValues& asked) {
  const Profile& profile = asked.loaded.profile;
  ApplyOptions options{.services = invocation.values("service"),
                       .running_processes = invocation.has("running-processes"),
                       .allow_shadowed = invocation.has("allow-shadowed"),
                       .allow_one_way = invocation.has("allow-one-way")};
  auto only = keys_given(invocation, "only", profile);
  if (!only) return tl::unexpected(only.error());
  auto except = keys_given(invocation, "except", profile);
  if (!except) return tl::unexpected(except.error());
  const auto within = waiting_time(invocation);
  if (!within) return tl::unexpected(within.error());
  if (asked.alone) options.only = keys_of(profile);
  if (!only->empty()) options.only = std::move(*only);
  options.except = std::move(*except);
  options.confirm_within = *within;
  const bool runtime = invocation.has("runtime-only");
  const bool files = invocation.has("persist-only");
  if (files && options.confirm_within) {
    return usage("--confirm-within", "conflicts with --persist-only: nothing running would change",
                 "Leave out one of them.");
  }
  const bool limits = std::any_of(profile.demands.begin(), profile.demands.end(),
                                  [](const Demand& demand) { return demand.area == Area::limit; });
  if (!limits && (!options.services.empty() || options.running_processes)) {
    return usage(options.services.empty() ? "--running-processes" : "--service",
                 "the profile " + profile.name + " sets no limit on open files",
                 "Leave it out, or add nofile to [limits] in the profile.");
  }
  options.parts = runtime ? Parts::runtime : files ? Parts::files : Parts::everything;
  return options;
}

}  // namespace tuner::cli
