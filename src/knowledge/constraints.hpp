#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"

/// What must hold among the values of sysctls. Whatever plans, models or judges a value asks here,
/// so that a plan is never refused by a kernel that the model of it would have warned of.
namespace tuner {

/// What the kernel makes of a write that breaks a constraint.
enum class Breach {
  refused,  ///< the value stays
  taken,    ///< without a word; what the value is for no longer works
};

struct Constraint {
  std::string_view name;
  FixedList<std::string_view, 3> keys;  ///< which of their elements `holds` gets stands below
  std::string_view what;                ///< what must hold, a sentence
  Breach breach = Breach::taken;
  KernelVersion since{};  ///< from when on it counts
  std::string_view source;
  bool (*holds)(std::span<const std::int64_t> elements) = nullptr;

  [[nodiscard]] bool holds_for(std::initializer_list<std::int64_t> elements) const {
    return holds({elements.begin(), elements.size()});
  }
};

namespace constraints {

extern const Constraint kRangeForward;       ///< first, last
extern const Constraint kRangeUnprivileged;  ///< first of the range, ip_unprivileged_port_start
extern const Constraint kThresholdsRise;     ///< gc_thresh1, 2, 3
extern const Constraint kBucketsSuffice;     ///< nf_conntrack_max, nf_conntrack_buckets
extern const Constraint kReuseHasStamps;     ///< tcp_tw_reuse, tcp_timestamps
extern const Constraint kMaximumIsReached;   ///< tcp_moderate_rcvbuf

}  // namespace constraints

std::span<const Constraint* const> all_constraints();

/// Whether the elements of a key have to rise: min, default and max, or first and last. The kernel
/// takes them in any order, but for kRangeForward.
bool must_rise(const Fact& fact);

/// The first element that is above the one behind it.
std::optional<std::size_t> first_fall(std::span<const std::int64_t> elements);

/// The kernel cuts an integer write of a page or more, silently: fs/proc/proc_sysctl.c
/// proc_sys_call_handler(), kernel/sysctl.c do_proc_dointvec(). The smallest page counts.
inline constexpr std::size_t kOneWrite = 4000;

}  // namespace tuner
