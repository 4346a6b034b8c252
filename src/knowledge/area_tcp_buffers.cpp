#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_tcp_buffers {

namespace {

/// Stable releases have the newer minimum too, some of them; the release does not tell which. It
/// was measured on 4 KiB pages alone.
constexpr Range receive_buffers(const HostTraits& host) {
  return {is_since(host, {7, 0}) ? 4096 : 1, kIntMax};
}

constexpr Fact kRows[] = {
    {.key = "net.ipv4.tcp_rmem",
     .unit = Unit::bytes,
     .elements = {"min", "default", "max"},
     .range = {1, kIntMax},
     .range_rule = receive_buffers,
     .child = Child::copied_from_init,
     .effect = Effect::new_sockets,
     .effect_note =
         "[1]: sockets created later. [2]: read live by receive autotuning, so existing autotuned "
         "sockets can grow to a new higher max (measured 256 KiB -> 4.8 MB) but never shrink, and "
         "their negotiated window scale does not change. [0]: live, under memory pressure",
     .more = More::is_more_room,
     .default_text =
         "4096 131072 33554432 (6.16 and later, enough RAM); 4096 131072 6291456 (4.20..6.15); "
         "4096 87380 6291456 (4.19 and earlier); [0]=PAGE_SIZE; [1]=131072; [2]=max(131072, min(32 "
         "MiB, nr_free_buffer_pages*PAGE_SIZE/128)) -> smaller only below 4 GiB RAM (6.16 and "
         "later) / 768 MiB (6.15 and earlier; measured 3692672 at 512 MiB)",
     .default_rule = tcp_rmem,
     .since = "2.4",
     .changes = "4.15: global -> per-netns\n"
                "4.20: default 87380 -> 131072\n"
                "6.16: max 6291456 -> 33554432 (commit 572be9bf9d0d)\n"
                "3.4: max 4 MiB -> 6 MiB (commit b49960a05e32 (2012))",
     .caps = "the receive window: it can grow to about half of max (tcp_adv_win_scale before 6.6, "
             "the scaling ratio since)",
     .notes =
         "what bounds a transfer is [2], not the default: a connection starts with [1] and "
         "autotuning grows it (TOAST 2015 3.3 calls the default the most important value)\n"
         "[2] is independent of net.core.rmem_max; SO_RCVBUF users are capped by rmem_max and "
         "ignore [2] and autotuning\n"
         "window scale of new connections = ilog2(max(tcp_rmem[2], rmem_max))-15, clamped 0..14 "
         "(measured 7 for 6 MiB, 9 for 16 MiB, 10 for 32 MiB, 14 for 512 MiB)\n"
         "usable window is less than the buffer: truesize overhead (scaling_ratio 6.6 and later; "
         "tcp_adv_win_scale before, 1/2)\n"
         "needs tcp_window_scaling=1 to advertise >65535\n"
         "[0] large (e.g. 253952) lets every socket hold that much even under tcp_mem pressure\n"
         "sum over sockets is bounded by tcp_mem[2] (PAGES)\n"
         "a write outside the range: each element: <1 (<4096 on 7.2 and on Debian 6.1.192 and "
         "6.12.117, not on 6.12.107 and 6.18.44; measured) or >2147483647 -> EINVAL. Order "
         "min<=default<=max is NOT checked (measured: "
         "16777216 8388608 4096 accepted). Writing fewer numbers silently changes only the first "
         "ones (measured); a 4th number is ignored",
     .source =
         "net/ipv4/tcp.c tcp_init()/tcp_init_sock(); net/ipv4/tcp_input.c tcp_rcvbuf_grow(); "
         "net/ipv4/tcp_output.c tcp_select_initial_window(); net/ipv4/tcp_ipv4.c tcp_sk_init(); "
         "Documentation/networking/ip-sysctl.rst (6.18); commit 572be9bf9d0d (netdev archive, "
         "2025-05-13); measured on 6.18.44; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_wmem",
     .unit = Unit::bytes,
     .elements = {"min", "default", "max"},
     .range = {1, kIntMax},
     .child = Child::copied_from_init,
     .effect = Effect::new_sockets,
     .effect_note = "[1] new sockets; [2] live in tcp_sndbuf_expand() for autotuned sockets",
     .more = More::is_more_room,
     .default_text = "4096 16384 4194304; [0]=PAGE_SIZE; [1]=16384; [2]=max(65536, min(4 MiB, "
                     "nr_free_buffer_pages*PAGE_SIZE/128))",
     .default_rule = tcp_wmem,
     .since = "2.4",
     .changes = "4.15: global -> per-netns",
     .caps = "the data in flight of a connection",
     .notes = "[2] is not capped by net.core.wmem_max; SO_SNDBUF disables send autotuning and is "
              "capped by wmem_max\n"
              "[1] usually lower than wmem_default by design\n"
              "a write outside the range: each element EINVAL if <1 or >2147483647; ordering "
              "unchecked; short vectors change only the leading elements",
     .source = "net/ipv4/tcp.c; net/ipv4/tcp_input.c tcp_sndbuf_expand(); "
               "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_mem",
     .unit = Unit::pages,
     .elements = {"min", "pressure", "max"},
     .range = {0, kLongMax},
     .outside_rule = taken_before<6, 1>,
     .scope = Scope::machine,
     .child = Child::absent,
     .effect_note = "live, all TCP sockets in all netns",
     .default_text =
         "about 4.7% / 6.25% / 9.4% of free lowmem pages; limit=max(nr_free_buffer_pages/16,128); "
         "[1]=limit; [0]=limit*3/4; [2]=2*[0]. Measured: 24 GiB 287898 383867 575796; 8 GiB 94077 "
         "125436 188154; 4 GiB 45759 61015 91518; 1 GiB 10704 14272 21408",
     .default_rule = tcp_mem,
     .since = "2.4",
     .changes = "3.10 and earlier -> 4.0: per-netns (memcg experiment) -> global",
     .caps = "the buffers of all TCP sockets of the machine together",
     .notes =
         "crossing [1] -> memory pressure (TCPMemoryPressures, buffers stop growing); above [2] -> "
         "receive data dropped, \"TCP: out of memory -- consider tuning tcp_mem\", orphans killed\n"
         "compare with /proc/net/sockstat TCP mem (also pages)\n"
         "byte values here mean \"no limit\" (measured 50331648 67108864 100663296 accepted: "
         "192..384 GiB)\n"
         "memory cgroup limits apply independently of it\n"
         "a write outside the range: negative -> EINVAL, but 5.10 says yes and keeps what was "
         "there; numbers up to 2^64-1 "
         "are taken; 0 0 0 and reversed order accepted "
         "(measured); short vectors change leading elements only",
     .source = "net/ipv4/tcp.c tcp_init_mem(), tcp_check_oom(); net/core/sock.c "
               "__sk_mem_raise_allocated(); Documentation/networking/ip-sysctl.rst (6.18); "
               "measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.udp_mem",
     .unit = Unit::pages,
     .elements = {"min", "pressure", "max"},
     .range = {0, kLongMax},
     .outside_rule = taken_before<6, 1>,
     .scope = Scope::machine,
     .child = Child::absent,
     .default_text = "nr_free_buffer_pages/8 based (double tcp_mem); "
                     "limit=max(nr_free_buffer_pages/8,128); [0]=limit*3/4,[1]=limit,[2]=2*[0]",
     .default_rule = udp_mem,
     .since = "2.6.25",
     .caps = "the receive buffers of all UDP sockets of the machine together",
     .notes = "only [2] acts as a limit for UDP receive; exceeding it counts UdpMemErrors (5.11 "
              "and later) not RcvbufErrors\n"
              "compare with sockstat UDP mem (pages)\n"
              "a write outside the range: as tcp_mem",
     .source = "net/ipv4/udp.c udp_init(); Documentation/networking/ip-sysctl.rst (6.18); measured "
               "on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_moderate_rcvbuf",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .effect_note = "live (measured: with 0 the buffer stays at tcp_rmem[1])",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.6.7",
     .notes = "0 makes tcp_rmem[2] meaningless\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/tcp_input.c "
               "tcp_rcvbuf_grow(); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_adv_win_scale",
     .unit = Unit::factor,
     .range = {-31, 31},
     .effect = Effect::never,
     .effect_note = "NONE since 6.6",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.4",
     .without_effect_since = {6, 6},
     .changes = "3.4: 2 -> 1\n"
                "6.6: used -> obsolete: per-socket scaling_ratio replaces it; file kept",
     .notes = "a write outside the range: EINVAL outside -31..31",
     .source = "Documentation/networking/ip-sysctl.rst (6.18) \"Obsolete since linux-6.6\"; "
               "kernel sources, version by version: no reader in 6.6 and later trees; measured on "
               "6.18.44"},
    {.key = "net.ipv4.tcp_app_win",
     .unit = Unit::factor,
     .range = {0, 31},
     .effect = Effect::new_connections,
     .effect_note = "at connection setup",
     .default_text = "31",
     .default_rule = always<31>,
     .since = "2.4",
     .notes = "a write outside the range: EINVAL above 31 (6.4-ish and later; 0..255 in 5.13..6.2)",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_notsent_lowat",
     .unit = Unit::bytes,
     .range = {0, 4294967295},
     .effect_note = "live for all sockets that did not set TCP_NOTSENT_LOWAT",
     .default_text = "4294967295 (off)",
     .default_rule = always<4294967295>,
     .since = "3.12",
     .notes = "limits unsent data and epoll writability; 16K..128K lowers latency of HTTP/2-like "
              "multiplexing, may cost throughput\n"
              "a write outside the range: EINVAL outside u32",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_limit_output_bytes",
     .unit = Unit::bytes,
     .more = More::is_more_room,
     .default_text = "4194304 (6.16 and later); 1048576 (5.0..6.15); 262144 (4.1..4.20); 131072 "
                     "(4.0 and earlier)",
     .default_rule = since<6, 16, 1048576, 4194304>,
     .since = "3.6",
     .changes = "4.1/4.2: 131072 -> 262144\n"
                "5.0: 262144 -> 1048576\n"
                "6.16: 1048576 -> 4194304 (commit 9ea3bfa61b09)",
     .notes = "any int is taken",
     .source =
         "Documentation/networking/ip-sysctl.rst (6.18); commit 9ea3bfa61b09; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_shrink_window",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .default_text = "0",
     .default_rule = always<0>,
     .since = "6.5 (also backported into LTS: Debian 6.1.192 has it)",
     .notes = "a write outside the range: EINVAL above 1",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_buffers
