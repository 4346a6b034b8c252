#include "render/xml.hpp"

#include "render/style.hpp"

namespace tuner::render {

std::string escaped(std::string_view text) {
  std::string cleaned = clean(text, Charset::utf8);
  for (const std::string_view none : {"\xef\xbf\xbe", "\xef\xbf\xbf"}) {
    for (auto at = cleaned.find(none); at != std::string::npos; at = cleaned.find(none)) {
      cleaned.replace(at, none.size(), "?");
    }
  }
  std::string result;
  result.reserve(cleaned.size());
  for (const char character : cleaned) {
    switch (character) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += character;
    }
  }
  return result;
}

}  // namespace tuner::render
