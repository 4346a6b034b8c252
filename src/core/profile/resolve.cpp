#include <algorithm>

#include "tuner/profile.hpp"

namespace tuner {

namespace {

/// A demand that comes later replaces an earlier one on the same key, in its place.
void merge(const std::vector<Demand>& from, std::vector<Demand>& into) {
  for (const Demand& demand : from) {
    const auto same = std::find_if(into.begin(), into.end(), [&](const Demand& other) {
      return other.area == demand.area && other.key == demand.key;
    });
    if (same == into.end()) {
      into.push_back(demand);
    } else {
      *same = demand;
    }
  }
}

tl::unexpected<Error> loop_error(const Profile& profile, const std::vector<std::string>& path,
                                 const std::string& name) {
  std::string loop;
  for (const std::string& step : path) loop += step + " -> ";
  return fail({.kind = ErrorKind::configuration,
               .subject = profile.path,
               .detail = "the profiles include each other: " + loop + name,
               .way_out = "Take one of these includes out.",
               .position = profile.include_position,
               .key = "include"});
}

/// Collects the demands of `profile`, those of its includes first. `path` leads to the profile.
Result<void> collect(const Profile& profile, const ProfileLoader& load,
                     std::vector<std::string>& path, std::vector<Demand>& into) {
  path.push_back(profile.name);
  for (const std::string& name : profile.includes) {
    if (std::find(path.begin(), path.end(), name) != path.end()) {
      return loop_error(profile, path, name);
    }
    const auto included = load(name);
    if (!included) {
      Error error = included.error();
      if (error.position.line > 0) return fail(std::move(error));
      // The fault is the include itself: there is no such file, or it may not be read.
      error.detail = error.subject + ": " + error.detail;
      error.subject = profile.path;
      error.position = profile.include_position;
      error.key = "include";
      return fail(std::move(error));
    }
    auto collected = collect(*included, load, path, into);
    if (!collected) return collected;
  }
  merge(profile.demands, into);
  path.pop_back();
  return {};
}

}  // namespace

Result<Profile> resolve_profile(Profile profile, const ProfileLoader& load) {
  std::vector<std::string> path;
  std::vector<Demand> demands;
  const auto collected = collect(profile, load, path, demands);
  if (!collected) return tl::unexpected(collected.error());
  profile.demands = std::move(demands);
  return profile;
}

}  // namespace tuner
