#include <fmt/core.h>

#include "judge/findings.hpp"
#include "judge/level.hpp"
#include "judge/weigh.hpp"
#include "text/human.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::file_table_near_full {

namespace {

constexpr const char* kKey = "fs.file-max";

std::vector<Finding> check(const AuditInput& input) {
  const HostSnapshot& host = input.host;
  const auto level = judge::file_level(host);
  if (!level) return {judge::about_key(judge::unknown(kKey, level.error()), kKey, host)};
  const std::string state = fmt::format("{} of at most {} files are open.",
                                        text::grouped(level->used), text::grouped(level->limit));
  if (level->limit <= 0) return {judge::unknown(kKey, {Unread::Why::malformed, "file-nr"})};
  const auto severity = judge::weigh_fill(level->used, level->limit);
  if (!severity) return {judge::key_passed(kKey, host, state)};
  Finding finding = judge::key_failed(*severity, kKey, host, state);
  finding.evidence = {{.source = "/proc/sys/fs/file-nr",
                       .name = "fs.file-nr",
                       .value = std::to_string(level->used),
                       .meaning = "files open on the machine"}};
  finding.fix = {.kind = Fix::Kind::application,
                 .text = "Find out what holds them; raise fs.file-max if they are needed."};
  return {finding};
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "file-table-near-full",
    .what = "The machine has nearly as many open files as fs.file-max allows.",
    .why =
        "A socket is a file. At the limit open(), socket() and accept() fail with ENFILE for "
        "everyone but root.",
    .fix = "Find out what holds the files. Raise fs.file-max only if that many are really needed.",
    .source =
        "fs/file_table.c alloc_empty_file(); Documentation/admin-guide/sysctl/fs.rst; TOAST 2015 "
        "4.1",
    .reads = {kKey, "fs.file-nr"},
    .check = check,
};

}  // namespace tuner::rules::file_table_near_full
