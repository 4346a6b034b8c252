#include "tuner/boot.hpp"

#include <algorithm>

namespace tuner {

bool BootKey::agree() const {
  if (!systemd || !procps) return systemd.has_value() == procps.has_value();
  return systemd->value == procps->value;
}

const BootValue* BootKey::by(ReaderFamily family) const {
  const auto& value = family == ReaderFamily::systemd ? systemd : procps;
  return value ? &*value : nullptr;
}

const BootKey* BootView::find(std::string_view key) const {
  for (const auto* const list : {&keys, &silent}) {
    const auto found =
        std::lower_bound(list->begin(), list->end(), key,
                         [](const BootKey& one, std::string_view name) { return one.key < name; });
    if (found != list->end() && found->key == key) return &*found;
  }
  return nullptr;
}

const KeyOwner* BootView::owner_of(std::string_view key) const {
  const BootValue* const value = at_boot(key);
  const bool by_admin =
      value != nullptr && (value->file.starts_with("/etc/") || value->file.starts_with("/run/"));
  const auto found = std::find_if(owners.begin(), owners.end(), [&](const KeyOwner& owner) {
    return owner.sets(key) && !(owner.yields && by_admin);
  });
  return found == owners.end() ? nullptr : &*found;
}

bool BootView::differs_from_running(const BootKey& key) const {
  if (owner_of(key.key) != nullptr) return false;
  const BootValue* const value = key.by(readers.at_boot);
  return value != nullptr && value->value && key.running && *value->value != *key.running;
}

const BootValue* BootView::at_boot(std::string_view key) const {
  const BootKey* const found = find(key);
  return found == nullptr ? nullptr : found->by(readers.at_boot);
}

bool KeyOwner::sets(std::string_view key) const {
  return std::any_of(keys.begin(), keys.end(), [key](std::string_view pattern) {
    if (!pattern.ends_with('*')) return key == pattern;
    return key.starts_with(pattern.substr(0, pattern.size() - 1));
  });
}

std::string_view write_result_name(BootWrite::Result result) {
  switch (result) {
    case BootWrite::Result::written:
      return "written";
    case BootWrite::Result::unchanged:
      return "unchanged";
    case BootWrite::Result::refused:
      return "refused";
    case BootWrite::Result::absent:
      return "absent";
    case BootWrite::Result::not_permitted:
      return "not-permitted";
    case BootWrite::Result::directory:
      return "directory";
    case BootWrite::Result::outside:
      break;
  }
  return "outside";
}

}  // namespace tuner
