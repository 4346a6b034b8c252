#include "os/disguise.hpp"

#include <algorithm>
#include <array>
#include <set>

#include "core/parse/number.hpp"
#include "core/parse/sockets.hpp"
#include "core/text/path.hpp"

namespace tuner::os {

namespace {

constexpr std::string_view kHost = "host";
constexpr std::string_view kUser = "user";

bool is_fragment(std::string_view path) {
  return path.substr(0, std::min(path.rfind('/'), path.size())).ends_with(".d");
}

bool is_tuned(std::string_view path) {
  return path.starts_with("etc/tuned/") || path.starts_with("usr/lib/tuned/");
}

/// The folders that every host has.
bool is_usual(std::string_view path) {
  constexpr std::string_view kTops[] = {"etc", "run", "usr", "lib", "var", "proc", "sys", "dev"};
  const auto top = path.substr(0, path.find('/'));
  return std::find(std::begin(kTops), std::end(kTops), top) != std::end(kTops) ||
         path.find('/') == path.npos;
}

/// Only what tuner looks for in files that tell more of a host than its network.
std::string only_versions(std::string_view database) {
  std::string kept;
  bool wanted = false;
  for (const std::string_view line : parse::lines(database)) {
    if (line.starts_with("Package: "))
      wanted = line == "Package: procps" || line == "Package: systemd";
    if (wanted && line.empty()) kept += '\n';
    wanted = wanted && !line.empty();
    const bool told = line.starts_with("Package: ") || line.starts_with("Status: ") ||
                      line.starts_with("Version: ");
    if (wanted && told) kept.append(line).append("\n");
  }
  return kept;
}

std::string only_congestion_controls(std::string_view modules) {
  std::string kept;
  for (const std::string_view line : parse::lines(modules)) {
    if (line.substr(0, line.find(':')).find("/tcp_") != std::string_view::npos) {
      kept.append(line).append("\n");
    }
  }
  return kept;
}

/// The name of an interface in "net.ipv4.conf.eth0.rp_filter", and where it begins; empty where the
/// line names none.
std::pair<std::size_t, std::string_view> interface_in(std::string_view line) {
  for (const std::string_view folder : {"conf", "neigh"}) {
    const auto at = line.find(folder);
    if (at == std::string_view::npos || at == 0) continue;
    const char separator = line[at - 1];
    const std::size_t begin = at + folder.size() + 1;
    if ((separator != '.' && separator != '/') || begin >= line.size() ||
        line[begin - 1] != separator) {
      continue;
    }
    const auto end = line.find(separator, begin);
    if (end != std::string_view::npos) return {begin, line.substr(begin, end - begin)};
  }
  return {0, {}};
}

bool is_setting_of(std::string_view line, std::string_view name) {
  const auto key = parse::trim(line.substr(0, std::min(line.find('='), line.size())));
  return key == name;
}

}  // namespace

std::string path_of_link(const std::string& path, const std::string& text) {
  const std::string start =
      text.starts_with('/') ? std::string() : path.substr(0, path.rfind('/') + 1);
  std::vector<std::string_view> parts;
  const std::string whole = start + text;
  std::string_view rest = whole;
  while (!rest.empty()) {
    const auto end = std::min(rest.find('/'), rest.size());
    const auto one = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    if (one == ".." && !parts.empty()) parts.pop_back();
    if (one.empty() || one == "." || one == "..") continue;
    parts.push_back(one);
  }
  std::string result;
  for (const auto one : parts) result.append(result.empty() ? "" : "/").append(one);
  return result;
}

Disguise::Disguise(Addresses addresses, const std::string& hostname,
                   const std::vector<std::string>& users, const std::vector<std::string>& paths)
    : addresses_(addresses) {
  if (!replaces()) return;
  anonymous_.hide(hostname, std::string(kHost));
  anonymous_.hide(hostname.substr(0, hostname.find('.')), std::string(kHost));
  for (const std::string& user : users) anonymous_.hide(user, std::string(kUser));
  keep_order(paths);
}

/// Files of sysctl.d are read in the order of their names, so a new name has to lie where the old
/// one did.
void Disguise::keep_order(const std::vector<std::string>& paths) {
  constexpr std::string_view kSuffix = ".conf";
  std::set<std::string> names;
  for (const std::string& path : paths) {
    if (is_fragment(path)) names.emplace(text::base_name(path));
  }
  std::string before;
  for (auto at = names.begin(); at != names.end(); ++at) {
    const auto next = std::next(at);
    const auto fits = [&](const std::string& name) {
      return name > before && (next == names.end() || name < *next);
    };
    const std::string suffix = at->ends_with(kSuffix) ? std::string(kSuffix) : std::string();
    std::string shown = anonymous_.names(at->substr(0, at->size() - suffix.size())) + suffix;
    const auto dot = std::min(before.rfind('.'), before.size());
    if (!fits(shown)) shown = before.substr(0, dot) + "~" + std::string(kHost) + suffix;
    before = shown;
    fragments_.emplace(*at, std::move(shown));
  }
}

std::string Disguise::name(std::string_view text) {
  if (!replaces() || text == "all" || text == "default" || text == "lo") return std::string(text);
  return anonymous_.names(anonymous_.text(text));
}

std::string Disguise::text(std::string_view text) {
  return replaces() ? anonymous_.text(text) : std::string(text);
}

TcpSocket Disguise::socket(const TcpSocket& socket) {
  return replaces() ? anonymous_.socket(socket) : socket;
}

std::string Disguise::lines(const std::string& text) {
  return replaces() ? parse::anonymous_proc(text, anonymous_) : text;
}

/// `above` is the folder that holds the part, `before` the path to it.
std::string Disguise::part(const std::string& part, std::string_view above,
                           std::string_view before) {
  if (above == "conf" || above == "neigh") return name(part);
  const auto fragment = fragments_.find(part);
  if (above.ends_with(".d") && fragment != fragments_.end()) return fragment->second;
  if (is_tuned(before)) return name(part);
  return part;
}

/// "home/alice/x.conf": only the file is still told from others.
std::string Disguise::elsewhere(const std::string& path) {
  const auto slash = path.rfind('/');
  const int number = static_cast<int>(elsewhere_.size() + 1);
  const auto place = elsewhere_.try_emplace(path.substr(0, slash), number).first;
  return "elsewhere/" + std::to_string(place->second) + '/' + name(path.substr(slash + 1));
}

std::string Disguise::path(const std::string& path) {
  if (!replaces()) return path;
  if (!is_usual(path)) return elsewhere(path);
  std::string shown;
  std::string above;
  for (std::size_t start = 0; start <= path.size();) {
    const auto end = std::min(path.find('/', start), path.size());
    const std::string one = path.substr(start, end - start);
    shown += (start == 0 ? "" : "/") + part(one, above, path.substr(0, start));
    above = one;
    start = end + 1;
  }
  return shown;
}

std::string Disguise::link(const std::string& path, const std::string& text) {
  if (!replaces()) return text;
  const std::string target = path_of_link(path, text);
  const std::string shown = this->path(target);
  return shown == target ? text : '/' + shown;
}

/// One line of a file that somebody wrote. People write names and addresses into comments: those
/// stay as lines, for findings that name them, and what tuner reads of them stays whole.
std::string Disguise::line(const std::string& path, std::string_view line) {
  const std::string_view bare = parse::trim(line);
  const bool comment = bare.starts_with('#') || bare.starts_with(';');
  if (comment && bare.find("tuner: allow") == bare.npos) return std::string(bare.substr(0, 1));
  const bool named = (is_tuned(path) && (is_setting_of(line, "include") || line == bare)) ||
                     is_setting_of(line, "reason") || is_setting_of(line, "kernel.hostname") ||
                     is_setting_of(line, "kernel.domainname");
  if (named && line.find('=') == line.npos) return name(line);
  if (named) {
    const auto value = line.find('=') + 1;
    return std::string(line.substr(0, value)) + name(line.substr(value));
  }
  const auto [begin, interface] = interface_in(line);
  if (interface.empty()) return text(line);
  return std::string(line.substr(0, begin)) + name(interface) +
         text(line.substr(begin + interface.size()));
}

std::string Disguise::content(const std::string& path, const std::string& text) {
  if (path == "var/lib/dpkg/status") return only_versions(text);
  if (path.ends_with("/modules.dep")) return only_congestion_controls(text);
  if (path == ".dockerenv" || path == "run/.containerenv") return {};  // it is there
  if (!replaces()) return text;
  if (path == "proc/sys/kernel/hostname") return std::string(kHost) + '\n';
  if (path == "proc/sys/kernel/domainname") return "(none)\n";
  if (path.starts_with("proc/net/udp")) return lines(text);
  // What a kernel prints below /proc holds no address but in these.
  if (path.starts_with("proc/")) return text;
  std::string shown;
  for (const std::string_view one : parse::lines(text)) shown.append(line(path, one)).append("\n");
  return shown;
}

}  // namespace tuner::os
