#include "os/key_owners.hpp"

#include <net/if.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <set>
#include <span>

#include "boot/lines.hpp"
#include "knowledge/readers.hpp"
#include "model/number.hpp"
#include "os/assigned_value.hpp"
#include "os/tuned.hpp"
#include "read/sysctl.hpp"
#include "text/lower.hpp"
#include "tuner/sysctl.hpp"

namespace tuner::os {

namespace {

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
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_max_syn_backlog",
    "net.ipv4.tcp_moderate_rcvbuf",
    "net.ipv4.tcp_no_metrics_save",
    "net.ipv4.tcp_allowed_congestion_control",
    "net.ipv4.tcp_congestion_control",
    "net.ipv4.ipfrag_high_thresh",
    "net.ipv6.ip6frag_high_thresh",
    "net.ipv4.neigh.default.gc_interval",
    "net.ipv4.neigh.default.gc_stale_time",
    "net.ipv4.neigh.default.gc_thresh1",
    "net.ipv4.neigh.default.gc_thresh2",
    "net.ipv4.neigh.default.gc_thresh3",
    "net.ipv6.neigh.default.gc_interval",
    "net.ipv6.neigh.default.gc_stale_time",
    "net.ipv6.neigh.default.gc_thresh1",
    "net.ipv6.neigh.default.gc_thresh2",
    "net.ipv6.neigh.default.gc_thresh3",
    "net.ipv6.route.max_size",
});

/// A program that sets keys when it starts, or while it runs, by the name of its process.
struct Program {
  std::string_view process;
  const char* trace;  ///< what is there where it runs: looking through all processes takes longer
  std::span<const char* const> keys;
  std::string_view hint;
};

/// pkg/proxy/conntrack and cmd/kube-proxy/app/conntrack.go of kubernetes; for IPVS
/// pkg/proxy/ipvs/proxier.go.
constexpr const char* kKubeProxyKeys[] = {
    "net.netfilter.nf_conntrack_max",
    "net.nf_conntrack_max",
    "net.netfilter.nf_conntrack_buckets",
    "net.netfilter.nf_conntrack_tcp_timeout_established",
    "net.netfilter.nf_conntrack_tcp_timeout_close_wait",
    "net.netfilter.nf_conntrack_tcp_be_liberal",
    "net.netfilter.nf_conntrack_udp_timeout",
    "net.netfilter.nf_conntrack_udp_timeout_stream",
    "net.ipv4.conf.all.route_localnet",
    "net.ipv4.vs.conntrack",
    "net.ipv4.vs.conn_reuse_mode",
    "net.ipv4.vs.expire_nodest_conn",
    "net.ipv4.vs.expire_quiescent_template",
};
/// pkg/kubelet/cm/container_manager_linux.go setupKernelTunables() of kubernetes.
constexpr const char* kKubeletKeys[] = {
    "vm.overcommit_memory", "vm.panic_on_oom",          "kernel.panic",
    "kernel.panic_on_oops", "kernel.keys.root_maxkeys", "kernel.keys.root_maxbytes"};
/// libnetwork of moby: drivers/bridge setup_ip_forwarding.go and setup_device.go.
constexpr const char* kDockerKeys[] = {"net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding",
                                       "net.ipv6.conf.default.forwarding",
                                       "net.ipv6.conf.all.forwarding"};
/// pkg/datapath/loader/base.go of cilium; cilium-sysctlfix for rp_filter.
constexpr const char* kCiliumKeys[] = {
    "net.core.bpf_jit_enable",          "net.core.fb_tunnels_only_for_init_net",
    "net.ipv4.conf.all.rp_filter",      "net.ipv4.fib_multipath_use_neigh",
    "kernel.unprivileged_bpf_disabled", "kernel.timer_migration",
    "net.ipv6.conf.all.disable_ipv6"};
/// felix/ip of calico, dataplane/linux/int_dataplane.go.
constexpr const char* kCalicoKeys[] = {"net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding",
                                       "net.ipv6.conf.all.forwarding",
                                       "kernel.unprivileged_bpf_disabled"};
/// src/network/bridge_driver.c networkEnableIPForwarding() of libvirt.
constexpr const char* kLibvirtKeys[] = {"net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding",
                                        "net.ipv6.conf.all.forwarding"};

constexpr std::string_view kInOneProcess =
    "Set it with kube-proxy's arguments (--conntrack-max-per-core, --conntrack-min), which k3s "
    "takes "
    "as "
    "--kube-proxy-arg and microk8s in its args/kube-proxy.";

/// The names of processes are cut at 15 letters, as the kernel does.
constexpr Program kPrograms[] = {
    {"bpftune", "usr/sbin/bpftune", kBpftuneKeys, "Stop it (systemctl disable --now bpftune)."},
    {"kube-proxy", "var/lib/kubelet", kKubeProxyKeys,
     "Set it in kube-proxy's configuration (conntrack.maxPerCore and conntrack.min, or "
     "--conntrack-max-per-core and --conntrack-min); it sets the buckets too. maxPerCore = 0 "
     "leaves "
     "the host's value."},
    {"kubelet", "var/lib/kubelet", kKubeletKeys,
     "It is what the kubelet asks of a node (protectKernelDefaults)."},
    // One process that holds kubelet and kube-proxy.
    {"k3s-server", "run/k3s", kKubeProxyKeys, kInOneProcess},
    {"k3s-agent", "run/k3s", kKubeProxyKeys, kInOneProcess},
    {"kubelite", "var/snap/microk8s", kKubeProxyKeys, kInOneProcess},
    {"dockerd", "run/docker", kDockerKeys, "Set \"ip-forward\": false in Docker's daemon.json."},
    {"cilium-agent", "run/cilium", kCiliumKeys, "Set it in Cilium's configuration."},
    {"calico-node", "run/calico", kCalicoKeys, "Set it in Felix's configuration."},
    {"libvirtd", "run/libvirt", kLibvirtKeys,
     "Leave it to libvirt, or give its networks no forward element."},
    {"virtnetworkd", "run/libvirt", kLibvirtKeys,
     "Leave it to libvirt, or give its networks no forward element."},
};

