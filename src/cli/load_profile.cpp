#include "cli/load_profile.hpp"

#include "cli/read_tree.hpp"
#include "os/profile_store.hpp"
#include "os/sha256.hpp"
#include "profile/fit.hpp"
#include "profile/inputs.hpp"
#include "profile/measured.hpp"
#include "profile/parse_profile.hpp"
#include "profile/resolve.hpp"

namespace tuner::cli {

namespace {

os::ProfileStore store_for(const std::string& name) {
  os::ProfileStore store;
  const auto slash = name.rfind('/');
  if (slash == std::string::npos) return store;
  std::vector<std::string> directories{slash == 0 ? "/" : name.substr(0, slash)};
  directories.insert(directories.end(), store.directories().begin(), store.directories().end());
  return os::ProfileStore(std::move(directories));
}

}  // namespace

Result<LoadedProfile> load_profile(const std::string& name) {
  const auto store = store_for(name);
  auto file = store.find(name);
  if (!file) return tl::unexpected(file.error());
  auto parsed = parse_profile(file->text, file->path);
  if (!parsed) return tl::unexpected(parsed.error());
  auto resolved = resolve_profile(
      std::move(*parsed), [&store](const std::string& included) { return store.load(included); });
  if (!resolved) return tl::unexpected(resolved.error());
  LoadedProfile loaded{.profile = std::move(*resolved), .sha256 = os::sha256(file->text)};
  loaded.text = std::move(file->text);
  return loaded;
}

Result<Profile> fitted_to(Profile profile, const HostSnapshot& host) {
  const auto measured = measure_inputs(profile, host, now());
  if (!measured) return tl::unexpected(measured.error());
  return fit_profile(std::move(profile), host);
}

Result<std::optional<LoadedProfile>> profile_of(const Invocation& invocation) {
  const auto name = invocation.value("profile");
  if (!name) return std::nullopt;
  auto loaded = load_profile(*name);
  if (!loaded) return tl::unexpected(loaded.error());
  const auto given = give_inputs(invocation.values("input"), loaded->profile);
  if (!given) return tl::unexpected(given.error());
  return std::move(*loaded);
}

}  // namespace tuner::cli
