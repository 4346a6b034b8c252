#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuner {

/// One thing that a transaction changes, with what it was: enough to roll the change back.
struct Step {
  enum class Kind {
    sysctl,  ///< target: the path below /proc/sys; values as the kernel prints them
    file,    ///< target: an absolute path; values are the bytes
    route,   ///< target: all that tells a default route from others; values "INITCWND INITRWND"
    limit,   ///< target: "PID START COMMAND"; values "SOFT HARD", the limit of open files
  };
  /// When it is written.
  enum class Part {
    pending,  ///< before the live values, and taken away again when the change is confirmed
    live,     ///< what runs
    keep,     ///< what the next boot reads: written when the change is confirmed
  };
  Kind kind = Kind::sysctl;
  Part part = Part::live;
  std::string target{};
  std::optional<std::string> original{};  ///< no value: no such file
  std::optional<std::string> wanted{};    ///< no value: the file is to go
  /// The kernel writes it when another key is written; it has no wanted value, and goes back after
  /// that key has gone back.
  bool follows = false;
  /// The kernel moves it when it writes a key before it, so it may have a value on the way that is
  /// neither the original nor the wanted one.
  bool moved = false;
  std::uint32_t mode = 0644;  ///< of the original file
  /// Of the interface that the key belongs to, as the kernel counts them, whatever it is called by
  /// now; 0: of none, or by the name alone, as after a boot that counts anew.
  std::int64_t interface_index = 0;
  std::string why{};  ///< the profile's reason; may be empty
};

/// The key of a sysctl step in the form with dots; the target of others.
std::string step_name(const Step& step);

/// Where a transaction belongs.
struct Place {
  std::string machine{};             ///< /etc/machine-id; empty where there is none
  std::string boot{};                ///< /proc/sys/kernel/random/boot_id
  std::string network_namespace{};   ///< "DEVICE:INODE", one of this boot, and used again
  std::uint64_t network_cookie = 0;  ///< never used again in a boot; 0 where the kernel has none
  /// When the first process of the PID namespace began: that of a container that starts again has a
  /// later one. Empty where it is not known.
  std::string first_process{};
  bool first_namespace = true;  ///< PID 1 lives in it, so it is there again after a boot

  friend bool operator==(const Place&, const Place&) = default;
};

/// Whether the live values of a transaction are to be found here. Inodes of namespaces mean
/// nothing after a boot.
bool same_namespace(const Place& left, const Place& right);

/// Whether a transaction belongs to this machine: by its machine-id, or, where that was changed
/// meanwhile, by the boot and the namespace that it was made in.
bool same_machine(const Place& then, const Place& now);

/// Whether the namespace that a transaction was made in, `then`, is no more, for certain: another
/// boot, or its number is used again. That of another container may be there still.
bool outlived(const Place& then, const Place& now);

/// Who did something, and by which command.
struct Actor {
  std::string user{};     ///< the one who logged in, behind sudo too
  std::string command{};  ///< the whole command line

  friend bool operator==(const Actor&, const Actor&) = default;
};

/// All that is recorded before the first change.
struct TransactionPlan {
  std::string id{};
  /// One more than that of the transaction before: clocks are set back, and this is not.
  std::int64_t number = 0;
  std::chrono::sys_seconds created{};
  Actor actor{};
  Place place{};
  std::string profile{};
  std::string profile_sha256{};
  std::string version{};  ///< of tuner
  /// How long the change is waiting for confirmation; no value: it is kept once it is read back.
  std::optional<std::chrono::milliseconds> confirm_within{};
  std::int64_t newest_interface = 0;  ///< the highest index that there was; 0: not known
  std::vector<Step> steps{};  ///< in the order of writing; the sysctl.d file is the last to keep
};

enum class State {
  planned,     ///< recorded, nothing done
  armed,       ///< the timer runs
  applying,    ///< live values are being written
  applied,     ///< they are in force and wait for a confirmation
  confirming,  ///< the files are being written
  confirmed,
  reverting,
  reverted,
  conflict,  ///< something could not be rolled back
};

std::string_view state_name(State state);
std::optional<State> state_named(std::string_view name);

/// One entry of a transaction's journal.
struct Record {
  State state = State::planned;
  std::chrono::sys_seconds at{};
  Actor actor{};
  std::string reason{};
  /// The time since boot (CLOCK_BOOTTIME) until which a confirmation is waited for.
  std::optional<std::chrono::milliseconds> confirm_by{};
  std::string timer{};  ///< what ends the waiting, so that it can be stopped
  /// What the kernel made of the values that follow others, by the step's target.
  std::map<std::string, std::string> followed{};
  std::vector<std::string> conflicts{};  ///< a sentence for each thing that was not rolled back
  /// The targets of those. What did go back is not ours any more: one below may have gone back
  /// since.
  std::vector<std::string> left{};
  std::vector<std::string> notes{};  ///< what else is not as it was, though nothing of ours
};

struct Transaction {
  TransactionPlan plan{};
  std::vector<Record> records{};

  [[nodiscard]] State state() const {
    return records.empty() ? State::planned : records.back().state;
  }
  /// Null where it never was in that state.
  [[nodiscard]] const Record* last(State state) const;
  /// Whether something of it may have to be finished, by a confirmation or by rolling it back.
  [[nodiscard]] bool open() const;
  /// Waiting for `tuner confirm`.
  [[nodiscard]] bool waiting() const { return state() == State::applied; }
};

/// What became of one step in a run.
struct StepOutcome {
  enum class Result {
    untouched,  ///< it was not its turn
    changed,
    unchanged,  ///< it had the value
    restored,
    skipped,   ///< there is nothing to roll back any more, see `detail`
    failed,    ///< it could not be read or written
    conflict,  ///< somebody else changed it; left alone
  };
  Result result = Result::untouched;
  std::string detail{};
};

std::string_view outcome_name(StepOutcome::Result result);

/// What a run of the engine did.
struct RunReport {
  Transaction transaction{};         ///< as it is now
  std::vector<StepOutcome> steps{};  ///< one for each step of the plan
  /// What went wrong first, with the key; empty when all went well.
  std::string trouble{};
  std::string troubled{};  ///< the key or file that it went wrong with; may be empty
  /// Another run was first, or nothing is left to do.
  bool nothing_to_do = false;
};

}  // namespace tuner
