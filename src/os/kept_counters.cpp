#include "os/kept_counters.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <ctime>
#include <functional>

#include "model/number.hpp"
#include "os/files.hpp"
#include "os/network_namespace.hpp"
#include "os/read_evidence.hpp"
#include "os/read_host.hpp"
#include "os/replace_file.hpp"
#include "os/root_directory.hpp"
#include "os/safe_directory.hpp"
#include "read/evidence_record.hpp"
#include "read/record.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::os {

namespace {

constexpr const char* kPaths[] = {"proc/net/netstat",
                                  "proc/net/snmp",
                                  "proc/net/snmp6",
                                  "proc/net/sockstat",
                                  "proc/net/softnet_stat",
                                  "proc/net/stat/nf_conntrack",
                                  "proc/net/stat/arp_cache",
                                  "proc/net/stat/ndisc_cache",
                                  "proc/net/udp",
                                  "proc/net/udp6",
                                  "proc/uptime"};
constexpr std::string_view kHead = "tuner-counters";
constexpr std::string_view kCounters = "counters-";
constexpr unsigned kFileMode = 0600;

/// Files in memory.
class Texts : public FileSource {
 public:
  explicit Texts(const CounterFiles& counters) : texts_(counters.texts) {}

  Observed<std::string> read(const std::string& path) override {
    const auto found = texts_.find(path);
    if (found == texts_.end()) return absent();
    return found->second;
  }
  Observed<std::vector<std::string>> list(const std::string& /*directory*/) override {
    return absent();
  }
  Observed<FileStatus> status(const std::string& /*path*/) override { return absent(); }
  bool is_read_only(const std::string& /*path*/) override { return true; }
  Observed<std::string> link(const std::string& /*path*/) override { return absent(); }

 private:
  const std::map<std::string, std::string>& texts_;
};

std::chrono::milliseconds since_boot() {
  timespec time = {};
  ::clock_gettime(CLOCK_BOOTTIME, &time);
  return std::chrono::milliseconds(std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1000000);
}

/// Each namespace counts for itself.
std::string kept_path(const std::string& reader) {
  return fmt::format("{}/{}{}-{}", kStateDirectory, kCounters, own_network(), reader);
}

std::string read_boot() {
  auto root = RootDirectory::open("/");
  const auto boot = root ? root->read("proc/sys/kernel/random/boot_id") : absent();
  return boot ? std::string(parse::trim(*boot)) : std::string();
}

/// Of readers that do not come again: those of namespaces that are gone, above all. A reader may
/// come once a year, and many namespaces may be read in one day.
void discard_abandoned(int directory, const std::string& own) {
  constexpr std::time_t kLongest = 400L * 24 * 60 * 60;
  constexpr std::size_t kMost = 64;
  std::vector<std::pair<std::time_t, std::string>> kept;  // when they came last
  for (const std::string& name :
       list_directory_at(directory, ".", kStateDirectory).value_or(std::vector<std::string>())) {
    struct stat status = {};
    if (name.starts_with(kCounters) && name != own &&
        ::fstatat(directory, name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
      kept.emplace_back(status.st_mtime, name);
    }
  }
  std::sort(kept.begin(), kept.end(), std::greater<>());
  const std::time_t now = ::time(nullptr);
  for (std::size_t index = 0; index < kept.size(); ++index) {
    const auto& [came, name] = kept[index];
    // The own one comes to them.
    if (index + 1 >= kMost || now - came > kLongest) ::unlinkat(directory, name.c_str(), 0);
  }
}

}  // namespace

std::string counter_files_text(const CounterFiles& counters) {
  std::string text = fmt::format("{} boot={} network={} taken_ms={}\n", kHead, counters.boot,
                                 counters.network, counters.taken.count());
  for (const auto& [path, content] : counters.texts) {
    text += fmt::format("{} bytes={}\n{}", path, content.size(), content);
  }
  return text;
}

std::optional<CounterFiles> counters_in(std::string_view text) {
  const auto next_line = [&text] {
    const auto end = std::min(text.find('\n'), text.size());
    const auto line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
  };
  const parse::RecordLine head(next_line());
  const auto taken = head.number<std::int64_t>("taken_ms");
  const auto network = head.number<std::uint64_t>("network");
  if (head.word(0) != kHead || !taken || !network) return std::nullopt;
  CounterFiles counters{.boot = std::string(head.text("boot").value_or("")),
                        .network = *network,
                        .taken = std::chrono::milliseconds(*taken)};
  while (!text.empty()) {
    const parse::RecordLine file(next_line());
    const auto bytes = file.number<std::size_t>("bytes");
    if (!bytes || *bytes > text.size()) return std::nullopt;
    counters.texts.emplace(file.word(0), text.substr(0, *bytes));
    text.remove_prefix(*bytes);
  }
  return counters;
}

CounterFiles read_counter_files(FileSource& files, const HostSnapshot& host) {
  CounterFiles counters{.boot = read_boot(), .network = network_cookie(), .taken = since_boot()};
  if (host.interfaces) {
    counters.texts.emplace(kInterfaceRecords, parse::interface_records(*host.interfaces));
  }
  for (const char* const path : kPaths) {
    if (auto text = files.read(path)) counters.texts.emplace(path, std::move(*text));
  }
  return counters;
}

HostSnapshot with_counters(const HostSnapshot& host, const CounterFiles& counters) {
  Texts texts(counters);
  return read_counters_again(texts, Kernel::captured, host);
}

Result<std::optional<CounterFiles>> load_counters(const std::string& reader) {
  const auto directory = make_state_directory();
  if (!directory) return tl::unexpected(directory.error());
  const auto kept = read_whole(kept_path(reader));
  if (!kept) return tl::unexpected(kept.error());
  auto counters = *kept ? counters_in((*kept)->text) : std::nullopt;
  // What another boot counted says nothing of this one, nor does another namespace that had the
  // same number.
  const bool same = counters && counters->boot == read_boot() &&
                    counters->network == network_cookie() && counters->taken <= since_boot();
  if (!same) counters.reset();
  return counters;
}

Result<void> keep_counters(const CounterFiles& counters, const std::string& reader) {
  const auto directory = make_state_directory();
  if (!directory) return tl::unexpected(directory.error());
  const std::string path = kept_path(reader);
  discard_abandoned(directory->get(), path.substr(path.rfind('/') + 1));
  return replace_file(path, counter_files_text(counters), kFileMode);
}

}  // namespace tuner::os
