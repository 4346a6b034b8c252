#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <map>
#include <system_error>

#include "boot/outcome.hpp"
#include "cli/command.hpp"
#include "cli/read_tree.hpp"
#include "model/number.hpp"
#include "os/files.hpp"
#include "os/read_boot.hpp"
#include "os/read_host.hpp"
#include "os/root_directory.hpp"
#include "os/walk.hpp"
#include "read/proc.hpp"
#include "render/json_parts.hpp"
#include "render/lint.hpp"
#include "text/human.hpp"
#include "text/suggest.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::commands::lint {

namespace {

using namespace cli;

constexpr auto kOptions = std::to_array<Option>({
    {"root", "", "DIR", "paths are of this tree; without any, all its files"},
    {"kernel", "", "RELEASE", "judge for this kernel (default: the one that runs)"},
    {"format", "", "text|json|sarif|junit", "what to print (default: text)"},
});

/// What is linted, where it is read, and for which kernel.
struct Request {
  os::RootDirectory& root;
  std::vector<std::string> paths{};
  std::string folder = "/";  ///< where relative paths begin, as the root sees it
  HostSnapshot target{};
};

Result<HostSnapshot> target_of(const Invocation& invocation, os::RootDirectory& root,
                               const std::string& path) {
  const auto live = os::read_live_system();
  const auto page_size = PageSize::from(Bytes(live.page_size));
  if (const auto text = invocation.value("kernel")) {
    auto release = parse::kernel_release(*text);
    if (release) return lint_target(std::move(*release), page_size);
    return fail({.kind = ErrorKind::usage,
                 .subject = "--kernel",
                 .detail = "\"" + *text + "\" is no release of a kernel",
                 .way_out = "Write it like 5.10 or 6.1.0-32-amd64."});
  }
  // The host's own files are judged for the host as it is.
  const auto system = root.is_live() ? std::optional(live) : std::nullopt;
  HostSnapshot host = os::read_host(root, path, system, {.keys = {"net.ipv4.tcp_ehash_entries"}});
  if (host.kernel && invocation.words.empty()) return host;
  auto running = os::RootDirectory::open("/");
  if (!host.kernel && running) host = os::read_host(*running, "/", live, {});
  const KernelRelease none{.text = "0.0", .version = {}};
  return lint_target(host.kernel.value_or(none), page_size);
}

/// Lints files one after another, and writes what it finds at once.
class Run {
 public:
  Run(Request request, std::unique_ptr<render::LintWriter> writer)
      : request_(std::move(request)), writer_(std::move(writer)), linter_(request_.target) {}

  Result<render::LintSummary> all() {
    out_ = writer_->begin();
    if (request_.paths.empty()) {
      host_files();
    } else {
      for (const std::string& path : request_.paths) one_path(path);
    }
    out_ += writer_->end(summary_);
    flush(0);
    if (broken_) return tl::unexpected(*broken_);
    return std::move(summary_);
  }

 private:
  void one_path(const std::string& path) {
    if (path == "-") {
      auto text = os::read_all(STDIN_FILENO, "standard input");
      if (!text) return unreadable(text.error());
      return lint("-", *text);
    }
    const bool relative = !path.starts_with('/');
    const std::string prefix = relative ? request_.folder + '/' : std::string();
    std::string start = (prefix + path).substr(1);
    const bool top = start.find_first_not_of('/') == std::string::npos;
    if (top) start = ".";
    // Shown as the user wrote it.
    const auto shown = [&](const std::string& below) {
      const std::string rest = below.substr(std::min(start.size(), below.size()));
      return path + (path.ends_with('/') && rest.starts_with('/') ? rest.substr(1) : rest);
    };
    const long before = summary_.files;
    const auto failures = summary_.unreadable.size();
    os::walk_config(
        request_.root, start,
        [&](const std::string& below) {
          const bool named = below == start;
          read_and_lint(below, shown(below), named ? os::FoundBy::user : os::FoundBy::folder);
        },
        [&](Error error) {
          error.subject = shown(error.subject);
          unreadable(std::move(error));
        });
    if (summary_.files > before || summary_.unreadable.size() > failures) return;
    unreadable({.subject = path,
                .detail = "no file below it is named *.conf",
                .way_out = "Give the files themselves."});
  }

  void read_and_lint(const std::string& below, const std::string& shown, os::FoundBy found_by) {
    const auto text =
        found_by == os::FoundBy::user ? request_.root.read_named(below) : request_.root.read(below);
    if (text) return lint(shown, *text);
    const Unread& why = text.error();
    const bool denied = why.why == Unread::Why::not_permitted;
    unreadable(
        {.kind = denied ? ErrorKind::permission : ErrorKind::failure,
         .subject = shown,
         .detail = why.detail.empty() ? "it is " + unread_text(why) : why.detail,
         .way_out = denied ? "Run as a user who may read it." : "Give a file that can be read."});
  }

  /// The files that either reader applies, with the lines that other files overrule.
  void host_files() {
    os::BootFiles files(request_.root, request_.root.kernel(), {});
    const BootView view = files.view(request_.target);
    std::map<std::string, std::vector<LintFinding>> overruled;
    for (const BootKey& key : view.keys) add_overruled(view, key, overruled);
    std::vector<std::string> seen;
    for (const ReaderRun& run : view.runs) {
      for (const std::string& file : run.files) {
        if (std::find(seen.begin(), seen.end(), file) != seen.end()) continue;
        seen.push_back(file);
        const auto text = request_.root.read(file.substr(1));
        if (!text) continue;  // a folder, or a link to nothing: tuner boot says so
        LintResult result = linter_.lint(*text, overruled[file]);
        fit_to_host(view, file, result);
        take(file, result);
      }
    }
    for (const std::string& file : view.unreadable) {
      unreadable({.kind = ErrorKind::permission, .subject = file, .detail = "it was left out"});
    }
  }

