#include "knowledge/counter_use.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <span>

#include "knowledge/extended_counters.hpp"

namespace tuner {

namespace {

constexpr const char* kWork = "Work that was done; others are weighed against it.";
constexpr const char* kPeer = "What a peer sent; nothing here fixes it.";
constexpr const char* kToProgram = "The sending program gets an error.";
constexpr const char* kDesign = "The kernel's own limit on what strangers can make it send.";
constexpr const char* kControl = "Messages about the network, not the loss that they report.";

constexpr CounterUse kUses[] = {
    // /proc/net/snmp
    {"Ip.", "InReceives", "reverse-path-drops", kWork},
    {"Ip.", "ReasmFails", "fragments-lost", {}},
    {"Ip.", "ReasmReqds ReasmTimeout", "fragments-lost", kWork},
    {"Ip.", "Forwarding DefaultTTL", {}, "Settings, not counters."},
    {"Ip.",
     "ForwDatagrams InDelivers OutRequests ReasmOKs FragOKs FragCreates OutTransmits",
     {},
     kWork},
    {"Ip.", "InHdrErrors InAddrErrors InUnknownProtos", {}, kPeer},
    {"Ip.",
     "InDiscards",
     {},
     "Out of memory, or a full raw socket, or a packet for a device that is gone; no file shows "
     "which."},
    {"Ip.", "OutDiscards", "udp-send-errors",
     "What netfilter or a queueing discipline refused; interface-drops sees the latter too."},
    {"Ip.", "OutNoRoutes", {}, kToProgram},
    {"Ip.",
     "FragFails",
     {},
     "Packets that were too large and must not be fragmented: the sender is told the size."},
    {"Icmp.", "InCsumErrors", "checksum-errors", {}},
    {"Icmp.", "OutRateLimitGlobal OutRateLimitHost", {}, kDesign},
    {"Icmp.",
     "InMsgs InErrors InDestUnreachs InTimeExcds InParmProbs InSrcQuenchs InRedirects InEchos "
     "InEchoReps InTimestamps InTimestampReps InAddrMasks InAddrMaskReps OutMsgs OutErrors "
     "OutDestUnreachs OutTimeExcds OutParmProbs OutSrcQuenchs OutRedirects OutEchos OutEchoReps "
     "OutTimestamps OutTimestampReps OutAddrMasks OutAddrMaskReps",
     {},
     kControl},
    {"Tcp.", "RetransSegs", "segments-retransmitted", {}},
    {"Tcp.", "OutSegs", "segments-retransmitted", kWork},
    {"Tcp.", "InSegs", "receive-queue-pruned", kWork},
    {"Tcp.", "ActiveOpens", "connects-unanswered", kWork},
    {"Tcp.", "PassiveOpens", "listen-queue-overflow", kWork},
    {"Tcp.", "InCsumErrors", "checksum-errors", {}},
    {"Tcp.", "RtoAlgorithm RtoMin RtoMax MaxConn", {}, "Settings, not counters."},
    {"Tcp.", "CurrEstab", {}, kWork},
    {"Tcp.", "AttemptFails", {}, kToProgram},
    {"Tcp.",
     "EstabResets OutRsts",
     {},
     "Closed ports, health checks and proxies reset all day; abortive-close-in-use sees the resets "
     "that lose data."},
    {"Tcp.", "InErrs", {}, "Checksums, which checksum-errors judges, and SYNs of no sense."},
    {"Udp.", "RcvbufErrors InDatagrams", "udp-receive-errors", {}},
    {"Udp.", "MemErrors", "udp-memory-full", {}},
    {"Udp.", "InCsumErrors", "checksum-errors", {}},
    {"Udp.",
     "InErrors",
     {},
     "The sum of RcvbufErrors, MemErrors and InCsumErrors, and a few more."},
    {"Udp.", "OutDatagrams", "udp-send-errors", kWork},
    {"Udp.", "NoPorts", {}, kPeer},
    {"Udp.", "SndbufErrors", "udp-send-errors", {}},
    {"Udp.", "IgnoredMulti", {}, "Multicast that nobody here asked for."},
    {"UdpLite.",
     "InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors "
     "IgnoredMulti MemErrors",
     {},
     "Next to nobody uses UDP-Lite; Linux 7.2 has it no more."},
    // /proc/net/snmp6
    {"Ip6.", "InReceives", "checksum-errors", kWork},
    {"Ip6.", "ReasmFails", "fragments-lost", {}},
    {"Ip6.", "ReasmReqds ReasmTimeout", "fragments-lost", kWork},
    {"Ip6.",
     "InDelivers InMcastPkts InOctets InMcastOctets InBcastOctets InNoECTPkts InECT1Pkts "
     "InECT0Pkts InCEPkts OutForwDatagrams OutRequests OutMcastPkts OutOctets OutMcastOctets "
     "OutBcastOctets OutTransmits ReasmOKs FragOKs FragCreates",
     {},
     kWork},
    {"Ip6.", "InHdrErrors InAddrErrors InUnknownProtos InTruncatedPkts", {}, kPeer},
    {"Ip6.",
     "InNoRoutes",
     {},
     "Packets to other hosts that this one has no route for; scanners make them."},
    {"Ip6.",
     "InTooBigErrors FragFails",
     {},
     "Packets that were too large: the sender is told the size."},
    {"Ip6.",
     "InDiscards",
     {},
     "Out of memory, or a full raw socket, or no IPv6 on the device; no file shows which."},
    {"Ip6.", "OutDiscards", "udp-send-errors",
     "What netfilter or a queueing discipline refused; interface-drops sees the latter too."},
    {"Ip6.", "OutNoRoutes", {}, kToProgram},
    {"Icmp6.", "InCsumErrors", "checksum-errors", {}},
    {"Icmp6.", "OutRateLimitHost", {}, kDesign},
    {"Icmp6.",
     "InMsgs InErrors OutMsgs OutErrors InDestUnreachs InPktTooBigs InTimeExcds InParmProblems "
     "InEchos InEchoReplies InGroupMembQueries InGroupMembResponses InGroupMembReductions "
     "InRouterSolicits InRouterAdvertisements InNeighborSolicits InNeighborAdvertisements "
     "InRedirects InMLDv2Reports OutDestUnreachs OutPktTooBigs OutTimeExcds OutParmProblems "
     "OutEchos OutEchoReplies OutGroupMembQueries OutGroupMembResponses OutGroupMembReductions "
     "OutRouterSolicits OutRouterAdvertisements OutNeighborSolicits OutNeighborAdvertisements "
     "OutRedirects OutMLDv2Reports",
     {},
     kControl},
    {"Udp6.", "RcvbufErrors InDatagrams", "udp-receive-errors", {}},
    {"Udp6.", "MemErrors", "udp-memory-full", {}},
    {"Udp6.", "InCsumErrors", "checksum-errors", {}},
    {"Udp6.",
     "InErrors",
     {},
     "The sum of RcvbufErrors, MemErrors and InCsumErrors, and a few more."},
    {"Udp6.", "OutDatagrams", "udp-send-errors", kWork},
    {"Udp6.", "NoPorts", {}, kPeer},
    {"Udp6.", "SndbufErrors", "udp-send-errors", {}},
    {"Udp6.", "IgnoredMulti", {}, "Multicast that nobody here asked for."},
    {"UdpLite6.",
     "InDatagrams NoPorts InErrors OutDatagrams RcvbufErrors SndbufErrors InCsumErrors MemErrors",
     {},
     "Next to nobody uses UDP-Lite; Linux 7.2 has it no more."},
    // /proc/net/softnet_stat, by column
    {"softnet_stat.", "processed", {}, kWork},
    {"softnet_stat.", "dropped", "nic-backlog-drops", {}},
    {"softnet_stat.", "time_squeeze", "nic-budget-squeezed", {}},
    {"softnet_stat.", "received_rps", {}, kWork},
    {"softnet_stat.",
     "flow_limit_count",
     {},
     "Counted in `dropped` too; net.core.flow_limit_cpu_bitmap has to be set first."},
    {"softnet_stat.", "backlog_len cpu input_qlen process_qlen", {}, "What waits now."},
    // /proc/net/stat
    {"nf_conntrack.", "entries drop early_drop", "conntrack-table-near-full", {}},
    {"nf_conntrack.", "insert_failed", "conntrack-insert-clash", {}},
    {"nf_conntrack.", "clashres", {}, "Clashes that were resolved: nothing was dropped."},
    {"nf_conntrack.",
     "invalid",
     {},
     "Packets that fit no connection: late ones, scans, or a path that this host sees half of. "
     "Whether they are dropped is up to the firewall's rules."},
    {"nf_conntrack.",
     "searched found new ignore delete insert icmp_error expect_new expect_create expect_delete "
     "search_restart",
     {},
     kWork},
    {"nf_conntrack.",
     "chainlength",
     {},
     "Chains of over 80 entries; conntrack-buckets-few sees the reason."},
    {"neighbours.", "entries table_fulls", "neighbour-table-near-full", {}},
    {"neighbours.",
     "unresolved_discards",
     {},
     "Packets to addresses that nobody answered for; scans of an empty network make them."},
    {"neighbours.",
     "allocs destroys hash_grows lookups hits res_failed rcv_probes_mcast rcv_probes_ucast "
     "periodic_gc_runs forced_gc_runs",
     {},
     kWork},
};

bool has_word(std::string_view names, std::string_view word) {
  for (std::size_t start = 0; start <= names.size();) {
    const std::size_t end = std::min(names.find(' ', start), names.size());
    if (names.substr(start, end - start) == word) return true;
    start = end + 1;
  }
  return false;
}

/// "Icmp6.InType128", "IcmpMsg.OutType3": one for each type that was seen.
bool is_of_one_type(std::string_view counter) {
  return counter.starts_with("IcmpMsg.") || counter.starts_with("Icmp6.InType") ||
         counter.starts_with("Icmp6.OutType");
}

constexpr CounterUse kTypes = {"Icmp6.", "InType* OutType*", {}, kControl};

}  // namespace

std::vector<CounterUse> counter_uses() {
  const auto extended = facts::extended_counter_uses();
  std::vector<CounterUse> all(extended.begin(), extended.end());
  all.insert(all.end(), std::begin(kUses), std::end(kUses));
  return all;
}

const CounterUse* find_counter_use(std::string_view counter) {
  if (is_of_one_type(counter)) return &kTypes;
  for (const std::span<const CounterUse> uses :
       {facts::extended_counter_uses(), std::span<const CounterUse>(kUses)}) {
    for (const CounterUse& use : uses) {
      if (counter.starts_with(use.prefix) &&
          has_word(use.names, counter.substr(use.prefix.size()))) {
        return &use;
      }
    }
  }
  return nullptr;
}

}  // namespace tuner
