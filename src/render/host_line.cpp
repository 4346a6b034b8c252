#include "render/host_line.hpp"

#include <fmt/core.h>

#include <vector>

#include "text/human.hpp"
#include "text/joined.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::render {

std::string host_summary(const HostSnapshot& host, const Profile* profile) {
  std::vector<std::string> parts;
  parts.push_back(host.hostname ? *host.hostname : "unknown host");
  parts.push_back(host.kernel ? "Linux " + host.kernel->text : "unknown kernel");
  if (host.memory) parts.push_back(text::size(*host.memory));
  if (!host.network_name.empty()) {
    parts.push_back("network namespace " + host.network_name);
  } else if (host.network_namespace == NetworkNamespace::child) {
    parts.emplace_back("child namespace");
  }
  if (host.root != "/") parts.push_back(host.root);
  if (profile != nullptr && !profile->name.empty()) {
    parts.push_back("profile " + profile->name);
    for (const Input& input : profile->inputs) {
      if (!input.given) continue;
      parts.push_back(fmt::format("{} {}{}", quantity_name(input.quantity), input.written,
                                  input.measured.empty() ? "" : " (measured)"));
    }
  }
  if (host.sampled_for) parts.push_back(fmt::format("sample of {} ms", host.sampled_for->count()));
  return text::joined(parts, " \xc2\xb7 ");
}

std::string host_line(const HostSnapshot& host, const Profile* profile, const Style& style) {
  return wrapped(host_summary(host, profile), 0, style);
}

}  // namespace tuner::render
