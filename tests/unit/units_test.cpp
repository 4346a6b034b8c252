#include <doctest/doctest.h>

#include <limits>

#include "read/measure.hpp"
#include "text/human.hpp"
#include "tuner/units.hpp"

namespace tuner {
namespace {

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

template <class Left, class Right>
concept Addable = requires(Left left, Right right) {
  checked_add(left, right);
};

TEST_CASE("quantities of different kinds do not mix") {
  static_assert(Addable<Bytes, Bytes>);
  static_assert(!Addable<Bytes, Pages>);
  static_assert(!Addable<Packets, Connections>);
  static_assert(!std::equality_comparable_with<Bytes, Pages>);
  static_assert(!std::convertible_to<std::int64_t, Bytes>);
}

TEST_CASE("arithmetic that would overflow has no value") {
  CHECK(checked_add(Bytes(1), Bytes(2)) == Bytes(3));
  CHECK_FALSE(checked_add(Bytes(kMax), Bytes(1)));
  CHECK(checked_multiply(Packets(3), 4) == Packets(12));
  CHECK_FALSE(checked_multiply(Packets(kMax), 2));
}

TEST_CASE("pages become bytes only with a page size") {
  const auto small = PageSize::from(Bytes(4096)).value();
  const auto large = PageSize::from(Bytes(65536)).value();
  CHECK(to_bytes(Pages(1461), small) == Bytes(5984256));
  CHECK(to_bytes(Pages(1461), large) == Bytes(95748096));
  CHECK(to_pages(Bytes(65535), large) == Pages(0));
  CHECK_FALSE(to_bytes(Pages(kMax), small));
}

TEST_CASE("only powers of two of Linux's range are page sizes") {
  for (const std::int64_t size : {0L, -4096L, 1L, 2048L, 5000L, 1L << 25}) {
    CHECK_FALSE(PageSize::from(Bytes(size)));
  }
}

TEST_CASE("measures carry their unit") {
  CHECK(std::get<Bytes>(parse::measure("16MiB").value()) == Bytes(16 << 20));
  CHECK(std::get<Bytes>(parse::measure(" 131072 B ").value()) == Bytes(131072));
  CHECK(std::get<Bytes>(parse::measure("1 kB").value()) == Bytes(1000));
  CHECK(parse::duration("250 ms") == std::chrono::milliseconds(250));
  CHECK(parse::duration("2min") == std::chrono::minutes(2));
  for (const char* const text :
       {"", "16", "MiB", "16mib", "-1 B", "16 MiB x", "9223372036854775807KiB", "1e3B"}) {
    CAPTURE(text);
    CHECK_FALSE(parse::measure(text));
  }
  CHECK_FALSE(parse::duration("16MiB"));
}

TEST_CASE("numbers read as people read them") {
  CHECK(text::grouped(0) == "0");
  CHECK(text::grouped(-1234567) == "-1,234,567");
  CHECK(text::size(Bytes(212992)) == "208 KiB");
  CHECK(text::size(Bytes(1000)) == "1000 B");
  CHECK(text::size(Bytes(95748096)) == "91.3 MiB");
  CHECK(text::span(std::chrono::seconds(187200)) == "2 d 4 h");
  CHECK(text::span(std::chrono::seconds(59)) == "59 s");
  CHECK(text::share(1036, 33200) == "3 % of the");
  CHECK(text::share(1, 100000) == "1 of 100,000");
  CHECK(text::share(1, 15) == "1 of 15");
  CHECK(text::share(5, 0) == "5 of 0");
}

}  // namespace
}  // namespace tuner
