// The time to read and resolve a profile of 2,000 demands along a chain of 50 includes, beside the
// smallest profile there is, per demand and in one run. Fails at ten times the latter.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "profile/parse_profile.hpp"
#include "profile/resolve.hpp"
#include "tuner/profile.hpp"

namespace {

using tuner::Profile;
using Clock = std::chrono::steady_clock;

constexpr int kDepth = 50;
constexpr int kDemands = 40;  // of each profile
constexpr int kTurns = 21;

std::string header(const std::string& name, const std::string& include) {
  return "schema = 1\nname = \"" + name + "\"\nsummary = \"x\"\n" +
         (include.empty() ? "" : "include = [\"" + include + "\"]\n");
}

std::string demand(int number) {
  return "[sysctl.\"net.ipv4.conf.eth" + std::to_string(number) +
         ".rp_filter\"]\nexactly = 1\nwhy = \"a reason of the usual length, in one sentence\"\n"
         "source = \"Documentation/networking/ip-sysctl.rst\"\ncost = \"None\"\n";
}

std::map<std::string, std::string> chain() {
  std::map<std::string, std::string> texts;
  for (int level = 0; level < kDepth; ++level) {
    const std::string name = "level" + std::to_string(level);
    const std::string below = level == 0 ? "" : "level" + std::to_string(level - 1);
    std::string text = header(name, below);
    for (int index = 0; index < kDemands; ++index) text += demand(level * kDemands + index);
    texts[name] = text;
  }
  return texts;
}

/// Median nanoseconds a demand.
double cost(const std::map<std::string, std::string>& texts, const std::string& top,
            std::size_t demands) {
  const auto load = [&texts](const std::string& name) {
    return tuner::parse_profile(texts.at(name), name + ".toml");
  };
  std::vector<double> times;
  for (int turn = 0; turn < kTurns; ++turn) {
    const auto before = Clock::now();
    const auto resolved = tuner::resolve_profile(load(top).value(), load);
    const std::chrono::duration<double, std::nano> spent = Clock::now() - before;
    if (!resolved || resolved->demands.size() != demands) return -1;
    times.push_back(spent.count() / static_cast<double>(demands));
  }
  std::nth_element(times.begin(), times.begin() + kTurns / 2, times.end());
  return times[kTurns / 2];
}

}  // namespace

int main() {
  const double small = cost({{"small", header("small", "") + demand(0)}}, "small", 1);
  const double large =
      cost(chain(), "level" + std::to_string(kDepth - 1), std::size_t{kDepth} * kDemands);
  const double ratio = large / small;
  std::printf(
      "resolve: %.1f us a demand in the smallest profile, %.1f us in one of %d demands and "
      "%d includes; ratio %.2f\n",
      small / 1e3, large / 1e3, kDepth * kDemands, kDepth, ratio);
  return small > 0 && large > 0 && ratio < 10 ? 0 : 1;
}
