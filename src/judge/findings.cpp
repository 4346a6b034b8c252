#include "judge/findings.hpp"

#include <fmt/core.h>

#include "knowledge/facts.hpp"
#include "read/proc.hpp"
#include "text/human.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::judge {

namespace {

Finding with_status(Status status, std::string subject, std::string message) {
  Finding finding;
  finding.status = status;
  finding.subject = std::move(subject);
  finding.message = std::move(message);
  return finding;
}

}  // namespace

Finding passed(std::string subject, std::string message) {
  return with_status(Status::pass, std::move(subject), std::move(message));
}

Finding failed(Severity severity, std::string subject, std::string message) {
  Finding finding = with_status(Status::fail, std::move(subject), std::move(message));
  finding.severity = severity;
  return finding;
}

Finding unknown(std::string subject, const Unread& reason) {
  return with_status(Status::unknown, std::move(subject),
                     "It could not be judged: " + unread_text(reason) + ".");
}

Finding skipped(std::string subject, std::string reason) {
  return with_status(Status::skipped, std::move(subject), std::move(reason));
}

Finding about_key(Finding finding, std::string_view key, const HostSnapshot& host) {
  finding.subject = std::string(key);
  finding.key = std::string(key);
  if (const auto& value = host.sysctl(key)) finding.running = value->text;
  if (const Fact* const fact = find_fact(key)) {
    if (const auto unit = unit_name(*fact); !unit.empty()) finding.unit = std::string(unit);
  }
  return finding;
}

Finding key_passed(std::string_view key, const HostSnapshot& host, std::string message) {
  return about_key(passed({}, std::move(message)), key, host);
}

Finding key_failed(Severity severity, std::string_view key, const HostSnapshot& host,
                   std::string message) {
  return about_key(failed(severity, {}, std::move(message)), key, host);
}

Fix set(std::string_view key, std::string value, std::string remark) {
  return {.kind = Fix::Kind::sysctl,
          .settings = {{.key = std::string(key), .value = std::move(value)}},
          .remark = std::move(remark)};
}

Evidence counter_evidence(std::string_view name, std::int64_t value, std::string meaning) {
  const bool extended = name.starts_with("TcpExt.") || name.starts_with("IpExt.");
  return {.source = extended            ? "/proc/net/netstat"
                    : counts_ipv6(name) ? "/proc/net/snmp6"
                                        : "/proc/net/snmp",
          .name = std::string(name),
          .value = std::to_string(value),
          .meaning = std::move(meaning)};
}

std::int64_t sum(std::int64_t left, std::int64_t right) {
  std::int64_t result = 0;
  return __builtin_add_overflow(left, right, &result) ? kLongMax : result;
}

bool machine_key_in_child(const Fact& fact, const HostSnapshot& host) {
  return host.network_namespace == NetworkNamespace::child && fact.scope == Scope::machine &&
         (fact.child == Child::absent || fact.child == Child::read_only);
}

std::string with_size(const Fact& fact, std::int64_t number, const HostSnapshot& host) {
  std::optional<Bytes> bytes;
  if (fact.unit == Unit::pages && host.page_size) bytes = to_bytes(Pages(number), *host.page_size);
  if (fact.unit == Unit::bytes) bytes = Bytes(number);
  if (fact.unit == Unit::kibibytes) bytes = checked_multiply(Bytes(1024), number);
  const std::string_view unit = unit_name(fact);
  std::string plain = unit.empty() ? std::to_string(number) : fmt::format("{} {}", number, unit);
  if (!bytes || bytes->count() < 1024) return plain;
  return fmt::format("{} ({})", plain, text::size(*bytes));
}

std::string with_meaning(const Fact& fact, const SysctlValue& value) {
  if (value.numbers.size() != 1) return value.text;
  for (const ValueMeaning& known : fact.values) {
    if (known.value == value.numbers.front()) {
      return fmt::format("{} ({})", value.text, known.meaning);
    }
  }
  return value.text;
}

}  // namespace tuner::judge
