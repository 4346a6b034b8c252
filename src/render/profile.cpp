#include "render/profile.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "knowledge/kernel_default.hpp"
#include "profile/fit.hpp"
#include "profile/parse_demand.hpp"
#include "read/sysctl.hpp"
#include "text/joined.hpp"

namespace tuner::render {

namespace {

using Kind = Demand::Kind;

constexpr std::size_t kName = 14;

/// A basic string of TOML, on one line whatever it holds.
std::string toml_text(std::string_view text) {
  std::string result = "\"";
  for (const char character : text) {
    const auto byte = static_cast<unsigned char>(character);
    if (byte < ' ' || byte == 0x7f) {
      result += fmt::format("\\u{:04x}", byte);
      continue;
    }
    if (character == '"' || character == '\\') result += '\\';
    result += character;
  }
  return result + '"';
}

/// The right side of a demand. Words and sizes keep their quotes; vectors are arrays.
std::string toml_value(const Demand& demand) {
  if (demand.kind == Kind::untouched || demand.kind == Kind::never) return "true";
  const bool sized = demand.written.find_first_not_of("0123456789 -") != std::string::npos;
  const bool array = demand.kind == Kind::one_of || demand.elements.size() > 1;
  const bool bare = !sized && demand.numbers.size() == 1 && demand.numbers[0];
  if (!array) return bare ? std::to_string(*demand.numbers[0]) : toml_text(demand.written);
  std::vector<std::string> parts;
  for (const std::string& element : demand.elements) parts.push_back(toml_text(element));
  return fmt::format("[{}]", text::joined(parts, ", "));
}

std::string reserve_line(const Demand& demand) {
  std::vector<std::string> parts;
  if (demand.reserve_listening_ports) parts.push_back(toml_text("listening ports"));
  if (!demand.reserve.empty()) parts.push_back(toml_text(port_list_text(demand.reserve)));
  return parts.empty() ? "" : fmt::format("reserve = [{}]\n", text::joined(parts, ", "));
}

std::string demand_body(const Demand& demand) {
  std::string text = fmt::format("{} = {}\n", demand_kind_name(demand.kind), toml_value(demand));
  text += reserve_line(demand);
  if (demand.when) text += fmt::format("when = {}\n", toml_text(condition_text(*demand.when)));
  text += fmt::format("why = {}\n", toml_text(demand.why));
  if (!demand.source.empty()) text += fmt::format("source = {}\n", toml_text(demand.source));
  if (!demand.cost.empty()) text += fmt::format("cost = {}\n", toml_text(demand.cost));
  return text;
}

/// A line of its own; names of profiles come from files and may hold anything.
std::string comment(std::string text) {
  if (text.empty()) return text;
  std::replace_if(
      text.begin(), text.end(), [](unsigned char byte) { return byte < ' ' || byte == 0x7f; }, ' ');
  return "# " + text + '\n';
}

/// Where a demand is from: "from base, by way of proxy > web; replaces latency".
std::string origin(const Demand& demand) {
  std::string text = fmt::format("from {}", demand.profile);
  if (demand.chain.size() > 1) {
    const std::vector<std::string> way(demand.chain.begin(), demand.chain.end() - 1);
    text += fmt::format(", by way of {}", text::joined(way, " > "));
  }
  if (!demand.replaces.empty()) {
    text += fmt::format("; replaces {}", text::joined(demand.replaces, ", "));
  }
  return text;
}

/// The kernel's own choice, where it goes beyond what is asked for.
std::string larger_default(const Demand& demand, const HostSnapshot& host) {
  const bool room = demand.fact != nullptr && demand.fact->more == More::is_more_room;
  if (!room || demand.kind != Kind::at_least || demand.fact->unit == Unit::pages) return {};
  if (demand.when && !holds(*demand.when, host)) return "its condition does not hold here";
  const std::string chosen = judge::exact_default(*demand.fact, host).value_or("");
  const auto numbers = parse::sysctl_value(chosen).numbers;
  for (std::size_t index = 0; index < numbers.size() && index < demand.numbers.size(); ++index) {
    if (demand.numbers[index] && numbers[index] > *demand.numbers[index]) {
      return fmt::format("this kernel's default is larger and is kept: {}", chosen);
    }
  }
  return {};
}

std::string unfitted_note(const Demand& demand) {
  if (!demand.unfitted) return {};
  return fmt::format("not worked out: {}", unread_text(*demand.unfitted));
}

std::string section_of(const Demand& demand) {
  if (demand.area == Area::sysctl) return "sysctl." + toml_text(demand.key);
  return (demand.area == Area::limit ? "limits." : "route.") + demand.key;
}

std::string input_text(const Input& input) {
  return fmt::format("\n# {}\n[inputs.{}]\ndefault = {}\nwhy = {}\n",
                     input.given ? "given on the command line" : "from " + input.profile,
                     quantity_name(input.quantity), toml_text(input.written), toml_text(input.why));
}

}  // namespace

std::string profile_list_text(std::span<const Profile> profiles, const Style& style) {
  std::string text;
  for (const Profile& profile : profiles) {
    if (style.detail == Detail::verdict_only) {
      text += profile.name + '\n';
      continue;
    }
    std::string lines = wrapped(profile.summary, kName, style);
    text += lines.replace(0, kName, fmt::format("{:<{}}", profile.name, kName));
  }
  return clean(text, style.charset);
}

std::string profile_toml(const Profile& profile, const HostSnapshot& host) {
  std::string text = fmt::format("schema = 1\nname = {}\nsummary = {}\n", toml_text(profile.name),
                                 toml_text(profile.summary));
  for (const Input& input : profile.inputs) text += input_text(input);
  for (const Demand& demand : profile.demands) {
    text += '\n' + comment(origin(demand)) + comment(demand.derivation) +
            comment(larger_default(demand, host)) + comment(unfitted_note(demand));
    text += fmt::format("[{}]\n{}", section_of(demand), demand_body(demand));
  }
  return text;
}

}  // namespace tuner::render
