#include "tuner/snapshot.hpp"

#include <cstdlib>

namespace tuner {

const Observed<SysctlValue>& HostSnapshot::sysctl(std::string_view key) const {
  static const Observed<SysctlValue> kNotRead = malformed("tuner did not read it");
  const auto found = sysctls_.find(key);
  return found == sysctls_.end() ? kNotRead : found->second;
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
    return malformed("\"" + value->text + "\" has not " + std::to_string(wanted) + " numbers");
  }
  return value->numbers;
}

Observed<std::int64_t> HostSnapshot::counter(std::string_view name) const {
  const bool extended = name.starts_with("TcpExt.") || name.starts_with("IpExt.");
  const auto& counters = extended ? netstat : snmp;
  if (!counters) return tl::unexpected(counters.error());
  const auto found = counters->find(name);
  if (found == counters->end()) return absent();
  return found->second;
}

HostTraits HostSnapshot::traits() const {
  HostTraits traits;
  if (kernel) traits.kernel = kernel->version;
  if (page_size) traits.page_size = *page_size;
  if (memory) traits.memory = *memory;
  traits.architecture = architecture;
  if (const auto buckets = number("net.ipv4.tcp_ehash_entries")) {
    traits.tcp_hash_buckets = std::abs(*buckets);
  }
  return traits;
}

}  // namespace tuner
