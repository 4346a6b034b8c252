#include <fmt/core.h>

#include "boot/outcome.hpp"
#include "boot/tuner_file.hpp"
#include "judge/congestion.hpp"
#include "judge/findings.hpp"
#include "knowledge/facts.hpp"
#include "read/same_value.hpp"
#include "text/suggest.hpp"
#include "tuner/boot.hpp"
#include "tuner/fact.hpp"
#include "tuner/observed.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::rules::boot_differs_from_running {

namespace {

std::string place(const BootValue& value) { return fmt::format("{}:{}", value.file, value.line); }

/// The line, and the key that it sets where that is another one.
std::string cause(const BootValue& value) {
  return value.through.empty() ? place(value)
                               : fmt::format("{}, which sets {}", place(value), value.through);
}

std::string shown(const std::string& value) { return value.empty() ? "empty" : value; }

Finding about(Finding finding, const BootKey& key) {
  finding.key = key.key;
  if (key.running) finding.running = *key.running;
  if (key.fact != nullptr && !unit_name(*key.fact).empty()) finding.unit = unit_name(*key.fact);
  return finding;
}

/// What the reader leaves that does not apply the files at boot.
const BootValue* other_of(const BootView& view, const BootKey& key) {
  return key.by(other(view.readers.at_boot));
}

Fix edit(const BootKey& key, const BootValue& value) {
  if (!value.through.empty()) {
    return {
        .kind = Fix::Kind::sysctl,
        .text = fmt::format("Set {} after {}, to the value you want. tuner boot shows every line.",
                            key.key, place(value))};
  }
  const std::string change =
      is_vendor_file(value.file)
          ? fmt::format("{} and change line {} there", copy_of_vendor_file(value.file), value.line)
          : fmt::format("Edit {}", place(value));
  return {.kind = Fix::Kind::sysctl,
          .text = change + ". Check its lines with tuner lint; tuner boot shows which file wins."};
}

/// Nothing tells which of the two is right, except for what tuner itself was asked to keep.
Fix reconcile(const BootKey& key, const BootValue& value) {
  if (!value.through.empty() || key.fact == nullptr) return edit(key, value);
  if (is_fragment_path(value.file) && key.fact->write == Write::allowed) {
    return judge::set(key.key, *value.value, "as " + value.file + " has it");
  }
  Fix fix = edit(key, value);
  fix.text =
      fmt::format("If the file is right, load it with sysctl -p {}. If what runs is right: {}",
                  value.file, fix.text);
  return fix;
}

/// "Did you mean ...?", where a key of the name is not known and one alike is.
std::string known_key(std::string_view key) {
  std::vector<std::string_view> keys;
  for (const Fact* const fact : all_facts()) keys.push_back(fact->key);
  return did_you_mean(key, keys);
}

Finding refused(const BootKey& key, const BootValue& value) {
  std::string message = fmt::format("{} has no effect: {}.", place(value), value.error);
  if (!key.late.empty()) message += ' ' + key.late;
  if (const std::string meant = key.fact == nullptr ? known_key(key.key) : ""; !meant.empty()) {
    message += ' ' + meant;
  }
  if (value.ignored) message += " It begins with \"-\", so a failure is ignored.";
  Finding finding = judge::failed(value.ignored ? Severity::info : Severity::warning, key.key,
                                  std::move(message));
  finding.fix = edit(key, value);
  return finding;
}

/// A line in a file that says something else than the program which sets the key later.
Finding owned(const BootKey& key, const BootValue* line, const KeyOwner& owner) {
  const auto own = owner.values.find(key.key);
  const bool known = own != owner.values.end();
  const std::string by =
      known ? fmt::format("{} sets it to {} later ({}:{})", owner.name, shown(own->second.value),
                          own->second.file, own->second.line)
            : fmt::format("{} sets it later", owner.name);
  const bool vain = line != nullptr && line->value &&
                    (known ? *line->value != own->second.value
                           : key.running.has_value() && *line->value != *key.running);
  if (!vain) return judge::passed(key.key, by + ".");
  Finding finding = judge::failed(
      Severity::info, key.key,
      fmt::format("{} sets it to {}, but {}.", place(*line), shown(*line->value), by));
  finding.fix = {.kind = Fix::Kind::application, .text = owner.hint};
  return finding;
}

/// Whether the value is a congestion control of which nothing tells whether this kernel has it.
bool is_unseen_control(const BootKey& key, const BootValue& value, const HostSnapshot& host) {
  return key.key == judge::kCongestionControl && value.value &&
         judge::congestion_offer(*value.value, host) == judge::Offer::unknown;
}

Finding judged(const BootView& view, const BootKey& key, const HostSnapshot& host) {
  const BootValue* const value = key.by(view.readers.at_boot);
  if (const KeyOwner* const owner = view.owner_of(key.key)) return owned(key, value, *owner);
  if (value == nullptr) {
    return judge::passed(key.key, "No file applied at boot sets it.");
  }
  if (!value->value) return refused(key, *value);
  if (is_unseen_control(key, *value, host)) {
    return judge::unknown(key.key,
                          {.why = Unread::Why::absent,
                           .source = "/lib/modules (" + *value->value + " is not loaded)"});
  }
  if (const auto waits = view.waiting.find(key.key);
      waits != view.waiting.end() && key.running &&
      same_sysctl(key.key, waits->second, *key.running)) {
    return judge::skipped(key.key,
                          "Set by a change that is waiting for confirmation; see tuner status.");
  }
  if (view.differs_from_running(key)) {
    Finding finding =
        judge::failed(Severity::warning, key.key,
                      fmt::format("It is {} now and will be {} after a boot, from {}.",
                                  shown(*key.running), shown(*value->value), cause(*value)));
    finding.fix = reconcile(key, *value);
    if (!finding.fix.settings.empty()) finding.wanted = *value->value;
    return finding;
  }
  const BootValue* const other = other_of(view, key);
  if (other != nullptr && other->value && *other->value != *value->value) {
    Finding finding = judge::failed(
        Severity::info, key.key,
        fmt::format(
            "{} would set it to {}, from {}; the boot sets {}, from {}.",
            view.readers.at_boot == ReaderFamily::systemd ? "sysctl --system" : "systemd-sysctl",
            shown(*other->value), place(*other), shown(*value->value), place(*value)));
    finding.fix = edit(key, *other);
    return finding;
  }
  return judge::passed(key.key, "The running value survives a boot.");
}

std::vector<Finding> check(const AuditInput& input) {
  if (input.boot == nullptr) return {};
  if (input.boot->keys.empty() && input.boot->unreadable.empty()) return {};
  if (!input.boot->for_this_network) {
    return {judge::skipped({}, "Sysctl files are applied to the initial network namespace.")};
  }
  std::vector<Finding> findings;
  for (const std::string& file : input.boot->unreadable) {
    findings.push_back(judge::unknown(file, {.why = Unread::Why::failed, .detail = file}));
  }
  for (const BootKey& key : input.boot->keys) {
    if (key.fact == nullptr && !key.key.starts_with("net.")) continue;
    findings.push_back(about(judged(*input.boot, key, input.host), key));
  }
  return findings;
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "boot-differs-from-running",
    .what = "A network key will have a different value after the next boot.",
    .why =
        "A value set only at run time is lost at the next boot, and one that is only in a file "
        "takes effect unexpectedly at boot.",
    .fix = "Make the file and the running value agree; tuner boot KEY shows which file sets it.",
    .source =
        "sysctl.d(5); sysctl(8); measured with systemd 252, 257, 262 and procps 4.0.2, "
        "4.0.4, 4.0.7",
    .check = check,
};

}  // namespace tuner::rules::boot_differs_from_running
