#pragma once

#include "tuner/formula.hpp"

namespace tuner {

/// Reads `2 * bdp`, `max(16MiB, receive_buffer(bdp))`, `memory_share * memory / connections`:
/// + - * / with their usual precedence, brackets, min, max, receive_buffer, send_buffer, the names
/// above, and numbers with or without a unit (also "1000 packets", "50 connections", "25%").
tl::expected<Formula, FormulaError> parse_formula(std::string_view text);

}  // namespace tuner
