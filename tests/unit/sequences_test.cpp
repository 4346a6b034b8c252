#include <doctest/doctest.h>

#include <cstdlib>
#include <random>
#include <set>

#include "cases.hpp"
#include "change/engine.hpp"
#include "change/fragment.hpp"
#include "change/order.hpp"
#include "change/plan_apply.hpp"
#include "fake_host.hpp"
#include "os/read_boot.hpp"
#include "profile/fit.hpp"
#include "profile/parse_profile.hpp"
#include "read/same_value.hpp"
#include "read/sysctl.hpp"
#include "tuner/apply.hpp"

/// Changes in any order, with people who set things in between, and the way back from all of it.
namespace tuner {

namespace {

using engine::Conflicts;
using engine::Engine;
using test::FakeHost;

const Place kHere{.machine = "m", .boot = "b", .network_namespace = "4:1"};
constexpr const char* kHost = "debian13-6.12-x86_64-4g";
constexpr const char* kFragment = "/etc/sysctl.d/90-tuner.conf";
constexpr const char* kPending = "/run/sysctl.d/90-tuner_pending.conf";
constexpr auto kWithin = std::chrono::milliseconds(500);
const std::vector<std::string> kKeys = {"net/ipv4/tcp_fin_timeout", "net/core/somaxconn",
                                        "net/ipv4/tcp_max_syn_backlog", "net/ipv4/tcp_rmem"};

// No profile's value is one that an outsider sets, nor what the host began with.
std::vector<Profile> profiles() {
  const std::vector<std::string> texts = {
      "[sysctl.\"net.ipv4.tcp_fin_timeout\"]\nexactly = 21\nwhy = \"x\"\n"
      "[sysctl.\"net.core.somaxconn\"]\nexactly = 5021\nwhy = \"x\"\n",
      "[sysctl.\"net.ipv4.tcp_fin_timeout\"]\nexactly = 22\nwhy = \"x\"\n"
      "[sysctl.\"net.ipv4.tcp_max_syn_backlog\"]\nexactly = 5022\nwhy = \"x\"\n",
      "[sysctl.\"net.core.somaxconn\"]\nexactly = 5023\nwhy = \"x\"\n"
      "[sysctl.\"net.ipv4.tcp_rmem\"]\nexactly = [\"4096 B\", \"5023 B\", \"5023000 B\"]\n"
      "why = \"x\"\n"};
  std::vector<Profile> parsed;
  for (const std::string& text : texts) {
    auto profile =
        parse_profile("schema = 1\nname = \"mine\"\nsummary = \"x\"\n" + text, "/x/mine.toml");
    if (!profile) FAIL(profile.error().message());
    parsed.push_back(std::move(*profile));
  }
  return parsed;
}

class Sequence {
 public:
  Sequence(unsigned seed, const HostSnapshot& host, const BootMaterial& boot)
      : random_(seed), snapshot_(host), boot_(boot) {
    for (const std::string& key : kKeys) {
      fake_.values[key] = host.sysctl(SysctlKey::from_path(key)->text())->text;
    }
    fake_.values[kFragment] = std::nullopt;
    fake_.values[kPending] = std::nullopt;
    start_ = fake_.values;
  }

  void step() {
    switch (random_() % 10) {
      case 0:
      case 1:
      case 2:
      case 3:
        return apply();
      case 4:
        return with_waiting([this](Transaction one) { engine().confirm(std::move(one)); });
      case 5:
        fake_.uptime += kWithin * 2;
        return with_waiting([this](Transaction one) { engine().expire(std::move(one)); });
      case 6:
        return disturb();
      case 7:
        return roll_back({});
      default:
        break;
    }
    if (fake_.journal.empty()) return;
    const auto all = history();
    roll_back({.id = all[random_() % all.size()].plan.id, .through = random_() % 2 == 0},
              random_() % 4 == 0);
  }

  /// What is left is what outsiders set, and named.
  void roll_back_everything() {
    fake_.uptime += kWithin * 2;
    with_waiting([this](Transaction one) { engine().expire(std::move(one)); });
    for (const bool force : {false, true}) {
      const auto all = history();
      if (all.empty()) return;
      roll_back({.id = all.front().plan.id, .through = true}, force);
      // The oldest may be rolled back, and others stand.
      for (std::size_t index = 0; index < all.size(); ++index) roll_back({}, force);
      check(force);
    }
  }

 private:
  Engine engine() { return {fake_, fake_, fake_, kHere, {.user = "root", .command = "tuner"}}; }

  std::vector<Transaction> history() {
    std::vector<Transaction> all;
    for (const auto& [id, transaction] : fake_.journal) all.push_back(transaction);
    return all;
  }

  void with_waiting(const std::function<void(Transaction)>& act) {
    for (const Transaction& one : history()) {
      if (one.waiting()) act(one);
    }
  }

  bool is_open() {
    const auto all = history();
    return std::any_of(all.begin(), all.end(), [](const Transaction& one) { return one.open(); });
  }

