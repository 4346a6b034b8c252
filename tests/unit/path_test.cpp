#include "tuner/path.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "hosts.hpp"
#include "judge/needs.hpp"
#include "knowledge/share.hpp"
#include "read/measure.hpp"
#include "text/human.hpp"

namespace tuner {
namespace {

using namespace std::chrono_literals;

Bytes bdp(std::int64_t megabits, std::chrono::microseconds rtt) {
  return bandwidth_delay_product({BitsPerSecond(megabits * 1000000), rtt});
}

TEST_CASE("the source document's examples") {
  CHECK(bdp(100, 2s) == Bytes(25000000));
  CHECK(text::decimal_size(bdp(100, 2s)) == "25 MB");
  CHECK(bdp(40, 40ms) == Bytes(200000));
  CHECK(text::decimal_size(bdp(40, 40ms)) == "0.2 MB");
  CHECK(announced_window(8192, 8) == Bytes(2097152));
  CHECK(kLargestWindow == Bytes(1073725440));
}

TEST_CASE("the scale is the smallest that announces the window") {
  CHECK(window_scale_for(Bytes(65535)) == 0);
  CHECK(window_scale_for(Bytes(65536)) == 1);
  CHECK(window_scale_for(Bytes(25000000)) == 9);
  CHECK(window_scale_for(kLargestWindow) == 14);
  CHECK(window_scale_for(Bytes(kLongMax)) == 14);
}

TEST_CASE("the offered scale is what kernels were measured to offer") {
  constexpr std::int64_t kMebi = std::int64_t{1} << 20;
  CHECK(offered_window_scale(6 * kMebi) == 7);
  CHECK(offered_window_scale(16 * kMebi) == 9);
  CHECK(offered_window_scale(32 * kMebi) == 10);
  CHECK(offered_window_scale(512 * kMebi) == 14);
}

TEST_CASE("the window is a part of the buffer by the rule of the kernel") {
  test::OverlaidFiles files("debian12-6.1-x86_64-1g");
  const auto share = [&files](const std::string& scale) {
    files.set("proc/sys/net/ipv4/tcp_adv_win_scale", {scale + "\n"});
    return receive_share(test::read_captured(files, "debian12-6.1-x86_64-1g"));
  };
  const Bytes data(12000000);
  CHECK(buffer_for(data, share("1")) == Bytes(24000000));
  CHECK(buffer_for(data, share("2")) == Bytes(16000000));
  CHECK(buffer_for(data, share("0")) == Bytes(12000000));
  CHECK(buffer_for(data, share("-2")) == Bytes(48000000));
  CHECK(buffer_for(Bytes(kLongMax), share("-31")) == Bytes(kLongMax));
  CHECK(buffer_for(Bytes(1), share("-9223372036854775808")) == Bytes(std::int64_t{1} << 31));
  CHECK(share("2").because.find("3/4") != std::string::npos);
  const auto recent = receive_share(test::read_captured("debian13-6.12-x86_64-4g"));
  CHECK(buffer_for(data, recent) == Bytes(24000000));
  CHECK(recent.because.find("starts with half") != std::string::npos);
  files.set("proc/sys/kernel/osrelease", {std::string("6.8.0-60-generic\n")});
  CHECK(share("1").because.find("starts with a quarter") != std::string::npos);
}

TEST_CASE("what the present settings make of a path") {
  test::OverlaidFiles files("debian12-6.1-x86_64-1g");
  const Path path{.bandwidth = BitsPerSecond(1000000000), .rtt = 100ms};
  const auto needs = [&] {
    return needs_of(path, test::read_captured(files, "debian12-6.1-x86_64-1g"));
  };
  CHECK(needs().receive.carries == Bytes(3145728));
  CHECK(needs().receive.limit == BitsPerSecond(251658240));
  CHECK(needs().send.limit == BitsPerSecond(223696160));
  CHECK(needs().send.at_most == Bytes(4194304));
  CHECK(needs().receive.wanted == Bytes(25000000));
  files.set("proc/sys/net/ipv4/tcp_moderate_rcvbuf", {std::string("0\n")});
  CHECK(needs().receive.running.value() == Bytes(131072));
  files.set("proc/sys/net/ipv4/tcp_window_scaling", {std::string("0\n")});
  CHECK(needs().receive.carries == Bytes(65535));
  CHECK(needs().receive.held_by == "net.ipv4.tcp_window_scaling");
  CHECK(needs().send.at_most == Bytes(65535));
  files.set("proc/sys/net/ipv4/tcp_wmem", {absent()});
  CHECK_FALSE(needs().send.running.has_value());
}

TEST_CASE("a buffer carries what it was made for, and nothing wraps") {
  CHECK(rc::check("buffers", [] {
    const auto data = *rc::gen::inRange<std::int64_t>(0, std::int64_t{1} << 44);
    const auto power = *rc::gen::inRange(0, 31);
    const auto denominator = std::int64_t{1} << power;
    const Fraction part{*rc::gen::inRange<std::int64_t>(1, denominator + 1), denominator};
    const CarryingShare share{.reckoned = part, .usual = part, .most = part};
    const Bytes buffer = buffer_for(Bytes(data), share);
    RC_ASSERT(buffer.count() >= data);
    const bool saturated = buffer == Bytes(kLongMax);
    RC_ASSERT(saturated || part_of(buffer, part).count() >= data);
  }));
  CHECK(rc::check("paths", [] {
    const Path path{.bandwidth = BitsPerSecond(*rc::gen::inRange<std::int64_t>(1, 400000000001)),
                    .rtt = std::chrono::microseconds(*rc::gen::inRange<std::int64_t>(1, 1000001))};
    const Bytes product = bandwidth_delay_product(path);
    const auto exact = static_cast<long double>(path.bandwidth.count()) *
                       static_cast<long double>(path.rtt.count()) / 8e6L;
    RC_ASSERT(static_cast<long double>(product.count()) <= exact);
    RC_ASSERT(static_cast<long double>(product.count()) > exact - 1);
    RC_ASSERT(rate_of(product, path.rtt) <= path.bandwidth);
  }));
}

TEST_CASE("measures may have a fraction that comes to a whole number") {
  CHECK(std::get<BitsPerSecond>(*parse::measure("2.5Gbit")) == BitsPerSecond(2500000000));
  CHECK(std::get<Bytes>(*parse::measure("1.5 MiB")) == Bytes(1572864));
  CHECK(std::get<std::chrono::microseconds>(*parse::measure("0.25ms")) == 250us);
  for (const char* const text :
       {"1.3B", "1.", ".5s", "1..5s", "1.5.5s", "0.0001ms", "9223372036854775807.5kB", "1.-5s"}) {
    CAPTURE(text);
    CHECK_FALSE(parse::measure(text).has_value());
  }
}

}  // namespace
}  // namespace tuner
