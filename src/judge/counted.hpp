#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "tuner/finding.hpp"
#include "tuner/observed.hpp"

namespace tuner {
class HostSnapshot;
}

/// What rules on counters of lost packets share.
namespace tuner::judge {

/// Names of counters, given in place or as an array. To be passed, not kept.
class CounterNames {
 public:
  CounterNames(std::initializer_list<std::string_view> names)
      : names_(names.begin(), names.end()) {}
  template <std::size_t Size>
  CounterNames(const std::string_view (&names)[Size]) : names_(names) {}

  [[nodiscard]] auto begin() const { return names_.begin(); }
  [[nodiscard]] auto end() const { return names_.end(); }

 private:
  std::span<const std::string_view> names_;
};

/// The sum of counters. One that this kernel does not have counts as zero, and so does IPv6 where
/// the host has none; no value where a file could not be read.
Observed<std::int64_t> sum_of(const HostSnapshot& host, CounterNames names);

/// What counters say of one kind of loss.
struct CountedLoss {
  std::int64_t lost = 0;
  std::int64_t all = 0;                ///< what they are weighed against
  std::optional<Severity> severity{};  ///< no value where nothing was lost
};

/// `lost` weighed against `all`, which holds the lost ones too; see weigh().
Observed<CountedLoss> weigh_counters(const HostSnapshot& host, CounterNames lost, CounterNames all);

/// The counters of one family: what it lost, and what went well beside it.
struct FamilyCounters {
  std::string_view lost;
  std::string_view done;
};

/// IPv4 and IPv6 weighed apart, so that neither hides in the other's traffic: the one that is worse
/// off, the first where both are alike.
Observed<CountedLoss> weigh_families(const HostSnapshot& host,
                                     std::span<const FamilyCounters> families);

/// Packets that connection tracking dropped because its table was full or a protocol refused them.
/// `drop` counts each clash too, which insert_failed tells; zero where the host tracks nothing.
/// Source: net/netfilter/nf_conntrack_core.c, NF_CT_STAT_INC(net, drop) in four places.
std::int64_t dropped_by_conntrack(const HostSnapshot& host);

/// Those of the counters that are not zero, as evidence; the first says since when it counts.
std::vector<Evidence> evidence_of(const HostSnapshot& host, CounterNames names);

}  // namespace tuner::judge
