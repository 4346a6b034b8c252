#include "render/json_document.hpp"

#include <nlohmann/json.hpp>

namespace tuner::render {

namespace {

bool is_plain(std::string_view text) {
  for (const char character : text) {
    const bool printable = character >= ' ' && character <= '~';
    if (!printable || character == '"' || character == '\\') return false;
  }
  return true;
}

}  // namespace

void append_json(std::string& out, std::string_view text) {
  if (is_plain(text)) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  using Library = nlohmann::json;
  out += Library(text).dump(-1, ' ', false, Library::error_handler_t::replace);
}

}  // namespace tuner::render
