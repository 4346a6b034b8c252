#include "model/number.hpp"
#include "read/proc.hpp"

namespace tuner::parse {

namespace {

/// A limit as the kernel prints it; no outer value when it is neither a number nor "unlimited".
std::optional<std::optional<std::int64_t>> limit(std::string_view word) {
  if (word == "unlimited") return std::optional<std::int64_t>();
  const auto number = integer<std::uint64_t>(word);
  if (!number) return std::nullopt;
  return limit_of(*number);
}

}  // namespace

std::optional<std::int64_t> limit_of(std::uint64_t number) {
  const auto limit = static_cast<std::int64_t>(number);
  return limit < 0 ? std::nullopt : std::optional(limit);
}

Observed<Bytes> meminfo_total(std::string_view text) {
  for (const std::string_view line : lines(text)) {
    if (!line.starts_with("MemTotal:")) continue;
    const auto parts = words(line);
    const auto kibibytes = parts.size() == 3 ? integer(parts[1]) : std::nullopt;
    const auto bytes = checked_multiply(Bytes(1024), kibibytes.value_or(0));
    if (!kibibytes || *kibibytes <= 0 || parts[2] != "kB" || !bytes) {
      return malformed("\"" + std::string(line) + "\"");
    }
    return *bytes;
  }
  return malformed("no MemTotal line");
}

Observed<FileTable> file_nr(std::string_view text) {
  const auto parts = words(text);
  const auto allocated = parts.size() == 3 ? count(parts[0]) : std::nullopt;
  const auto max = parts.size() == 3 ? saturated(parts[2]) : std::nullopt;
  if (!allocated || !max) return malformed("not three numbers");
  return FileTable{*allocated, *max};
}

Observed<OpenFileLimit> open_file_limit(std::string_view text) {
  constexpr std::string_view kName = "Max open files";
  for (const std::string_view line : lines(text)) {
    if (!line.starts_with(kName)) continue;
    const auto parts = words(line.substr(kName.size()));
    const auto soft = parts.size() >= 2 ? limit(parts[0]) : std::nullopt;
    const auto hard = parts.size() >= 2 ? limit(parts[1]) : std::nullopt;
    if (!soft || !hard) return malformed("\"" + std::string(line) + "\"");
    return OpenFileLimit{*soft, *hard};
  }
  return malformed("no line \"Max open files\"");
}

Observed<std::chrono::seconds> uptime(std::string_view text) {
  const auto parts = words(text);
  const std::string_view first = parts.empty() ? std::string_view() : parts[0];
  const auto seconds = count(first.substr(0, first.find('.')));
  if (!seconds) return malformed("no number of seconds");
  return std::chrono::seconds(*seconds);
}

Observed<KernelRelease> kernel_release(std::string_view text) {
  const std::string_view release = trim(text);
  const auto dot = release.find('.');
  const auto major = integer<int>(release.substr(0, dot));
  std::string_view rest = dot == std::string_view::npos ? "" : release.substr(dot + 1);
  const auto minor = integer<int>(rest.substr(0, rest.find_first_not_of("0123456789")));
  if (!major || !minor)
    return malformed("\"" + std::string(release) + "\" is not a kernel release");
  return KernelRelease{std::string(release), {*major, *minor}};
}

}  // namespace tuner::parse
