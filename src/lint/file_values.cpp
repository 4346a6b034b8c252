#include <fmt/core.h>

#include <algorithm>
#include <iterator>

#include "boot/kernel_write.hpp"
#include "knowledge/constraints.hpp"
#include "knowledge/kernel_default.hpp"
#include "lint/file.hpp"
#include "model/number.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
#include "text/lower.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::lint {

namespace {

/// The congestion controls and queueing disciplines of Linux 3.10 to 7.2 (net/ipv4/Kconfig,
/// net/sched/Kconfig), as the sysctls name them.
bool is_in_tree(std::string_view name) {
  constexpr std::string_view kNames[] = {
      "reno", "cubic",    "bbr", "bic", "cdg",        "dctcp", "highspeed", "htcp",  "hybla",
      "lp",   "illinois", "nv",  "fq",  "scalable",   "vegas", "veno",      "yeah",  "westwood",
      "cake", "fq_codel", "sfq", "pie", "pfifo_fast", "codel", "fq_pie",    "pfifo", "bfifo"};
  return std::find(std::begin(kNames), std::end(kNames), name) != std::end(kNames);
}

/// "6.18".
std::string release_of(const HostSnapshot& target) {
  const KernelVersion version = target.kernel ? target.kernel->version : KernelVersion{};
  return fmt::format("{}.{}", version.major, version.minor);
}

/// Judges the settings of a file one by one.
class Values {
 public:
  Values(FileView& file, Linter& linter)
      : file_(file), target_(linter.target()), release_(release_of(target_)) {}

  void check() {
    for (FileSetting& setting : file_.settings) {
      if (setting.excludes || setting.sets_nothing || setting.templated) continue;
      const Fact* const fact = setting.known->fact;
      const auto comment = inline_comment(setting.value);
      if (comment != std::string_view::npos) say_comment(setting, fact, comment);
      if (fact != nullptr) {
        value(setting, *fact);
      } else {
        form(setting);
      }
    }
  }

 private:
  void add(LintFinding finding) { file_.findings.push_back(std::move(finding)); }

  void value(FileSetting& setting, const Fact& fact) {
    const std::string_view value = setting.value;
    if (fact.write == Write::read_only) {
      return add(on_key(setting, "value-refused", Severity::warning, "It is read-only."));
    }
    if (holds_ports(fact)) return ports(setting, fact, value);
    if (!fact.holds_numbers()) return word(setting, value);
    numbers(setting, fact, value);
  }

  /// What the kernel refuses in any key below net/ that holds a number: no fact is needed for that
  /// (kernel/sysctl.c proc_get_long(); measured on 6.18.44). Words that may be a name are let be.
  void form(const FileSetting& setting) {
    if (!setting.key.starts_with("net.") || setting.value.empty()) return;
    const std::string_view value = setting.value;
    constexpr std::string_view kSwitches[] = {"yes", "no",  "true",    "false",
                                              "on",  "off", "enabled", "disabled"};
    if (std::find(std::begin(kSwitches), std::end(kSwitches), value) != std::end(kSwitches)) {
      return refuse(setting, fmt::format("{} is not a number", value), "Write 1 or 0.");
    }
    constexpr std::string_view kDigits = "0123456789";
    const bool quoted = value.front() == '"' || value.front() == '\'';
    const std::string_view rest = value.substr(quoted ? 1 : 0);
    const auto end = std::min(rest.find_first_not_of(kDigits), rest.size());
    if (end == 0 || end == rest.size()) return;
    if (quoted) {
      return refuse(setting, fmt::format("{} is not a number", value), "Remove the quotes.");
    }
    constexpr std::string_view kUnits[] = {"k", "K",  "m",  "M",   "g", "G",   "kB",  "MB", "GB",
                                           "s", "ms", "us", "min", "h", "KiB", "MiB", "GiB"};
    if (std::find(std::begin(kUnits), std::end(kUnits), rest.substr(end)) != std::end(kUnits)) {
      refuse(setting, fmt::format("{} is not a number", value),
             "The kernel does not know units: write only the number.");
    }
  }

