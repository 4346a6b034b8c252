#include "boot/kernel_write.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <optional>

#include "model/number.hpp"
#include "read/sysctl.hpp"
#include "text/human.hpp"
#include "text/joined.hpp"
#include "tuner/ports.hpp"

namespace tuner::boot {

namespace {

constexpr std::string_view kKernelSpaces = " \t\n\v\f\r\xa0";  // isspace() of lib/ctype.c
constexpr std::string_view kBetween = " \t\n";                 // what may follow a number
constexpr std::size_t kLongestNumber = 21;                     // TMPBUFLEN in kernel/sysctl.c

struct Token {
  std::optional<std::int64_t> number{};
  std::size_t length = 0;
};

std::size_t digits_in(std::string_view text, int base) {
  const std::string_view digits = "0123456789abcdefABCDEF";
  const auto count = base == 16 ? digits.size() : static_cast<std::size_t>(base);
  return std::min(text.find_first_not_of(digits.substr(0, count)), text.size());
}

/// proc_get_long(): a sign, then 0x and hexadecimal, 0 and octal, or decimal digits.
Token number_at(std::string_view text) {
  text = text.substr(0, kLongestNumber);
  Token token;
  const bool negative = text.starts_with('-');
  std::string_view rest = text.substr(negative ? 1 : 0);
  if (digits_in(rest, 10) == 0) return token;
  int base = 10;
  if (rest.size() > 1 && rest[0] == '0') {
    const bool hexadecimal =
        rest.size() > 2 && (rest[1] == 'x' || rest[1] == 'X') && digits_in(rest.substr(2), 16) > 0;
    base = hexadecimal ? 16 : 8;
    if (hexadecimal) rest.remove_prefix(2);
  }
  const std::string_view digits = rest.substr(0, digits_in(rest, base));
  token.length = static_cast<std::size_t>(digits.data() - text.data()) + digits.size();
  const auto number = parse::integer<std::uint64_t>(digits, base);
  if (!number || *number > std::uint64_t{std::numeric_limits<std::int64_t>::max()}) return token;
  token.number = static_cast<std::int64_t>(*number) * (negative ? -1 : 1);
  return token;
}

std::string shown(std::string_view text) {
  constexpr std::size_t kEnough = 40;
  std::string result;
  for (const char character : text.substr(0, kEnough)) {
    const auto byte = static_cast<unsigned char>(character);
    result += byte < ' ' || byte == 0x7f ? '?' : character;
  }
  return text.size() > kEnough ? result + "..." : result;
}

/// proc_do_large_bitmap(): numbers and ranges between commas or newlines, and nothing else.
std::optional<PortList> written_ports(std::string_view text) {
  constexpr std::int64_t kLastPort = 65535;
  PortList ports;
  const auto skip = [&text] {
    text.remove_prefix(std::min(text.find_first_not_of('\n'), text.size()));
  };
  const auto take = [&text](std::string_view enders) -> std::optional<std::int64_t> {
    const Token token = number_at(text);
    const bool ends =
        token.length == text.size() ||
        (token.length < text.size() && enders.find(text[token.length]) != std::string_view::npos);
    if (!token.number || !ends || *token.number < 0 || *token.number > kLastPort) {
      return std::nullopt;
    }
    text.remove_prefix(token.length);
    return token.number;
  };
  for (skip(); !text.empty(); skip()) {
    const auto first = take("-,\n");
    if (!first) return std::nullopt;
    auto last = first;
    if (text.starts_with('-')) {
      text.remove_prefix(1);
      last = take(",\n");
      if (!last || *last < *first) return std::nullopt;
    }
    text.remove_prefix(std::min<std::size_t>(text.size(), 1));
    ports.push_back({*first, *last});
  }
  return normalized(std::move(ports));
}

KernelAnswer answer_with_ports(std::string_view present, std::string_view text) {
  if (const auto list = written_ports(text)) return {.text = port_list_text(*list)};
  return {.taken = false,
          .text = std::string(present),
          .reason = fmt::format("{} is not a list of ports", shown(text))};
}

}  // namespace

WrittenNumbers written_numbers(std::string_view text, std::size_t count, Range range) {
  WrittenNumbers result;
  while (result.numbers.size() < count) {
    text.remove_prefix(std::min(text.find_first_not_of(kKernelSpaces), text.size()));
    if (text.empty()) break;
    const Token token = number_at(text);
    const auto end = std::min(text.find_first_of(kBetween), text.size());
    if (!token.number || token.length < std::min(end, text.size())) {
      result.refused = fmt::format("{} is not a number", shown(text.substr(0, end)));
      return result;
    }
    if (!range.contains(*token.number)) {
      result.refused =
          fmt::format("{} is not within {} to {}", *token.number, range.min, range.max);
      return result;
    }
    result.numbers.push_back(*token.number);
    text.remove_prefix(token.length);
  }
  if (result.numbers.empty()) result.refused = "an empty value is not a number";
  return result;
}

KernelAnswer answer_to(const Fact* fact, Range range, std::string_view present,
                       std::string_view text) {
  const auto now = parse::sysctl_value(present).numbers;
  if (fact != nullptr && holds_ports(*fact)) return answer_with_ports(present, text);
  const bool numeric = fact == nullptr ? !now.empty() : fact->holds_numbers();
  if (!numeric) return {.text = parse::sysctl_value(text).text};
  const std::size_t count =
      std::max(fact == nullptr ? std::size_t{1} : fact->element_count(), now.size());
  WrittenNumbers written = written_numbers(text, count, range);
  KernelAnswer answer{.taken = written.refused.empty(), .reason = std::move(written.refused)};
  // What is not given stays, and so it does where the kernel refuses a later element.
  for (std::size_t index = written.numbers.size(); index < now.size(); ++index) {
    written.numbers.push_back(now[index]);
  }
  answer.text = text::joined(written.numbers, " ");
  return answer;
}

}  // namespace tuner::boot
