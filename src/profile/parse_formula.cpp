#include "profile/parse_formula.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "model/formula_names.hpp"
#include "read/measure.hpp"
#include "text/suggest.hpp"

namespace tuner {

namespace {

using Counted = Dimension::Counted;
using Kind = Formula::Kind;
using Step = Formula::Step;
template <class T>
using Parsed = tl::expected<T, FormulaError>;

constexpr int kMaxDepth = 32;
constexpr std::size_t kMaxSteps = 256;

std::string known_names() {
  std::string names;
  for (const QuantityRow& row : kQuantityRows) names += fmt::format("{} ", row.name);
  for (const FunctionRow& row : kFunctions) names += fmt::format("{}() ", row.name);
  names.back() = '.';
  return "Known here: " + names;
}

/// A recursive descent over the text. Each rule leaves its steps in `steps_` and yields the
/// dimension of its result.
class FormulaReader {
 public:
  explicit FormulaReader(std::string_view text) : text_(text) {}

  Parsed<Formula> read() {
    const auto dimension = sum(0);
    if (!dimension) return tl::unexpected(dimension.error());
    skip_blanks();
    if (place_ < text_.size()) return wrong(fmt::format("unexpected \"{}\"", rest()));
    return Formula{.steps = std::move(steps_), .dimension = *dimension};
  }

 private:
  tl::unexpected<FormulaError> wrong(
      std::string detail,
      std::string hint = "Write a formula such as \"max(16MiB, 2 * bdp)\".") const {
    return tl::unexpected(
        FormulaError{.offset = place_, .detail = std::move(detail), .hint = std::move(hint)});
  }

  [[nodiscard]] std::string_view rest() const { return text_.substr(place_); }
  void skip_blanks() {
    while (place_ < text_.size() && (text_[place_] == ' ' || text_[place_] == '\t')) ++place_;
  }

  /// Takes the next character where it is one of `choices`; 0 otherwise.
  char take(std::string_view choices) {
    skip_blanks();
    if (place_ == text_.size() || choices.find(text_[place_]) == std::string_view::npos) return 0;
    return text_[place_++];
  }

  std::string_view take_while(bool (*belongs)(char)) {
    const std::size_t start = place_;
    while (place_ < text_.size() && belongs(text_[place_])) ++place_;
    return text_.substr(start, place_ - start);
  }

  static bool is_digit(char letter) { return (letter >= '0' && letter <= '9') || letter == '.'; }
  static bool is_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') || letter == '_';
  }

  Parsed<void> push(Step step) {
    steps_.push_back(step);
    if (steps_.size() <= kMaxSteps) return {};
    return wrong("the formula is too long", "Split it, or give a number.");
  }

  /// Both sides have to count the same; a plain number joins any count.
  Parsed<Dimension> alike(Dimension left, Dimension right, std::string_view verb) {
    if (left == right) return left;
    const bool counts = left.data == 0 && left.time == 0 && right.data == 0 && right.time == 0;
    if (counts && left.counted == Counted::nothing) return right;
    if (counts && right.counted == Counted::nothing) return left;
    return wrong(fmt::format("it {} {} and {}", verb, dimension_text(left), dimension_text(right)),
                 "Give both sides the same unit.");
  }

  Parsed<Dimension> sum(int depth) {
    auto left = product(depth);
    while (left) {
      const char sign = take("+-");
      if (sign == 0) return left;
      auto right = product(depth);
      if (!right) return right;
      left = alike(*left, *right, sign == '+' ? "adds" : "subtracts");
      if (!left) return left;
      const auto pushed = push({.kind = sign == '+' ? Kind::add : Kind::subtract});
      if (!pushed) return tl::unexpected(pushed.error());
    }
    return left;
  }

  Parsed<Dimension> product(int depth) {
    auto left = term(depth);
    while (left) {
      const char sign = take("*/");
      if (sign == 0) return left;
      auto right = term(depth);
      if (!right) return right;
      left = sign == '*' ? multiplied(*left, *right) : divided(*left, *right);
      if (!left) return left;
      const auto pushed = push({.kind = sign == '*' ? Kind::multiply : Kind::divide});
      if (!pushed) return tl::unexpected(pushed.error());
    }
    return left;
  }

  static Dimension combined(Dimension left, Dimension right, int sign) {
    return {.data = left.data + sign * right.data, .time = left.time + sign * right.time};
  }

  Parsed<Dimension> multiplied(Dimension left, Dimension right) {
    Dimension result = combined(left, right, 1);
    const bool plain = result.data == 0 && result.time == 0;
    if (!plain) return result;
    if (left.counted != Counted::nothing && right.counted != Counted::nothing) {
      return wrong(
          fmt::format("it multiplies {} by {}", dimension_text(left), dimension_text(right)),
          "Multiply a count by a plain number or a size.");
    }
    result.counted = left.counted != Counted::nothing ? left.counted : right.counted;
    return result;
  }

  Parsed<Dimension> divided(Dimension left, Dimension right) {
    const Step& divisor = steps_.back();
    if (divisor.kind == Kind::number && divisor.number == 0) {
      return wrong("it divides by zero", "Divide by something else.");
    }
    Dimension result = combined(left, right, -1);
    const bool plain = result.data == 0 && result.time == 0;
    if (plain && right.counted == Counted::nothing) result.counted = left.counted;
    return result;
  }

  Parsed<Dimension> term(int depth) {
    if (depth > kMaxDepth) return wrong("its brackets are nested too deeply", "Use fewer.");
    skip_blanks();
    if (place_ == text_.size()) return wrong("unexpected end");
    if (take("(") != 0) return bracketed(depth);
    if (is_digit(text_[place_])) return number();
    if (is_letter(text_[place_])) return named(depth);
    return wrong(fmt::format("unexpected \"{}\"", rest()));
  }