  void apply() {
    if (is_open()) return;
    static const std::vector<Profile> all = profiles();
    const Profile& profile = all[random_() % all.size()];
    HostSnapshot host = snapshot_;
    for (const std::string& key : kKeys) {
      host.set_sysctl(SysctlKey::from_path(key)->text(), parse::sysctl_value(*fake_.values[key]));
    }
    ApplySurvey survey{.boot = boot_, .history = history(), .place = kHere};
    for (const auto& [target, text] : fake_.values) {
      survey.boot.files =
          with_file(std::move(survey.boot.files), target, text.value_or(std::string()));
    }
    ApplyOptions options;
    if (random_() % 3 == 0) options.confirm_within = kWithin;
    ApplyPlan plan = plan_apply(fit_profile(profile, host), host, survey, options);
    if (!plan.refusals.empty() || !plan.changes_anything()) return;
    for (Step& step : plan.steps) {
      // Beside a file of somebody's, tuner's has another name.
      if (step.kind == Step::Kind::file && fake_.values.try_emplace(step.target).second) {
        start_.try_emplace(step.target);
      }
      if (step.part != Step::Part::keep) step.original = fake_.values[step.target];
    }
    (void)engine().apply({.id = fmt::format("t{:03}", ++count_),
                          .number = count_,
                          .place = kHere,
                          .profile = "mine",
                          .confirm_within = options.confirm_within,
                          .steps = std::move(plan.steps)});
  }

  void disturb() {
    const std::size_t which = random_() % (kKeys.size() + 1);
    if (which == kKeys.size()) {
      auto& file = fake_.values[kFragment];
      touched_.insert(kFragment);
      if (file && random_() % 2 == 0) {
        file.reset();
      } else {
        file = file.value_or("") + "# mine\n";
      }
      return;
    }
    const std::string& key = kKeys[which];
    touched_.insert(key);
    const std::string number = std::to_string(30 + random_() % 5);
    fake_.values[key] = key == "net/ipv4/tcp_rmem" ? "4096 5030 50" + number + "000" : number;
    theirs_[key].insert(*fake_.values[key]);
  }

  void roll_back(const WayBackOptions& options, bool force = false) {
    const auto all = history();
    const bool waits =
        std::any_of(all.begin(), all.end(), [](const Transaction& one) { return one.waiting(); });
    if (waits && !options.id.empty()) return;
    const auto changes = way_back(all, kHere, options);
    if (!changes) {
      refused_ = changes.error();
      CHECK(refused_->hint.find("--through " + options.id) != std::string::npos);
      return;
    }
    std::set<std::string> held;
    for (const Transaction& change : *changes) {
      const RunReport run = engine().revert(change, force ? Conflicts::overwrite : Conflicts::leave,
                                            "asked for", held);
      for (std::size_t index = 0; index < run.steps.size(); ++index) {
        CHECK(run.steps[index].result != StepOutcome::Result::failed);
        if (run.steps[index].result == StepOutcome::Result::conflict) {
          held.insert(change.plan.steps[index].target);
          // tuner's own later change is never "somebody".
          CHECK(touched_.contains(change.plan.steps[index].target));
        }
      }
    }
  }

  void check(bool forced) {
    CAPTURE(forced);
    std::set<std::string> named;
    for (const Transaction& one : history()) {
      CHECK_FALSE(one.open());
      if (one.state() != State::conflict) continue;
      for (const Step& step : one.plan.steps) {
        for (const std::string& sentence : one.records.back().conflicts) {
          if (sentence.starts_with(step_name(step))) named.insert(step.target);
        }
      }
    }
    if (forced) CHECK(named.empty());
    for (const auto& pair : fake_.values) {
      const std::string& target = pair.first;
      const std::optional<std::string>& value = pair.second;
      CAPTURE(target);
      CAPTURE(value.value_or("none"));
      if (value == start_[target]) continue;
      REQUIRE(touched_.contains(target));
      if (target.starts_with('/')) {
        CHECK(value.value_or("# mine\n").find("# mine\n") != std::string::npos);
      } else {
        CHECK(theirs_[target].contains(*value));
      }
    }
  }

  std::mt19937 random_;
  HostSnapshot snapshot_;
  BootMaterial boot_;
  FakeHost fake_{};
  std::map<std::string, std::optional<std::string>> start_{};
  std::map<std::string, std::set<std::string>> theirs_{};
  std::set<std::string> touched_{};
  std::optional<Error> refused_{};
  std::int64_t count_ = 0;
};

}  // namespace

TEST_CASE("whatever was done in whatever order, all of it goes back") {
  const char* const asked = std::getenv("TUNER_SEQUENCES");
  const unsigned count = asked == nullptr ? 100 : static_cast<unsigned>(std::atoi(asked));
  const HostSnapshot host = test::read_captured(kHost);
  test::OverlaidFiles files(kHost);
  os::BootFiles boot(files, os::Kernel::captured, {});
  const BootMaterial material = boot.material(kKeys);
  for (unsigned seed = 1; seed <= count; ++seed) {
    CAPTURE(seed);
    Sequence sequence(seed, host, material);
    constexpr int kSteps = 12;
    for (int number = 0; number < kSteps; ++number) sequence.step();
    sequence.roll_back_everything();
  }
}

}  // namespace tuner
