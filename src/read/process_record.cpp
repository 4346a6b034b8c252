#include "read/process_record.hpp"

#include <fmt/core.h>

#include "model/number.hpp"
#include "read/record.hpp"
#include "text/joined.hpp"

namespace tuner::parse {

namespace {

std::string record_text(const ProcessRecord& record) {
  const ProcessFiles& files = record.files;
  std::string line = fmt::format("{} open={}", files.process.pid, files.open_files);
  if (files.soft) line += fmt::format(" soft={}", *files.soft);
  if (files.hard) line += fmt::format(" hard={}", *files.hard);
  if (!files.process.unit.empty()) line += " unit=" + one_word(files.process.unit);
  if (!files.process.comm.empty()) line += " comm=" + one_word(files.process.comm);
  if (!record.inodes.empty()) line += fmt::format(" inodes={}", text::joined(record.inodes, ","));
  return line + '\n';
}

/// No limit where the record names none; false for what is not a number.
bool read_limit(const RecordLine& record, std::string_view name,
                std::optional<std::int64_t>& limit) {
  const auto text = record.text(name);
  if (!text) return true;
  limit = count(*text);
  return limit.has_value();
}

std::optional<std::vector<std::uint32_t>> inodes_in(std::string_view list) {
  std::vector<std::uint32_t> inodes;
  while (!list.empty()) {
    const auto end = std::min(list.find(','), list.size());
    const auto inode = integer<std::uint32_t>(list.substr(0, end));
    if (!inode) return std::nullopt;
    inodes.push_back(*inode);
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return inodes;
}

std::optional<ProcessRecord> record_of(std::string_view line) {
  const RecordLine record(line);
  const auto pid = integer<int>(record.word(0));
  const auto open = count(record.text("open").value_or("0"));
  if (!pid || *pid <= 0 || !open) return std::nullopt;
  ProcessRecord result{.files = {.process = {.pid = *pid,
                                             .comm = many_words(record.text("comm").value_or("")),
                                             .unit = many_words(record.text("unit").value_or(""))},
                                 .open_files = *open}};
  auto inodes = inodes_in(record.text("inodes").value_or(""));
  if (!inodes || !read_limit(record, "soft", result.files.soft) ||
      !read_limit(record, "hard", result.files.hard)) {
    return std::nullopt;
  }
  result.inodes = std::move(*inodes);
  return result;
}

}  // namespace

std::string process_records_text(const ProcessRecords& records) {
  std::string text =
      fmt::format("processes looked_at={} unread={}\n", records.looked_at, records.unread);
  for (const ProcessRecord& record : records.processes) text += record_text(record);
  return text;
}

Observed<ProcessRecords> process_records(std::string_view text) {
  const auto rows = lines(text);
  const RecordLine head(rows.empty() ? std::string_view() : rows.front());
  const auto looked_at = count(head.text("looked_at").value_or("0"));
  const auto unread = count(head.text("unread").value_or("0"));
  if (head.word(0) != "processes" || !looked_at || !unread) return malformed("no head line");
  ProcessRecords records{.looked_at = *looked_at, .unread = *unread};
  for (std::size_t row = 1; row < rows.size(); ++row) {
    auto record = record_of(rows[row]);
    if (!record) return malformed("\"" + std::string(rows[row]) + "\"");
    records.processes.push_back(std::move(*record));
  }
  return records;
}

std::string service_of(std::string_view cgroup) {
  constexpr std::string_view kService = ".service";
  for (const std::string_view line : lines(cgroup)) {
    // The innermost: a service may run another one's manager, as user@1000.service does.
    const auto end = line.rfind(kService);
    if (end == std::string_view::npos) continue;
    const auto start = line.rfind('/', end);
    if (start == std::string_view::npos) continue;
    return std::string(line.substr(start + 1, end + kService.size() - start - 1));
  }
  return {};
}

}  // namespace tuner::parse
