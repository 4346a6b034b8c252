#include <fmt/core.h>

#include <algorithm>

#include "knowledge/kernel_default.hpp"
#include "knowledge/myths.hpp"
#include "lint/file.hpp"
#include "text/human.hpp"
#include "text/lower.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::lint {

namespace {

/// Advice that is weighed against what kernels do by themselves: a note; see gives_notes().
bool is_a_note(std::string_view id) {
  constexpr std::string_view kNotes[] = {"big_default_buffers", "rmem_default_tcp"};
  return std::find(std::begin(kNotes), std::end(kNotes), id) != std::end(kNotes);
}

/// Beliefs that a file shows otherwise than a running value: by a comment, or by being there.
bool is_judged_here(std::string_view id) {
  return id != "netdev_backlog_is_listen" && id != "syn_backlog_alone" &&
         id != judge::kFinTimeoutMyth;
}

LintFinding myth_finding(const FileSetting& setting, std::string_view id, Severity severity,
                         std::string_view truth, std::string_view source) {
  std::string message(truth);
  if (!message.empty() && message[0] >= 'a' && message[0] <= 'z') {
    message[0] = static_cast<char>(message[0] - 32);
  }
  LintFinding finding = on_value(setting, "folklore-setting", severity, message + '.');
  finding.subject = id;
  finding.source = source;
  finding.fix = fmt::format(
      "Remove the line, or write above it: # tuner: allow folklore-setting:{} REASON.", id);
  return finding;
}

class Folklore {
 public:
  Folklore(FileView& file, const HostSnapshot& target) : file_(file), host_(target) {}

  void check() {
    for (const FileSetting& setting : file_.settings) {
      if (setting.excludes || setting.numbers.empty()) continue;
      for (const judge::Myth& myth : judge::myths()) {
        if (myth.key != setting.key) continue;
        if (is_judged_here(myth.id)) believed(setting, myth);
        if (myth.id == judge::kFinTimeoutMyth) about_fin_timeout(setting, myth);
      }
      own_beliefs(setting);
      switches(setting);
      memory(setting);
      port_range(setting);
    }
  }

 private:
  void add(LintFinding finding) { file_.findings.push_back(std::move(finding)); }

  void believed(const FileSetting& setting, const judge::Myth& myth) {
    const bool note = is_a_note(myth.id);
    if ((note && !gives_notes(host_)) || !myth.believed(host_, setting.numbers)) return;
    add(myth_finding(setting, myth.id, note ? Severity::info : myth.severity, myth.truth,
                     myth.source));
  }

  /// Who says TIME_WAIT believes it; who speaks of FIN_WAIT2 or orphans knows what the key does.
  void about_fin_timeout(const FileSetting& setting, const judge::Myth& myth) {
    if (!myth.believed(host_, setting.numbers)) return;
    const auto purpose =
        judge::fin_timeout_purpose(std::string(setting.comment) + ' ' + setting.remark);
    if (purpose == judge::FinTimeoutPurpose::orphans) return;
    const bool believes = purpose == judge::FinTimeoutPurpose::time_wait;
    add(myth_finding(setting, myth.id, believes ? Severity::warning : Severity::info, myth.truth,
                     myth.source));
  }

  /// What the file sets a key to, else the kernel's default.
  [[nodiscard]] std::int64_t number(std::string_view key, std::int64_t original) const {
    const FileSetting* const setting = file_.find(key);
    return setting == nullptr || setting->numbers.empty() ? original : setting->numbers.front();
  }

  void own_beliefs(const FileSetting& setting) {
    const std::string_view key = setting.key;
    const KernelVersion kernel = host_.kernel ? host_.kernel->version : KernelVersion{};
    if (key == "net.core.netdev_max_backlog" && speaks_of_connections(setting)) {
      add(myth_finding(setting, "netdev_backlog_is_listen", Severity::warning,
                       "it is the queue of packets between a device and the stack, not a listen "
                       "backlog; that is min(listen(), net.core.somaxconn)",
                       "net/core/dev.c enqueue_to_backlog(); TOAST 2015 4.2"));
    }
    if (key == "net.ipv4.tcp_max_syn_backlog" && kernel >= KernelVersion{4, 4} &&
        number("net.ipv4.tcp_syncookies", 1) != 0) {
      add(myth_finding(setting, "syn_backlog_alone", Severity::info,
                       "with SYN cookies, which are on by default, it has no effect; the "
                       "listener's backlog bounds the SYN queue",
                       "net/ipv4/tcp_input.c tcp_conn_request(); measured on 6.18.44"));
    }
    if (key == "net.ipv4.conf.all.rp_filter" && setting.numbers[0] == 0 && gives_notes(host_) &&
        number("net.ipv4.conf.default.rp_filter", 1) != 0) {
      LintFinding finding =
          myth_finding(setting, "rp_filter_all0", Severity::info,
                       "it does not switch the filter off: the larger of this and the interface's "
                       "own value counts",
                       "Documentation/networking/ip-sysctl.rst rp_filter");
      finding.fix =
          "Set net.ipv4.conf.default.rp_filter = 0 too, and that of interfaces that exist before "
          "the file is read.";
      add(std::move(finding));
    }
    if (key == "net.ipv4.tcp_slow_start_after_idle" && setting.numbers[0] == 0 && uses_bbr()) {
      add(myth_finding(setting, "slow_start_idle_bbr", Severity::info,
                       "with bbr, which the file sets, it has no effect",
                       "net/ipv4/tcp_input.c tcp_slow_start_after_idle_check()"));
    }
    conntrack(setting);
  }

