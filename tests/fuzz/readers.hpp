#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "boot/run.hpp"
#include "boot/view.hpp"
#include "knowledge/readers.hpp"
#include "tuner/boot.hpp"
#include "tuner/snapshot.hpp"

/// What the targets for the two families of readers share: a small kernel, and what must hold of
/// every run.
namespace tuner::fuzz {

inline const KernelTree& small_kernel() {
  static const KernelTree kernel = [] {
    KernelTree tree;
    tree.extent = KernelTree::Extent::network;
    for (const char* const directory : {"net", "net/ipv4", "net/ipv4/conf", "net/ipv4/conf/all",
                                        "net/ipv4/conf/default", "net/ipv4/conf/eth0.100"}) {
      tree.nodes[directory] = {.kind = KernelNode::Kind::directory};
    }
    for (const char* const name : {"all", "default", "eth0.100"}) {
      for (const char* const leaf : {"/rp_filter", "/forwarding"}) {
        tree.nodes[std::string("net/ipv4/conf/") + name + leaf] = {.text = std::string("0\n")};
      }
    }
    tree.nodes["net/ipv4/ip_forward"] = {.text = std::string("0\n")};
    tree.nodes["net/ipv4/tcp_rmem"] = {.text = std::string("4096\t131072\t6291456\n")};
    tree.nodes["net/ipv4/ip_local_reserved_ports"] = {.text = std::string("\n")};
    tree.nodes["net/ipv4/ip_local_port_range"] = {.text = std::string("32768\t60999\n")};
    tree.nodes["net/ipv4/tcp_available_congestion_control"] = {.text = std::string("reno\n")};
    tree.nodes["net/ipv4/tcp_congestion_control"] = {.text = std::string("reno\n")};
    return tree;
  }();
  return kernel;
}

/// The input as a file of the administrator, and its first half as one of a package.
inline ConfigTree files_of(const std::string& text) {
  ConfigTree files;
  files.directories[0].push_back({.path = "/etc/sysctl.d/b.conf", .text = text});
  files.directories[3].push_back(
      {.path = "/usr/lib/sysctl.d/a.conf", .text = text.substr(0, text.size() / 2)});
  return files;
}

inline int run(ReaderFamily family, const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  const ConfigTree files = files_of(text);
  const HostSnapshot host;
  for (const Reader& reader : all_readers()) {
    if (reader.family != family) continue;
    const ReaderRun result = run_reader(reader, files, small_kernel(), host);
    if (result.after.nodes.size() < small_kernel().nodes.size()) std::abort();
    for (const BootWrite& write : result.writes) {
      if (write.line < 1 || write.file.empty()) std::abort();
    }
  }
  const InstalledReaders readers{.systemd = newest_reader(ReaderFamily::systemd),
                                 .procps = newest_reader(ReaderFamily::procps)};
  const BootView view = view_boot(
      {.readers = readers, .files = files, .kernel = small_kernel(), .modules = {}}, host);
  for (const BootKey& key : view.keys) {
    if (view.find(key.key) == nullptr) std::abort();
  }
  return 0;
}

}  // namespace tuner::fuzz