  Parsed<Dimension> bracketed(int depth) {
    auto inside = sum(depth + 1);
    if (inside && take(")") == 0) return wrong("missing closing bracket", "Close it with ).");
    return inside;
  }

  Parsed<Dimension> number() {
    const std::size_t start = place_;
    const std::string_view digits = take_while(is_digit);
    const std::size_t after_digits = place_;
    if (take("%") != 0) return plain_number(digits, 100, {});
    const std::string_view unit = (skip_blanks(), take_while(is_letter));
    if (unit.empty()) {
      place_ = after_digits;
      return plain_number(digits, 1, {});
    }
    if (unit == "connections") return plain_number(digits, 1, {.counted = Counted::connections});
    if (unit == "packets") return plain_number(digits, 1, {.counted = Counted::packets});
    return measured(start, unit);
  }

  Parsed<Dimension> plain_number(std::string_view digits, double divisor, Dimension dimension) {
    double value = 0;
    const char* const end = digits.data() + digits.size();
    const auto [rest, error] = std::from_chars(digits.data(), end, value, std::chars_format::fixed);
    if (error != std::errc() || rest != end) {
      return wrong(fmt::format("\"{}\" is not a number", digits), "Write digits: 2 or 1.5.");
    }
    const auto pushed = push({.kind = Kind::number, .number = value / divisor});
    if (!pushed) return tl::unexpected(pushed.error());
    return dimension;
  }

  Parsed<Dimension> measured(std::size_t start, std::string_view unit) {
    const std::string_view written = text_.substr(start, place_ - start);
    const auto measure = parse::measure(written);
    if (!measure) {
      place_ = start;
      return wrong(
          fmt::format("\"{}\" is not a number with a known unit", written),
          fmt::format("Write a size such as 16MiB, a time such as 80ms, a bandwidth such as 1Gbit, "
                      "or a * before {}.",
                      unit));
    }
    Step step{.kind = Kind::number};
    Dimension dimension;
    if (const auto* const bytes = std::get_if<Bytes>(&*measure)) {
      step.number = static_cast<double>(bytes->count());
      dimension.data = 1;
    } else if (const auto* const rate = std::get_if<BitsPerSecond>(&*measure)) {
      step.number = formula_number(*rate);
      dimension = {.data = 1, .time = -1};
    } else {
      step.number = static_cast<double>(std::get<std::chrono::microseconds>(*measure).count());
      dimension.time = 1;
    }
    const auto pushed = push(step);
    if (!pushed) return tl::unexpected(pushed.error());
    return dimension;
  }

  Parsed<Dimension> named(int depth) {
    const std::size_t start = place_;
    const std::string_view name = take_while(is_letter);
    const auto* const row =
        std::find_if(std::begin(kQuantityRows), std::end(kQuantityRows),
                     [name](const QuantityRow& candidate) { return candidate.name == name; });
    if (row != std::end(kQuantityRows)) {
      const auto pushed = push({.kind = Kind::quantity, .quantity = row->quantity});
      if (!pushed) return tl::unexpected(pushed.error());
      return row->dimension;
    }
    const auto* const function =
        std::find_if(std::begin(kFunctions), std::end(kFunctions),
                     [name](const FunctionRow& candidate) { return candidate.name == name; });
    if (function == std::end(kFunctions)) {
      place_ = start;
      return unknown_name(name);
    }
    if (take("(") == 0) {
      return wrong(fmt::format("missing bracket after {}", name),
                   fmt::format("Write {}(...).", name));
    }
    const bool compares = function->kind == Kind::smaller || function->kind == Kind::larger;
    return compares ? extreme(*function, depth) : buffer(*function, depth);
  }

  Parsed<Dimension> unknown_name(std::string_view name) {
    std::vector<std::string_view> candidates;
    for (const QuantityRow& row : kQuantityRows) candidates.push_back(row.name);
    for (const FunctionRow& row : kFunctions) candidates.push_back(row.name);
    std::string hint = did_you_mean(name, candidates);
    if (hint.empty()) hint = known_names();
    return wrong(fmt::format("\"{}\" is unknown", name), std::move(hint));
  }

  /// min and max of two or more.
  Parsed<Dimension> extreme(const FunctionRow& function, int depth) {
    auto left = sum(depth + 1);
    int parts = 1;
    while (left && take(",") != 0) {
      auto right = sum(depth + 1);
      if (!right) return right;
      left = alike(*left, *right, "compares");
      if (!left) return left;
      const auto pushed = push({.kind = function.kind});
      if (!pushed) return tl::unexpected(pushed.error());
      ++parts;
    }
    if (!left) return left;
    if (take(")") == 0) return wrong("missing closing bracket", "Close it with ).");
    if (parts > 1) return left;
    return wrong(fmt::format("{}() has one argument", function.name),
                 fmt::format("Write {}(16MiB, 2 * bdp).", function.name));
  }

  Parsed<Dimension> buffer(const FunctionRow& function, int depth) {
    auto inside = bracketed(depth);
    if (!inside) return inside;
    if (*inside != Dimension{.data = 1}) {
      return wrong(fmt::format("{}() takes bytes, not {}", function.name, dimension_text(*inside)),
                   fmt::format("Write {}(bdp).", function.name));
    }
    if (auto pushed = push({.kind = function.kind}); !pushed) return tl::unexpected(pushed.error());
    return inside;
  }

  std::string_view text_;
  std::size_t place_ = 0;
  std::vector<Step> steps_;
};

}  // namespace

tl::expected<Formula, FormulaError> parse_formula(std::string_view text) {
  return FormulaReader(text).read();
}

}  // namespace tuner
