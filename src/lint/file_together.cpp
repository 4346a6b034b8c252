#include <fmt/core.h>

#include <map>

#include "knowledge/constraints.hpp"
#include "lint/file.hpp"
#include "model/number.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::lint {

namespace {

class Together {
 public:
  Together(FileView& file, KernelVersion kernel) : file_(file), kernel_(kernel) {}

  void check() {
    duplicates();
    reuse();
    for (const FileSetting& setting : file_.settings) order(setting);
    conntrack();
    unprivileged();
    thresholds("net.ipv4.neigh.default.gc_thresh");
    thresholds("net.ipv6.neigh.default.gc_thresh");
  }

 private:
  void add(LintFinding finding) { file_.findings.push_back(std::move(finding)); }

  void contradict(const FileSetting& setting, Severity severity, std::string message,
                  std::string fix) {
    LintFinding finding = on_value(setting, "contradictory-settings", severity, std::move(message));
    finding.fix = std::move(fix);
    add(std::move(finding));
  }

  static std::string same_blanks(std::string_view value) {
    std::string text;
    for (const std::string_view word : parse::words(value)) {
      text.append(text.empty() ? "" : " ").append(word);
    }
    return text;
  }

  void duplicates() {
    std::map<std::string_view, const FileSetting*> last;
    for (const FileSetting& setting : file_.settings) {
      const auto [known, first] = last.emplace(setting.key, &setting);
      if (first) continue;
      const FileSetting& before = *known->second;
      known->second = &setting;
      if (before.excludes) continue;
      if (setting.excludes) {
        cancelled(before, setting);
      } else if (same_blanks(before.value) != same_blanks(setting.value)) {
        LintFinding finding =
            on_value(before, "duplicate-setting", Severity::warning,
                     fmt::format("No effect: line {} sets {} = {}.", setting.number, setting.key,
                                 shown_line(setting.value)));
        finding.fix = "Keep one of the lines.";
        add(std::move(finding));
      }
    }
  }

  void cancelled(const FileSetting& before, const FileSetting& exclusion) {
    LintFinding finding =
        on_value(before, "readers-differ", Severity::warning,
                 fmt::format("Line {} cancels it for systemd-sysctl; procps sets it anyway.",
                             exclusion.number));
    finding.fix = "Remove one of the lines.";
    add(std::move(finding));
  }

  void reuse() {
    const FileSetting* const reuse = file_.find("net.ipv4.tcp_tw_reuse");
    const FileSetting* const timestamps = file_.find("net.ipv4.tcp_timestamps");
    if (reuse == nullptr || timestamps == nullptr) return;
    if (reuse->numbers.empty() || timestamps->numbers.empty()) return;
    const bool stamped =
        constraints::kReuseHasStamps.holds_for({reuse->numbers[0], timestamps->numbers[0]});
    if (stamped) return;
    LintFinding finding =
        on_value(*reuse, "tcp-tw-reuse-without-timestamps", Severity::error,
                 fmt::format("No effect: line {} switches timestamps off.", timestamps->number));
    finding.fix = "net.ipv4.tcp_timestamps = 1";
    add(std::move(finding));
  }

  void order(const FileSetting& setting) {
    const auto& numbers = setting.numbers;
    if (setting.key == "net.ipv4.ip_local_port_range" && numbers.size() == 2 &&
        !constraints::kRangeForward.holds(numbers)) {
      return contradict(setting, Severity::error,
                        "The range starts above its end: the kernel refuses it.",
                        "Give the lower number first.");
    }
    if (numbers.size() != 3) return;
    const auto fall = first_fall(numbers);
    if (!fall) return;
    const auto& names = setting.known->fact->elements;
    contradict(setting, Severity::warning,
               fmt::format("Its {} {} is above its {} {}; the kernel accepts that silently.",
                           names[*fall], numbers[*fall], names[*fall + 1], numbers[*fall + 1]),
               "Give the numbers in ascending order.");
  }

  void conntrack() {
    const FileSetting* const most = file_.find("net.netfilter.nf_conntrack_max");
    const FileSetting* const buckets = file_.find("net.netfilter.nf_conntrack_buckets");
    if (most == nullptr || buckets == nullptr) return;
    if (most->numbers.empty() || buckets->numbers.empty()) return;
    const bool suffice =
        constraints::kBucketsSuffice.holds_for({most->numbers[0], buckets->numbers[0]});
    if (buckets->numbers[0] <= 0 || suffice) return;
    contradict(
        *most, Severity::warning,
        fmt::format("It is more than four times the buckets on line {}: hash chains get long.",
                    buckets->number),
        "Raise net.netfilter.nf_conntrack_buckets to the same number, the kernel's default since "
        "5.15.");
  }

  /// Each line meets the other key as it is by then: at its default, or at what a line before says.
  void unprivileged() {
    constexpr std::int64_t kUsualFloor = 1024;
    constexpr std::int64_t kUsualLow = 32768;
    const Constraint& clear = constraints::kRangeUnprivileged;
    if (kernel_ < clear.since) return;
    const FileSetting* const first = file_.find("net.ipv4.ip_unprivileged_port_start");
    const FileSetting* const range = file_.find("net.ipv4.ip_local_port_range");
    const bool set = first != nullptr && !first->numbers.empty();
    const bool ranged = range != nullptr && !range->numbers.empty();
    const bool before = set && ranged && first->number < range->number;
    const std::int64_t floor = before ? first->numbers[0] : kUsualFloor;
    if (ranged && !clear.holds_for({range->numbers[0], floor})) {
      contradict(
          *range, Severity::error,
          fmt::format(
              "The range starts below ip_unprivileged_port_start, {}{}: the kernel refuses it.",
              floor, before ? fmt::format(" by line {}", first->number) : ""),
          set && !before ? "Lower ip_unprivileged_port_start in a line before it."
                         : fmt::format("Start at {} or above.", floor));
    }
    const bool taken =
        ranged && !before && clear.holds_for({range->numbers[0], floor}) &&
        constraints::kRangeForward.holds_for({range->numbers[0], range->numbers.back()});
    const std::int64_t low = taken ? range->numbers[0] : kUsualLow;
    if (set && !clear.holds_for({low, first->numbers[0]})) {
      contradict(
          *first, Severity::error,
          fmt::format("The local port range starts at {}: the kernel accepts no more than that.",
                      low),
          "Set ip_local_port_range in a line before it, or give less.");
    }
  }

  void thresholds(const std::string& base) {
    const FileSetting* before = nullptr;
    for (const char* const number : {"1", "2", "3"}) {
      const FileSetting* const setting = file_.find(base + number);
      if (setting == nullptr || setting->numbers.empty()) continue;
      if (before != nullptr && before->numbers[0] > setting->numbers[0]) {
        contradict(*setting, Severity::warning,
                   fmt::format("It is below {} of line {}.", before->key, before->number),
                   "Set gc_thresh1, 2 and 3 in ascending order.");
      }
      before = setting;
    }
  }

  FileView& file_;
  KernelVersion kernel_;
};

}  // namespace

void check_together(FileView& file, Linter& linter) {
  const auto& kernel = linter.target().kernel;
  Together(file, kernel ? kernel->version : KernelVersion{}).check();
}

}  // namespace tuner::lint
