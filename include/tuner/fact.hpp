#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/kernel.hpp"
#include "tuner/units.hpp"

namespace tuner {

/// What one number of a key counts.
enum class Unit {
  flag,    ///< 0 or 1
  choice,  ///< a number with a meaning of its own, see Fact::values
  bitmap,
  bytes,
  kibibytes,
  pages,  ///< of the host's page size
  packets,
  connections,
  ports,
  seconds,
  milliseconds,
  microseconds,
  count,   ///< of what Fact::counted says
  files,   ///< open files
  name,    ///< a word
  names,   ///< words
  factor,  ///< a logarithm or a fraction
};

/// Who shares the value.
enum class Scope { machine, network_namespace, process };

/// What a new network namespace finds under the key.
enum class Child {
  absent,            ///< no file; the machine's value holds
  read_only,         ///< the machine's value, not writable (rmem_max: since 6.11, absent before)
  compiled_default,  ///< the kernel's default, whatever the host has
  copied_from_init,  ///< a copy of the initial namespace's present value
  machine_wide,      ///< the same file and value as on the host
  own_view,          ///< a value that only describes the namespace
  does_not_apply,
};

enum class Ipv6 { applies_too, separate_key, ipv4_only, ipv6_only, not_ip };

/// When a new value begins to matter.
enum class Effect {
  at_once,
  new_sockets,
  new_connections,
  next_listen,      ///< the application's next listen()
  next_setsockopt,  ///< the application's next SO_RCVBUF or SO_SNDBUF
  new_interfaces,
  new_namespaces,
  at_boot,
  never,  ///< no kernel that runs today looks at it
};

enum class Write {
  allowed,
  read_only,  ///< the kernel shows it, 0444
  never,      ///< tuner never writes it, whatever a profile asks; the notes say why
};

/// What a number below zero means to the kernel.
enum class Negative { is_a_number, is_unlimited };

/// Whether a larger number is more room: then a value below the default is a loss.
enum class More { is_not_better, is_more_room };

inline constexpr std::int64_t kIntMax = std::numeric_limits<std::int32_t>::max();
inline constexpr std::int64_t kIntMin = std::numeric_limits<std::int32_t>::min();
inline constexpr std::int64_t kLongMax = std::numeric_limits<std::int64_t>::max();

/// What a kernel does with a number outside the range: EINVAL, or it may say yes and keep what it
/// had or store another number. Never a clamp.
enum class Outside { refused, taken };

/// What the kernel takes in a write, per element. Where the kernel takes numbers beyond int64, the
/// range ends with it.
struct Range {
  std::int64_t min = kIntMin;
  std::int64_t max = kIntMax;

  [[nodiscard]] constexpr bool contains(std::int64_t number) const {
    return min <= number && number <= max;
  }
};

/// What a default depends on. Absent parts make the default unknown.
struct HostTraits {
  KernelVersion kernel;
  std::optional<PageSize> page_size;
  std::optional<Bytes> memory;  ///< MemTotal
  std::string_view architecture;
  /// tcp_ehash_entries without its sign; 0 on kernels before 6.1, where it follows from memory.
  std::int64_t tcp_hash_buckets = 0;
};

/// A default as closely as it can be known: one interval per element; equal ends are exact.
struct ExpectedDefault {
  struct Interval {
    std::int64_t low = 0;
    std::int64_t high = 0;

    friend bool operator==(const Interval&, const Interval&) = default;
  };
  std::vector<Interval> elements{};
  std::string text{};  ///< for keys that hold words

  friend bool operator==(const ExpectedDefault&, const ExpectedDefault&) = default;
};

/// No value where the host does not tell what the default depends on.
using DefaultRule = std::optional<ExpectedDefault> (*)(const HostTraits&);
using RangeRule = Range (*)(const HostTraits&);
using OutsideRule = Outside (*)(const HostTraits&);

/// A list that can stand in a constexpr row. A row with more entries does not compile.
template <class T, std::size_t Capacity>
class FixedList {
 public:
  constexpr FixedList() = default;
  constexpr FixedList(std::initializer_list<T> items) : size_(items.size()) {
    std::size_t index = 0;
    for (const T& item : items) items_.at(index++) = item;
  }
  [[nodiscard]] constexpr const T* begin() const { return items_.data(); }
  [[nodiscard]] constexpr const T* end() const { return items_.data() + size_; }
  [[nodiscard]] constexpr std::size_t size() const { return size_; }
  [[nodiscard]] constexpr bool empty() const { return size_ == 0; }
  constexpr const T& operator[](std::size_t index) const { return items_.at(index); }

 private:
  std::array<T, Capacity> items_{};
  std::size_t size_ = 0;
};

struct ValueMeaning {
  std::int64_t value = 0;
  std::string_view meaning;
};

/// What is known of one sysctl. Every claim comes from `source`, and tests/unit/facts_test.cpp
/// holds the rows against kernels that printed their values.
struct Fact {
  /// Dots between the parts; a `*` stands for one interface, or ends a family of removed keys.
  std::string_view key{};
  Unit unit = Unit::count;
  std::string_view counted{};  ///< what Unit::count counts: "entries", "buckets"
  /// The names of the elements; empty for a single value.
  FixedList<std::string_view, 3> elements{};
  FixedList<ValueMeaning, 4> values{};
  Range range{};
  RangeRule range_rule = nullptr;      ///< replaces `range` where it depends on the host
  OutsideRule outside_rule = nullptr;  ///< null: refused on every kernel
  Scope scope = Scope::network_namespace;
  Child child = Child::compiled_default;
  Ipv6 ipv6 = Ipv6::applies_too;
  Effect effect = Effect::at_once;
  std::string_view effect_note{};
  Write write = Write::allowed;
  More more = More::is_not_better;
  Negative negative = Negative::is_a_number;
  /// Up to this kernel a 0 means no limit; {0, 0} where it never did.
  KernelVersion zero_is_unlimited_before{};
  std::string_view default_text{};  ///< in words, with the kernels that changed it
  /// Null where a build option or the administrator's history decides.
  DefaultRule default_rule = nullptr;
  std::string_view since{};    ///< the kernel that introduced it
  std::string_view removed{};  ///< the kernel that removed it; empty while it exists
  /// From this kernel on the file exists and nothing looks at it; {0, 0} otherwise.
  KernelVersion without_effect_since{};
  /// Kernels that changed it, a line each: "4.15: per network namespace, was global".
  std::string_view changes{};
  std::string_view capped_by{};
  std::string_view caps{};
  /// What else is to be known, a line each; what comes first weighs most.
  std::string_view notes{};
  std::string_view source{};

  /// 1, or the number of named elements.
  [[nodiscard]] constexpr std::size_t element_count() const {
    return elements.empty() ? 1 : elements.size();
  }
  [[nodiscard]] constexpr bool holds_numbers() const {
    return unit != Unit::name && unit != Unit::names && counted != "port list";
  }
};

/// Whether the value is a list of ports and ranges.
constexpr bool holds_ports(const Fact& fact) { return fact.counted == "port list"; }

/// The unit as it stands beside a number: "bytes", "pages", "connections"; empty for flags.
std::string_view unit_name(const Fact& fact);

/// The note that weighs most; empty where there is none.
constexpr std::string_view first_note(const Fact& fact) {
  return fact.notes.substr(0, fact.notes.find('\n'));
}

}  // namespace tuner
