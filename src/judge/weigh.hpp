#pragma once

#include <cstdint>
#include <optional>

#include "tuner/finding.hpp"

/// How counters of failures are weighed against the work that was done.
namespace tuner::judge {

/// The smallest share of the events that the counters are consistent with: the lower end of
/// Wilson's 95% confidence interval (E. B. Wilson, Probable Inference, JASA 22, 1927). Few events
/// say little of a share: 1 of 2 may be 10%, 500 of 1,000 is at least 46%. Between 0 and 1.
double least_share(std::int64_t bad, std::int64_t work);

/// How bad `bad` of `work` events are, by their least share: see thresholds.hpp. Below
/// ten events never more than info. No value where there is nothing bad.
std::optional<Severity> weigh(std::int64_t bad, std::int64_t work);

/// The same for what no setting of this host fixes: never more than a warning.
std::optional<Severity> weigh_unmendable(std::int64_t bad, std::int64_t work);

/// How bad it is that `used` of `limit` places are taken: near from 80 in 100, full from 95. No
/// value below that, and without a limit.
std::optional<Severity> weigh_fill(std::int64_t used, std::int64_t limit);

}  // namespace tuner::judge