/// The programs of the table that run, each once.
void add_programs(FileSource& files, Kernel kernel, std::vector<KeyOwner>& owners) {
  // A captured tree holds few processes, and not always what they leave elsewhere.
  const bool likely =
      kernel == Kernel::captured ||
      std::any_of(std::begin(kPrograms), std::end(kPrograms), [&files](const Program& program) {
        return files.status(program.trace).has_value();
      });
  if (!likely) return;
  std::set<std::string, std::less<>> running;
  for (const std::string& name : files.list("proc").value_or(std::vector<std::string>())) {
    if (!parse::integer(name)) continue;
    if (const auto command = files.read("proc/" + name + "/comm")) {
      running.emplace(parse::trim(*command));
    }
  }
  for (const Program& program : kPrograms) {
    if (!running.contains(program.process)) continue;
    owners.push_back({.name = std::string(program.process),
                      .keys = {program.keys.begin(), program.keys.end()},
                      .hint = std::string(program.hint)});
  }
}

/// ufw runs "sysctl -e -q -p $IPT_SYSCTL" when it starts (src/ufw-init-functions), which is after
/// the files were applied.
void add_ufw(FileSource& files, std::vector<KeyOwner>& owners) {
  if (text::lower(assigned_value(files, "etc/ufw/ufw.conf", "ENABLED")) != "yes") return;
  const std::string path = assigned_value(files, "etc/default/ufw", "IPT_SYSCTL");
  if (path.size() < 2 || !path.starts_with('/')) return;
  const auto text = files.read(path.substr(1));
  if (!text) return;
  KeyOwner owner{.name = "ufw",
                 .hint = "Change it in " + path +
                         ", or point IPT_SYSCTL in /etc/default/ufw at /etc/sysctl.conf."};
  const Reader& reader = *newest_reader(ReaderFamily::procps);
  for (const boot::TextLine& line : boot::split(reader, *text).lines) {
    const auto setting = boot::understand(reader, line);
    const auto key = SysctlKey::from_path(setting.path);
    if (setting.kind != boot::SettingLine::Kind::setting || !key) continue;
    owner.keys.push_back(key->text());
    owner.values[key->text()] = {.path = setting.path,
                                 .value = parse::sysctl_value(setting.value).text,
                                 .file = path,
                                 .line = line.number};
  }
  if (!owner.keys.empty()) owners.push_back(std::move(owner));
}

/// "net.ipv6.conf.eth0.*" of a link that the kernel knows; a dot in its name becomes a slash.
void add_link(const std::string& index, std::string_view family, KeyOwner& owner) {
  const auto number = parse::integer<unsigned>(index);
  std::array<char, IF_NAMESIZE> link{};
  if (!number || ::if_indextoname(*number, link.data()) == nullptr) return;
  std::string part(link.data());
  std::replace(part.begin(), part.end(), '.', '/');
  owner.keys.push_back("net." + std::string(family) + ".conf." + part + ".*");
}

/// networkd sets the keys of a link each time that it configures it.
void add_networkd(FileSource& files, std::vector<KeyOwner>& owners) {
  KeyOwner owner{.name = "systemd-networkd", .hint = "Set it in the link's .network file."};
  const std::string directory = "run/systemd/netif/links/";
  for (const std::string& name : files.list(directory).value_or(std::vector<std::string>())) {
    const auto state = files.read(directory + name);
    if (!state || state->find("ADMIN_STATE=configured") == std::string::npos) continue;
    add_link(name, "ipv4", owner);
    add_link(name, "ipv6", owner);
  }
  if (!owner.keys.empty()) owners.push_back(std::move(owner));
}

/// NetworkManager sets those of IPv6 (src/core/nm-device.c).
void add_network_manager(FileSource& files, std::vector<KeyOwner>& owners) {
  KeyOwner owner{.name = "NetworkManager",
                 .hint = "Set it in the link's connection profile (nmcli connection modify)."};
  const std::string directory = "run/NetworkManager/devices/";
  for (const std::string& name : files.list(directory).value_or(std::vector<std::string>())) {
    const auto state = files.read(directory + name);
    if (state && state->find("connection-uuid=") != std::string::npos) {
      add_link(name, "ipv6", owner);
    }
  }
  if (!owner.keys.empty()) owners.push_back(std::move(owner));
}

}  // namespace

std::vector<KeyOwner> read_key_owners(FileSource& files, Kernel kernel) {
  std::vector<KeyOwner> owners;
  add_ufw(files, owners);
  add_tuned(files, owners);
  add_programs(files, kernel, owners);
  if (kernel == Kernel::running) {
    add_networkd(files, owners);
    add_network_manager(files, owners);
  }
  return owners;
}

}  // namespace tuner::os
