#include <array>

#include "cli/command.hpp"
#include "cli/read_tree.hpp"
#include "judge/needs.hpp"
#include "profile/inputs.hpp"
#include "profile/measured.hpp"
#include "render/json.hpp"
#include "render/path.hpp"
#include "tuner/profile.hpp"
#include "tuner/reading.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::commands::bdp {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"bandwidth",
     "",
     "RATE",
     "bandwidth of the slowest link: 100Mbit, 2.5Gbit",
     false,
     {},
     {},
     true},
    {"rtt", "", "TIME", "round-trip time, as ping shows it: 80ms", false, {}, {}, true},
    {"root", "", "DIR", "read a snapshot of a host, not this host"},
    {"format", "", "text|json", "output format (default: text)"},
});

bool is_measured(const Invocation& invocation, Quantified quantity) {
  return invocation.value(quantity_name(quantity)) == kMeasured;
}

/// The value of an option, which is an input of profiles too.
template <class T>
Result<T> value_of(const Invocation& invocation, Quantified quantity, const HostSnapshot& host) {
  if (is_measured(invocation, quantity)) {
    return measured_input(quantity, host).map([](const Input& input) {
      return std::get<T>(input.value);
    });
  }
  const std::string option = "--" + std::string(quantity_name(quantity));
  const std::string text = invocation.value(quantity_name(quantity)).value_or("");
  const auto value = input_value(quantity, text);
  if (value) return std::get<T>(*value);
  const std::string form(input_form(quantity));
  return fail({.kind = ErrorKind::usage,
               .subject = option,
               .detail = "\"" + text + "\" is not " + form,
               .hint = "Give " + form + ", or measured."});
}

Result<Path> path_of(const Invocation& invocation, const HostSnapshot& host) {
  const auto bandwidth = value_of<BitsPerSecond>(invocation, Quantified::bandwidth, host);
  if (!bandwidth) return tl::unexpected(bandwidth.error());
  const auto rtt = value_of<std::chrono::microseconds>(invocation, Quantified::rtt, host);
  if (!rtt) return tl::unexpected(rtt.error());
  return Path{.bandwidth = *bandwidth, .rtt = *rtt};
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto keys = keys_of_path();
  Reading reading{.keys = std::vector<std::string>(keys.begin(), keys.end())};
  if (is_measured(invocation, Quantified::rtt) || is_measured(invocation, Quantified::bandwidth)) {
    reading.flows = kWatchToMeasure;
    reading.watch = Reading::Watch::always;
  }
  const auto host = read_tree_at(invocation.value("root").value_or("/"), reading);
  if (!host) return tl::unexpected(host.error());
  const auto path = path_of(invocation, *host);
  if (!path) return tl::unexpected(path.error());
  const PathNeeds needs = needs_of(*path, *host);
  const bool complete = needs.receive.running && needs.send.running;
  return Outcome{.status = complete ? ExitStatus::as_wanted : ExitStatus::incomplete,
                 .out = manner.json ? render::path_json(needs, *host, kVersion)
                                    : render::path_text(needs, *host, manner.style)};
}

}  // namespace

extern const Command command;

const Command command{
    .name = "bdp",
    .summary = "Compute what a path needs: bytes in flight, window scale, buffers",
    .examples =
        "  tuner bdp --bandwidth 10Gbit --rtt 80ms    what this path needs from this host\n"
        "  tuner bdp --bandwidth measured --rtt measured   as connections show\n"
        "  tuner bdp --bandwidth 40Mbit --rtt 40ms -v with the kernel's rules\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 0,
    .run = run,
};

}  // namespace tuner::commands::bdp
