#include "boot/kernel_state.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "boot/kernel_write.hpp"
#include "knowledge/constraints.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/kernel_default.hpp"
#include "knowledge/side_effect.hpp"
#include "model/number.hpp"
#include "read/sysctl.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::boot {

namespace {

constexpr std::string_view kRange = "net/ipv4/ip_local_port_range";
constexpr std::string_view kUnprivileged = "net/ipv4/ip_unprivileged_port_start";
constexpr std::string_view kControl = "net/ipv4/tcp_congestion_control";
constexpr std::string_view kAvailable = "net/ipv4/tcp_available_congestion_control";
constexpr std::string_view kAllowed = "net/ipv4/tcp_allowed_congestion_control";
constexpr std::string_view kPingGroups = "net/ipv4/ping_group_range";
constexpr std::string_view kDefaults = "net/ipv4/conf/default/";

/// The value of conf/default goes to every interface that nobody set yet and that has no address
/// (net/ipv4/devinet.c devinet_copy_dflt_conf()); that is never the loopback, measured on 6.18.
bool takes_default(std::string_view path) {
  constexpr std::string_view kInterfaces = "net/ipv4/conf/";
  if (!path.starts_with(kInterfaces)) return false;
  path.remove_prefix(kInterfaces.size());
  return !path.starts_with("all/") && !path.starts_with("lo/");
}

/// A range that begins above its end is nobody (net/ipv4/sysctl_net_ipv4.c
/// ipv4_ping_group_range()).
std::string ping_groups(const std::string& text) {
  const auto numbers = parse::sysctl_value(text).numbers;
  return numbers.size() == 2 && numbers[0] > numbers[1] ? "1 0" : text;
}

const Fact* fact_of(std::string_view path) {
  const auto key = SysctlKey::from_path(path);
  return key ? find_fact(key->text()) : nullptr;
}

}  // namespace

std::string KernelState::present(const std::string& path, const Fact* fact) const {
  const KernelNode* const node = find(path);
  const std::string running =
      node != nullptr && node->text ? parse::sysctl_value(*node->text).text : std::string();
  return running.empty() && fact != nullptr ? judge::exact_default(*fact, host_).value_or("")
                                            : running;
}

/// What the kernel reads of a write: a byte less than a page (kernel/sysctl.c).
std::size_t KernelState::most_read() const {
  constexpr std::size_t kSmallestPage = std::size_t{1} << 12;
  const auto page =
      host_.page_size ? static_cast<std::size_t>(host_.page_size->bytes().count()) : kSmallestPage;
  return page - 1;
}

/// proc_do_large_bitmap() stops behind the last whole item, and is called again for the rest; other
/// handlers drop what is too much.
std::string_view KernelState::read_part(std::string_view text, const Fact* fact, Rest rest) const {
  if (text.size() < most_read()) return text;
  if (fact == nullptr || !holds_ports(*fact)) return text.substr(0, most_read());
  if (rest == Rest::written) return text;
  return text.substr(0, text.rfind(',', most_read() - 1) + 1);
}

/// Nothing is known of what such a key takes. Where it holds a number now, and its directory has
/// few words, the text has to be one.
KernelState::Answer KernelState::write_unknown(const std::string& path, std::string_view text) {
  const std::string before = present(path, nullptr);
  const bool number =
      parse::sysctl_value(before).numbers.size() == 1 && !path.starts_with("kernel/");
  const auto written = number ? written_numbers(text, 1, {-kLongMax, kLongMax}) : WrittenNumbers();
  if (number && written.numbers.empty()) {
    return {.taken = false, .reason = written.refused};
  }
  set(path, number ? std::to_string(written.numbers.front()) : parse::sysctl_value(text).text);
  return {};
}

KernelState::Answer KernelState::write(const std::string& path, std::string_view text, Rest rest) {
  const Fact* const fact = fact_of(path);
  text = read_part(text, fact, rest);
  if (fact == nullptr && !path.starts_with("net/")) return write_unknown(path, text);
  const std::string before = present(path, fact);
  const Range range = fact == nullptr ? Range{} : judge::widest_range(*fact, host_);
  KernelAnswer answer = answer_to(fact, range, before, text);
  if (answer.taken && path == kControl) {
    if (Answer offer = offered(text); !offer.taken) return offer;  // blanks count
  }
  if (answer.taken) {
    if (auto reason = objection(path, answer.text)) return {.taken = false, .reason = *reason};
  }
  if (!answer.taken && path == kRange) answer.text = before;  // all or nothing
  if (path == kPingGroups) answer.text = ping_groups(answer.taken ? answer.text : before);
  touched_.insert(path);
  followed_.erase(path);
  set(path, answer.text);
  if (answer.taken) follow(path, answer.text, before != answer.text);
  return {.taken = answer.taken, .no_such_name = false, .reason = std::move(answer.reason)};
}

