#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

/// JSON as text, built in the order of its members. A tree of the library's values for a whole
/// audit costs more time than the audit, so the library is asked only for what needs care: strings
/// with anything but plain ASCII. It is slow to compile, so json_document.cpp alone includes it.
namespace tuner::render {

/// A piece of JSON text.
struct Json {
  std::string text;
};

/// Appends a string in quotes. Text from a kernel or a file need not be UTF-8; what is not becomes
/// U+FFFD.
void append_json(std::string& out, std::string_view text);

inline void append_json(std::string& out, const char* text) {
  append_json(out, std::string_view(text));
}
inline void append_json(std::string& out, const std::string& text) {
  append_json(out, std::string_view(text));
}
inline void append_json(std::string& out, std::same_as<bool> auto flag) {
  out += flag ? "true" : "false";
}
inline void append_json(std::string& out,
                        std::integral auto number) requires(!std::same_as<decltype(number), bool>) {
  out += std::to_string(number);
}
inline void append_json(std::string& out, std::nullptr_t) { out += "null"; }
inline void append_json(std::string& out, const Json& json) { out += json.text; }

template <class T>
void append_json(std::string& out, const std::optional<T>& value) {
  if (value) {
    append_json(out, *value);
  } else {
    out += "null";
  }
}

Json json_of(const auto& value) {
  Json json;
  append_json(json.text, value);
  return json;
}

/// A list on one line, of what `convert` makes of the items.
Json list_of(const auto& items, auto convert) {
  std::string text;
  for (const auto& item : items) {
    if (!text.empty()) text += ',';
    text += convert(item).text;
  }
  return {'[' + text + ']'};
}

Json list_of(const auto& items) {
  return list_of(items, [](const auto& item) { return json_of(item); });
}

/// An object on one line.
class Object {
 public:
  Object& with(std::string_view name, const auto& value) {
    text_ += text_.empty() ? "{\"" : ",\"";
    text_ += name;
    text_ += "\":";
    append_json(text_, value);
    return *this;
  }

  [[nodiscard]] Json json() { return {text_.empty() ? "{}" : std::move(text_) + "}"}; }

 private:
  std::string text_;
};

/// A document with each member, and each item of a list of objects, on a line of its own.
class Document {
 public:
  Document() { text_.reserve(kUsualSize); }

  Document& with(std::string_view name, const auto& value) {
    open(name);
    append_json(text_, value);
    return *this;
  }

  template <class Items, class Convert>
  Document& with_list(std::string_view name, const Items& items, Convert convert) {
    open(name);
    text_ += '[';
    const char* separator = "\n    ";
    for (const auto& item : items) {
      text_ += separator;
      text_ += convert(item).text;
      separator = ",\n    ";
    }
    text_ += items.size() == 0 ? "]" : "\n  ]";
    return *this;
  }

  [[nodiscard]] std::string text() {
    text_ += "\n}\n";
    return std::move(text_);
  }

 private:
  /// An audit's; room for it is taken once.
  static constexpr std::size_t kUsualSize = std::size_t{96} * 1024;

  void open(std::string_view name) {
    text_ += text_.empty() ? "{" : ",";
    text_ += "\n  \"";
    text_ += name;
    text_ += "\": ";
  }

  std::string text_;
};

}  // namespace tuner::render
