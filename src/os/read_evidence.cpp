#include "os/read_evidence.hpp"

#include "os/netlink.hpp"
#include "os/process_table.hpp"
#include "os/read_links.hpp"
#include "os/read_sockets.hpp"
#include "os/routes.hpp"
#include "read/evidence_record.hpp"
#include "read/proc.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::os {

namespace {

constexpr const char* kArpCache = "proc/net/stat/arp_cache";
constexpr const char* kNdiscCache = "proc/net/stat/ndisc_cache";

Observed<NeighbourTable> read_neighbours(FileSource& files, const std::string& path) {
  const auto text = files.read(path);
  auto table = text ? parse::neighbour_table(*text) : tl::unexpected(text.error());
  if (!table) table.error().source = "/" + path;
  return table;
}

/// What a snapshot recorded in a file, by `parse`.
template <class Parse>
auto read_records(FileSource& files, const char* path, Parse parse)
    -> decltype(parse(std::string_view())) {
  const auto text = files.read(path);
  if (!text) return tl::unexpected(text.error());
  auto records = parse(*text);
  if (!records) records.error().source = path;
  return records;
}

Observed<std::vector<DefaultRoute>> read_routes(FileSource& files, Kernel kernel) {
  if (kernel == Kernel::captured) {
    return read_records(files, kRouteRecords, parse::default_routes);
  }
  auto routes = read_default_routes();
  if (!routes) return tl::unexpected(unread_of(routes.error()));
  return std::move(*routes);
}

Observed<std::vector<InterfaceDrops>> read_interfaces(FileSource& files, Kernel kernel) {
  return kernel == Kernel::running ? read_interface_drops()
                                   : read_records(files, kInterfaceRecords, parse::interface_drops);
}

}  // namespace

void read_evidence_again(FileSource& files, Kernel kernel, HostSnapshot& host) {
  if (host.udp_drops) host.udp_drops = read_udp_drops(files);
  if (host.neighbours_v4) host.neighbours_v4 = read_neighbours(files, kArpCache);
  if (host.neighbours_v6) host.neighbours_v6 = read_neighbours(files, kNdiscCache);
  if (host.interfaces) host.interfaces = read_interfaces(files, kernel);
}

void read_evidence(FileSource& files, Kernel kernel, const Reading& reading, HostSnapshot& host) {
  if (reading.evidence) {
    host.default_routes = read_routes(files, kernel);
    host.neighbours_v4 = read_neighbours(files, kArpCache);
    host.neighbours_v6 = read_neighbours(files, kNdiscCache);
    host.open_files = process_table(files, kernel)->near_limits(host.network_namespace);
  }
  if (!reading.interfaces) return;
  host.interfaces = read_interfaces(files, kernel);
}

}  // namespace tuner::os
