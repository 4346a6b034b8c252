#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_tcp_listen {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.core.somaxconn",
     .unit = Unit::connections,
     .range = {0, kIntMax},
     .range_rule = sixteen_bits_before<4, 1>,
     .effect = Effect::next_listen,
     .effect_note =
         "Only listen() reads it: existing listeners keep their backlog until they call listen() "
         "again (measured: Send-Q stayed 4 until listen() was called again on the same socket). No "
         "restart is needed if the program can call listen() again.",
     .more = More::is_more_room,
     .default_text = "4096 (5.4 and later); 128 (5.3 and earlier)",
     .default_rule = since<5, 4, 128, 4096>,
     .since = "2.4.25 (hard-coded SOMAXCONN before)",
     .changes = "4.2: maximum is 2147483647 (sk_max_ack_backlog widened to u32); in 4.0 and "
                "earlier it was 65535\n"
                "5.4: default raised from 128 to 4096",
     .caps = "the backlog of every listen(), and since 4.4 the SYN queue",
     .notes = "The limit of the accept queue is min(listen() backlog, somaxconn). listen(-1) or a "
              "huge number is cast to unsigned and becomes somaxconn.\n"
              "The queue admits backlog+1, because sk_acceptq_is_full uses > (measured: listen(3) "
              "gave a Recv-Q of 4).\n"
              "In 4.4 and later the same number bounds the SYN queue too "
              "(inet_csk_reqsk_queue_is_full).\n"
              "It also caps AF_UNIX and other users of listen() (measured).\n"
              "Raising it does nothing if the application passes a smaller backlog (Send-Q of ss "
              "-ltn shows the effective value).\n"
              "A value that is negative or above 2147483647 fails with EINVAL. Values of 65536 and "
              "more are accepted (the limit was 65535 in 4.0 and earlier).",
     .source = "net/socket.c __sys_listen_socket(); net/ipv4/af_inet.c __inet_listen_sk(); "
               "include/net/sock.h sk_acceptq_is_full(); include/linux/socket.h SOMAXCONN; "
               "listen(2); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_max_syn_backlog",
     .unit = Unit::connections,
     .effect_note = "It applies at once, but only while tcp_syncookies=0.",
     .more = More::is_more_room,
     .default_text = "max(128, ehash_entries/128) in 5.4 and later (2048 on 24 GiB, 512 on 8 GiB); "
                     "max(128, ehash_entries/256) in 5.3 and earlier",
     .default_rule = syn_backlog,
     .since = "2.2",
     .changes = "4.4: the SYN queue is bounded by the listener's accept backlog and this sysctl is "
                "consulted only when tcp_syncookies=0; in 4.2 the bound was still min(backlog, "
                "somaxconn, tcp_max_syn_backlog) rounded to 2^n\n"
                "5.4: default was based on ehash/256, now on ehash/128",
     .capped_by = "since 4.4 the listener's backlog, whatever this says",
     .notes = "With tcp_syncookies at 1 or 2 (the default is 1) it has no effect on 4.4 and later "
              "(measured: with max_syn_backlog=4 and listen(64), 40 SYN_RECV were kept).\n"
              "With tcp_syncookies=0, requests beyond 3/4 of it are dropped unless the peer is "
              "proven (measured: 25 of 32, 97 of 128), and the accept backlog still caps them "
              "(measured: 17 for listen(16)).\n"
              "The size of the SYN queue is governed by min(listen backlog, somaxconn).\n"
              "The kernel accepts any int, even a negative one.",
     .source = "net/ipv4/tcp_input.c tcp_conn_request(); include/net/inet_connection_sock.h "
               "inet_csk_reqsk_queue_is_full(); net/core/request_sock.c reqsk_queue_alloc() in "
               "4.2; Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_syncookies",
     .unit = Unit::choice,
     .values = {{0, "off"}, {1, "when the SYN queue is full"}, {2, "for every connection"}},
     .range = {0, 255},
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2",
     .notes = "With 1, cookies start when the count of SYN_RECV exceeds the listener's backlog "
              "(TCPReqQFullDoCookies).\n"
              "With 0, the same condition drops the SYN (TCPReqQFullDrop).\n"
              "Cookies never help when the accept queue is full: the SYN is dropped first "
              "(ListenOverflows).\n"
              "Connections from cookies keep SACK and window scaling only if the client sent "
              "timestamps (measured).\n"
              "It requires CONFIG_SYN_COOKIES. The kernel logs \"Possible SYN flooding on port\".\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "net/ipv4/tcp_input.c tcp_conn_request(), tcp_syn_flood_action(); "
               "Documentation/networking/ip-sysctl.rst (6.18); RFC 4987; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_synack_retries",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {0, 255},
     .effect_note = "Each request timer reads it.",
     .default_text = "5 (63 s)",
     .default_rule = always<5>,
     .since = "2.2",
     .notes = "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_abort_on_overflow",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.4",
     .notes = "It sends a RST only when the final ACK finds the accept queue full. SYNs that "
              "arrive at a full queue are still dropped silently (measured: 10 clients of a full "
              "listener, no RST in either mode).\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "net/ipv4/tcp_minisocks.c tcp_check_req() listen_overflow; "
               "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_migrate_req",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .effect_note = "It is read when a listener is closed.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "5.14",
     .notes = "It needs an SO_REUSEPORT group.\n"
              "A value above 1 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_listen