  /// Where a comment begins behind a value: a mark behind a blank.
  static std::size_t inline_comment(std::string_view value) {
    for (std::size_t index = 1; index < value.size(); ++index) {
      const bool mark = value[index] == '#' || value[index] == ';';
      if (mark && (value[index - 1] == ' ' || value[index - 1] == '\t')) return index;
    }
    return std::string_view::npos;
  }

  /// From here on the value is what the kernel reads of it.
  void say_comment(FileSetting& setting, const Fact* fact, std::size_t where) {
    const bool number = fact != nullptr && fact->holds_numbers();
    // The kernel stops reading behind the last number that it wants, and not before.
    const bool read =
        number && boot::written_numbers(setting.value, fact->element_count(), setting.known->range)
                      .refused.empty();
    std::string message = "The comment is part of the value.";
    if (read) message = "The comment is part of the value; the kernel stops reading before it.";
    if (fact != nullptr && !read) {
      message = "The comment is part of the value, and the kernel refuses that.";
    }
    LintFinding finding = on_value(setting, "inline-comment",
                                   fact != nullptr && !read ? Severity::error : Severity::warning,
                                   std::move(message));
    finding.column = setting.value_column + static_cast<int>(where);
    finding.fix = "Put the comment on a line of its own.";
    add(std::move(finding));
    setting.remark = setting.value.substr(where);
    setting.value = parse::trim(setting.value.substr(0, where));
  }

  void refuse(const FileSetting& setting, std::string reason, std::string fix) {
    LintFinding finding = on_value(setting, "value-refused", Severity::error,
                                   fmt::format("The kernel refuses it: {}.", reason));
    finding.fix = std::move(fix);
    add(std::move(finding));
  }

  void word(const FileSetting& setting, std::string_view value) {
    if (value.starts_with('"') || value.starts_with('\'')) {
      refuse(setting, "quotes are part of the value", "Remove the quotes.");
    }
    // The kernel compares names byte by byte, and so does modprobe: net/ipv4/tcp_cong.c
    // tcp_ca_find(), net/sched/sch_api.c qdisc_lookup_default().
    for (const auto name : parse::words(value)) {
      const std::string known = text::lower(name);
      if (known == name || !is_in_tree(known)) continue;
      refuse(setting, fmt::format("{} has capitals, and the kernel's name has none", name),
             fmt::format("Write {}.", known));
    }
  }

  void ports(const FileSetting& setting, const Fact& fact, std::string_view value) {
    const auto answer = boot::answer_to(&fact, {}, "", value);
    if (!answer.taken)
      refuse(setting, answer.reason, "Write it like 8080,9100-9110, without spaces.");
  }

  void numbers(FileSetting& setting, const Fact& fact, std::string_view value) {
    const std::size_t wanted = fact.element_count();
    auto written = boot::written_numbers(value, wanted, setting.known->range);
    if (!written.refused.empty()) return refuse(setting, written.refused, hint(fact, value));
    const std::size_t words = parse::words(value).size();
    if (words != wanted && setting.remark.empty()) element_count(setting, fact, words);
    if (written.numbers.size() != wanted) return;
    setting.numbers = std::move(written.numbers);
    units(setting, fact);
    below_default(setting, fact);
  }

  /// "16M" and quotes are what people write most.
  static std::string hint(const Fact& fact, std::string_view value) {
    if (value.find_first_of("\"'") != std::string_view::npos) return "Remove the quotes.";
    constexpr std::string_view kUnits = "kKmMgG";
    const auto end = value.find_first_not_of("0123456789");
    if (end != 0 && end != std::string_view::npos &&
        kUnits.find(value[end]) != std::string_view::npos) {
      return fmt::format("The kernel does not know units: write the number of {}.",
                         unit_name(fact).empty() ? "the key" : unit_name(fact));
    }
    return fmt::format("tuner explain {} has its range.", fact.key);
  }

