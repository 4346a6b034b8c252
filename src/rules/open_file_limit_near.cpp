#include <fmt/core.h>

#include "judge/evidence.hpp"
#include "judge/findings.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sockets.hpp"

namespace tuner::rules::open_file_limit_near {

namespace {

constexpr const char* kNrOpen = "fs.nr_open";

bool is_near(const ProcessFiles& files) {
  return files.soft && files.open_files >= *files.soft - *files.soft / 10;
}

Evidence limit_evidence(const ProcessFiles& files, const char* name,
                        std::optional<std::int64_t> limit, std::string meaning) {
  return {.source = fmt::format("/proc/{}/limits", files.process.pid),
          .name = name,
          .value = limit ? std::to_string(*limit) : "unlimited",
          .meaning = std::move(meaning)};
}

Fix fix_for(const ProcessFiles& files, const HostSnapshot& host) {
  const auto nr_open = host.number(kNrOpen);
  const bool at_nr_open = nr_open && files.hard && *files.hard >= *nr_open;
  const std::string first =
      at_nr_open && *files.soft >= *files.hard ? "First raise fs.nr_open. Then " : "";
  if (!files.process.unit.empty()) {
    return {.kind = Fix::Kind::limit,
            .text = fmt::format("{}LimitNOFILE={}:{} for {}, and restart it", first,
                                *files.soft * 2, *files.soft * 4, files.process.unit)};
  }
  const bool room = !files.hard || *files.hard > *files.soft;
  return {.kind = Fix::Kind::limit,
          .text = first + (room ? "its hard limit leaves room: raise the soft limit in the program "
                                  "or where it is started (ulimit -Sn)"
                                : "raise its hard limit where it is started (ulimit -Hn, or "
                                  "LimitNOFILE= of a service)")};
}

Finding about(const ProcessFiles& files, const HostSnapshot& host) {
  const bool full = files.open_files >= *files.soft;
  Finding finding =
      judge::failed(full ? Severity::error : Severity::warning, files.process.comm,
                    fmt::format("{} of {} files of {} are open.{}", text::grouped(files.open_files),
                                text::grouped(*files.soft), judge::owner_name(files.process),
                                full ? " accept() and socket() fail with EMFILE." : ""));
  finding.evidence = {
      {.source = fmt::format("/proc/{}/fd", files.process.pid),
       .name = "open-files",
       .value = std::to_string(files.open_files),
       .meaning = "open files, including sockets"},
      limit_evidence(files, "soft-limit", files.soft, "its own limit"),
      limit_evidence(files, "hard-limit", files.hard, "how far it may raise that itself")};
  finding.fix = fix_for(files, host);
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  if (!host.open_files) return {judge::not_seen("processes", host.open_files.error(), host)};
  std::vector<Finding> findings;
  for (const ProcessFiles& files : host.open_files->near) {
    if (is_near(files)) findings.push_back(about(files, host));
  }
  if (host.open_files->unread > 0) {
    Finding finding = judge::unknown("processes", {.why = Unread::Why::not_permitted});
    finding.message = fmt::format("The open files of {} could not be counted: not permitted.",
                                  text::plural(host.open_files->unread, "process", "processes"));
    findings.push_back(std::move(finding));
  }
  if (findings.empty()) {
    findings.push_back(judge::passed(
        "processes",
        fmt::format("None of {} is near its open-file limit.",
                    text::plural(host.open_files->looked_at, "process", "processes"))));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "open-file-limit-near",
    .what = "A process is close to its open-file limit.",
    .why =
        "A socket is a file. At its soft limit a process gets EMFILE from accept(), socket() and "
        "open(), whatever the limits of a shell or of fs.file-max say: what counts is the limit of "
        "that process, as set when it was started.",
    .fix =
        "Raise the limit where the process is started: LimitNOFILE= of its service, or ulimit. No "
        "limit can be above fs.nr_open. First make sure that it does not leak files: tuner sockets "
        "--by process.",
    .source = "fs/file.c alloc_fd(); setrlimit(2); systemd.exec(5) LimitNOFILE=; TOAST 2015 4.1",
    .reads = {kNrOpen},
    .check = check,
};

}  // namespace tuner::rules::open_file_limit_near
