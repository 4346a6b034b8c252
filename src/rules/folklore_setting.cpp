#include <fmt/core.h>

#include "boot/outcome.hpp"
#include "judge/demand.hpp"
#include "judge/findings.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "knowledge/myths.hpp"
#include "tuner/boot.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::folklore_setting {

namespace {

Finding believed_finding(const judge::Myth& myth, const HostSnapshot& host) {
  const Fact& fact = *find_fact(myth.key);
  Finding finding =
      judge::key_failed(myth.severity, myth.key, host,
                        fmt::format("{} is {}: {}.", myth.key,
                                    judge::with_meaning(fact, *host.sysctl(myth.key)), myth.truth));
  finding.subject = std::string(myth.id);
  finding.why = std::string(myth.truth) + ".";
  finding.source = std::string(myth.source);
  const auto original = judge::default_text(fact, host);
  finding.fix = original ? judge::set(myth.key, *original, "the kernel's default")
                         : Fix{.kind = Fix::Kind::sysctl,
                               .text = fmt::format("Remove {} from the sysctl files.", myth.key),
                               .takes_lines_out = true};
  finding.wanted = original;
  return finding;
}

/// Whether the file that sets tcp_fin_timeout says what the key really is for.
bool is_understood(const judge::Myth& myth, const BootView* boot) {
  if (myth.id != judge::kFinTimeoutMyth || boot == nullptr) return false;
  const Assignment* const line = line_at_boot(*boot, myth.key);
  return line != nullptr &&
         judge::fin_timeout_purpose(line->comment) == judge::FinTimeoutPurpose::orphans;
}

/// A profile that asks for the value knows why; the truth is said, and no fix against the profile.
Finding asked_for(Finding finding) {
  finding.severity = Severity::info;
  finding.wanted.reset();
  finding.fix = {.kind = Fix::Kind::none,
                 .text = "The profile sets this key; decide which applies."};
  return finding;
}

std::vector<Finding> check(const AuditInput& input) {
  std::vector<Finding> findings;
  for (const judge::Myth& myth : judge::myths()) {
    if (judge::machine_key_in_child(*find_fact(myth.key), input.host)) continue;
    const auto running = input.host.numbers(myth.key);
    if (!running && running.error().why == Unread::Why::absent) continue;
    if (!running) {
      Finding finding = judge::about_key(judge::unknown({}, running.error()), myth.key, input.host);
      finding.subject = std::string(myth.id);
      findings.push_back(std::move(finding));
    } else if (myth.believed(input.host, *running) && !is_understood(myth, input.boot)) {
      Finding finding = believed_finding(myth, input.host);
      const Demand* const demand = judge::demand_on(input, myth.key);
      const bool asked =
          demand != nullptr && judge::judge(*demand, input.host).verdict == judge::Verdict::met;
      findings.push_back(asked ? asked_for(std::move(finding)) : std::move(finding));
    } else {
      Finding finding =
          judge::key_passed(myth.key, input.host, "It is not set to the value of this belief.");
      finding.subject = std::string(myth.id);
      findings.push_back(std::move(finding));
    }
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "folklore-setting",
    .what = "A setting follows a common but mistaken belief.",
    .why = "Many articles repeat the belief; the kernel behaves differently.",
    .fix = "Remove the key from the sysctl files, or know why it is there.",
    .source = "given with each belief",
    .reads = {"net.ipv4.tcp_syncookies", "net.ipv4.tcp_max_syn_backlog",
              "net.core.netdev_max_backlog", "net.core.rmem_default", "net.core.wmem_default",
              "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_sack", "net.ipv4.tcp_dsack",
              "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem", "net.ipv4.tcp_abort_on_overflow",
              "net.ipv4.tcp_retries2", "net.ipv4.tcp_challenge_ack_limit"},
    .judges_values = true,
    .check = check,
};

}  // namespace tuner::rules::folklore_setting