  void element_count(const FileSetting& setting, const Fact& fact, std::size_t words) {
    const std::size_t wanted = fact.element_count();
    const bool few = words < wanted;
    LintFinding finding =
        on_value(setting, "element-count", few ? Severity::error : Severity::warning,
                 few ? fmt::format("It gives {} of {} numbers: {} {} unchanged, without an error.",
                                   words, wanted, fact.elements[words],
                                   wanted - words == 1 ? "stays" : "and the rest stay")
                     : fmt::format("It gives {} numbers; the kernel reads {}.", words, wanted));
    std::string names;
    for (const std::string_view name : fact.elements)
      names.append(names.empty() ? "" : " ").append(name);
    finding.fix = wanted == 1 ? "Give one number." : fmt::format("Give all: {}.", names);
    add(std::move(finding));
  }

  void units(const FileSetting& setting, const Fact& fact) {
    const auto& expected = setting.known->expected;
    if (!expected || expected->elements.size() != setting.numbers.size()) return;
    const std::int64_t number = setting.numbers.back();
    const auto& [low, high] = expected->elements.back();
    constexpr std::int64_t kSmall = 256;
    constexpr std::int64_t kThousand = 1000;
    std::string_view meant;
    const bool small = number > 0 && number < low / kSmall;
    if (fact.unit == Unit::bytes && fact.more == More::is_more_room && small) meant = "KiB or MiB";
    if (fact.unit == Unit::seconds && high > 0 && number / kThousand >= high)
      meant = "milliseconds";
    if (meant.empty()) return;
    LintFinding finding =
        on_value(setting, "unit-suspect", Severity::warning,
                 fmt::format("{} looks like {}; the key counts {}, and the kernel chooses {}.",
                             number, meant, unit_name(fact), low));
    finding.fix = fmt::format("Give the number in {}.", unit_name(fact));
    add(std::move(finding));
  }

  void below_default(const FileSetting& setting, const Fact& fact) {
    if (fact.more != More::is_more_room) return;
    const auto comparison = judge::compare(fact, setting.numbers, setting.known->expected, target_);
    if (!comparison.judged || !comparison.below) return;
    std::vector<std::int64_t> chosen;
    std::vector<std::int64_t> raised = setting.numbers;
    std::vector<std::string_view> low;
    for (std::size_t index = 0; index < setting.numbers.size(); ++index) {
      const std::int64_t own = comparison.expected.elements[index].low;
      const bool below = setting.numbers[index] < own;
      chosen.push_back(own);
      if (below) raised[index] = own;
      if (below && !fact.elements.empty()) low.push_back(fact.elements[index]);
    }
    const bool buckets = fact.key == "net.ipv4.tcp_max_tw_buckets";
    const std::string where = target_.memory && setting.known->follows_memory
                                  ? fmt::format(" on a host of {}", text::size(*target_.memory))
                                  : "";
    const bool some = raised != chosen;  // what is above the kernel's choice stays
    LintFinding finding =
        on_value(setting, buckets ? "tcp-max-tw-buckets-lowered" : "value-below-kernel-default",
                 buckets ? Severity::warning : Severity::info,
                 fmt::format("{} {} below the default of Linux {}{}: {}.",
                             some ? "Its " + text::joined(low, " and ") : "It",
                             some && low.size() > 1 ? "are" : "is", release_, where,
                             text::joined(chosen, " ")));
    finding.fix = some && !first_fall(raised) ? fmt::format("Write {}.", text::joined(raised, " "))
                                              : "Remove the line.";
    if (!buckets) finding.source = fact.source;
    add(std::move(finding));
  }

  FileView& file_;
  const HostSnapshot& target_;
  std::string release_;
};

}  // namespace

void check_values(FileView& file, Linter& linter) { Values(file, linter).check(); }

}  // namespace tuner::lint
