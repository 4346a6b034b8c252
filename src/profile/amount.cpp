#include "profile/amount.hpp"

#include <algorithm>
#include <limits>

#include "knowledge/kernel_default.hpp"
#include "model/number.hpp"
#include "profile/parse_formula.hpp"
#include "read/measure.hpp"
#include "read/port_list.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

namespace {

using parse::TomlArray;
using parse::TomlValue;
using Number = std::optional<std::int64_t>;

/// What the number of a demand counts; limits and routes have no fact.
Unit unit_of(const Demand& demand) {
  if (demand.fact != nullptr) return demand.fact->unit;
  return demand.area == Area::limit ? Unit::files : Unit::packets;
}

std::string counted_of(const Demand& demand) {
  if (demand.fact != nullptr) {
    const auto name = unit_name(*demand.fact);
    return name.empty() ? "a plain number" : std::string(name);
  }
  return demand.area == Area::limit ? "open files" : "packets";
}

tl::unexpected<Error> wrong_unit(const Fields& fields, Position position, const Demand& demand,
                                 const std::string& written) {
  const bool bytes = counts_bytes(unit_of(demand));
  return fields.error(
      position, "\"" + written + "\" does not fit: the key counts " + counted_of(demand),
      bytes ? "Give a size with its unit, such as \"16MiB\"." : "Give a bare whole number.");
}

std::chrono::microseconds tick(Unit unit) {
  if (unit == Unit::seconds) return std::chrono::seconds(1);
  if (unit == Unit::milliseconds) return std::chrono::milliseconds(1);
  return std::chrono::microseconds(1);
}

/// Whether what a formula yields can be a number of the key.
bool fits(const Dimension& dimension, Unit unit) {
  using Counted = Dimension::Counted;
  if (counts_bytes(unit)) return dimension == Dimension{.data = 1};
  const bool timed =
      unit == Unit::seconds || unit == Unit::milliseconds || unit == Unit::microseconds;
  if (timed && dimension == Dimension{.time = 1}) return true;
  if (dimension.data != 0 || dimension.time != 0) return false;
  switch (dimension.counted) {
    case Counted::connections:
      return unit == Unit::connections || unit == Unit::files;
    case Counted::packets:
      return unit == Unit::packets;
    case Counted::nothing:
      break;
  }
  return true;
}

/// A formula over inputs and the host. `position` is where its text stands, with its quote.
Result<Formula> read_formula(const Fields& fields, Position position, const Demand& demand,
                             const std::string& text) {
  const auto formula = parse_formula(text);
  if (!formula) {
    const FormulaError& error = formula.error();
    position.column += 1 + static_cast<int>(error.offset);
    return fields.error(position, "\"" + text + "\": " + error.detail, error.hint);
  }
  if (fits(formula->dimension, unit_of(demand))) return *formula;
  return fields.error(position,
                      "\"" + text + "\" yields " + dimension_text(formula->dimension) +
                          ", and the key counts " + counted_of(demand),
                      "Give a formula that yields what the key counts.");
}

Result<Number> sized_number(const Fields& fields, Position position, const Demand& demand,
                            const std::string& text, const parse::Measure& measure) {
  const Unit unit = unit_of(demand);
  if (const auto* const bytes = std::get_if<Bytes>(&measure); bytes != nullptr) {
    if (counts_bytes(unit)) return bytes->count();
  }
  const bool timed =
      unit == Unit::seconds || unit == Unit::milliseconds || unit == Unit::microseconds;
  if (const auto* const time = std::get_if<std::chrono::microseconds>(&measure);
      time != nullptr && timed && *time % tick(unit) == std::chrono::microseconds(0)) {
    return *time / tick(unit);
  }
  return wrong_unit(fields, position, demand, text);
}

/// An element: a number, a formula, or neither where it is left alone.
struct Amount {
  Number number{};
  std::optional<Formula> formula{};
};

/// A text: a bare number, a size with its unit, a formula, or "-" for "left alone".
Result<Amount> read_text(const Fields& fields, const TomlValue& value, const Demand& demand,
                         const std::string& text) {
  const Position position = value.position;
  if (text == "-") return Amount{};
  const bool bytes = counts_bytes(unit_of(demand));
  const auto bare = parse::integer(parse::trim(text));
  if (bare && !bytes) return Amount{.number = *bare};
  if (bare) {
    return fields.error(position, "the bare number " + text + " has no unit",
                        "Say what it counts: \"" + text + " B\", or \"16MiB\".");
  }
  if (const auto measure = parse::measure(text)) {
    const auto number = sized_number(fields, position, demand, text, *measure);
    if (!number) return tl::unexpected(number.error());
    return Amount{.number = *number};
  }
  auto formula = read_formula(fields, value.value_position, demand, text);
  if (!formula) return tl::unexpected(formula.error());
  return Amount{.formula = std::move(*formula)};
}

Result<Amount> read_element(const Fields& fields, const TomlValue& value, const Demand& demand) {
  const bool bytes = counts_bytes(unit_of(demand));
  if (const auto* const number = value.as<std::int64_t>()) {
    if (!bytes) return Amount{.number = *number};
    return fields.error(value.position,
                        "the bare number " + std::to_string(*number) + " has no unit",
                        "Say what it counts: \"" + std::to_string(*number) + " B\", or \"16MiB\".");
  }
  const auto* const text = value.as<std::string>();
  if (text == nullptr) {
    return fields.error(value.position, "it is " + std::string(value.type_name()) + ", not a value",
                        bytes ? "Give a size such as \"16MiB\"." : "Give a bare whole number.");
  }
  return read_text(fields, value, demand, *text);
}

std::string written_form(const TomlValue& value) {
  if (const auto* const text = value.as<std::string>()) return *text;
  if (const auto* const number = value.as<std::int64_t>()) return std::to_string(*number);
  std::string joined;
  if (const auto* const array = value.as<TomlArray>()) {
    for (const TomlValue& element : *array) {
      if (!joined.empty()) joined += ' ';
      joined += written_form(element);
    }
  }
  return joined;
}

/// The elements of a value: those of an array, the words of "1024 65535", or the value itself.
std::vector<TomlValue> elements_of(const TomlValue& value, const Demand& demand) {
  if (const auto* const array = value.as<TomlArray>()) return *array;
  const auto* const text = value.as<std::string>();
  const bool vector = demand.fact != nullptr && demand.fact->element_count() > 1;
  if (text == nullptr || !vector || counts_bytes(unit_of(demand))) return {value};
  std::vector<TomlValue> result;
  for (const std::string_view word : parse::words(*text)) {
    result.push_back({.content = std::string(word),
                      .position = value.position,
                      .value_position = value.value_position});
  }
  return result;
}

Result<void> check_range(const Fields& fields, Position position, const Demand& demand) {
  if (unit_of(demand) == Unit::pages) return {};
  const Range range = range_of_demand(demand);
  const std::int64_t scale = unit_of(demand) == Unit::kibibytes ? 1024 : 1;
  for (const Number& number : demand.numbers) {
    if (!number || range.contains(*number / scale)) continue;
    return fields.error(position,
                        std::to_string(*number) +
                            " is outside the range that the kernel accepts, " +
                            std::to_string(range.min) + " to " + std::to_string(range.max),
                        "Choose a number inside it; see tuner explain " + demand.key + ".");
  }
  return {};
}

/// Minimum, default and maximum rise, and so do the ends of a port range.
Result<void> check_order(const Fields& fields, Position position, const Demand& demand) {
  if (demand.kind == Demand::Kind::one_of) return {};
  std::int64_t before = std::numeric_limits<std::int64_t>::min();
  for (const Number& number : demand.numbers) {
    if (number && *number < before) {
      return fields.error(position, "its elements are not in ascending order",
                          "Give the smaller number first.");
    }
    before = number.value_or(before);
  }
  return {};
}

Result<void> read_words(const Fields& fields, const std::vector<TomlValue>& elements,
                        Demand& demand) {
  for (const TomlValue& element : elements) {
    const auto* const text = element.as<std::string>();
    if (holds_ports(*demand.fact)) {
      const auto ports = text == nullptr ? std::nullopt : parse::port_list(parse::trim(*text));
      if (!ports) {
        return fields.error(element.position, "not a list of ports",
                            "Write ports and ranges without spaces: \"8080,9100-9110\", or \"\".");
      }
      demand.words.push_back(port_list_text(*ports));
      continue;
    }
    if (text == nullptr || parse::trim(*text).empty()) {
      return fields.error(element.position, "the key holds names, not numbers",
                          "Write the name in quotes.");
    }
    demand.words.push_back(*text);
  }
  return {};
}

}  // namespace

