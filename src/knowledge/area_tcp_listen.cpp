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
     .effect_note = "read only inside listen(): existing listeners keep their backlog until they "
                    "call listen() again (measured: Send-Q stayed 4 until listen() was called "
                    "again on the same socket, no restart needed if the program can re-listen)",
     .more = More::is_more_room,
     .default_text = "4096 (5.4 and later); 128 (5.3 and earlier)",
     .default_rule = since<5, 4, 128, 4096>,
     .since = "2.4.25 (hard-coded SOMAXCONN before)",
     .changes =
         "4.0 and earlier -> 4.2: max 65535 -> max 2147483647 (sk_max_ack_backlog widened to u32)\n"
         "5.4: 128 -> 4096",
     .caps = "the backlog of every listen(), and since 4.4 the SYN queue",
     .notes =
         "accept queue limit = min(listen() backlog, somaxconn); listen(-1)/huge is cast to "
         "unsigned and becomes somaxconn\n"
         "queue admits backlog+1 (sk_acceptq_is_full uses >): measured listen(3) -> Recv-Q 4\n"
         "4.4 and later the same number bounds the SYN queue too (inet_csk_reqsk_queue_is_full)\n"
         "also caps AF_UNIX and other listen() users (measured)\n"
         "raising it does nothing if the application passes a smaller backlog (ss -ltn Send-Q "
         "shows the effective value)\n"
         "a write outside the range: EINVAL if negative or > 2147483647; 65536 and more accepted "
         "(limit was 65535 in 4.0 and earlier)",
     .source = "net/socket.c __sys_listen_socket(); net/ipv4/af_inet.c __inet_listen_sk(); "
               "include/net/sock.h sk_acceptq_is_full(); include/linux/socket.h SOMAXCONN; "
               "listen(2); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_max_syn_backlog",
     .unit = Unit::connections,
     .effect_note = "live, but only while tcp_syncookies=0",
     .more = More::is_more_room,
     .default_text = "max(128, ehash_entries/128) (2048 on 24 GiB, 512 on 8 GiB); 5.4 and later "
                     "max(128, ehash/128); 5.3 and earlier max(128, ehash/256)",
     .default_rule = syn_backlog,
     .since = "2.2",
     .changes = "4.4: SYN queue = min(backlog,somaxconn,tcp_max_syn_backlog) rounded to 2^n -> SYN "
                "queue bounded by the listener's accept backlog; this sysctl consulted only when "
                "tcp_syncookies=0 (old in 4.2, new in 4.4)\n"
                "5.4: ehash/256 -> ehash/128",
     .capped_by = "since 4.4 the listener's backlog, whatever this says",
     .notes = "with tcp_syncookies 1 or 2 (default 1) it has NO effect on 4.4 and later (measured: "
              "max_syn_backlog=4, listen(64): 40 SYN_RECV kept)\n"
              "with syncookies=0: requests beyond 3/4 of it are dropped unless the peer is proven "
              "(measured 25 of 32, 97 of 128), and the accept backlog still caps (measured 17 for "
              "listen(16))\n"
              "SYN queue size is governed by min(listen backlog, somaxconn)\n"
              "a write outside the range: any int accepted incl. negative",
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
     .notes = "1: cookies start when SYN_RECV count exceeds the listener backlog "
              "(TCPReqQFullDoCookies)\n"
              "0: same condition drops the SYN (TCPReqQFullDrop)\n"
              "cookies never help when the ACCEPT queue is full: the SYN is dropped first "
              "(ListenOverflows)\n"
              "cookie connections keep SACK/wscale only if the client sent timestamps (measured)\n"
              "requires CONFIG_SYN_COOKIES; log \"Possible SYN flooding on port\"\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "net/ipv4/tcp_input.c tcp_conn_request(), tcp_syn_flood_action(); "
               "Documentation/networking/ip-sysctl.rst (6.18); RFC 4987; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_synack_retries",
     .unit = Unit::count,
     .counted = "retransmissions",
     .range = {0, 255},
     .effect_note = "live, per request timer",
     .default_text = "5 (63 s)",
     .default_rule = always<5>,
     .since = "2.2",
     .notes = "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_abort_on_overflow",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.4",
     .notes = "RST only when the FINAL ACK finds the accept queue full; SYNs arriving to a full "
              "queue are still silently dropped (measured: 10 clients to a full listener: no RST "
              "in either mode)\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "net/ipv4/tcp_minisocks.c tcp_check_req() listen_overflow; "
               "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_migrate_req",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .effect_note = "live at listener close()",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "5.14",
     .notes = "needs SO_REUSEPORT group\n"
              "a write outside the range: EINVAL above 1",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_listen
