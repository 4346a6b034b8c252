#include "os/key_owners.hpp"

#include <net/if.h>

#include <algorithm>
#include <array>
#include <set>

#include "core/parse/number.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::os {

namespace {

constexpr std::array<const char*, 4> kTunedFolders = {"etc/tuned/profiles/", "etc/tuned/",
                                                      "usr/lib/tuned/profiles/", "usr/lib/tuned/"};

/// What bpftune writes: src/*_tuner.c of oracle/bpftune (the tables and what is done on an event),
/// and bpftune-net-buffer(8) for the budgets.
constexpr auto kBpftuneKeys = std::to_array<const char*>({
    "net.core.netdev_max_backlog",
    "net.core.netdev_budget",
    "net.core.netdev_budget_usecs",
    "net.core.flow_limit_cpu_bitmap",
    "net.core.rmem_max",
    "net.core.rmem_default",
    "net.ipv4.tcp_rmem",
    "net.ipv4.tcp_wmem",
    "net.ipv4.tcp_mem",
    "net.ipv4.udp_mem",
    "net.ipv4.tcp_allowed_congestion_control",
    "net.ipv4.ipfrag_high_thresh",
    "net.ipv6.ip6frag_high_thresh",
    "net.ipv4.neigh.default.gc_thresh3",
    "net.ipv6.neigh.default.gc_thresh3",
    "net.ipv6.route.max_size",
});

/// The [sysctl] section of a TuneD profile, and of those that it includes.
class TunedProfile {
 public:
  explicit TunedProfile(FileSource& files) : files_(files) {}

  std::vector<std::string> keys_of(const std::string& name) {
    read(name);
    return std::move(keys_);
  }

 private:
  void read(const std::string& name) {
    if (!seen_.insert(name).second || name.find('/') != std::string::npos) return;
    for (const std::string folder : kTunedFolders) {
      const auto text = files_.read(folder + name + "/tuned.conf");
      if (text) return read_text(*text);
    }
  }

  void read_text(const std::string& text) {
    std::string_view section;
    for (const std::string_view line : parse::lines(text)) {
      const std::string_view trimmed = parse::trim(line);
      if (trimmed.starts_with('[')) section = trimmed;
      const auto equals = trimmed.find('=');
      if (equals == std::string_view::npos || trimmed.starts_with('#')) continue;
      const std::string_view name = parse::trim(trimmed.substr(0, equals));
      if (section == "[main]" && name == "include") include(trimmed.substr(equals + 1));
      if (section != "[sysctl]") continue;
      if (const auto key = SysctlKey::parse(name)) keys_.push_back(key->text());
    }
  }

  void include(std::string_view names) {
    std::string list(names);
    std::replace(list.begin(), list.end(), ',', ' ');
    for (const auto name : parse::words(list)) read(std::string(name));
  }

  FileSource& files_;
  std::set<std::string> seen_{};
  std::vector<std::string> keys_{};
};

bool is_running(FileSource& files, const std::string& process, std::string_view name) {
  const auto command = files.read("proc/" + process + "/cmdline");
  return command && command->find(name) != std::string::npos;
}

void add_tuned(FileSource& files, std::vector<KeyOwner>& owners) {
  const auto process = files.read("run/tuned/tuned.pid");
  const auto active = files.read("etc/tuned/active_profile");
  if (!process || !active) return;
  if (!is_running(files, std::string(parse::trim(*process)), "tuned")) return;
  for (const auto name : parse::words(*active)) {
    owners.push_back({.name = "TuneD, profile " + std::string(name),
                      .keys = TunedProfile(files).keys_of(std::string(name)),
                      .way_out = "Set it in TuneD's profile, or stop TuneD (tuned-adm off), or "
                                 "leave the key to it with --except KEY."});
  }
}

void add_bpftune(FileSource& files, std::vector<KeyOwner>& owners) {
  if (!files.status("usr/sbin/bpftune") && !files.status("usr/bin/bpftune")) return;
  const auto names = files.list("proc").value_or(std::vector<std::string>());
  const bool at_work = std::any_of(names.begin(), names.end(), [&files](const std::string& name) {
    if (!parse::integer(name)) return false;
    const auto command = files.read("proc/" + name + "/comm");
    return command && parse::trim(*command) == "bpftune";
  });
  if (!at_work) return;
  owners.push_back({.name = "bpftune",
                    .keys = {kBpftuneKeys.begin(), kBpftuneKeys.end()},
                    .way_out = "Stop it (systemctl disable --now bpftune), or leave the key to it "
                               "with --except KEY."});
}

/// networkd sets the keys of a link each time that it configures it.
void add_networkd(FileSource& files, std::vector<KeyOwner>& owners) {
  KeyOwner owner{.name = "systemd-networkd",
                 .way_out =
                     "Set it in the link's .network file, or leave the key to it with "
                     "--except KEY."};
  const std::string folder = "run/systemd/netif/links/";
  for (const std::string& name : files.list(folder).value_or(std::vector<std::string>())) {
    const auto index = parse::integer<unsigned>(name);
    const auto state = files.read(folder + name);
    std::array<char, IF_NAMESIZE> link{};
    if (!index || !state || state->find("ADMIN_STATE=configured") == std::string::npos ||
        ::if_indextoname(*index, link.data()) == nullptr) {
      continue;
    }
    std::string part(link.data());
    std::replace(part.begin(), part.end(), '.', '/');
    for (const char* const family : {"net.ipv4.conf.", "net.ipv6.conf."}) {
      std::string pattern(family);
      pattern.append(part).append(".*");
      owner.keys.push_back(std::move(pattern));
    }
  }
  if (!owner.keys.empty()) owners.push_back(std::move(owner));
}

}  // namespace

std::vector<KeyOwner> read_key_owners(FileSource& files) {
  std::vector<KeyOwner> owners;
  add_tuned(files, owners);
  add_bpftune(files, owners);
  add_networkd(files, owners);
  return owners;
}

}  // namespace tuner::os
