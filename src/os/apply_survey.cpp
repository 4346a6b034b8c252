#include "os/apply_survey.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <set>

#include "change/limits.hpp"
#include "os/live_store.hpp"
#include "os/processes.hpp"
#include "os/read_boot.hpp"
#include "os/replace_file.hpp"
#include "os/routes.hpp"
#include "os/system_error.hpp"
#include "read/same_value.hpp"

namespace tuner::os {

namespace {

constexpr const char* kUnitDirectories[] = {"etc/systemd/system/", "run/systemd/system/",
                                            "usr/local/lib/systemd/system/",
                                            "usr/lib/systemd/system/", "lib/systemd/system/"};

bool asks_for(const Profile& profile, Area area) {
  return std::any_of(profile.demands.begin(), profile.demands.end(),
                     [area](const Demand& demand) { return demand.area == area; });
}

/// Files that end in ".conf" of several directories, by their names; the first directory wins.
std::vector<TextFile> drop_ins(RootDirectory& root, const std::vector<std::string>& directories) {
  std::map<std::string, std::string> paths;
  for (const std::string& directory : directories) {
    for (const std::string& name : root.list(directory).value_or(std::vector<std::string>())) {
      if (name.ends_with(".conf")) paths.try_emplace(name, directory + name);
    }
  }
  std::vector<TextFile> files;
  for (const auto& [name, path] : paths) {
    auto text = root.read(path);
    if (text) files.push_back({.path = '/' + path, .text = std::move(*text)});
  }
  return files;
}

std::vector<TextFile> with_first(RootDirectory& root, const std::string& first,
                                 std::vector<TextFile> rest) {
  auto text = root.read(first);
  if (text) rest.insert(rest.begin(), {.path = '/' + first, .text = std::move(*text)});
  return rest;
}

/// "nginx" is nginx.service, as systemctl has it.
std::string unit_name(const std::string& unit) {
  return unit.find('.') == std::string::npos ? unit + ".service" : unit;
}

Result<ServiceFiles> read_service(RootDirectory& root, const std::string& unit) {
  const auto refuse = [&unit](const char* detail) {
    return fail({.kind = ErrorKind::usage,
                 .subject = "--service " + unit,
                 .detail = detail,
                 .hint = "Give the name of a unit, such as nginx.service; systemctl list-units "
                         "--type=service shows them."});
  };
  if (!unit.ends_with(".service") || unit.find('/') != std::string::npos || unit.starts_with('.') ||
      unit.find_first_of(" \n\t") != std::string::npos) {
    return refuse("not a valid service name");
  }
  ServiceFiles service{.unit = unit};
  std::vector<std::string> directories;
  for (const std::string directory : kUnitDirectories) {
    std::string below = directory;
    directories.push_back(below.append(unit).append(".d/"));
    if (!service.files.empty()) continue;
    std::string path = directory;
    path.append(unit);
    auto text = root.read(path);
    if (text) service.files.push_back({.path = '/' + path, .text = std::move(*text)});
  }
  if (service.files.empty()) return refuse("no such unit");
  auto rest = drop_ins(root, directories);
  std::move(rest.begin(), rest.end(), std::back_inserter(service.files));
  return service;
}

/// A write that could not succeed is refused before the first one: read-only file systems, rights.
std::optional<Error> cannot_write_file(const std::string& path) {
  std::string directory = path.substr(0, path.rfind('/'));
  while (!directory.empty() && ::access(directory.c_str(), F_OK) != 0) {
    directory.resize(directory.rfind('/'));
  }
  if (directory.empty()) directory = "/";
  struct statvfs mount = {};
  if (::statvfs(directory.c_str(), &mount) == 0 && (mount.f_flag & ST_RDONLY) != 0) {
    return Error{.subject = path,
                 .detail = "its file system is mounted read-only",
                 .hint = "Add --runtime-only to set the values until the next boot."};
  }
  if (::faccessat(AT_FDCWD, directory.c_str(), W_OK, AT_EACCESS) == 0) return std::nullopt;
  return system_error(path, "Run it as root.").value();
}

/// The names that a `*` stands for.
std::vector<std::string> expand(RootDirectory& root, const std::string& path) {
  const auto star = path.find('*');
  if (star == std::string::npos) return {path};
  const std::string directory = path.substr(0, star);
  std::vector<std::string> paths;
  auto names = root.list("proc/sys/" + directory).value_or(std::vector<std::string>());
  std::sort(names.begin(), names.end());
  for (const std::string& name : names) {
    std::string whole = directory;
    paths.push_back(whole.append(name).append(path.substr(star + 1)));
  }
  return paths;
}

tl::unexpected<Error> moved(const Step& step) {
  return fail({.subject = step_name(step),
               .detail = "it changed while the plan was being made",
               .hint = "Try again."});
}

Result<Step> complete_file(Step step) {
  const auto content = read_whole(step.target);
  if (!content) return tl::unexpected(content.error());
  if (const auto problem = cannot_write_file(step.target)) return fail(*problem);
  std::optional<std::string> present;
  if (*content) {
    present = (*content)->text;
    step.mode = (*content)->mode;
  }
  if (step.part == Step::Part::pending) {
    step.original = std::move(present);
  } else if (present != step.original) {
    return moved(step);
  }
  return step;
}

Result<Step> complete_sysctl(engine::Store& store, Step step) {
  // The one that is read is the one that is written.
  step.interface_index = interface_of(step.target);
  auto present = store.read(step);
  if (!present) return tl::unexpected(present.error());
  step.original = std::move(*present);
  if (step.follows) return step;
  if (const auto problem = cannot_write_sysctl(step.target)) return fail(*problem);
  return step;
}

}  // namespace

Result<ApplySurvey> survey_host(RootDirectory& root, const Profile& profile,
                                const ApplyOptions& options, const Surroundings& here,
                                std::vector<Transaction> history) {
  ApplySurvey survey{.history = std::move(history), .place = here.place};
  for (const std::string_view directory : kApplyDirectories) {
    if (is_borrowed(std::string(directory))) survey.borrowed.emplace_back(directory);
  }
  // What a plan may set beside what the profile names.
  std::vector<std::string> paths = {"net/ipv4/ip_local_reserved_ports"};
  for (const Demand& demand : profile.demands) {
    const auto key = SysctlKey::parse(demand.key);
    if (demand.area == Area::sysctl && key) paths.push_back(key->path());
  }
  BootFiles boot(root, root.kernel(), {});
  survey.boot = boot.material(paths);
  // That nothing can be set in here says nothing of the boot that a file is for.
  survey.boot.kernel.writable = true;
  survey.limit_files =
      with_first(root, "etc/security/limits.conf", drop_ins(root, {"etc/security/limits.d/"}));
  if (asks_for(profile, Area::limit)) {
    survey.manager_files =
        with_first(root, "etc/systemd/system.conf",
                   drop_ins(root, {"etc/systemd/system.conf.d/", "run/systemd/system.conf.d/",
                                   "usr/lib/systemd/system.conf.d/"}));
    for (const std::string& unit : options.services) {
      auto service = read_service(root, unit_name(unit));
      if (!service) return tl::unexpected(service.error());
      survey.services.push_back(std::move(*service));
    }
    if (options.running_processes) survey.processes = read_processes(options.services);
  }
  if (asks_for(profile, Area::route)) {
    auto routes = read_default_routes();
    if (!routes) return tl::unexpected(routes.error());
    survey.routes = std::move(*routes);
  }
  return survey;
}

Result<std::vector<Step>> complete_steps(RootDirectory& root, engine::Store& store,
                                         const ApplyPlan& plan) {
  std::set<std::string> set;
  for (const Step& step : plan.steps) {
    if (!step.follows) set.insert(step.target);
  }
  std::vector<Step> steps;
  for (const Step& step : plan.steps) {
    if (step.follows) {
      for (std::string& path : expand(root, step.target)) {
        if (!set.insert(path).second || !root.status("proc/sys/" + path)) continue;
        auto follower = complete_sysctl(store, {.target = std::move(path), .follows = true});
        if (follower) steps.push_back(std::move(*follower));
      }
      continue;
    }
    if (step.kind == Step::Kind::file || step.kind == Step::Kind::sysctl) {
      auto whole =
          step.kind == Step::Kind::file ? complete_file(step) : complete_sysctl(store, step);
      if (!whole) return tl::unexpected(whole.error());
      steps.push_back(std::move(*whole));
    } else {
      steps.push_back(step);
    }
  }
  for (const PlannedKey& key : plan.keys) {
    const auto found = std::find_if(steps.begin(), steps.end(), [&key](const Step& step) {
      return step.kind == Step::Kind::sysctl && step_name(step) == key.change.key;
    });
    if (found != steps.end() && !same_value(*found, found->original, key.change.running)) {
      return moved(*found);
    }
  }
  return steps;
}

}  // namespace tuner::os
