#include "os/profile_store.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "model/number.hpp"
#include "os/descriptor.hpp"
#include "os/files.hpp"
#include "os/system_error.hpp"
#include "os/trust.hpp"
#include "profile/parse_profile.hpp"
#include "text/joined.hpp"
#include "text/suggest.hpp"

namespace tuner::os {

namespace {

constexpr const char* kAdministrator = "/etc/tuner/profiles";
constexpr const char* kDistribution = "/usr/share/tuner/profiles";
constexpr std::size_t kMaxProfileSize = std::size_t{1} << 20;

std::vector<std::string> split_path(const char* text) {
  std::vector<std::string> directories;
  std::string_view rest = text == nullptr ? "" : text;
  while (!rest.empty()) {
    const auto length = std::min(rest.find(':'), rest.size());
    if (length > 0) directories.emplace_back(rest.substr(0, length));
    rest.remove_prefix(std::min(length + 1, rest.size()));
  }
  return directories;
}

/// share/tuner/profiles beside the program, as `cmake --build` and `cmake --install` leave it.
std::vector<std::string> beside_program() {
  char path[PATH_MAX] = {};
  const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path - 1);
  std::string program(path, length > 0 ? static_cast<std::size_t>(length) : 0);
  const auto slash = program.rfind('/');
  if (slash == std::string::npos) return {};
  const std::string directory = program.substr(0, slash);
  if (directory.ends_with("/bin")) {
    return {directory.substr(0, directory.size() - 4) + "/share/tuner/profiles"};
  }
  return {directory + "/share/tuner/profiles"};
}

/// A profile that is not there, or is none, is the user's to fix.
Error with_hint(Error error) {
  if (error.kind == ErrorKind::permission) {
    error.hint = "Run as a user who may read it.";
    return error;
  }
  constexpr int kMistakes[] = {ENOENT, ENOTDIR, EISDIR, ELOOP, ENXIO, EFBIG, ENAMETOOLONG};
  if (std::find(std::begin(kMistakes), std::end(kMistakes), error.number) == std::end(kMistakes)) {
    return error;
  }
  error.kind = ErrorKind::configuration;
  const bool large = error.number == EFBIG;
  if (large) error.detail = "the file is larger than 1 MiB";
  error.hint = large ? "A profile is a small TOML file." : "Give a profile that exists.";
  return error;
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

}  // namespace

ProfileStore::ProfileStore() : directories_(split_path(::secure_getenv("TUNER_PROFILE_PATH"))) {
  directories_.emplace_back(kAdministrator);
  for (std::string& directory : beside_program()) directories_.push_back(std::move(directory));
  if (std::find(directories_.begin(), directories_.end(), kDistribution) == directories_.end()) {
    directories_.emplace_back(kDistribution);
  }
}

Result<ProfileFile> read_profile_file(const std::string& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!file.valid()) return fail(with_hint(system_error(path).value()));
  auto trusted = check_trusted(file.get(), path);
  if (!trusted) return tl::unexpected(trusted.error());
  auto text = read_all(file.get(), path, kMaxProfileSize);
  if (!text) return fail(with_hint(std::move(text.error())));
  return ProfileFile{path, std::move(*text)};
}

Result<ProfileFile> ProfileStore::find(const std::string& name) const {
  if (name.find('/') != std::string::npos) return read_profile_file(name);
  for (const std::string& directory : directories_) {
    std::string path = directory;
    path.append("/").append(name).append(".toml");
    if (exists(path)) return read_profile_file(path);
  }
  const auto known = names();
  const std::vector<std::string_view> candidates(known.begin(), known.end());
  std::string hint = did_you_mean(name, candidates);
  if (name.ends_with(".toml")) hint = "For a file in this directory, write ./" + name + ".";
  if (hint.empty() && known.empty()) {
    hint = "No profiles in " + text::joined(directories_, ", ") +
           "; set TUNER_PROFILE_PATH to add directories.";
  }
  if (hint.empty()) hint = "See tuner profile list.";
  return fail({.kind = ErrorKind::configuration,
               .subject = name,
               .detail = "no such profile",
               .hint = std::move(hint)});
}

Result<Profile> ProfileStore::load(const std::string& name) const {
  auto file = find(name);
  if (!file) return tl::unexpected(file.error());
  return parse_profile(file->text, file->path);
}

std::vector<std::string> ProfileStore::names() const {
  std::vector<std::string> names;
  for (const std::string& directory : directories_) {
    constexpr std::string_view kSuffix = ".toml";
    // Most of the directories are not there on most hosts.
    for (const std::string& file : list_directory(directory).value_or(std::vector<std::string>())) {
      if (!file.starts_with('.') && file.ends_with(kSuffix)) {
        names.emplace_back(file.substr(0, file.size() - kSuffix.size()));
      }
    }
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

}  // namespace tuner::os
