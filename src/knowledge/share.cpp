#include "knowledge/share.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>

#include "tuner/path.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

constexpr std::string_view kScale = "net.ipv4.tcp_adv_win_scale";
constexpr std::string_view kScaleSource =
    "include/net/tcp.h tcp_win_from_space(), before 6.6; Documentation/networking/ip-sysctl.rst "
    "tcp_adv_win_scale";
constexpr std::string_view kRatioSource =
    "include/net/tcp.h TCP_DEFAULT_SCALING_RATIO and net/ipv4/tcp_input.c tcp_measure_rcv_mss(); "
    "commits dfa2f0483360 and 697a6c8cec03";

/// The window is the buffer without 1/2^scale of it; for scales from zero down it is 1/2^-scale.
Fraction by_scale(std::int64_t scale) {
  const std::int64_t power = std::int64_t{1} << std::abs(std::clamp<std::int64_t>(scale, -31, 31));
  return {scale > 0 ? power - 1 : 1, power};
}

}  // namespace

CarryingShare receive_share(const HostSnapshot& host) {
  constexpr KernelVersion kMeasured{6, 6};
  constexpr KernelVersion kHalf{6, 9};
  if (!host.kernel || host.kernel->version >= kMeasured) {
    const bool half = !host.kernel || host.kernel->version >= kHalf;
    return {.because = fmt::format(
                "since Linux 6.6 a socket measures how much of its receive buffer is data, and "
                "starts with {}; two thirds with packets of 1500 bytes",
                half ? "half" : "a quarter"),
            .source = std::string(kRatioSource)};
  }
  const auto running = host.number(kScale);
  const Fraction part = by_scale(running.value_or(1));
  CarryingShare share{.reckoned = part, .usual = part, .most = part};
  share.because =
      fmt::format("Linux {}.{} offers {}/{} of a receive buffer as window, tcp_adv_win_scale is {}",
                  host.kernel->version.major, host.kernel->version.minor, part.numerator,
                  part.denominator, running.value_or(1));
  share.source = kScaleSource;
  return share;
}

CarryingShare send_share() {
  return {.because =
              "a send buffer holds each segment with its overhead until it is acknowledged, and a "
              "blocked writer wakes only when a third is free",
          .source =
              "net/ipv4/tcp_input.c tcp_sndbuf_expand(); include/net/sock.h "
              "sk_stream_min_wspace()"};
}

}  // namespace tuner
