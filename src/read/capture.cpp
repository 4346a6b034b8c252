#include "read/capture.hpp"

#include "read/toml.hpp"

namespace tuner::parse {

namespace {

Observed<PageSize> page_size_of(const TomlTable& table) {
  const TomlValue* const value = table.find("page_size");
  if (value == nullptr) return absent();
  const auto* const number = value->as<std::int64_t>();
  const auto size = number == nullptr ? std::nullopt : PageSize::from(Bytes(*number));
  if (!size) return malformed("not a power of two of at least 4096 bytes");
  return *size;
}

}  // namespace

Observed<Capture> capture(std::string_view text) {
  const auto table = toml(text, "capture.toml");
  if (!table) return malformed(table.error().message());
  Capture result{.page_size = page_size_of(*table), .architecture = {}, .network_namespace = {}};
  if (const TomlValue* const value = table->find("architecture")) {
    if (const auto* const name = value->as<std::string>()) result.architecture = *name;
  }
  if (const TomlValue* const value = table->find("network_namespace")) {
    const auto* const name = value->as<std::string>();
    if (name == nullptr || (*name != "init" && *name != "child")) {
      return malformed("network_namespace is neither \"init\" nor \"child\"");
    }
    result.network_namespace =
        *name == "init" ? NetworkNamespace::initial : NetworkNamespace::child;
  }
  return result;
}

}  // namespace tuner::parse
