#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

/// Numbers as people read them.
namespace tuner::text {

/// "33,200".
std::string grouped(std::int64_t number);

/// "16 MiB", "91.4 MiB", "212,992 B": binary units, at most one digit behind the point.
std::string size(Bytes bytes);

/// "25 MB", "0.2 MB", "64 kB": decimal units, as networks count; at most two digits behind the
/// point.
std::string decimal_size(Bytes bytes);

/// "600 Mbit/s", "1.25 Gbit/s".
std::string rate(BitsPerSecond rate);

/// "2 d 4 h", "13 min", "29 s": the two largest parts.
std::string span(std::chrono::seconds time);

/// The same to the second below an hour: "1 min 59 s".
std::string short_span(std::chrono::seconds time);

/// "3 % of the", "1 of 12,000", before the name of what is counted: never rounded to nothing.
std::string share(std::int64_t part, std::int64_t whole);

/// "1 key", "2 keys".
std::string plural(std::int64_t count, std::string_view one, std::string_view many);

/// "2026-11-29T20:53:51Z".
std::string timestamp(std::chrono::sys_seconds time);

/// Since when the namespace's counters count: "in 2 d 4 h since boot", "in a sample of 10 s",
/// "since this namespace began".
std::string counted_since(const HostSnapshot& host);

/// The same for counters that are machine-wide in every namespace.
std::string machine_counted_since(const HostSnapshot& host);

}  // namespace tuner::text
