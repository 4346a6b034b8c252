#include "profile/resolve.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "text/joined.hpp"
#include "tuner/profile.hpp"

namespace tuner {

namespace {

/// A profile that takes part, and how it was reached.
struct Part {
  Profile profile{};
  std::vector<std::string> chain{};
};

/// Every profile that takes part, loaded once each.
class Family {
 public:
  explicit Family(const ProfileLoader& load) : load_(load) {}

  /// Adds `profile` behind those that it includes. `chain_` leads to it.
  Result<void> add(Profile profile) {
    const std::string name = profile.name;
    chain_.push_back(name);
    for (const std::string& included : profile.includes) {
      auto added = add_included(profile, included);
      if (!added) return added;
    }
    added_.insert(name);
    parts_.push_back({.profile = std::move(profile), .chain = chain_});
    chain_.pop_back();
    return {};
  }

  /// Each profile behind everything that it includes, and behind what is included before it. So who
  /// comes last has the say, and nobody loses an override to what was overridden.
  [[nodiscard]] std::vector<Part>& parts() { return parts_; }

 private:
  Result<void> add_included(const Profile& parent, const std::string& name) {
    if (std::find(chain_.begin(), chain_.end(), name) != chain_.end()) {
      return loop_error(parent, name);
    }
    if (added_.contains(name)) return {};
    auto included = load_(name);
    if (included) return add(std::move(*included));
    Error error = included.error();
    if (error.position.line > 0) return fail(std::move(error));
    // The fault is the include itself: no such file, or it may not be read.
    error.detail = error.subject + ": " + error.detail;
    error.subject = parent.path;
    error.position = parent.include_position;
    error.key = "include";
    return fail(std::move(error));
  }

  [[nodiscard]] tl::unexpected<Error> loop_error(const Profile& parent,
                                                 const std::string& name) const {
    return fail({.kind = ErrorKind::configuration,
                 .subject = parent.path,
                 .detail = fmt::format("the profiles include each other: {} -> {}",
                                       text::joined(chain_, " -> "), name),
                 .hint = "Remove one of these includes.",
                 .position = parent.include_position,
                 .key = "include"});
  }

  const ProfileLoader& load_;
  std::vector<std::string> chain_;
  std::unordered_set<std::string> added_;
  std::vector<Part> parts_;
};

std::string identity(const Demand& demand) {
  return std::to_string(static_cast<int>(demand.area)) + demand.key;
}

/// Puts a demand in the place of one that gives way, which stays in reserve for hosts where the
/// condition of the new one does not hold.
void replace(Demand& old, Demand demand) {
  demand.replaces = old.replaces;
  demand.replaces.push_back(old.profile);
  if (demand.when) demand.otherwise.push_back(std::move(old));
  old = std::move(demand);
}

std::vector<Demand> merged_demands(Family& family) {
  std::unordered_map<std::string, std::size_t> places;
  std::vector<Demand> merged;
  for (Part& part : family.parts()) {
    for (Demand& demand : part.profile.demands) {
      demand.chain = part.chain;
      const auto [place, fresh] = places.emplace(identity(demand), merged.size());
      if (fresh) {
        merged.push_back(std::move(demand));
      } else {
        replace(merged[place->second], std::move(demand));
      }
    }
  }
  // The order of a file's sections, so that a resolved profile reads back as it is.
  std::stable_sort(merged.begin(), merged.end(),
                   [](const Demand& one, const Demand& other) { return one.area < other.area; });
  return merged;
}

std::vector<Input> merged_inputs(Family& family) {
  std::map<Quantified, Input> inputs;
  for (const Part& part : family.parts()) {
    for (const Input& input : part.profile.inputs) inputs.insert_or_assign(input.quantity, input);
  }
  std::vector<Input> merged;
  merged.reserve(inputs.size());
  for (auto& [quantity, input] : inputs) merged.push_back(std::move(input));
  return merged;
}

/// The inputs that a quantity rests on; none for what the host tells.
std::vector<Quantified> inputs_behind(Quantified quantity) {
  switch (quantity) {
    case Quantified::bdp:
      return {Quantified::bandwidth, Quantified::rtt};
    case Quantified::bandwidth:
    case Quantified::rtt:
    case Quantified::connections:
    case Quantified::memory_share:
      return {quantity};
    case Quantified::memory:
    case Quantified::page_size:
    case Quantified::cpus:
      break;
  }
  return {};
}

Result<void> check_declared(const Demand& demand, Quantified needed, const Profile& profile) {
  if (profile.input(needed) != nullptr) return {};
  return fail({.kind = ErrorKind::configuration,
               .subject = demand.file,
               .detail = fmt::format("its formula uses the input {}, which no profile declares",
                                     quantity_name(needed)),
               .hint = fmt::format("Add [inputs.{}] with default and why.", quantity_name(needed)),
               .position = demand.position,
               .key = demand.key});
}

Result<void> check_formulas(const std::vector<Demand>& demands, const Profile& profile) {
  for (const Demand& demand : demands) {
    for (const auto& formula : demand.formulas) {
      if (!formula) continue;
      for (const Formula::Step& step : formula->steps) {
        if (step.kind != Formula::Kind::quantity) continue;
        for (const Quantified needed : inputs_behind(step.quantity)) {
          auto declared = check_declared(demand, needed, profile);
          if (!declared) return declared;
        }
      }
    }
    auto otherwise = check_formulas(demand.otherwise, profile);
    if (!otherwise) return otherwise;
  }
  return {};
}

}  // namespace

Result<Profile> resolve_profile(Profile profile, const ProfileLoader& load) {
  Profile resolved{.name = profile.name,
                   .summary = profile.summary,
                   .path = profile.path,
                   .includes = profile.includes,
                   .include_position = profile.include_position};
  Family family(load);
  const auto added = family.add(std::move(profile));
  if (!added) return tl::unexpected(added.error());
  resolved.inputs = merged_inputs(family);
  resolved.demands = merged_demands(family);
  const auto declared = check_formulas(resolved.demands, resolved);
  if (!declared) return tl::unexpected(declared.error());
  return resolved;
}

}  // namespace tuner
