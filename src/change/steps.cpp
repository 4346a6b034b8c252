#include "change/steps.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "knowledge/side_effect.hpp"
#include "tuner/snapshot.hpp"
#include "tuner/sysctl.hpp"

namespace tuner {

namespace {

/// The file itself, and the one of another name that it replaces.
std::vector<Step> fragment_steps(const ApplyPlan& plan, const ConfigTree& files) {
  std::vector<Step> steps;
  const ConfigFile* const own = own_fragment(files);
  const auto add = [&steps](std::string path, std::optional<std::string> original,
                            std::optional<std::string> wanted) {
    if (original == wanted) return;
    steps.push_back({.kind = Step::Kind::file,
                     .part = Step::Part::keep,
                     .target = std::move(path),
                     .original = std::move(original),
                     .wanted = std::move(wanted)});
  };
  const bool same_name = own != nullptr && plan.fragment && own->path == plan.fragment->path;
  if (plan.fragment) {
    add(plan.fragment->path, same_name ? std::optional(own->text) : std::nullopt,
        plan.fragment->text);
  }
  if (own != nullptr && !same_name) add(own->path, own->text, std::nullopt);
  return steps;
}

void add_live(const ApplyPlan& plan, std::vector<Step>& steps) {
  for (const PlannedKey& key : plan.keys) {
    const auto name = SysctlKey::parse(key.change.key);
    if (!key.live || !name) continue;
    // The way back is the other way round, so what follows goes back after the key itself.
    for (std::string& follower : followers_of(name->path())) {
      steps.push_back({.target = std::move(follower), .follows = true});
    }
    steps.push_back({.target = name->path(),
                     .wanted = key.change.wanted,
                     .moved = key.moved,
                     .why = key.change.why});
  }
}

}  // namespace

std::vector<Step> steps_of(const ApplyPlan& plan, const ApplySurvey& survey,
                           const ApplyOptions& options) {
  std::vector<Step> steps;
  const auto fragment =
      plan.keeps_files ? fragment_steps(plan, survey.boot.files) : std::vector<Step>();
  const bool wanted = options.confirm_within && !fragment.empty() && fragment.front().wanted;
  if (wanted && !survey.is_borrowed(pending_path(fragment.front().target))) {
    steps.push_back({.kind = Step::Kind::file,
                     .part = Step::Part::pending,
                     .target = pending_path(fragment.front().target),
                     .wanted = fragment.front().wanted});
  }
  add_live(plan, steps);
  for (const Step::Part part : {Step::Part::live, Step::Part::keep}) {
    for (const PlannedOther& other : plan.others) {
      if (other.step.part != part) continue;
      steps.push_back(other.step);
      steps.back().why = other.why;
    }
  }
  steps.insert(steps.end(), fragment.begin(), fragment.end());
  return steps;
}

std::string export_text(const ApplyPlan& plan, const HostSnapshot& host) {
  std::string text = plan.fragment ? plan.fragment->text : std::string();
  text += fmt::format(
      "\n# This is what differs on {}, {}: keys that have their value there by themselves are left "
      "out.\n",
      host.hostname ? *host.hostname : "this host",
      host.kernel ? "Linux " + host.kernel->text : "an unknown kernel");
  text += "\n# The same at once, in this order:\n";
  for (const PlannedKey& key : plan.keys) {
    if (!key.live) continue;
    text += fmt::format("#   sysctl -w '{}={}'\n", key.change.key, key.change.wanted);
  }
  for (const PlannedOther& other : plan.others) {
    text += fmt::format("# {}: {}\n", other.subject, other.wanted);
    if (other.step.kind != Step::Kind::file || !other.step.wanted) continue;
    std::string_view rest = *other.step.wanted;
    while (!rest.empty()) {
      const auto end = std::min(rest.find('\n'), rest.size());
      text += fmt::format("#   {}\n", rest.substr(0, end));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return text;
}

}  // namespace tuner
