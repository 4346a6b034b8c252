#include "tuner/snapshot.hpp"

#include "knowledge/facts.hpp"
#include "model/number.hpp"

#include <cstdlib>

namespace tuner {

HostSnapshot::HostSnapshot() = default;
HostSnapshot::HostSnapshot(const HostSnapshot&) = default;
HostSnapshot::HostSnapshot(HostSnapshot&&) noexcept = default;
HostSnapshot& HostSnapshot::operator=(HostSnapshot&&) noexcept = default;
HostSnapshot::~HostSnapshot() = default;

const Observed<SysctlValue>& HostSnapshot::sysctl(std::string_view key) const {
  static const Observed<SysctlValue> kNotRead = malformed("tuner did not read it");
  const auto found = sysctls_.find(key);
  return found == sysctls_.end() ? kNotRead : found->second;
}

bool HostSnapshot::has_sysctls() const {
  return std::any_of(sysctls_.begin(), sysctls_.end(), [](const auto& entry) {
    return entry.second.has_value() && entry.first.starts_with("net.");
  });
}

void HostSnapshot::set_sysctl(std::string key, Observed<SysctlValue> value) {
  sysctls_.insert_or_assign(std::move(key), std::move(value));
}

Observed<std::int64_t> HostSnapshot::number(std::string_view key) const {
  const auto& value = sysctl(key);
  if (!value) return tl::unexpected(value.error());
  if (value->numbers.size() != 1) return malformed("\"" + value->text + "\" is not one number");
  return value->numbers.front();
}

Observed<std::vector<std::int64_t>> HostSnapshot::numbers(std::string_view key) const {
  const auto& value = sysctl(key);
  if (!value) return tl::unexpected(value.error());
  const Fact* const fact = find_fact(key);
  const std::size_t wanted = fact == nullptr ? value->numbers.size() : fact->element_count();
  if (value->numbers.empty() || value->numbers.size() != wanted) {
    return malformed("\"" + value->text + "\" is not " + std::to_string(wanted) + " numbers");
  }
  return value->numbers;
}

Observed<std::int64_t> HostSnapshot::counter(std::string_view name) const {
  const bool extended = name.starts_with("TcpExt.") || name.starts_with("IpExt.");
  const auto& counters = extended ? netstat : counts_ipv6(name) ? snmp6 : snmp;
  if (!counters) return tl::unexpected(counters.error());
  const auto number = counters->find(name);
  if (!number) {
    return tl::unexpected(Unread{.why = Unread::Why::absent, .source = std::string(name)});
  }
  return *number;
}

HostTraits HostSnapshot::traits() const {
  HostTraits traits;
  if (kernel) traits.kernel = kernel->version;
  if (page_size) traits.page_size = *page_size;
  if (memory) traits.memory = *memory;
  traits.architecture = architecture;
  if (const auto buckets = number("net.ipv4.tcp_ehash_entries")) {
    // Negative where the namespace uses the initial one's table (ip-sysctl.rst tcp_ehash_entries).
    // A number that no kernel prints is not known.
    const bool sound = *buckets > -parse::kMostCounted && *buckets < parse::kMostCounted;
    traits.tcp_hash_buckets = sound ? std::abs(*buckets) : 0;
  }
  return traits;
}

}  // namespace tuner
