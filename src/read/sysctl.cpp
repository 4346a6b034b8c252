#include "read/sysctl.hpp"

#include "model/number.hpp"

namespace tuner::parse {

SysctlValue sysctl_value(std::string_view text) {
  SysctlValue value;
  bool all_numbers = true;
  for (const std::string_view word : words(text)) {
    if (!value.text.empty()) value.text += ' ';
    value.text += word;
    const auto number = saturated(word);
    all_numbers = all_numbers && number.has_value();
    if (number) value.numbers.push_back(*number);
  }
  if (!all_numbers) value.numbers.clear();
  return value;
}

}  // namespace tuner::parse
