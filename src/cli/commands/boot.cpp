#include <array>
#include <filesystem>
#include <system_error>

#include "cli/command.hpp"
#include "cli/read_tree.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/key_name.hpp"
#include "knowledge/readers.hpp"
#include "os/read_boot.hpp"
#include "os/read_host.hpp"
#include "os/root_directory.hpp"
#include "render/boot.hpp"
#include "text/suggest.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::commands::boot {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"root", "", "DIR", "read a snapshot of a host, not this host"},
    {"reader", "", "NAME", "act as this version: systemd-257, procps-4.0.4", true},
    {"file", "", "PATH", "read only this file, as the readers' argument", true},
    {"format", "", "text|json", "output format (default: text)"},
});

tl::unexpected<Error> unknown_reader(const std::string& name) {
  std::vector<std::string_view> names;
  std::string all;
  for (const Reader& reader : all_readers()) {
    names.push_back(reader.name);
    if (!all.empty()) all += ", ";
    all += reader.name;
  }
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = "Known are " + all + ".";
  return fail({.kind = ErrorKind::usage,
               .subject = "--reader",
               .detail = "unknown reader version \"" + name + '"',
               .hint = std::move(hint)});
}

/// A measured version, or the one that another version is nearest to.
const Reader* reader_of(const std::string& name) {
  if (const Reader* const exact = find_reader(name)) return exact;
  for (const ReaderFamily family : {ReaderFamily::systemd, ReaderFamily::procps}) {
    const auto prefix = std::string(family_name(family)) + '-';
    if (name.starts_with(prefix)) {
      return nearest_reader(family, std::string_view(name).substr(prefix.size()));
    }
  }
  return nullptr;
}

Result<os::BootRequest> request_of(const Invocation& invocation) {
  os::BootRequest request{.files = invocation.values("file"),
                          .versions = os::BootRequest::Versions::always};
  std::error_code unknown;
  if (!invocation.has("root")) request.directory = std::filesystem::current_path(unknown).string();
  for (const std::string& name : invocation.values("reader")) {
    const Reader* const reader = reader_of(name);
    if (reader == nullptr) return unknown_reader(name);
    auto& place = reader->family == ReaderFamily::systemd ? request.systemd : request.procps;
    if (place != nullptr) {
      return fail({.kind = ErrorKind::usage,
                   .subject = "--reader",
                   .detail = "two versions of the same reader",
                   .hint = "Give at most one of systemd and one of procps."});
    }
    place = reader;
  }
  return request;
}

/// The names of the keys that were asked for, in the form that every reader takes.
Result<std::vector<std::string>> keys_asked(const Invocation& invocation) {
  std::vector<std::string> keys;
  keys.reserve(invocation.words.size());
  for (const std::string& word : invocation.words) {
    const auto key = SysctlKey::parse(word);
    if (!key) {
      return fail({.kind = ErrorKind::usage,
                   .subject = word,
                   .detail = "not a valid sysctl name",
                   .hint = "Write it like net.core.somaxconn."});
    }
    std::string whole;
    keys.push_back(fact_of(word, whole) == nullptr ? key->text() : whole);
  }
  return keys;
}

/// A name that neither a file nor this kernel nor a fact has is a mistake.
Result<void> read_unset(os::RootDirectory& root, HostSnapshot& host, const BootView& view,
                        const std::vector<std::string>& keys) {
  std::vector<std::string_view> candidates;
  for (const Fact* const fact : all_facts()) candidates.push_back(fact->key);
  for (const BootKey& key : view.keys) candidates.push_back(key.key);
  for (const std::string& key : keys) {
    if (view.find(key) != nullptr) continue;
    auto value = os::read_one(root, key);
    const bool captured = root.kernel() == os::Kernel::captured;
    const Fact* const fact = find_fact(key);
    const bool one_key = fact != nullptr && key.find('*') == std::string::npos;
    if (!value && (!one_key || (!captured && fact->key.find('*') != std::string_view::npos))) {
      std::string hint =
          key.find('*') == std::string::npos ? did_you_mean(key, candidates) : "Give one key.";
      if (hint.empty()) hint = "To list the keys of this kernel: sysctl -N -a";
      return fail({.kind = ErrorKind::usage,
                   .subject = key,
                   .detail = "not set by any file, and unknown to this kernel",
                   .hint = std::move(hint)});
    }
    host.set_sysctl(key, std::move(value));
  }
  return {};
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto request = request_of(invocation);
  if (!request) return tl::unexpected(request.error());
  const auto keys = keys_asked(invocation);
  if (!keys) return tl::unexpected(keys.error());
  const std::string path = invocation.value("root").value_or("/");
  auto root = os::RootDirectory::open(path);
  if (!root) return tl::unexpected(root.error());
  os::BootFiles files(*root, root->kernel(), *request);
  const auto live = root->is_live() ? std::optional(os::read_live_system()) : std::nullopt;
  HostSnapshot host = os::read_host(*root, path, live, files.reading());
  BootView view = files.view(host);
  const auto unset = read_unset(*root, host, view, *keys);
  if (!unset) return tl::unexpected(unset.error());
  const render::BootReport report{.host = std::make_shared<HostSnapshot>(std::move(host)),
                                  .view = std::move(view),
                                  .only = *keys,
                                  .generated_at = now()};
  const bool complete = report.view.unreadable.empty();
  Outcome outcome{.status = complete ? ExitStatus::as_wanted : ExitStatus::incomplete};
  if (!report.view.missing.empty()) outcome.status = ExitStatus::failed;
  outcome.out =
      manner.json ? render::boot_json(report, kVersion) : render::boot_text(report, manner.style);
  for (const std::string& file : report.view.unreadable) {
    if (!manner.json) outcome.messages += "tuner: " + file + ".\n";
  }
  for (const std::string& file : request->files) {
    if (file.starts_with('/') || manner.json) continue;
    outcome.messages +=
        "tuner: " + file +
        ": systemd-sysctl looks up a relative name in /etc/sysctl.d and similar directories; "
        "procps looks here. Give an absolute path to make both read this file.\n";
  }
  for (const std::string& file : report.view.missing) {
    outcome.messages += "tuner: " + file + ": no such file.\n";
  }
  return outcome;
}

}  // namespace

extern const Command command;

const Command command{
    .name = "boot",
    .summary = "Show which file sets each key at the next boot",
    .examples =
        "  tuner boot                                  every key that a file sets\n"
        "  tuner boot net.core.somaxconn               who sets it, and who is overridden\n"
        "  tuner boot --file $PWD/90-proxy.conf        what only this file would set\n"
        "  tuner boot --reader procps-4.0.4 --json     as that version reads them\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1000,
    .run = run,
    .words = "KEY",
};

}  // namespace tuner::commands::boot
