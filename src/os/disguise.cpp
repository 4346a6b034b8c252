#include "os/disguise.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "judge/parse_waivers.hpp"
#include "model/number.hpp"
#include "read/sockets.hpp"
#include "text/path.hpp"
#include "tuner/report.hpp"

namespace tuner::os {

namespace {

constexpr std::string_view kHost = "host";

bool is_fragment(std::string_view path) {
  return path.substr(0, std::min(path.rfind('/'), path.size())).ends_with(".d");
}

bool is_tuned(std::string_view path) {
  return path.starts_with("etc/tuned/") || path.starts_with("usr/lib/tuned/");
}

/// The directories that every host has.
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
  for (const std::string_view directory : {"conf", "neigh"}) {
    const auto at = line.find(directory);
    if (at == std::string_view::npos || at == 0) continue;
    const char separator = line[at - 1];
    const std::size_t begin = at + directory.size() + 1;
    if ((separator != '.' && separator != '/') || begin >= line.size() ||
        line[begin - 1] != separator) {
      continue;
    }
    const auto end = line.find(separator, begin);
    if (end != std::string_view::npos) return {begin, line.substr(begin, end - begin)};
  }
  return {0, {}};
}

/// Where a comment stands behind a value: a mark behind a blank, as lint has it.
std::size_t comment_mark(std::string_view line, std::size_t from) {
  for (const std::string_view mark : {" #", "\t#", " ;", "\t;"}) {
    const auto at = line.find(mark, from);
    if (at != line.npos) return at + 1;
  }
  return line.npos;
}

bool is_network_key(std::string_view key) {
  const auto bare = parse::trim(key);
  return bare.starts_with("net.") || bare.starts_with("net/") || bare.starts_with("-net");
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
  int number = 0;
  for (const std::string& user : users) anonymous_.hide(user, fmt::format("user{}", ++number));
  keep_order(paths);
}

/// Files of sysctl.d are read in the order of their names, so a new name has to lie where the old
/// one did. Where a stand-in does not, the file is numbered behind the one before.
void Disguise::keep_order(const std::vector<std::string>& paths) {
  constexpr std::string_view kSuffix = ".conf";
  std::set<std::string> names;
  for (const std::string& path : paths) {
    if (is_fragment(path)) names.emplace(text::base_name(path));
  }
  std::string before;  // as it is shown
  std::string anchor;  // the last that is not numbered
  int number = 0;
  for (auto at = names.begin(); at != names.end(); ++at) {
    const auto next = std::next(at);
    const std::string suffix = at->ends_with(kSuffix) ? std::string(kSuffix) : std::string();
    std::string shown = name(at->substr(0, at->size() - suffix.size())) + suffix;
    const bool fits = shown > before && (next == names.end() || shown < *next);
    number = shown == *at || fits ? 0 : number + 1;
    if (number > 0) {
      shown = fmt::format("{}!{:03}{}", anchor, number, suffix);
    } else {
      anchor = shown;
    }
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

/// `above` is the directory that holds the part, `before` the path to it.
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
/// stay as signs, for findings that name them, and what tuner reads of them stays whole.
std::string Disguise::line(const std::string& path, std::string_view line) {
  const std::string_view bare = parse::trim(line);
  const bool comment = bare.starts_with('#') || bare.starts_with(';');
  if (comment) {
    return bare.find("tuner: allow") == bare.npos ? std::string(bare.substr(0, 1)) : name(line);
  }
  const auto equals = line.find('=');
  if (equals == line.npos) return is_tuned(path) ? name(line) : text(line);
  const std::string_view key = line.substr(0, equals);
  const auto mark = comment_mark(line, equals);
  const std::string_view value = line.substr(equals, mark == line.npos ? mark : mark - equals);
  const auto [begin, interface] = interface_in(key);
  std::string shown = interface.empty() ? text(key)
                                        : std::string(key.substr(0, begin)) + name(interface) +
                                              text(key.substr(begin + interface.size()));
  // What a key of the network holds is a number, or a name that the kernel gave.
  shown += is_network_key(key) ? text(value) : name(value);
  if (mark != line.npos) shown += line[mark];
  return shown;
}

/// The reasons of waivers are for people.
std::string Disguise::waivers(const std::string& path, const std::string& text) {
  const auto waivers = parse_waivers(text, path);
  if (!waivers) return name(text);
  std::string shown;
  for (const Waiver& waiver : *waivers) {
    shown += fmt::format("[[waiver]]\nfinding = '{}'\nreason = 'left out'\n", waiver.finding);
    if (!waiver.subject.empty()) shown += fmt::format("subject = '{}'\n", name(waiver.subject));
    if (!waiver.until.empty()) shown += fmt::format("until = {}\n", waiver.until);
  }
  return shown;
}

std::string Disguise::content(const std::string& path, const std::string& text) {
  if (path == "var/lib/dpkg/status") return only_versions(text);
  if (path.ends_with("/modules.dep")) return only_congestion_controls(text);
  if (path == ".dockerenv" || path == "run/.containerenv") return {};  // it is there
  if (!replaces()) return text;
  if (path == "proc/sys/kernel/hostname") return std::string(kHost) + '\n';
  if (path == "proc/sys/kernel/domainname") return "(none)\n";
  if (path.starts_with("proc/net/udp")) return lines(text);
  if (path == "etc/tuner/waivers.toml") return waivers(path, text);
  // What a kernel prints below /proc holds no address but in these.
  if (path.starts_with("proc/")) return text;
  std::string shown;
  for (const std::string_view one : parse::lines(text)) shown.append(line(path, one)).append("\n");
  return shown;
}

}  // namespace tuner::os
