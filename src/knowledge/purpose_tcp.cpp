#include "knowledge/purpose.hpp"

namespace tuner {

namespace {

constexpr PurposeRow kTcpPurposes[] = {
    {"net.ipv4.tcp_abc",
     "Appropriate Byte Counting (RFC 3465): how much the congestion window grows for the bytes "
     "that one ACK covers. Kernels without the key always count what was acknowledged."},
    {"net.ipv4.tcp_abort_on_overflow",
     "Whether a connection that finds the accept queue full is reset instead of being left to "
     "try again. Off, a short burst is survived by the client's retry."},
    {"net.ipv4.tcp_adv_win_scale",
     "How much of a receive buffer is kept for the kernel's own bookkeeping instead of being "
     "announced as window. Since 6.6 the kernel measures that share for each socket."},
    {"net.ipv4.tcp_allowed_congestion_control",
     "The congestion controls that a process without CAP_NET_ADMIN may choose for its own "
     "sockets."},
    {"net.ipv4.tcp_app_win",
     "The share of the window that is kept back for buffering by the application."},
    {"net.ipv4.tcp_autocorking",
     "Whether small writes of an application are held back and sent together while packets of "
     "the same connection still wait in a queue of this host."},
    {"net.ipv4.tcp_available_congestion_control",
     "The congestion controls that the running kernel has loaded; the others have to be loaded "
     "as modules first."},
    {"net.ipv4.tcp_base_mss", "The segment size from which path MTU probing starts to search."},
    {"net.ipv4.tcp_challenge_ack_limit",
     "How many challenge ACKs (RFC 5961) the host sends in a second. They answer suspicious "
     "resets and SYNs within a connection."},
    {"net.ipv4.tcp_child_ehash_entries",
     "The size of the connection table that the next network namespace gets for itself; 0 "
     "means that namespaces share the host's."},
    {"net.ipv4.tcp_congestion_control",
     "The algorithm that decides how fast a new connection sends: cubic by default, bbr where "
     "its module is loaded."},
    {"net.ipv4.tcp_cookie_size",
     "The default size of cookies of TCP cookie transactions (RFC 6013), an experiment that "
     "was taken out of the kernel."},
    {"net.ipv4.tcp_dma_copybreak",
     "The least number of bytes for which a DMA engine copied received data. The code is gone."},
    {"net.ipv4.tcp_dsack",
     "Whether the receiver reports duplicate segments (RFC 2883), so that the sender can tell "
     "reordering and early retransmissions from loss."},
    {"net.ipv4.tcp_early_retrans",
     "How the sender recovers when the last segments of a burst are lost: tail loss probes, "
     "and formerly early retransmission as well."},
    {"net.ipv4.tcp_ecn",
     "Whether connections ask routers to mark packets instead of dropping them (explicit "
     "congestion notification, RFC 3168)."},
    {"net.ipv4.tcp_ecn_fallback",
     "Whether a connect whose ECN SYN stays unanswered is tried again without ECN."},
    {"net.ipv4.tcp_ehash_entries",
     "The size of the table in which this network namespace looks up established connections; "
     "negative where it uses the host's."},
    {"net.ipv4.tcp_fack",
     "Forward acknowledgement, an older way to detect loss. Since 4.15 RACK does that, and "
     "nothing looks at the key."},
    {"net.ipv4.tcp_fastopen",
     "TCP Fast Open (RFC 7413): whether data may travel in the SYN, as a client, as a server, "
     "or both."},
    {"net.ipv4.tcp_fin_timeout",
     "How long an orphaned connection may wait in FIN_WAIT2 for the peer's FIN. It has nothing "
     "to do with TIME_WAIT, which lasts 60 s."},
    {"net.ipv4.tcp_frto_response",
     "What the sender did once F-RTO had shown a retransmission timeout to be spurious. The "
     "choice is gone."},
    {"net.ipv4.tcp_keepalive_intvl",
     "The time between keepalive probes that stay unanswered, for sockets that set "
     "SO_KEEPALIVE."},
    {"net.ipv4.tcp_keepalive_probes",
     "How many keepalive probes may stay unanswered before the connection is given up."},
    {"net.ipv4.tcp_keepalive_time",
     "How long a connection with SO_KEEPALIVE may be idle before the first probe. Firewalls "
     "and NAT on the way often forget connections sooner."},
    {"net.ipv4.tcp_limit_output_bytes",
     "How many bytes of one connection may wait in the queues of this host below TCP (TCP "
     "small queues). It keeps queueing delay low."},
    {"net.ipv4.tcp_low_latency",
     "Preferred latency to throughput in the receive path, by leaving out the prequeue. The "
     "prequeue is gone since 4.14."},
    {"net.ipv4.tcp_max_orphans",
     "How many connections may exist that no process holds any more. Beyond it they are reset "
     "at once."},
    {"net.ipv4.tcp_max_ssthresh",
     "Limited Slow-Start (RFC 3742): a bound for the growth of large windows. The kernel does "
     "not have it any more."},
    {"net.ipv4.tcp_max_syn_backlog",
     "A bound on half-open connections that counts only while SYN cookies are off, since 4.4; "
     "otherwise the listener's backlog bounds them."},
    {"net.ipv4.tcp_max_tw_buckets",
     "How many connections may be in TIME_WAIT. Beyond it they are dropped from the table "
     "early, which risks mixing old segments into new connections."},
    {"net.ipv4.tcp_mem",
     "How much memory all TCP sockets together may hold, in pages: below the first number "
     "nothing happens, above the second buffers stop growing, at the third allocation fails."},
    {"net.ipv4.tcp_migrate_req",
     "Whether half-open connections of a listener that closes move to another one of its "
     "SO_REUSEPORT group."},
    {"net.ipv4.tcp_min_tso_segs",
     "The least number of segments that TSO makes of one large packet."},
    {"net.ipv4.tcp_moderate_rcvbuf",
     "Whether the receive buffer of a connection grows by itself up to the maximum of "
     "tcp_rmem."},
    {"net.ipv4.tcp_mtu_probing",
     "Whether TCP looks for a segment size that gets through, where routers drop large packets "
     "and send no ICMP (RFC 4821)."},
    {"net.ipv4.tcp_no_metrics_save",
     "Whether the slow-start threshold, round trip and others of a closed connection are "
     "forgotten instead of kept for the next one to that peer."},
    {"net.ipv4.tcp_notsent_lowat",
     "How much not yet sent data a socket may hold before poll() stops calling it writable. "
     "Lower values keep an application's data fresh."},
    {"net.ipv4.tcp_orphan_retries",
     "How often unacknowledged data of a connection that no process holds any more is sent "
     "again before it is given up."},
    {"net.ipv4.tcp_recovery",
     "The ways of RACK (RFC 8985) to find losses by time instead of by duplicate ACKs."},
    {"net.ipv4.tcp_retries1",
     "After how many retransmissions the network layer is told that the route may be bad."},
    {"net.ipv4.tcp_retries2",
     "How many retransmissions of unacknowledged data are tried before the connection is given "
     "up; with the default that takes at least 15 minutes."},
    {"net.ipv4.tcp_rfc1337",
     "Whether a reset is ignored in TIME_WAIT (RFC 1337), so that it cannot end that state "
     "early."},
    {"net.ipv4.tcp_rmem",
     "The receive buffer of a TCP socket: guaranteed minimum, initial size, autotuning maximum."},
    {"net.ipv4.tcp_rto_max_ms", "The longest retransmission timeout; every doubling ends there."},
    {"net.ipv4.tcp_rto_min_us",
     "The shortest retransmission timeout; a route's rto_min wins over it."},
    {"net.ipv4.tcp_rx_skb_cache",
     "Kept one received packet buffer for each socket for reuse. The cache is gone."},
    {"net.ipv4.tcp_sack",
     "Selective acknowledgement (RFC 2018): the receiver names what arrived, so that only what "
     "was lost is sent again."},
    {"net.ipv4.tcp_shrink_window",
     "Whether an announced window may be withdrawn when the buffer turns out to be "
     "too small."},
    {"net.ipv4.tcp_slow_start_after_idle",
     "Whether a connection that was idle for a retransmission timeout starts again with a "
     "small congestion window."},
    {"net.ipv4.tcp_syn_linear_timeouts",
     "How many retransmissions of a SYN come at a steady interval before the interval doubles "
     "each time."},
    {"net.ipv4.tcp_syn_retries",
     "How often a SYN is sent again before connect() fails with a timeout."},
    {"net.ipv4.tcp_synack_retries",
     "How often the answer to a SYN is sent again before a half-open connection is given up."},
    {"net.ipv4.tcp_syncookies",
     "Whether a full SYN queue answers with cookies instead of dropping SYNs: protection "
     "against SYN floods."},
    {"net.ipv4.tcp_thin_dupack",
     "Whether a segment was sent again after the first duplicate ACK on connections with "
     "little data in flight. It was removed."},
    {"net.ipv4.tcp_timestamps",
     "TCP timestamps (RFC 7323): they measure the round trip, protect fast connections from "
     "wrapped sequence numbers and let tcp_tw_reuse work."},
    {"net.ipv4.tcp_tw_recycle",
     "Ended TIME_WAIT early by remembering each address's timestamps, which broke clients "
     "behind NAT. It was removed in 4.12."},
    {"net.ipv4.tcp_tw_reuse",
     "Whether a new outgoing connection may take a local port that an old one to the same peer "
     "left in TIME_WAIT; both ends need timestamps."},
    {"net.ipv4.tcp_tw_reuse_delay",
     "How long a connection has to have been in TIME_WAIT before tcp_tw_reuse takes its port."},
    {"net.ipv4.tcp_tx_skb_cache",
     "Kept one sent packet buffer for each socket for reuse. The cache is gone."},
    {"net.ipv4.tcp_window_scaling",
     "Window scaling (RFC 7323): without it no connection has more than 64 KiB in flight."},
    {"net.ipv4.tcp_wmem",
     "The send buffer of a TCP socket: guaranteed minimum, initial size, autotuning maximum."},
};

}  // namespace

std::span<const PurposeRow> tcp_purposes() { return kTcpPurposes; }

}  // namespace tuner
