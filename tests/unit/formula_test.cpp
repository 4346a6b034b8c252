#include "tuner/formula.hpp"
#include "profile/parse_formula.hpp"

#include <doctest/doctest.h>
#include <rapidcheck.h>

#include <cmath>

namespace tuner {
namespace {

constexpr double kGibi = 1024.0 * 1024.0 * 1024.0;

/// 16 GiB, 4 KiB pages, 8 processors; 1 Gbit/s for 100 ms; 1000 connections; a quarter of memory.
Quantities some_quantities() {
  Quantities quantities;
  const auto set = [&quantities](Quantified quantity, double value) {
    quantities.at(static_cast<std::size_t>(quantity)) = value;
  };
  set(Quantified::bandwidth, 125);  // bytes a microsecond
  set(Quantified::rtt, 100000);
  set(Quantified::bdp, 12500000);
  set(Quantified::connections, 1000);
  set(Quantified::memory_share, 0.25);
  set(Quantified::memory, 16 * kGibi);
  set(Quantified::page_size, 4096);
  set(Quantified::cpus, 8);
  return quantities;
}

double value_of(std::string_view text) {
  const auto formula = parse_formula(text);
  CAPTURE(text);
  if (!formula) FAIL(formula.error().detail);
  return evaluate(*formula, some_quantities(), {.receive = 2, .send = 3}).value();
}

std::string unit_of(std::string_view text) {
  const auto formula = parse_formula(text);
  CAPTURE(text);
  if (!formula) FAIL(formula.error().detail);
  return dimension_text(formula->dimension);
}

FormulaError error_of(std::string_view text) {
  const auto formula = parse_formula(text);
  CAPTURE(text);
  REQUIRE_FALSE(formula.has_value());
  CHECK_FALSE(formula.error().hint.empty());
  return formula.error();
}

TEST_CASE("formulas follow the usual precedence") {
  CHECK(value_of("2 * bdp") == 25000000);
  CHECK(value_of("1 + 2 * 3 - 4 / 2") == 5);
  CHECK(value_of("(1 + 2) * 3") == 9);
  CHECK(value_of("12 / 2 / 3") == 2);
  CHECK(value_of("memory / 64") == kGibi / 4);
  CHECK(value_of("max(16MiB, 2 * bdp)") == 25000000);
  CHECK(value_of("min(16MiB, 2 * bdp, 1kB)") == 1000);
  CHECK(value_of("receive_buffer(bdp)") == 25000000);
  CHECK(value_of("send_buffer(bdp + 1B)") == 37500003);
  CHECK(value_of("bandwidth * rtt") == 12500000);
  CHECK(value_of("bandwidth * 80ms") == 10000000);
  CHECK(value_of("memory * memory_share / connections") == 4 * kGibi / 1000);
  CHECK(value_of("25% * memory") == 4 * kGibi);
  CHECK(value_of("1.5 * rtt") == 150000);
  CHECK(value_of(" 2*bdp ") == 25000000);
}

TEST_CASE("units are followed through") {
  CHECK(unit_of("bdp") == "bytes");
  CHECK(unit_of("bandwidth * rtt") == "bytes");
  CHECK(unit_of("bdp / rtt") == "a bandwidth");
  CHECK(unit_of("bdp / bandwidth") == "a time");
  CHECK(unit_of("bdp / 1500B") == "a plain number");
  CHECK(unit_of("2 * connections") == "connections");
  CHECK(unit_of("connections + 100") == "connections");
  CHECK(unit_of("max(1000, 20 packets)") == "packets");
  CHECK(unit_of("memory / connections") == "bytes");
  CHECK(unit_of("connections / 50 connections") == "a plain number");
  CHECK(unit_of("memory * memory") == "bytes^2 * time^0");
}

TEST_CASE("what does not fit together is refused where it stands") {
  CHECK(error_of("bdp + rtt").detail == "it adds bytes and a time");
  CHECK(error_of("max(1MiB, connections)").detail == "it compares bytes and connections");
  CHECK(error_of("connections * 3 packets").detail == "it multiplies connections by packets");
  CHECK(error_of("receive_buffer(rtt)").detail == "receive_buffer() takes bytes, not a time");
  CHECK(error_of("bdp / 0").detail == "it divides by zero");
  CHECK(error_of("2 * bpd").hint == "Did you mean \"bdp\"?");
  CHECK(error_of("2 * bpd").offset == 4);
  CHECK(error_of("2 * 16MB1").detail == "unexpected \"1\"");
  CHECK(error_of("3 furlongs").offset == 0);
  CHECK(error_of("(bdp").detail == "missing closing bracket");
  CHECK(error_of("max(bdp)").detail == "max() has one argument");
  CHECK(error_of("bdp bdp").detail == "unexpected \"bdp\"");
  CHECK(error_of("").detail == "unexpected end");
  CHECK(error_of("max").detail == "missing bracket after max");
  CHECK(error_of("-bdp").detail == "unexpected \"-bdp\"");
  CHECK(error_of(std::string(1000, '(')).detail == "its brackets are nested too deeply");
  std::string longest = "1";
  for (int count = 0; count < 300; ++count) longest += "+1";
  CHECK(error_of(longest).detail == "the formula is too long");
}

TEST_CASE("what is not known has no value") {
  Quantities quantities = some_quantities();
  quantities.at(static_cast<std::size_t>(Quantified::memory)).reset();
  const auto formula = parse_formula("max(bdp, memory / 64)").value();
  CHECK_FALSE(evaluate(formula, quantities, {}).has_value());
  CHECK(std::isnan(
      evaluate(parse_formula("bdp / (rtt - rtt) * (rtt - rtt)").value(), some_quantities(), {})
          .value()));
}

TEST_CASE("no text crashes the reader, and what it takes has one value") {
  const auto letters = rc::gen::elementOf(std::string("()+-*/,.% 0123456789abdinmprstxMGBik_"));
  CHECK(rc::check("texts", [&letters] {
    const auto text = *rc::gen::container<std::string>(letters);
    const auto formula = parse_formula(text);
    if (formula) RC_ASSERT(evaluate(*formula, some_quantities(), {}).has_value());
  }));
}

}  // namespace
}  // namespace tuner
