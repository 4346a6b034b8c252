#include "render/columns.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace tuner::render {

namespace {

std::string line_of(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths,
                    const std::vector<bool>& right) {
  std::string line;
  for (std::size_t column = 0; column < cells.size(); ++column) {
    if (column > 0) line += "  ";
    line += right[column] ? fmt::format("{:>{}}", cells[column], widths[column])
                          : fmt::format("{:<{}}", cells[column], widths[column]);
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line + '\n';
}

bool is_control(char character) {
  constexpr unsigned char kDelete = 0x7F;
  return static_cast<unsigned char>(character) < ' ' || character == kDelete;
}

}  // namespace

std::string columns(std::vector<std::string> heads, std::vector<std::vector<std::string>> rows) {
  std::vector<bool> right;
  for (std::string& head : heads) {
    right.push_back(head.starts_with('>'));
    if (right.back()) head.erase(0, 1);
  }
  std::vector<std::size_t> widths(heads.size(), 0);
  rows.insert(rows.begin(), std::move(heads));
  for (auto& row : rows) {
    // A process may choose a name that begins a line of its own.
    for (std::string& cell : row) std::replace_if(cell.begin(), cell.end(), is_control, '?');
  }
  for (const auto& row : rows) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], row[column].size());
    }
  }
  std::string text;
  for (const auto& row : rows) text += line_of(row, widths, right);
  return text;
}

}  // namespace tuner::render
