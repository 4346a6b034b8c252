#include <fmt/core.h>

#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "tuner/profile.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::nr_open_below_limit {

namespace {

constexpr const char* kKey = "fs.nr_open";

struct Limit {
  std::int64_t files = 0;
  std::string owner;
};

/// The highest limit that is in force or asked for.
Limit highest_limit(const AuditInput& input) {
  Limit highest;
  const auto raise = [&highest](std::optional<std::int64_t> files, const std::string& owner) {
    if (files && *files > highest.files) highest = {*files, owner};
  };
  if (input.host.init_limit) raise(input.host.init_limit->hard, "PID 1's hard limit");
  if (input.host.own_limit) raise(input.host.own_limit->hard, "this process's hard limit");
  if (const Demand* const demand = judge::demand_on(input, "nofile")) {
    raise(demand->numbers.front(), "the profile " + demand->profile);
  }
  return highest;
}

std::vector<Finding> check(const AuditInput& input) {
  const auto running = input.host.number(kKey);
  if (!running) return {judge::about_key(judge::unknown(kKey, running.error()), kKey, input.host)};
  const Limit limit = highest_limit(input);
  if (limit.files <= *running) return {judge::key_passed(kKey, input.host, "No limit exceeds it.")};
  Finding finding = judge::key_failed(
      Severity::warning, kKey, input.host,
      fmt::format("It is {}, below {} of {}.", *running, limit.owner, limit.files));
  finding.wanted = std::to_string(limit.files);
  finding.fix = judge::set(kKey, std::to_string(limit.files));
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "nr-open-below-limit",
    .what = "fs.nr_open is below a limit on open files.",
    .why =
        "No process can have more open files than fs.nr_open, whatever its limit says; setting a "
        "limit above it fails with EPERM, for root too.",
    .fix = "Raise fs.nr_open before the limits.",
    .source = "fs/file.c; kernel/sys.c do_prlimit(); setrlimit(2)",
    .reads = {kKey},
    .check = check,
};

}  // namespace tuner::rules::nr_open_below_limit
