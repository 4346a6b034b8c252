#include "tuner/result.hpp"

namespace tuner {

std::string Error::message() const {
  std::string text = subject;
  if (position.line > 0) {
    text += ':' + std::to_string(position.line) + ':' + std::to_string(position.column);
  }
  if (!text.empty()) text += ": ";
  if (!key.empty()) text += key + ": ";
  return text + detail;
}

}  // namespace tuner
