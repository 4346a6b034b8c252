#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <system_error>

#include "cli/command.hpp"
#include "cli/read_tree.hpp"
#include "model/number.hpp"
#include "os/files.hpp"
#include "os/lint_files.hpp"
#include "os/read_host.hpp"
#include "os/root_directory.hpp"
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
    {"root", "", "DIR", "read PATHs below DIR (default: all its files)"},
    {"kernel", "", "RELEASE", "judge for this kernel (default: the running one)"},
    {"format", "", "text|json|sarif|junit", "output format (default: text)"},
});

Result<HostSnapshot> target_of(const Invocation& invocation, os::RootDirectory& root,
                               const std::string& path) {
  const auto live = os::read_live_system();
  const auto page_size = PageSize::from(Bytes(live.page_size));
  if (const auto text = invocation.value("kernel")) {
    auto release = parse::kernel_release(*text);
    if (release) return lint_target(std::move(*release), page_size);
    return fail({.kind = ErrorKind::usage,
                 .subject = "--kernel",
                 .detail = "\"" + *text + "\" is not a kernel release",
                 .hint = "Write it like 5.10 or 6.1.0-32-amd64."});
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

/// Writes what each file came to at once, so that a repository of any size is linted in little
/// memory.
class Report {
 public:
  explicit Report(std::unique_ptr<render::LintWriter> writer) : writer_(std::move(writer)) {}

  void begin() { out_ = writer_->begin(); }

  void take(const std::string& shown, const LintResult& result) {
    summary_.add(result);
    out_ += writer_->file(shown, result);
    constexpr std::size_t kEnough = std::size_t{64} * 1024;
    flush(kEnough);
  }

  /// Errors: standard output cannot be written.
  Result<render::LintSummary> end(std::vector<Error> unreadable) {
    summary_.unreadable = std::move(unreadable);
    out_ += writer_->end(summary_);
    flush(0);
    if (broken_) return tl::unexpected(*broken_);
    return std::move(summary_);
  }

 private:
  /// Writes what has gathered once it is more than `enough` bytes.
  void flush(std::size_t enough) {
    if (out_.size() <= enough || broken_) return;
    const auto written = os::write_all(STDOUT_FILENO, out_, "stdout");
    if (!written) broken_ = written.error();
    out_.clear();
  }

  std::unique_ptr<render::LintWriter> writer_;
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
                 .hint = "Give a file, a directory, or - for standard input."});
  }
  const std::string path = invocation.value("root").value_or("/");
  auto root = os::RootDirectory::open(path);
  if (!root) return tl::unexpected(root.error());
  auto target = target_of(invocation, *root, path);
  if (!target) return tl::unexpected(target.error());
  std::string directory = "/";
  std::error_code unknown;
  if (!invocation.has("root")) directory = std::filesystem::current_path(unknown).string();
  Report report(writer_of(manner, *target));
  report.begin();
  const auto take = [&report](const std::string& shown, const LintResult& result) {
    report.take(shown, result);
  };
  auto unreadable = words.empty() ? os::lint_host_files(*root, *target, take)
                                  : os::lint_paths(*root, *target, words, directory, take);
  auto summary = report.end(std::move(unreadable));
  if (!summary) {
    // A reader that has seen enough (tuner lint | head) needs no message.
    const bool enough = summary.error().number == EPIPE;
    return enough ? Result<Outcome>(Outcome{.status = ExitStatus::failed})
                  : tl::unexpected(summary.error());
  }
  Outcome outcome{.status = status_of(*summary)};
  for (const Error& error : summary->unreadable) {
    outcome.messages += "tuner: " + error.message() + ".\n";
    if (!error.hint.empty()) outcome.messages += "       " + error.hint + "\n";
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
    .summary = "Check sysctl files, on this host or in a repository",
    .examples =
        "  tuner lint                                  the files of this host\n"
        "  tuner lint sysctl.d/ --kernel 5.10          a directory, for another kernel\n"
        "  tuner lint --format sarif *.conf            for a code host\n"
        "  yq -o=props .sysctls values.yml | tuner lint -   from a pipe\n",
    .options = kOptions,
    .min_words = 0,
    .max_words = 1000000,
    .run = run,
    .words = "FILE|DIR",
};

}  // namespace tuner::commands::lint