  static void add_overruled(const BootView& view, const BootKey& key,
                            std::map<std::string, std::vector<LintFinding>>& overruled) {
    for (const Shadowed* const loser : misleading(view, key)) {
      const BootValue* const winner = key.by(view.readers.at_boot);
      overruled[loser->file].push_back({.id = "fragment-shadowed",
                                        .severity = Severity::info,
                                        .subject = key.key,
                                        .key = key.key,
                                        .value = loser->value,
                                        .line = loser->line,
                                        .message = "In vain: " + winner->file + ':' +
                                                   std::to_string(winner->line) +
                                                   " comes later and sets " + *winner->value + ".",
                                        .fix = "Keep one of the two lines."});
    }
  }

  void lint(const std::string& shown, std::string_view text) { take(shown, linter_.lint(text)); }

  void take(const std::string& shown, const LintResult& result) {
    count(result);
    out_ += writer_->file(shown, result);
    constexpr std::size_t kEnough = std::size_t{64} * 1024;
    flush(kEnough);
  }

  void count(const LintResult& result) {
    ++summary_.files;
    summary_.settings += result.settings;
    for (const LintFinding& finding : result.findings) {
      long* const counters[] = {&summary_.infos, &summary_.warnings, &summary_.errors};
      ++*(finding.allowed ? &summary_.allowed
                          : counters[static_cast<std::size_t>(finding.severity)]);
    }
  }

  void unreadable(Error error) { summary_.unreadable.push_back(std::move(error)); }

  /// Writes what has gathered once it is more than `enough` bytes.
  void flush(std::size_t enough) {
    if (out_.size() <= enough || broken_) return;
    const auto written = os::write_all(STDOUT_FILENO, out_, "stdout");
    if (!written) broken_ = written.error();
    out_.clear();
  }

  Request request_;
  std::unique_ptr<render::LintWriter> writer_;
  Linter linter_;
  render::LintSummary summary_{};
  std::string out_{};
  std::optional<Error> broken_{};
};

std::unique_ptr<render::LintWriter> writer_of(const Manner& manner, const HostSnapshot& target) {
  const render::LintContext context{.version = std::string(kVersion),
                                    .kernel = target.kernel ? target.kernel->text : "",
                                    .generated_at = text::timestamp(now()),
                                    .style = manner.style};
  if (manner.format == "json") return render::lint_json(context);
  if (manner.format == "sarif") return render::lint_sarif(context);
  if (manner.format == "junit") return render::lint_junit(context);
  return render::lint_text(context);
}

ExitStatus status_of(const render::LintSummary& summary) {
  if (summary.errors + summary.warnings > 0) return ExitStatus::found;
  return summary.unreadable.empty() ? ExitStatus::as_wanted : ExitStatus::incomplete;
}

Result<Outcome> run(const Invocation& invocation, const Manner& manner) {
  const auto& words = invocation.words;
  if (std::find(words.begin(), words.end(), "") != words.end()) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "lint",
                 .detail = "a path is empty",
                 .way_out = "Give a file, a folder, or - for standard input."});
  }
  const std::string path = invocation.value("root").value_or("/");
  auto root = os::RootDirectory::open(path);
  if (!root) return tl::unexpected(root.error());
  auto target = target_of(invocation, *root, path);
  if (!target) return tl::unexpected(target.error());
  auto writer = writer_of(manner, *target);
  Request request{.root = *root, .paths = invocation.words, .target = std::move(*target)};
  std::error_code unknown;
  if (!invocation.has("root")) request.folder = std::filesystem::current_path(unknown).string();
  auto summary = Run(std::move(request), std::move(writer)).all();
  if (!summary) {
    // A reader that has seen enough (tuner lint | head) needs no message.
    const bool enough = summary.error().number == EPIPE;
    return enough ? Result<Outcome>(Outcome{.status = ExitStatus::failed})
                  : tl::unexpected(summary.error());
  }
  Outcome outcome{.status = status_of(*summary)};
  for (const Error& error : summary->unreadable) {
    outcome.messages += "tuner: " + error.message() + ".\n";
    if (!error.way_out.empty()) outcome.messages += "       " + error.way_out + "\n";
  }
  // Where nothing could be judged at all, the first reason is the outcome.
  if (summary->files == 0 && !summary->unreadable.empty()) {
    outcome.status = exit_status_of(summary->unreadable.front().kind);
  }
  return outcome;
}

}  // namespace

extern const Command command;

const Command command{
    .name = "lint",
    .summary = "Say what is wrong with sysctl files, here or in a repository",
    .examples =
        "  tuner lint                                  the files of this host\n"
        "  tuner lint sysctl.d/ --kernel 5.10          a folder, for another kernel\n"
        "  tuner lint --format sarif *.conf            for a code host\n"
        "  yq -o=props .sysctls values.yml | tuner lint -   from a pipe\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1000000,
    .run = run,
    .words = "FILE|DIR",
};

}  // namespace tuner::commands::lint
