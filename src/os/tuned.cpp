#include "os/tuned.hpp"

#include <array>
#include <set>

#include "model/number.hpp"
#include "os/assigned_value.hpp"
#include "os/file_source.hpp"
#include "read/sysctl.hpp"
#include "text/lower.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::os {

namespace {

constexpr std::array<const char*, 4> kTunedDirectories = {
    "etc/tuned/profiles/", "etc/tuned/", "usr/lib/tuned/profiles/", "usr/lib/tuned/"};

/// The [sysctl] section of a TuneD profile, and of those that it includes.
class TunedProfile {
 public:
  explicit TunedProfile(FileSource& files) : files_(files) {}

  /// Fills in what the profile sets, and to what where it is written plainly.
  void read_into(const std::string& name, KeyOwner& owner) {
    owner_ = &owner;
    read(name);
  }

 private:
  void read(const std::string& name) {
    if (!seen_.insert(name).second || name.find('/') != std::string::npos) return;
    for (const std::string directory : kTunedDirectories) {
      const std::string path = directory + name + "/tuned.conf";
      const auto text = files_.read(path);
      if (text) return read_text(*text, path);
    }
  }

  void read_text(const std::string& text, const std::string& path) {
    std::string_view section;
    int number = 0;
    for (const std::string_view line : parse::lines(text)) {
      ++number;
      const std::string_view trimmed = parse::trim(line);
      if (trimmed.starts_with('[')) section = trimmed;
      const auto equals = trimmed.find('=');
      if (equals == std::string_view::npos || trimmed.starts_with('#')) continue;
      const std::string_view name = parse::trim(trimmed.substr(0, equals));
      if (section == "[main]" && name == "include") include(trimmed.substr(equals + 1));
      if (section != "[sysctl]") continue;
      const auto key = SysctlKey::parse(name);
      if (!key) continue;
      owner_->keys.push_back(key->text());
      const std::string value = parse::sysctl_value(trimmed.substr(equals + 1)).text;
      // "${...}" is worked out, and ">" asks for a minimum: what comes of them is not told here.
      if (value.find_first_of("$<>\"") == std::string::npos) {
        owner_->values[key->text()] = {
            .path = key->path(), .value = value, .file = "/" + path, .line = number};
      }
    }
  }

  void include(std::string_view names) {
    std::string list(names);
    std::replace(list.begin(), list.end(), ',', ' ');
    for (const auto name : parse::words(list)) read(std::string(name));
  }

  FileSource& files_;
  std::set<std::string> seen_{};
  KeyOwner* owner_ = nullptr;
};

bool is_running(FileSource& files, const std::string& process, std::string_view name) {
  const auto command = files.read("proc/" + process + "/cmdline");
  return command && command->find(name) != std::string::npos;
}

}  // namespace

void add_tuned(FileSource& files, std::vector<KeyOwner>& owners) {
  const auto process = files.read("run/tuned/tuned.pid");
  const auto active = files.read("etc/tuned/active_profile");
  if (!process || !active) return;
  if (!is_running(files, std::string(parse::trim(*process)), "tuned")) return;
  const std::string again =
      text::lower(assigned_value(files, "etc/tuned/tuned-main.conf", "reapply_sysctl"));
  const bool yields = again != "0" && again != "false" && again != "no" && again != "off";
  for (const auto name : parse::words(*active)) {
    KeyOwner owner{.name = "TuneD, profile " + std::string(name),
                   .hint = yields ? "Set it in a file of /etc/sysctl.d, which TuneD applies after "
                                    "its profile, or in the profile."
                                  : "Set it in TuneD's profile, or stop TuneD (tuned-adm off).",
                   .yields = yields};
    TunedProfile(files).read_into(std::string(name), owner);
    owners.push_back(std::move(owner));
  }
}

}  // namespace tuner::os