  [[nodiscard]] bool uses_bbr() const {
    const FileSetting* const control = file_.find("net.ipv4.tcp_congestion_control");
    return control != nullptr && control->value == "bbr";
  }

  static bool speaks_of_connections(const FileSetting& setting) {
    return mentions(setting, {"listen", "connection", "accept", "syn queue"});
  }

  /// Whether the comment above a setting, or behind its value, has one of these words.
  static bool mentions(const FileSetting& setting, std::initializer_list<std::string_view> signs) {
    const std::string words = text::lower(setting.comment) + text::lower(setting.remark);
    return std::any_of(signs.begin(), signs.end(), [&words](std::string_view sign) {
      return words.find(sign) != std::string::npos;
    });
  }

  void conntrack(const FileSetting& setting) {
    constexpr std::int64_t kLargestDefault = 262144;  // buckets, since 5.15
    const std::int64_t value = setting.numbers[0];
    if (setting.key == "net.netfilter.nf_conntrack_max" &&
        file_.find("net.netfilter.nf_conntrack_buckets") == nullptr &&
        value > 4 * kLargestDefault) {
      add(myth_finding(setting, "conntrack_buckets", Severity::warning,
                       "the hash table does not grow with it: each bucket then holds more than "
                       "four entries; net.netfilter.nf_conntrack_buckets has to grow too",
                       "Documentation/networking/nf_conntrack-sysctl.rst"));
    }
    if (setting.key == "net.netfilter.nf_conntrack_tcp_timeout_established" &&
        value < number("net.ipv4.tcp_keepalive_time", 7200)) {
      add(myth_finding(setting, "conntrack_established", Severity::warning,
                       "it is shorter than tcp_keepalive_time: idle connections lose their state "
                       "in the firewall before the first probe",
                       "Documentation/networking/nf_conntrack-sysctl.rst"));
    }
  }

  void switches(const FileSetting& setting) {
    if (setting.numbers[0] != 0) return;
    if (setting.key == "net.ipv4.tcp_timestamps") {
      LintFinding finding = on_value(setting, "timestamps-off", Severity::warning,
                                     "Off: no protection from wrapped sequence numbers, and no "
                                     "reuse of TIME_WAIT ports.");
      finding.fix = "Remove the line.";
      add(std::move(finding));
    }
    if (setting.key == "net.ipv4.tcp_window_scaling") {
      LintFinding finding = on_value(setting, "window-scaling-off", Severity::error,
                                     "Off: no connection has more than 64 KiB in flight.");
      finding.fix = "Remove the line.";
      add(std::move(finding));
    }
  }

  void memory(const FileSetting& setting) {
    if (setting.key != "net.ipv4.tcp_mem" && setting.key != "net.ipv4.udp_mem") return;
    const auto limit = host_.page_size ? to_bytes(Pages(setting.numbers.back()), *host_.page_size)
                                       : std::optional<Bytes>();
    const bool own_shape = judge::has_boot_shape(setting.numbers);
    // What a larger host's kernel chose is in pages too, and never a multiple of much: people write
    // round numbers.
    constexpr std::int64_t kRound = 1 << 12;
    const bool chosen = own_shape && setting.numbers[1] % kRound != 0;
    const bool above = !chosen && judge::pages_exceed_memory(setting.numbers, host_);
    LintFinding finding =
        above ? on_value(
                    setting, "tcp-mem-in-bytes", Severity::error,
                    fmt::format("It counts pages: the limit is {}, which protects nothing{}.",
                                limit ? text::size(*limit) : "beyond all memory",
                                host_.memory ? " on a host of " + text::size(*host_.memory) : ""))
              : on_value(setting, "tcp-mem-changed", own_shape ? Severity::info : Severity::warning,
                         "The kernel sizes it from the memory of each host at boot.");
    finding.fix = "Remove the line.";
    add(std::move(finding));
  }

  void port_range(const FileSetting& setting) {
    if (setting.key != "net.ipv4.ip_local_port_range") return;
    constexpr std::int64_t kUsualLow = 32768;
    constexpr std::int64_t kUsualPorts = 28232;
    const std::int64_t low = setting.numbers[0];
    const std::int64_t high = setting.numbers[1];
    if (low > high) return;  // see check_together()
    const std::int64_t ports = high - low + 1;
    if (ports < kUsualPorts) {
      LintFinding finding =
          on_value(setting, "port-range-narrow", Severity::warning,
                   fmt::format("{} local ports (kernel default: {}): at most that many connections "
                               "to any one address and port.",
                               ports, kUsualPorts));
      finding.fix = "Write 32768 60999 or more.";
      add(std::move(finding));
    }
    const FileSetting* const reserved = file_.find("net.ipv4.ip_local_reserved_ports");
    const bool keeps = reserved != nullptr && !reserved->value.empty();
    if (low >= kUsualLow || ports < kUsualPorts || keeps || !gives_notes(host_)) return;
    LintFinding finding = on_value(
        setting, "port-range-overlaps-listeners", Severity::info,
        fmt::format("The range starts at {}, and the file reserves no service port above that.",
                    low));
    finding.fix = "net.ipv4.ip_local_reserved_ports = the ports that services listen on.";
    add(std::move(finding));
  }

  FileView& file_;
  const HostSnapshot& host_;
};

}  // namespace

void check_folklore(FileView& file, Linter& linter) { Folklore(file, linter.target()).check(); }

bool gives_notes(const HostSnapshot& target) {
  return target.kernel && target.kernel->version >= KernelVersion{5, 10};
}

}  // namespace tuner::lint