/// net/ipv4/sysctl_net_ipv4.c ipv4_local_port_range() and ipv4_privileged_ports().
std::optional<std::string> KernelState::objection(const std::string& path,
                                                  const std::string& text) const {
  const auto numbers = parse::sysctl_value(text).numbers;
  const auto other = [this](std::string_view name) {
    return parse::sysctl_value(present(std::string(name), fact_of(name))).numbers;
  };
  const auto clear = [](std::int64_t begin, std::int64_t unprivileged) {
    return constraints::kRangeUnprivileged.holds_for({begin, unprivileged});
  };
  if (path == kRange && numbers.size() == 2) {
    if (!constraints::kRangeForward.holds(numbers)) return "its first port is above its last";
    const auto first = other(kUnprivileged);
    if (!first.empty() && !clear(numbers[0], first[0])) {
      return fmt::format("it starts below net.ipv4.ip_unprivileged_port_start, {}", first[0]);
    }
  }
  if (path == kUnprivileged && numbers.size() == 1) {
    const auto range = other(kRange);
    if (!range.empty() && !clear(range[0], numbers[0])) {
      return fmt::format("it is above the first port of net.ipv4.ip_local_port_range, {}",
                         range[0]);
    }
  }
  return std::nullopt;
}

/// net/ipv4/tcp_cong.c tcp_set_default_congestion_control(): ENOENT for a name that is neither
/// there nor a module of this kernel (modules that nobody looked through may hold it), EPERM for
/// one that a child namespace may not set.
KernelState::Answer KernelState::offered(std::string_view name) const {
  const auto lists = [this, name](std::string_view path) -> std::optional<bool> {
    const KernelNode* const node = find(path);
    if (node == nullptr || !node->text) return std::nullopt;
    const auto names = parse::words(*node->text);
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  const auto& modules = host_.congestion_modules;
  const bool loadable =
      modules && std::find(modules->begin(), modules->end(), name) != modules->end();
  const bool seen = modules.has_value() || host_.network_namespace == NetworkNamespace::child;
  if (seen && !lists(kAvailable).value_or(true) && !loadable) {
    return {.taken = false,
            .no_such_name = true,
            .reason = fmt::format("this kernel has no congestion control \"{}\"", name)};
  }
  const bool child = host_.network_namespace == NetworkNamespace::child;
  if (child && !lists(kAllowed).value_or(true)) {
    return {.taken = false,
            .not_allowed = true,
            .reason = fmt::format("\"{}\" is not in tcp_allowed_congestion_control", name)};
  }
  return {};
}

void KernelState::set(const std::string& path, const std::string& text) {
  const auto found = tree_.nodes.find(path);
  if (found != tree_.nodes.end()) {
    found->second.text = text;
  } else if (!tree_.knows(path)) {
    tree_.nodes.emplace(path, KernelNode{.text = text});  // what later writes meet
  }
}

/// What the kernel changes along with a key.
void KernelState::follow(const std::string& path, const std::string& text, bool changed) {
  const bool spreads = path == "net/ipv4/ip_forward" || path.starts_with("net/ipv4/conf/all/") ||
                       path.starts_with("net/ipv6/conf/all/") || path.starts_with(kDefaults);
  const auto key = SysctlKey::from_path(path);
  if (!spreads || !key) return;
  const bool defaults = path.starts_with(kDefaults) && !path.ends_with("/forwarding");
  for (auto& [other, node] : tree_.nodes) {
    if (node.kind != KernelNode::Kind::file || other == path) continue;
    const auto name = SysctlKey::from_path(other);
    const auto value = name ? side_effect(key->text(), text, name->text(), changed) : std::nullopt;
    if (value && node.text) {
      node.text = *value;
      followed_[other] = path;
    }
    const bool interface = defaults && takes_default(other) && !touched_.contains(other) &&
                           other.ends_with(path.substr(kDefaults.size() - 1));
    if (interface && node.text) {
      node.text = text;
      followed_[other] = path;
    }
  }
}

}  // namespace tuner::boot
