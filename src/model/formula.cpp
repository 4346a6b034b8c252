#include "tuner/formula.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "model/formula_names.hpp"

namespace tuner {

namespace {

using Counted = Dimension::Counted;
using Operation = Formula::Kind;

double applied(Operation kind, double left, double right) {
  switch (kind) {
    case Operation::add:
      return left + right;
    case Operation::subtract:
      return left - right;
    case Operation::multiply:
      return left * right;
    case Operation::divide:
      return left / right;
    case Operation::smaller:
      return std::min(left, right);
    default:
      return std::max(left, right);
  }
}

}  // namespace

std::string dimension_text(const Dimension& dimension) {
  if (dimension == Dimension{.data = 1}) return "bytes";
  if (dimension == Dimension{.time = 1}) return "a time";
  if (dimension == Dimension{.data = 1, .time = -1}) return "a bandwidth";
  if (dimension.data == 0 && dimension.time == 0) {
    if (dimension.counted == Counted::connections) return "connections";
    return dimension.counted == Counted::packets ? "packets" : "a plain number";
  }
  return fmt::format("bytes^{} * time^{}", dimension.data, dimension.time);
}

std::string_view quantity_name(Quantified quantity) {
  return kQuantityRows[static_cast<std::size_t>(quantity)].name;
}

bool Formula::uses(Quantified quantity) const {
  return std::any_of(steps.begin(), steps.end(), [quantity](const Formula::Step& step) {
    return step.kind == Operation::quantity && step.quantity == quantity;
  });
}

bool Formula::uses(Kind kind) const {
  return std::any_of(steps.begin(), steps.end(),
                     [kind](const Formula::Step& step) { return step.kind == kind; });
}

std::optional<double> evaluate(const Formula& formula, const Quantities& quantities,
                               const BufferFactors& factors) {
  std::vector<double> stack;
  for (const Formula::Step& step : formula.steps) {
    if (step.kind == Operation::number) {
      stack.push_back(step.number);
    } else if (step.kind == Operation::quantity) {
      const auto& value = quantities.at(static_cast<std::size_t>(step.quantity));
      if (!value) return std::nullopt;
      stack.push_back(*value);
    } else if (step.kind == Operation::receive_buffer) {
      stack.back() *= factors.receive;
    } else if (step.kind == Operation::send_buffer) {
      stack.back() *= factors.send;
    } else {
      const double right = stack.back();
      stack.pop_back();
      stack.back() = applied(step.kind, stack.back(), right);
    }
  }
  return stack.back();
}

}  // namespace tuner
