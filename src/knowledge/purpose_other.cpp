#include "knowledge/purpose.hpp"

namespace tuner {

namespace {

constexpr PurposeRow kOtherPurposes[] = {
    {"RLIMIT_NOFILE",
     "How many files a process may have open; every socket is one. The soft limit counts, and "
     "the process may raise it up to the hard one."},
    {"fs.file-max", "How many files all processes of the machine together may have open."},
    {"fs.file-nr",
     "The files that are open on the machine: allocated, free (always 0) and the limit, "
     "fs.file-max."},
    {"fs.nr_open", "The largest hard limit of open files that a process can have."},
    {"net.core.busy_poll",
     "For how many microseconds poll() and select() spin on a device queue before they sleep, "
     "for sockets that ask for it or by default."},
    {"net.core.busy_read",
     "For how many microseconds a read spins on a device queue before it sleeps: less latency "
     "for more processor time."},
    {"net.core.default_qdisc", "The queueing discipline that a new network interface starts with."},
    {"net.core.dev_weight",
     "How many packets one device's backlog may hand up in a run of the receive softirq."},
    {"net.core.devconf_inherit_init_net",
     "Whether a new network namespace takes its conf.all and conf.default settings from the "
     "host, or starts with the kernel's."},
    {"net.core.gro_normal_batch",
     "How many packets GRO gathers before it hands them to the stack together."},
    {"net.core.mem_pcpu_rsv",
     "How many pages of socket memory each processor may take or give back before it updates "
     "the shared count."},
    {"net.core.netdev_budget",
     "How many packets one run of the receive softirq may take from all devices before it "
     "yields."},
    {"net.core.netdev_budget_usecs",
     "For how long one run of the receive softirq may go on before it yields."},
    {"net.core.netdev_max_backlog",
     "How many packets may wait for each processor on their way from a driver without NAPI, "
     "from RPS or from the loopback into the stack."},
    {"net.core.optmem_max",
     "How much memory a socket may use for options and ancillary data, such as filters and "
     "zerocopy notes."},
    {"net.core.rmem_default",
     "The receive buffer of a socket that does not ask for one; TCP has tcp_rmem instead."},
    {"net.core.rmem_max",
     "The largest receive buffer that a program may ask for with SO_RCVBUF. Buffers that grow "
     "by themselves are bounded by tcp_rmem."},
    {"net.core.rps_sock_flow_entries",
     "The size of the table by which receive flow steering remembers on which processor an "
     "application reads a flow."},
    {"net.core.skb_defer_max",
     "How many packet buffers wait to be freed by the processor that allocated them."},
    {"net.core.somaxconn",
     "The longest accept queue that listen() can get: a queue holds min(backlog, somaxconn)."},
    {"net.core.wmem_default",
     "The send buffer of a socket that does not ask for one; TCP has tcp_wmem instead."},
    {"net.core.wmem_max",
     "The largest send buffer that a program may ask for with SO_SNDBUF. Buffers that grow by "
     "themselves are bounded by tcp_wmem."},
    {"net.ipv4.conf.*.accept_redirects", "Whether ICMP redirects may change routes."},
    {"net.ipv4.conf.*.accept_source_route",
     "Whether packets that prescribe their own route (the IP option SRR) are accepted."},
    {"net.ipv4.conf.*.arp_announce",
     "Which source address an ARP request carries: any of the host, or preferably one of the "
     "interface's subnet."},
    {"net.ipv4.conf.*.arp_ignore",
     "For which target addresses ARP requests are answered: any of the host, or only those of "
     "the interface."},
    {"net.ipv4.conf.*.log_martians", "Whether packets with impossible addresses are logged."},
    {"net.ipv4.conf.*.route_localnet",
     "Whether 127.0.0.0/8 may be routed, as some DNAT setups need."},
    {"net.ipv4.conf.*.rp_filter",
     "Reverse path filtering: whether a packet is dropped whose answer would leave by another "
     "interface, or by none."},
    {"net.ipv4.conf.*.secure_redirects",
     "Whether ICMP redirects are accepted only from known gateways."},
    {"net.ipv4.conf.*.send_redirects", "Whether this host, as a router, sends ICMP redirects."},
    {"net.ipv4.ip_autobind_reuse",
     "Whether bind() without a port may choose one that is in use by sockets with "
     "SO_REUSEADDR."},
    {"net.ipv4.ip_conntrack_max",
     "The limit of tracked connections under its older name; now it is "
     "net.netfilter.nf_conntrack_max."},
    {"net.ipv4.ip_default_ttl",
     "The time to live of packets that this host sends: how many routers they may pass."},
    {"net.ipv4.ip_forward",
     "Whether this host forwards IPv4 packets between its interfaces. Changing it resets other "
     "settings to those of a host or of a router."},
    {"net.ipv4.ip_local_port_range",
     "The ports from which the kernel takes one for an outgoing connection. The size "
     "of the range limits how many connections can be open to one destination address and port."},
    {"net.ipv4.ip_local_reserved_ports",
     "Ports of the local range that the kernel never takes by itself; a program may still bind "
     "them."},
    {"net.ipv4.ip_unprivileged_port_start",
     "The first port that a process without CAP_NET_BIND_SERVICE may bind."},
    {"net.ipv4.ipfrag_high_thresh",
     "How much memory fragments of IPv4 packets may hold while they wait for the rest."},
    {"net.ipv4.ipfrag_low_thresh",
     "Down to which memory fragments were thrown away once the upper threshold was reached."},
    {"net.ipv4.ipfrag_max_dist",
     "How many other fragments of one source may come in between before an incomplete packet "
     "is given up."},
    {"net.ipv4.ipfrag_time", "How long a fragment waits for the rest of its packet."},
    {"net.ipv4.neigh.default.gc_thresh1",
     "Below how many entries the neighbour (ARP) table is never cleaned up."},
    {"net.ipv4.neigh.default.gc_thresh2",
     "Above how many entries the neighbour (ARP) table is cleaned up at once, after 5 s of "
     "grace."},
    {"net.ipv4.neigh.default.gc_thresh3",
     "How many entries the neighbour (ARP) table may have at most; new neighbours cannot be "
     "reached beyond it."},
    {"net.ipv4.netfilter.ip_conntrack_*",
     "The settings of connection tracking under the names that they had before nf_conntrack."},
    {"net.ipv4.ping_group_range",
     "The groups whose members may use ICMP echo sockets, so that ping needs no privilege."},
    {"net.ipv4.route.error_burst",
     "How many ICMP unreachable messages a router may send at once before it limits their "
     "rate."},
    {"net.ipv4.route.error_cost",
     "The time between ICMP unreachable messages once their rate is limited."},
    {"net.ipv4.route.gc_elasticity",
     "Part of the garbage collection of the IPv4 route cache, which was removed in 3.6."},
    {"net.ipv4.route.gc_interval",
     "Part of the garbage collection of the IPv4 route cache, which was removed in 3.6."},
    {"net.ipv4.route.gc_min_interval",
     "Part of the garbage collection of the IPv4 route cache, which was removed in 3.6."},
    {"net.ipv4.route.gc_min_interval_ms",
     "Part of the garbage collection of the IPv4 route cache, which was removed in 3.6."},
    {"net.ipv4.route.gc_thresh",
     "Part of the garbage collection of the IPv4 route cache, which was removed in 3.6."},
    {"net.ipv4.route.gc_timeout",
     "Part of the garbage collection of the IPv4 route cache, which was removed in 3.6."},
    {"net.ipv4.route.max_size", "The size of the IPv4 route cache, which was removed in 3.6."},
    {"net.ipv4.route.min_adv_mss", "The smallest segment size that this host announces to peers."},
    {"net.ipv4.route.min_pmtu", "The smallest path MTU that ICMP may teach this host."},
    {"net.ipv4.route.mtu_expires", "How long a path MTU that was learned stays valid."},
    {"net.ipv4.route.redirect_load",
     "The time between ICMP redirects to one host; it grows with each of them."},
    {"net.ipv4.route.redirect_number",
     "How many ICMP redirects a host is sent before the kernel gives up."},
    {"net.ipv4.route.redirect_silence", "After how long without redirects counting begins anew."},
    {"net.ipv4.udp_mem", "How much memory all UDP sockets together may hold, in pages."},
    {"net.ipv4.udp_rmem_min",
     "How much receive memory each UDP socket may hold even under memory pressure."},
    {"net.ipv4.udp_wmem_min",
     "Meant as the send memory that each UDP socket may hold even under memory pressure. It "
     "has no effect: UDP does not account what it sends."},
    {"net.ipv6.bindv6only",
     "Whether a listener on :: accepts only IPv6, unless it says otherwise; when off, it accepts "
     "IPv4 "
     "too."},
    {"net.ipv6.conf.*.accept_ra",
     "Whether router advertisements are accepted: never, only while not forwarding, or always."},
    {"net.ipv6.conf.*.accept_redirects", "Whether ICMPv6 redirects may change routes."},
    {"net.ipv6.conf.*.disable_ipv6",
     "Whether IPv6 is off on the interface. Turning it off removes its addresses and routes."},
    {"net.ipv6.conf.*.forwarding",
     "Whether IPv6 packets are forwarded; all.forwarding sets every interface."},
    {"net.ipv6.ip6frag_high_thresh",
     "How much memory fragments of IPv6 packets may hold while they wait for the rest."},
    {"net.ipv6.ip6frag_low_thresh",
     "Down to which memory fragments were thrown away once the upper threshold was reached."},
    {"net.ipv6.ip6frag_time", "How long an IPv6 fragment waits for the rest of its packet."},
    {"net.ipv6.neigh.default.gc_thresh1",
     "Below how many entries the IPv6 neighbour table is never cleaned up."},
    {"net.ipv6.neigh.default.gc_thresh2",
     "Above how many entries the IPv6 neighbour table is cleaned up at once, after 5 s of "
     "grace."},
    {"net.ipv6.neigh.default.gc_thresh3",
     "How many entries the IPv6 neighbour table may have at most; new neighbours cannot be "
     "reached beyond it."},
    {"net.ipv6.route.max_size",
     "How many IPv6 route entries may exist, cached ones among them. Since 6.3 the kernel "
     "cleans up cached ones without it."},
    {"net.ipv6.tcp_*", "No such keys exist: TCP over IPv6 uses those of net.ipv4."},
    {"net.mptcp.add_addr_timeout",
     "How long Multipath TCP waits for the echo of an announced address before it announces it "
     "again."},
    {"net.mptcp.allow_join_initial_addr_port",
     "Whether peers of Multipath TCP may open further subflows to the address and port of the "
     "first one."},
    {"net.mptcp.available_path_managers",
     "The path managers of Multipath TCP that the running kernel has."},
    {"net.mptcp.available_schedulers",
     "The packet schedulers of Multipath TCP that the running kernel has."},
    {"net.mptcp.blackhole_timeout",
     "For how long Multipath TCP is not tried after a middlebox swallowed its SYN; it grows "
     "with each time."},
    {"net.mptcp.checksum_enabled",
     "Whether Multipath TCP checksums its data, against middleboxes that change payloads."},
    {"net.mptcp.close_timeout",
     "How long a Multipath TCP connection without subflows is kept, so that new ones can join."},
    {"net.mptcp.enabled",
     "Whether sockets can speak Multipath TCP (RFC 8684) in this network namespace."},
    {"net.mptcp.path_manager",
     "The path manager of new Multipath TCP connections, by its name: it decides which "
     "subflows are opened."},
    {"net.mptcp.pm_type",
     "The path manager of new Multipath TCP connections, by its number: the kernel's own, or a "
     "program's."},
    {"net.mptcp.scheduler",
     "The packet scheduler of new Multipath TCP connections: it decides which subflow carries "
     "what."},
    {"net.mptcp.stale_loss_cnt",
     "After how many retransmission timeouts without progress a subflow of Multipath TCP "
     "counts as stale."},
    {"net.mptcp.syn_retrans_before_tcp_fallback",
     "After how many resent SYNs a connect with Multipath TCP goes on as plain TCP."},
    {"net.netfilter.nf_conntrack_buckets",
     "The size of the hash table of connection tracking: with few buckets for many entries "
     "every lookup takes longer."},
    {"net.netfilter.nf_conntrack_count",
     "How many connections are tracked now in this network namespace."},
    {"net.netfilter.nf_conntrack_max",
     "How many connections the firewall may track; packets of new ones are dropped beyond it."},
    {"net.netfilter.nf_conntrack_tcp_timeout_established",
     "After how long without a packet connection tracking forgets an established TCP "
     "connection."},
    {"net.netfilter.nf_conntrack_tcp_timeout_time_wait",
     "After how long connection tracking forgets a TCP connection that was closed."},
    {"net.netfilter.nf_hooks_lwtunnel",
     "Whether netfilter sees packets of lightweight tunnels, such as SRv6."},
    {"net.unix.max_dgram_qlen",
     "How many datagrams may wait in the receive queue of a Unix socket."},
    {"vm.min_free_kbytes",
     "How much memory the kernel keeps free for allocations that cannot wait, such as packets "
     "that arrive."},
};

}  // namespace

std::span<const PurposeRow> other_purposes() { return kOtherPurposes; }

}  // namespace tuner