bool counts_bytes(Unit unit) {
  return unit == Unit::bytes || unit == Unit::pages || unit == Unit::kibibytes;
}

Range range_of_demand(const Demand& demand) {
  if (demand.fact != nullptr) return judge::range_of(*demand.fact, HostSnapshot());
  return demand.area == Area::limit ? Range{1, 2147483584} : Range{1, 65535};
}

Result<void> read_amount(const Fields& fields, const TomlValue& value, Demand& demand) {
  demand.written = written_form(value);
  const bool choices = demand.kind == Demand::Kind::one_of;
  const auto elements = elements_of(value, demand);
  for (const TomlValue& element : elements) demand.elements.push_back(written_form(element));
  const std::size_t wanted = demand.fact == nullptr ? 1 : demand.fact->element_count();
  if (choices && elements.empty()) {
    return fields.error(value.position, "the list is empty", "Give at least one value.");
  }
  const bool numeric = demand.fact == nullptr || demand.fact->holds_numbers();
  if (choices && numeric && wanted > 1) {
    return fields.error(value.position, "one_of is for keys of one element",
                        "Use exactly, at_least or at_most.");
  }
  if (!choices && elements.size() != wanted) {
    return fields.error(value.position,
                        "it has " + std::to_string(elements.size()) + " elements, the key has " +
                            std::to_string(wanted),
                        "Give every element, with \"-\" for one to leave alone.");
  }
  if (demand.fact != nullptr && !demand.fact->holds_numbers()) {
    return read_words(fields, elements, demand);
  }
  bool given = false;
  bool derived = false;
  for (const TomlValue& element : elements) {
    auto amount = read_element(fields, element, demand);
    if (!amount) return tl::unexpected(amount.error());
    if (choices && !amount->number && !amount->formula) {
      return fields.error(element.position, "\"-\" is not a choice",
                          "Give the values to choose from.");
    }
    given = given || amount->number || amount->formula;
    derived = derived || amount->formula;
    demand.numbers.push_back(amount->number);
    demand.formulas.push_back(std::move(amount->formula));
  }
  if (!derived) demand.formulas.clear();
  if (!given) {
    return fields.error(value.position, "every element is left alone", "Give at least one number.");
  }
  auto ordered = check_order(fields, value.position, demand);
  if (!ordered) return ordered;
  return check_range(fields, value.position, demand);
}

}  // namespace tuner
