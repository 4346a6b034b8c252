#pragma once

#include <fmt/format.h>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "change/engine.hpp"
#include "model/number.hpp"

namespace tuner::test {

/// Thrown where a process is killed.
struct Death {};

/// A host in memory that can fail or die at one chosen operation. It keeps what a power cut keeps.
class FakeHost : public engine::Store, public engine::Journal, public engine::Clock {
 public:
  enum class Fault {
    none,
    fail,         ///< nothing happens, and an error comes back
    fail_done,    ///< it happens, and an error comes back all the same
    fail_partly,  ///< a vector is written in part, a journal entry torn; an error comes back
    die,          ///< killed before it happens
    die_done,     ///< killed after it happened
    die_partly,   ///< killed in the middle, a temporary file left behind
  };

  std::map<std::string, std::optional<std::string>> values{};
  std::vector<std::string> leftovers{};
  std::map<std::string, Transaction> journal{};
  std::map<std::string, std::string> timers{};  ///< name to transaction
  std::chrono::milliseconds uptime{1000};
  int operations = 0;
  int fault_at = 0;  ///< the operation that the fault comes at, from 1
  Fault fault = Fault::none;

  /// What the kernel writes by itself: a write to the key sets these too.
  std::map<std::string, std::vector<std::string>> follows{};

  /// What the kernel refuses, with the values as they are.
  std::function<bool(const Step&, const std::string& value)> refuses{};

  void heal() { fault = Fault::none; }

  Result<std::optional<std::string>> read(const Step& step) override {
    if (is_failure(only_before(enter()))) return fail(error("read", step.target));
    return values.at(step.target);
  }

  Result<void> write(const Step& step, const std::optional<std::string>& value,
                     const std::optional<std::string>& present) override {
    const Fault now = enter();
    if (step.kind == Step::Kind::file && values.at(step.target) != present) {
      return fail(error("write", step.target));
    }
    if (now == Fault::fail) return fail(error("write", step.target));
    if (refuses && value && refuses(step, *value)) return fail(error("refused", step.target));
    const bool partly = now == Fault::fail_partly || now == Fault::die_partly;
    if (partly && step.kind == Step::Kind::file) {
      leftovers.push_back(step.target);
    } else if (partly && value) {
      values[step.target] = first_element(*value, values.at(step.target).value_or(""));
    } else {
      std::erase(leftovers, step.target);  // as os::replace_file() does
      values[step.target] = value;
      for (const std::string& other : follows[step.target]) values[other] = value;
    }
    if (now == Fault::die_done || now == Fault::die_partly) throw Death();
    if (now == Fault::fail_done || now == Fault::fail_partly) {
      return fail(error("write", step.target));
    }
    return {};
  }

  std::optional<std::string> gone(const Step&) override { return std::nullopt; }

  std::vector<std::string> inheritors(const Step&, std::int64_t) override { return {}; }

  Result<void> discard_leftovers(const Step& step) override {
    if (is_failure(only_before(enter()))) return fail(error("remove", step.target));
    std::erase(leftovers, step.target);
    return {};
  }

  Result<void> create(const TransactionPlan& plan) override {
    return durable(plan.id, [&] { journal[plan.id] = Transaction{.plan = plan}; });
  }

  Result<void> append(const std::string& id, const Record& record) override {
    return durable(id, [&] {
      if (journal.contains(id)) journal[id].records.push_back(record);
    });
  }

  std::chrono::sys_seconds now() override { return {}; }
  std::chrono::milliseconds since_boot() override { return uptime; }

  Result<std::string> arm(const std::string& id, std::chrono::milliseconds) override {
    const Fault now = enter();
    if (now == Fault::fail || now == Fault::fail_partly) return fail(error("arm", id));
    timers["timer-" + id] = id;
    if (now == Fault::die_done || now == Fault::die_partly) throw Death();
    if (now == Fault::fail_done) return fail(error("arm", id));
    return "timer-" + id;
  }

  bool is_armed(const std::string& timer) override { return timers.contains(timer); }

  void disarm(const std::string& timer) override {
    only_before(enter());
    timers.erase(timer);
  }

 private:
  Fault enter() {
    ++operations;
    if (operations != fault_at) return Fault::none;
    if (fault == Fault::die) throw Death();
    return fault;
  }

  /// For operations that have no middle.
  static Fault only_before(Fault fault) {
    if (fault == Fault::die_done || fault == Fault::die_partly) throw Death();
    return fault;
  }

  static bool is_failure(Fault fault) {
    return fault == Fault::fail || fault == Fault::fail_done || fault == Fault::fail_partly;
  }

  /// A torn entry is ignored by those who read the journal, so it is as if it never came.
  Result<void> durable(const std::string& id, const auto& act) {
    const Fault now = enter();
    if (now == Fault::fail || now == Fault::fail_partly) return fail(error("journal", id));
    if (now == Fault::die_partly) throw Death();
    act();
    if (now == Fault::die_done) throw Death();
    if (now == Fault::fail_done) return fail(error("journal", id));
    return {};
  }

  static std::string first_element(const std::string& value, const std::string& before) {
    const auto fresh = parse::words(value);
    const auto old = parse::words(before);
    if (fresh.size() < 2 || fresh.size() != old.size()) return value;
    std::string mixed(fresh[0]);
    for (std::size_t index = 1; index < old.size(); ++index) mixed.append(" ").append(old[index]);
    return mixed;
  }

  static Error error(const char* what, const std::string& target) {
    return {.subject = target, .detail = fmt::format("{} failed", what)};
  }
};

}  // namespace tuner::test
