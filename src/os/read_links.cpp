#include "os/read_links.hpp"

#include <libmnl/libmnl.h>
#include <linux/gen_stats.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include <algorithm>
#include <map>

#include "model/number.hpp"
#include "os/netlink.hpp"
#include "os/read_evidence.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::os {

namespace {

using Interfaces = std::map<int, InterfaceDrops>;  // by index

std::int64_t as_count(std::uint64_t number) {
  return static_cast<std::int64_t>(
      std::min(number, static_cast<std::uint64_t>(parse::kMostCounted)));
}

int take_link(const nlmsghdr* message, void* data) {
  auto& interfaces = *static_cast<Interfaces*>(data);
  const auto* const header = header_of<ifinfomsg>(message);
  if (header == nullptr) return MNL_CB_OK;
  InterfaceDrops& drops = interfaces[header->ifi_index];
  for_each_attribute(message, sizeof *header, [&drops](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) == IFLA_IFNAME) drops.name = text_in(attribute);
    if (mnl_attr_get_type(attribute) != IFLA_STATS64) return;
    const auto statistics = payload_as<rtnl_link_stats64>(attribute);
    drops.received = as_count(statistics.rx_dropped);
    drops.missed = as_count(statistics.rx_missed_errors + statistics.rx_fifo_errors);
    drops.sent = as_count(statistics.tx_dropped);
    drops.packets_received = as_count(statistics.rx_packets);
    drops.packets_sent = as_count(statistics.tx_packets);
  });
  return MNL_CB_OK;
}

/// The root discipline of an interface counts what those below it dropped.
int take_discipline(const nlmsghdr* message, void* data) {
  auto& interfaces = *static_cast<Interfaces*>(data);
  const auto* const header = header_of<tcmsg>(message);
  if (header == nullptr) return MNL_CB_OK;
  const auto found = interfaces.find(header->tcm_ifindex);
  if (header->tcm_parent != TC_H_ROOT || found == interfaces.end()) return MNL_CB_OK;
  for_each_attribute(message, sizeof *header, [&found](const nlattr* attribute) {
    if (mnl_attr_get_type(attribute) != TCA_STATS2) return;
    for_each_nested(attribute, [&found](const nlattr* inner) {
      if (mnl_attr_get_type(inner) != TCA_STATS_QUEUE) return;
      found->second.qdisc = payload_as<gnet_stats_queue>(inner).drops;
    });
  });
  return MNL_CB_OK;
}

template <class Header>
Result<void> dump(std::uint16_t type, mnl_cb_t take, Interfaces& interfaces) {
  const auto begin = [type](mnl_socket* /*socket*/, char* buffer) {
    nlmsghdr* const message = mnl_nlmsg_put_header(buffer);
    message->nlmsg_type = type;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
    mnl_nlmsg_put_extra_header(message, sizeof(Header));
    return message;
  };
  return list(NETLINK_ROUTE, begin, take, &interfaces);
}

}  // namespace

Observed<std::vector<InterfaceDrops>> read_interface_drops() {
  Interfaces interfaces;
  auto told = dump<ifinfomsg>(RTM_GETLINK, take_link, interfaces);
  if (told) told = dump<tcmsg>(RTM_GETQDISC, take_discipline, interfaces);
  if (!told) return tl::unexpected(unread_of(told.error()));
  std::vector<InterfaceDrops> list;
  for (auto& [index, drops] : interfaces) list.push_back(std::move(drops));
  return list;
}

}  // namespace tuner::os
