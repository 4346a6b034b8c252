#include "profile/inputs.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "model/number.hpp"
#include "profile/parse_formula.hpp"
#include "read/measure.hpp"
#include "text/joined.hpp"
#include "text/suggest.hpp"

namespace tuner {

namespace {

using Value = std::optional<Input::Value>;

constexpr std::chrono::microseconds kLongestRoundTrip = std::chrono::minutes(10);

Value bandwidth(std::string_view text) {
  const auto measure = parse::measure(text);
  const auto* const rate = measure ? std::get_if<BitsPerSecond>(&*measure) : nullptr;
  if (rate == nullptr || rate->count() <= 0) return std::nullopt;
  return *rate;
}

Value round_trip(std::string_view text) {
  const auto time = parse::duration(text);
  if (!time || time->count() <= 0 || *time > kLongestRoundTrip) return std::nullopt;
  return *time;
}

Value connections(std::string_view text) {
  const auto count = parse::integer(parse::trim(text));
  if (!count || *count < 1 || *count > kIntMax) return std::nullopt;
  return Connections(*count);
}

Value share(std::string_view text) {
  text = parse::trim(text);
  if (!text.ends_with('%')) return std::nullopt;
  text.remove_suffix(1);
  const auto formula = parse_formula(text);
  if (!formula || formula->steps.size() != 1 || formula->dimension != Dimension{}) {
    return std::nullopt;
  }
  const double part = formula->steps.front().number / 100;
  if (formula->steps.front().kind != Formula::Kind::number || part <= 0 || part > 1) {
    return std::nullopt;
  }
  return Input::Share{part};
}

struct InputRow {
  Quantified quantity;
  Value (*parse)(std::string_view text);
  std::string_view form;
};

constexpr InputRow kInputs[] = {
    {Quantified::bandwidth, bandwidth, "a bandwidth such as 10Gbit"},
    {Quantified::rtt, round_trip, "a time such as 80ms, at most 10min"},
    {Quantified::connections, connections, "a whole number of at least 1"},
    {Quantified::memory_share, share, "a share such as 25%"},
};

const InputRow* find_row(std::string_view name) {
  const auto* const found =
      std::find_if(std::begin(kInputs), std::end(kInputs),
                   [name](const InputRow& row) { return quantity_name(row.quantity) == name; });
  return found == std::end(kInputs) ? nullptr : found;
}

std::string what_is_known(std::string_view name) {
  std::vector<std::string_view> names;
  for (const InputRow& row : kInputs) names.push_back(quantity_name(row.quantity));
  std::string hint = did_you_mean(name, names);
  if (hint.empty()) hint = fmt::format("Known here: {}.", text::joined(names, " "));
  return hint;
}

Result<Input> read_input(const Fields& entry, const InputRow& row) {
  const auto known = entry.expect_only({"default", "why"});
  if (!known) return tl::unexpected(known.error());
  const parse::TomlValue* const value = entry.content().find("default");
  if (value == nullptr) {
    return entry.error(entry.content().position, "default is missing",
                       fmt::format("Give {}.", row.form));
  }
  const auto* const text = value->as<std::string>();
  const auto* const number = value->as<std::int64_t>();
  std::string written = text != nullptr ? *text : "";
  if (number != nullptr) written = std::to_string(*number);
  const auto parsed = row.parse(written);
  if (!parsed) {
    return entry.error(value->position, fmt::format("\"{}\" is not {}", written, row.form),
                       fmt::format("Give {}.", row.form));
  }
  auto why = entry.required_text("why");
  if (!why) return tl::unexpected(why.error());
  return Input{.quantity = row.quantity,
               .value = *parsed,
               .written = std::move(written),
               .why = std::move(*why)};
}

Error bad_input(const std::string& given, std::string detail, std::string hint) {
  return {.kind = ErrorKind::usage,
          .subject = "--input " + given,
          .detail = std::move(detail),
          .hint = std::move(hint)};
}

std::string declared_by(const Profile& profile, std::string_view name) {
  std::vector<std::string_view> names;
  for (const Input& input : profile.inputs) names.push_back(quantity_name(input.quantity));
  std::string hint = did_you_mean(name, names);
  if (!hint.empty()) return hint;
  if (names.empty()) return "This profile takes no inputs.";
  return fmt::format("It takes {}.", text::joined(names, ", "));
}

Result<void> give_input(const std::string& given, Profile& profile) {
  const auto equals = given.find('=');
  if (equals == std::string::npos || equals == 0) {
    return fail(bad_input(given, "not in the form NAME=VALUE", "Write --input rtt=80ms."));
  }
  const std::string name = given.substr(0, equals);
  const auto input =
      std::find_if(profile.inputs.begin(), profile.inputs.end(),
                   [&name](const Input& known) { return quantity_name(known.quantity) == name; });
  if (input == profile.inputs.end()) {
    return fail(bad_input(given, fmt::format("profile {} has no input \"{}\"", profile.name, name),
                          declared_by(profile, name)));
  }
  if (input->given) return fail(bad_input(given, "given twice", "Give it once."));
  const InputRow& row = *find_row(name);
  const std::string written = given.substr(equals + 1);
  if (written == kMeasured && row.quantity != Quantified::memory_share) {
    input->given = input->to_measure = true;
    return {};
  }
  const auto value = row.parse(written);
  if (!value) {
    return fail(
        bad_input(given, fmt::format("\"{}\" is not {}", written, row.form),
                  fmt::format("Give {}{}.", row.form,
                              row.quantity == Quantified::memory_share ? "" : ", or measured")));
  }
  input->value = *value;
  input->written = written;
  input->given = true;
  return {};
}

}  // namespace

Result<void> read_inputs(const Fields& fields, Profile& profile) {
  const auto table = fields.table("inputs");
  if (!table) return tl::unexpected(table.error());
  if (*table == nullptr) return {};
  for (const parse::TomlValue& value : (*table)->entries) {
    const InputRow* const row = find_row(value.name);
    const std::string key = "inputs." + value.name;
    const auto* const content = value.as<parse::TomlTable>();
    const parse::TomlTable none;
    const Fields entry(fields.file(), key, content == nullptr ? none : *content);
    if (row == nullptr) {
      return entry.error(value.position, "unknown input", what_is_known(value.name));
    }
    if (content == nullptr) {
      return entry.error(value.position, fmt::format("it is {}, not a table", value.type_name()),
                         fmt::format("Write [{}] with default and why.", key));
    }
    auto input = read_input(entry, *row);
    if (!input) return tl::unexpected(input.error());
    input->profile = profile.name;
    profile.inputs.push_back(std::move(*input));
  }
  return {};
}

std::optional<Input::Value> input_value(Quantified quantity, std::string_view text) {
  const InputRow* const row = find_row(quantity_name(quantity));
  return row == nullptr ? std::nullopt : row->parse(text);
}

std::string_view input_form(Quantified quantity) {
  const InputRow* const row = find_row(quantity_name(quantity));
  return row == nullptr ? std::string_view() : row->form;
}

Result<void> give_inputs(std::span<const std::string> given, Profile& profile) {
  for (const std::string& text : given) {
    auto taken = give_input(text, profile);
    if (!taken) return taken;
  }
  return {};
}

}  // namespace tuner
