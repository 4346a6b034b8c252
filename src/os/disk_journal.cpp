#include "os/disk_journal.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <memory>
#include <set>

#include "os/files.hpp"
#include "os/journal_text.hpp"
#include "os/safe_directory.hpp"
#include "os/system_error.hpp"
#include "text/human.hpp"

namespace tuner::os {

namespace {

constexpr const char* kFile = "journal";
constexpr std::string_view kUnborn = ".new-";  // a transaction before its plan is on the disk
constexpr std::size_t kKept = 50;

std::string path_of(const std::string& id) {
  return std::string(kTransactions) + '/' + id + '/' + kFile;
}

/// Never to be taken for a change that was not made.
tl::unexpected<Error> unreadable_journal(Error error) {
  error.detail = "cannot be read: " + error.detail;
  error.hint = "Move its directory away if that change needs no rollback.";
  return fail(std::move(error));
}

Result<DecodedJournal> read_journal(int directory, const std::string& id) {
  const Descriptor file(::openat(directory, (id + '/' + kFile).c_str(),
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  auto text = file.valid() ? read_all(file.get(), path_of(id)) : system_error(path_of(id));
  if (!text) return unreadable_journal(text.error());
  auto journal = decode_journal(*text, path_of(id));
  if (journal && journal->transaction.plan.id != id) {
    return fail(
        {.subject = path_of(id),
         .detail = "it is the journal of another transaction, " + journal->transaction.plan.id,
         .hint = "Move its directory away."});
  }
  return journal;
}

/// The transactions that know the original of a key or file: the first that stands and set it.
std::set<std::string> first_touches(const std::vector<Transaction>& transactions) {
  std::set<std::string> needed;
  std::set<std::string> seen;
  for (const Transaction& transaction : transactions) {
    if (transaction.state() == State::reverted) continue;
    for (const Step& step : transaction.plan.steps) {
      if (seen.insert(step.target).second) needed.insert(transaction.plan.id);
    }
  }
  return needed;
}

void remove_transaction(int directory, const std::string& id) {
  ::unlinkat(directory, (id + '/' + kFile).c_str(), 0);
  ::unlinkat(directory, id.c_str(), AT_REMOVEDIR);
}

}  // namespace

Result<History> read_history(const Place& here) {
  History history;
  struct stat status = {};
  if (::lstat(kTransactions, &status) != 0 && errno == ENOENT) return history;
  const auto directory = open_own_directory(kTransactions);
  if (!directory) return tl::unexpected(directory.error());
  const auto names = list_directory_at(directory->get(), ".", kTransactions);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (name.starts_with('.')) continue;
    auto journal = read_journal(directory->get(), name);
    if (!journal) {
      history.damaged.push_back(std::move(journal.error()));
    } else {
      TransactionPlan& plan = journal->transaction.plan;
      const bool own = same_machine(plan.place, here);
      // Another boot counts interfaces anew.
      if (plan.place.boot != here.boot) {
        for (Step& step : plan.steps) step.interface_index = 0;
        plan.newest_interface = 0;
      }
      (own ? history.transactions : history.foreign).push_back(std::move(journal->transaction));
    }
  }
  for (auto* const list : {&history.transactions, &history.foreign}) {
    std::stable_sort(list->begin(), list->end(),
                     [](const Transaction& one, const Transaction& other) {
                       return one.plan.number < other.plan.number;
                     });
  }
  return history;
}

Result<int> DiskJournal::directory() {
  if (directory_.valid()) return directory_.get();
  constexpr unsigned kPrivate = 0700;  // the journal holds old files, whoever may read those
  const auto state = make_state_directory();
  if (!state) return tl::unexpected(state.error());
  auto opened = make_own_directory(kTransactions, kPrivate);
  if (!opened) return tl::unexpected(opened.error());
  directory_ = std::move(*opened);
  return directory_.get();
}

Result<void> DiskJournal::create(const TransactionPlan& plan) {
  const auto transactions = directory();
  if (!transactions) return tl::unexpected(transactions.error());
  constexpr unsigned kDirectoryMode = 0700;
  constexpr unsigned kFileMode = 0600;
  const std::string unborn = std::string(kUnborn) + plan.id;
  const std::string path = path_of(plan.id);
  if (::mkdirat(*transactions, unborn.c_str(), kDirectoryMode) != 0) return system_error(path);
  const Descriptor inside(
      ::openat(*transactions, unborn.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  const Descriptor file(
      !inside.valid()
          ? -1
          : ::openat(inside.get(), kFile, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kFileMode));
  Result<void> written = file.valid() ? write_all(file.get(), encode_plan(plan), path)
                                      : Result<void>(system_error(path));
  if (written && (::fsync(file.get()) != 0 || ::fsync(inside.get()) != 0 ||
                  ::renameat(*transactions, unborn.c_str(), *transactions, plan.id.c_str()) != 0 ||
                  ::fsync(*transactions) != 0)) {
    written = system_error(path);
  }
  if (!written) remove_transaction(*transactions, unborn);
  return written;
}

Result<void> DiskJournal::append(const std::string& id, const Record& record) {
  const auto transactions = directory();
  if (!transactions) return tl::unexpected(transactions.error());
  const auto before = read_journal(*transactions, id);
  if (!before) return tl::unexpected(before.error());
  const std::string path = path_of(id);
  const Descriptor file(
      ::openat(*transactions, (id + '/' + kFile).c_str(), O_WRONLY | O_NOFOLLOW | O_CLOEXEC));
  const auto end = static_cast<off_t>(before->length);
  // A torn line of a run that was cut off makes room first.
  if (!file.valid() || ::ftruncate(file.get(), end) != 0 ||
      ::lseek(file.get(), end, SEEK_SET) != end) {
    return system_error(path);
  }
  auto written = write_all(file.get(), encode_record(record, before->chain), path);
  if (written && ::fdatasync(file.get()) != 0) written = system_error(path);
  // What is said to have failed must not be read later as if it had not.
  if (!written) (void)!::ftruncate(file.get(), end);
  return written;
}

Result<void> DiskJournal::discard_leftovers() {
  const auto transactions = directory();
  if (!transactions) return tl::unexpected(transactions.error());
  const auto names = list_directory_at(*transactions, ".", kTransactions);
  if (!names) return tl::unexpected(names.error());
  for (const std::string& name : *names) {
    if (name.starts_with(kUnborn)) remove_transaction(*transactions, name);
  }
  return {};
}

void DiskJournal::prune(History& history) {
  const auto transactions = directory();
  if (!transactions || history.transactions.size() <= kKept) return;
  std::size_t surplus = history.transactions.size() - kKept;
  // Those that were rolled back first. What says what a key was before tuner touched it stays.
  const auto needed = first_touches(history.transactions);
  for (const State state : {State::reverted, State::confirmed}) {
    std::erase_if(history.transactions, [&](const Transaction& old) {
      if (surplus == 0 || old.state() != state || needed.contains(old.plan.id)) return false;
      remove_transaction(*transactions, old.plan.id);
      --surplus;
      return true;
    });
  }
}

std::string new_transaction_id(std::chrono::sys_seconds now) {
  std::uint16_t noise = 0;
  if (::getrandom(&noise, sizeof noise, GRND_NONBLOCK) != sizeof noise) {
    noise = static_cast<std::uint16_t>(::getpid());
  }
  std::string id = text::timestamp(now);
  std::erase_if(id, [](char c) { return c == '-' || c == ':' || c == 'Z'; });
  std::replace(id.begin(), id.end(), 'T', '-');
  return fmt::format("{}-{:04x}", id, noise);
}

}  // namespace tuner::os
