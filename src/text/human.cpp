#include "text/human.hpp"
#include "tuner/snapshot.hpp"

#include <fmt/core.h>

#include <cmath>

namespace tuner::text {

std::string grouped(std::int64_t number) {
  std::string digits = std::to_string(number);
  const std::size_t first = digits.front() == '-' ? 1 : 0;
  for (std::size_t place = digits.size(); place > first + 3;) {
    place -= 3;
    digits.insert(place, ",");
  }
  return digits;
}

std::string size(Bytes bytes) {
  constexpr const char* kUnits[] = {"B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  auto amount = static_cast<double>(bytes.count());
  std::size_t unit = 0;
  while (std::abs(amount) >= 1024.0 && unit + 1 < std::size(kUnits)) {
    amount /= 1024.0;
    ++unit;
  }
  const double rounded = std::round(amount * 10.0) / 10.0;
  const bool whole = rounded == std::floor(rounded);
  return fmt::format("{:.{}f} {}", rounded, whole ? 0 : 1, kUnits[unit]);
}

namespace {

/// At most two digits behind the point, and no trailing zeros.
std::string short_decimal(double amount) {
  std::string text = fmt::format("{:.2f}", amount);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

}  // namespace

std::string decimal_size(Bytes bytes) {
  const auto amount = static_cast<double>(bytes.count());
  if (amount < 1e3) return fmt::format("{} B", bytes.count());
  if (amount < 1e5) return short_decimal(amount / 1e3) + " kB";
  if (amount < 1e9) return short_decimal(amount / 1e6) + " MB";
  return short_decimal(amount / 1e9) + " GB";
}

std::string rate(BitsPerSecond rate) {
  const auto amount = static_cast<double>(rate.count());
  if (amount < 1e3) return fmt::format("{} bit/s", rate.count());
  if (amount < 1e6) return short_decimal(amount / 1e3) + " kbit/s";
  if (amount < 1e9) return short_decimal(amount / 1e6) + " Mbit/s";
  return short_decimal(amount / 1e9) + " Gbit/s";
}

std::string span(std::chrono::seconds time) {
  const auto seconds = time.count();
  const auto minutes = seconds / 60;
  const auto hours = minutes / 60;
  const auto days = hours / 24;
  if (days > 0) return fmt::format("{} d {} h", days, hours % 24);
  if (hours > 0) return fmt::format("{} h {} min", hours, minutes % 60);
  if (minutes > 0) return fmt::format("{} min", minutes);
  return fmt::format("{} s", seconds);
}

std::string short_span(std::chrono::seconds time) {
  constexpr auto kMinute = std::chrono::minutes(1);
  constexpr auto kHour = std::chrono::hours(1);
  const auto rest = time % kMinute;
  if (time < kMinute || time >= kHour || rest.count() == 0) return span(time);
  return span(time) + ' ' + span(rest);
}

std::string share(std::int64_t part, std::int64_t whole) {
  if (whole <= 100 || part >= whole) return fmt::format("{} of {}", grouped(part), grouped(whole));
  const double ratio = static_cast<double>(part) / static_cast<double>(whole);
  if (ratio >= 0.01) return fmt::format("{} % of the", std::llround(ratio * 100.0));
  return fmt::format("1 of {}", grouped(whole / part));
}

std::string plural(std::int64_t count, std::string_view one, std::string_view many) {
  return grouped(count).append(" ").append(count == 1 ? one : many);
}

std::string timestamp(std::chrono::sys_seconds time) {
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(time - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string machine_counted_since(const HostSnapshot& host) {
  if (host.sampled_for && host.since_last_audit) {
    const auto time = std::chrono::floor<std::chrono::seconds>(*host.sampled_for);
    return "in " + span(time) + " since the last audit";
  }
  if (host.sampled_for) {
    const auto milliseconds = host.sampled_for->count();
    return milliseconds % 1000 == 0 ? fmt::format("in a sample of {} s", milliseconds / 1000)
                                    : fmt::format("in a sample of {} ms", milliseconds);
  }
  if (!host.uptime) return "since boot";
  return "in " + span(*host.uptime) + " since boot";
}

std::string counted_since(const HostSnapshot& host) {
  const bool child = host.network_namespace == NetworkNamespace::child;
  if (child && !host.sampled_for) return "since this network namespace began";
  return machine_counted_since(host);
}

}  // namespace tuner::text
