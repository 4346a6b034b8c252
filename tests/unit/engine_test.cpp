#include <doctest/doctest.h>

#include <functional>

#include "change/engine.hpp"
#include "fake_host.hpp"

namespace tuner {

namespace {

using engine::Conflicts;
using engine::Engine;
using test::Death;
using test::FakeHost;
using Fault = FakeHost::Fault;

constexpr auto kWithin = std::chrono::milliseconds(500);
constexpr const char* kFragment = "/etc/sysctl.d/90-tuner.conf";
constexpr const char* kFormerName = "/etc/sysctl.d/80-tuner.conf";
constexpr const char* kPending = "/run/sysctl.d/90-tuner_pending.conf";
const Place kHere{.machine = "m", .boot = "first", .network_namespace = "4:1"};
const Place kAfterBoot{.machine = "m", .boot = "second", .network_namespace = "4:9"};

/// A vector, a key that moves others along, the others, and files.
TransactionPlan plan_of(std::optional<std::chrono::milliseconds> confirm_within) {
  using enum Step::Kind;
  using enum Step::Part;
  TransactionPlan plan{.id = "t", .place = kHere, .confirm_within = confirm_within};
  if (confirm_within) {
    plan.steps.push_back({.kind = file, .part = pending, .target = kPending, .wanted = "new"});
  }
  plan.steps.push_back({.target = "net/ipv4/tcp_rmem", .original = "1 2 3", .wanted = "4 5 6"});
  plan.steps.push_back({.target = "net/ipv4/conf/a/forwarding", .original = "0", .follows = true});
  plan.steps.push_back({.target = "net/ipv4/conf/b/forwarding", .original = "1", .follows = true});
  plan.steps.push_back({.target = "net/ipv4/ip_forward", .original = "0", .wanted = "1"});
  plan.steps.push_back({.target = "net/core/somaxconn", .original = "128", .wanted = "4096"});
  plan.steps.push_back({.kind = file, .part = keep, .target = "/limits", .wanted = "limits"});
  plan.steps.push_back(
      {.kind = file, .part = keep, .target = kFragment, .original = "old", .wanted = "new"});
  plan.steps.push_back({.kind = file, .part = keep, .target = kFormerName, .original = "former"});
  return plan;
}

FakeHost fresh_host() {
  FakeHost host;
  host.values[kPending] = std::nullopt;
  for (const Step& step : plan_of({}).steps) host.values[step.target] = step.original;
  host.follows["net/ipv4/ip_forward"] = {"net/ipv4/conf/a/forwarding",
                                         "net/ipv4/conf/b/forwarding"};
  return host;
}

Engine engine_on(FakeHost& host, const Place& here = kHere) {
  return {host, host, host, here, {.user = "root", .command = "tuner"}};
}

bool live_is_old(FakeHost& host) {
  return host.values["net/ipv4/tcp_rmem"] == "1 2 3" &&
         host.values["net/ipv4/conf/a/forwarding"] == "0" &&
         host.values["net/ipv4/conf/b/forwarding"] == "1" &&
         host.values["net/ipv4/ip_forward"] == "0" && host.values["net/core/somaxconn"] == "128";
}

bool live_is_new(FakeHost& host) {
  return host.values["net/ipv4/tcp_rmem"] == "4 5 6" &&
         host.values["net/ipv4/conf/a/forwarding"] == "1" &&
         host.values["net/ipv4/conf/b/forwarding"] == "1" &&
         host.values["net/ipv4/ip_forward"] == "1" && host.values["net/core/somaxconn"] == "4096";
}

bool files_are_old(FakeHost& host) {
  return !host.values["/limits"] && host.values[kFragment] == "old" &&
         host.values[kFormerName] == "former";
}

bool files_are_new(FakeHost& host) {
  return host.values["/limits"] == "limits" && host.values[kFragment] == "new" &&
         !host.values[kFormerName];
}

/// Whether all is as the state of the journal says, and nothing is left lying about.
void check_consistent(FakeHost& host) {
  CHECK(host.leftovers.empty());
  if (!host.journal.contains("t")) {
    CHECK(live_is_old(host));
    CHECK(files_are_old(host));
    return;
  }
  const State state = host.journal["t"].state();
  CAPTURE(state_name(state));
  if (state == State::confirmed) {
    CHECK(live_is_new(host));
    CHECK(files_are_new(host));
    CHECK(!host.values[kPending]);
  } else if (state == State::applied) {
    CHECK(live_is_new(host));
    CHECK(files_are_old(host));
    CHECK(host.values[kPending] == "new");
    CHECK(host.timers.size() == 1);
  } else {
    CHECK(state == State::reverted);
    CHECK(live_is_old(host));
    CHECK(files_are_old(host));
    CHECK(!host.values[kPending]);
  }
}

/// What a boot makes of the files: nothing of the last one runs on, and /run is empty.
void boot(FakeHost& host) {
  const bool installed = host.values[kFragment] == "new";
  for (const Step& step : plan_of({}).steps) {
    if (step.part != Step::Part::live) continue;
    if (!installed) host.values[step.target] = step.original;
    if (installed) host.values[step.target] = step.wanted.value_or("1");
  }
  host.values[kPending].reset();
  host.timers.clear();
  host.uptime = std::chrono::milliseconds(10);
}

/// A run that may be killed. Its report, where it lived.
void run(const std::function<void()>& act) {
  try {
    act();
  } catch (const Death&) {
    return;
  }
}

void recover(FakeHost& host, const Place& here = kHere) {
  if (host.journal.contains("t")) (void)engine_on(host, here).recover(host.journal["t"]);
}

using Action = std::function<void(FakeHost&)>;

/// Everything that can be cut off, from the state in which it begins.
struct Scenario {
  const char* name = "";
  Action prepare{};
  Action act{};
};

void carry_out(FakeHost& host, std::optional<std::chrono::milliseconds> within) {
  (void)engine_on(host).apply(plan_of(within));
}

const std::vector<Scenario>& scenarios() {
  const Action pending = [](FakeHost& host) { carry_out(host, kWithin); };
  static const std::vector<Scenario> all = {
      {"apply", [](FakeHost&) {}, [](FakeHost& host) { carry_out(host, std::nullopt); }},
      {"apply and wait", [](FakeHost&) {}, pending},
      {"confirm", pending,
       [](FakeHost& host) { (void)engine_on(host).confirm(host.journal["t"]); }},
      {"expire", pending,
       [](FakeHost& host) {
         host.uptime += kWithin;
         (void)engine_on(host).expire(host.journal["t"]);
       }},
      {"rollback", [](FakeHost& host) { carry_out(host, std::nullopt); },
       [](FakeHost& host) {
         (void)engine_on(host).revert(host.journal["t"], Conflicts::leave, "asked");
       }},
      {"recover an apply",
       [](FakeHost& host) {
         host.fault = Fault::die_partly;
         host.fault_at = 7;  // in the middle of the values
         run([&host] { carry_out(host, std::nullopt); });
         host.heal();
       },
       [](FakeHost& host) { recover(host); }},
      {"recover a confirmation",
       [pending](FakeHost& host) {
         pending(host);
         host.fault = Fault::die;
         host.fault_at = host.operations + 9;
         run([&host] { (void)engine_on(host).confirm(host.journal["t"]); });
         host.heal();
       },
       [](FakeHost& host) { recover(host); }},
  };
  return all;
}

constexpr Fault kFaults[] = {Fault::fail, Fault::fail_done, Fault::fail_partly,
                             Fault::die,  Fault::die_done,  Fault::die_partly};

/// How many operations the scenario has when nothing goes wrong.
int length_of(const Scenario& scenario) {
  FakeHost host = fresh_host();
  scenario.prepare(host);
  const int before = host.operations;
  scenario.act(host);
  return host.operations - before;
}

FakeHost cut_at(const Scenario& scenario, int operation, Fault fault) {
  FakeHost host = fresh_host();
  scenario.prepare(host);
  host.fault = fault;
  host.fault_at = host.operations + operation;
  run([&] { scenario.act(host); });
  host.heal();
  return host;
}

}  // namespace

TEST_CASE("an applied transaction is kept, and a second look finds nothing to do") {
  FakeHost host = fresh_host();
  const RunReport report = engine_on(host).apply(plan_of({}));
  CHECK(report.trouble == "");
  CHECK(report.transaction.state() == State::confirmed);
  check_consistent(host);
  CHECK(engine_on(host).recover(host.journal["t"]).nothing_to_do);
  CHECK(engine_on(host).confirm(host.journal["t"]).nothing_to_do);
}

TEST_CASE("whatever operation fails or is the last one, recovery leaves all old or all new") {
  int cases = 0;
  for (const Scenario& scenario : scenarios()) {
    CAPTURE(std::string(scenario.name));
    const int length = length_of(scenario);
    REQUIRE(length > 3);
    for (int operation = 1; operation <= length; ++operation) {
      CAPTURE(operation);
      for (const Fault fault : kFaults) {
        CAPTURE(static_cast<int>(fault));
        FakeHost host = cut_at(scenario, operation, fault);
        recover(host);
        check_consistent(host);
        ++cases;
      }
    }
  }
  MESSAGE("cases: ", cases);
}

TEST_CASE("a second death, in the recovery, changes nothing of that") {
  for (const Scenario& scenario : scenarios()) {
    CAPTURE(std::string(scenario.name));
    const int length = length_of(scenario);
    for (int operation = 1; operation <= length; ++operation) {
      CAPTURE(operation);
      const FakeHost cut = cut_at(scenario, operation, Fault::die_partly);
      FakeHost undisturbed = cut;
      recover(undisturbed);
      const int recovery = undisturbed.operations - cut.operations;
      for (int second = 1; second <= recovery; ++second) {
        CAPTURE(second);
        // To die before an operation is to die after the one before it.
        for (const Fault fault : {Fault::die_done, Fault::die_partly}) {
          FakeHost host = cut;
          host.fault = fault;
          host.fault_at = host.operations + second;
          run([&host] { recover(host); });
          host.heal();
          recover(host);
          check_consistent(host);
        }
      }
    }
  }
}

TEST_CASE("a power cut at any operation ends old or new") {
  for (const Scenario& scenario : scenarios()) {
    CAPTURE(std::string(scenario.name));
    const int length = length_of(scenario);
    for (int operation = 1; operation <= length; ++operation) {
      CAPTURE(operation);
      for (const Fault fault : {Fault::die, Fault::die_done, Fault::die_partly}) {
        FakeHost host = cut_at(scenario, operation, fault);
        boot(host);
        recover(host, kAfterBoot);
        check_consistent(host);
      }
    }
  }
}

TEST_CASE("what somebody else changed is left, and named; --force takes it") {
  FakeHost host = fresh_host();
  carry_out(host, std::nullopt);
  host.values["net/core/somaxconn"] = "777";
  host.values[kFragment] = "edited";
  const RunReport report = engine_on(host).revert(host.journal["t"], Conflicts::leave, "asked");
  CHECK(report.transaction.state() == State::conflict);
  CHECK(host.values["net/core/somaxconn"] == "777");
  CHECK(host.values[kFragment] == "edited");
  CHECK(host.values["net/ipv4/tcp_rmem"] == "1 2 3");
  CHECK(report.transaction.records.back().conflicts.size() == 2);
  const RunReport forced =
      engine_on(host).revert(host.journal["t"], Conflicts::overwrite, "forced");
  CHECK(forced.transaction.state() == State::reverted);
  check_consistent(host);
}

TEST_CASE("a key that follows another and that somebody changed keeps his value") {
  FakeHost host = fresh_host();
  carry_out(host, std::nullopt);
  host.values["net/ipv4/conf/a/forwarding"] = "0";  // as it was: nothing to roll back
  host.values["net/ipv4/conf/b/forwarding"] = "2";  // his own
  const RunReport report = engine_on(host).revert(host.journal["t"], Conflicts::leave, "asked");
  CHECK(report.transaction.state() == State::conflict);
  CHECK(host.values["net/ipv4/conf/b/forwarding"] == "2");
  CHECK(host.values["net/ipv4/ip_forward"] == "0");
}

TEST_CASE("a half-written vector is ours while applying, and a conflict afterwards") {
  FakeHost host = fresh_host();
  carry_out(host, std::nullopt);
  host.values["net/ipv4/tcp_rmem"] = "4 2 3";
  const RunReport report = engine_on(host).revert(host.journal["t"], Conflicts::leave, "asked");
  CHECK(report.transaction.state() == State::conflict);
  CHECK(host.values["net/ipv4/tcp_rmem"] == "4 2 3");
}

TEST_CASE("values that the kernel rolls back only one behind the other all go back") {
  FakeHost host = fresh_host();
  host.values["net/a"] = "0";
  host.values["net/b"] = "0";
  TransactionPlan plan{.id = "t", .place = kHere};
  plan.steps = {{.target = "net/a", .original = "0", .wanted = "1"},
                {.target = "net/b", .original = "0", .wanted = "1"}};
  CHECK(engine_on(host).apply(plan).trouble == "");
  host.refuses = [&host](const Step& step, const std::string& value) {
    return step.target == "net/b" && value == "0" && host.values["net/a"] != "0";
  };
  CHECK(engine_on(host).revert(host.journal["t"], Conflicts::leave, "x").trouble == "");
  CHECK(host.values["net/b"] == "0");
  CHECK(host.journal["t"].state() == State::reverted);
}

TEST_CASE("a value that never goes back is tried again, and is no rollback in the end") {
  FakeHost host = fresh_host();
  carry_out(host, std::nullopt);
  host.refuses = [](const Step& step, const std::string& value) {
    return step.target == "net/core/somaxconn" && value == "128";
  };
  (void)engine_on(host).revert(host.journal["t"], Conflicts::leave, "x");
  CHECK(host.journal["t"].state() == State::reverting);
  CHECK(host.values["net/ipv4/tcp_rmem"] == "1 2 3");
  recover(host);
  CHECK(host.journal["t"].state() == State::conflict);
  host.refuses = nullptr;
  (void)engine_on(host).revert(host.journal["t"], Conflicts::leave, "x");
  check_consistent(host);
}

TEST_CASE("the first to come wins the race of confirmation and timer") {
  FakeHost host = fresh_host();
  carry_out(host, kWithin);
  CHECK(engine_on(host).confirm(host.journal["t"]).transaction.state() == State::confirmed);
  CHECK(engine_on(host).expire(host.journal["t"]).nothing_to_do);
  check_consistent(host);
  FakeHost other = fresh_host();
  carry_out(other, kWithin);
  CHECK(engine_on(other).expire(other.journal["t"]).nothing_to_do);  // too early
  other.uptime += kWithin;
  (void)engine_on(other).expire(other.journal["t"]);
  CHECK(engine_on(other).confirm(other.journal["t"]).nothing_to_do);
  check_consistent(other);
}

TEST_CASE("a change that waits is left waiting until its time has expired") {
  FakeHost host = fresh_host();
  carry_out(host, kWithin);
  CHECK(engine_on(host).recover(host.journal["t"]).nothing_to_do);
  check_consistent(host);
  host.uptime += std::chrono::milliseconds(501);
  CHECK(engine_on(host).recover(host.journal["t"]).transaction.state() == State::reverted);
  check_consistent(host);
}

TEST_CASE("a change that waits is armed again where its timer has ended") {
  FakeHost host = fresh_host();
  carry_out(host, kWithin);
  host.timers.clear();
  const auto by = host.journal["t"].last(State::applied)->confirm_by;
  const RunReport again = engine_on(host).recover(host.journal["t"]);
  CHECK_FALSE(again.nothing_to_do);
  CHECK(host.journal["t"].state() == State::applied);
  CHECK(host.journal["t"].last(State::applied)->confirm_by == by);
  check_consistent(host);
  CHECK(engine_on(host).recover(host.journal["t"]).nothing_to_do);
  CHECK(engine_on(host).confirm(host.journal["t"]).transaction.state() == State::confirmed);
  CHECK(host.timers.empty());
}

TEST_CASE("a namespace that has another's number is another one") {
  Place then = kHere;
  then.network_cookie = 7;
  Place now = kHere;
  CHECK(same_namespace(then, now));  // a kernel without cookies, or an earlier version's journal
  now.network_cookie = 7;
  CHECK(same_namespace(then, now));
  now.network_cookie = 8;
  CHECK_FALSE(same_namespace(then, now));
  CHECK(outlived(then, now));  // its number is used again
  now.network_namespace = "other";
  CHECK_FALSE(outlived(then, now));  // it may be there still
  now.network_cookie = 7;
  CHECK(same_namespace(then, now));
}

TEST_CASE("a container that starts again is another one, where the kernel has no cookies") {
  Place then = kHere;
  then.first_process = "100";
  Place now = then;
  CHECK(same_namespace(then, now));
  now.first_process = "200";
  CHECK_FALSE(same_namespace(then, now));
  now.first_process.clear();
  CHECK(same_namespace(then, now));
}

TEST_CASE("a machine-id that changes takes no change from the namespace that it was made in") {
  Place then = kHere;
  then.network_cookie = 7;
  Place now = then;
  now.machine = "new";
  CHECK(same_machine(then, now));
  CHECK(same_namespace(then, now));
  now.boot = "second";
  CHECK_FALSE(same_machine(then, now));
  FakeHost host = fresh_host();
  TransactionPlan plan = plan_of(kWithin);
  plan.place = then;
  (void)engine_on(host, then).apply(plan);
  host.uptime += std::chrono::milliseconds(900);
  now.boot = then.boot;
  CHECK(engine_on(host, now).expire(host.journal["t"]).transaction.state() == State::reverted);
  CHECK(live_is_old(host));
}

TEST_CASE("nothing is written where the timer cannot be armed") {
  FakeHost host = fresh_host();
  host.fault = Fault::fail;
  host.fault_at = 2;  // after the journal's first entry
  const RunReport report = engine_on(host).apply(plan_of(kWithin));
  CHECK(report.trouble.find("arm failed") != std::string::npos);
  CHECK(report.transaction.state() == State::reverted);
  check_consistent(host);
}

TEST_CASE("a transaction of another namespace or machine is left alone") {
  FakeHost host = fresh_host();
  carry_out(host, kWithin);
  Place child = kHere;
  child.network_namespace = "4:2";
  child.first_namespace = false;
  host.uptime += std::chrono::milliseconds(900);
  CHECK(engine_on(host, child).recover(host.journal["t"]).nothing_to_do);
  Place machine = kAfterBoot;
  machine.machine = "other";
  CHECK(engine_on(host, machine).recover(host.journal["t"]).nothing_to_do);
  CHECK(live_is_new(host));
}

TEST_CASE("a change that somebody made between plan and write stops the apply") {
  FakeHost host = fresh_host();
  host.values["net/core/somaxconn"] = "512";
  const RunReport report = engine_on(host).apply(plan_of({}));
  CHECK(report.trouble.find("it changed since it was read") != std::string::npos);
  CHECK(host.values["net/core/somaxconn"] == "512");
  CHECK(host.values["net/ipv4/tcp_rmem"] == "1 2 3");
  CHECK(files_are_old(host));
}

}  // namespace tuner
