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
         "Sockets created later start with the default. Receive autotuning reads the maximum live, "
         "so existing autotuned sockets can grow to a new, higher maximum (measured from 256 KiB "
         "to 4.8 MB), but they never shrink, and their negotiated window scale does not change. "
         "The minimum is read live, under memory pressure.",
     .more = More::is_more_room,
     .default_text =
         "4096 131072 33554432 (6.16 and later, with enough RAM), 4096 131072 6291456 (4.20 to "
         "6.15) or 4096 87380 6291456 (4.19 and earlier). The minimum is PAGE_SIZE, the default "
         "131072, and the maximum max(131072, min(32 MiB, nr_free_buffer_pages*PAGE_SIZE/128)). "
         "The maximum is smaller only below 4 GiB of RAM (6.16 and later) or 768 MiB (6.15 and "
         "earlier; measured 3692672 at 512 MiB).",
     .default_rule = tcp_rmem,
     .since = "2.4",
     .changes = "3.4: maximum raised from 4 MiB to 6 MiB (commit b49960a05e32, 2012)\n"
                "4.15: per network namespace, was global\n"
                "4.20: default raised from 87380 to 131072\n"
                "6.16: maximum raised from 6291456 to 33554432 (commit 572be9bf9d0d)",
     .caps = "the receive window: it can grow to about half of max (tcp_adv_win_scale before 6.6, "
             "the scaling ratio since)",
     .notes = "What bounds a transfer is the maximum, not the default: a connection starts with "
              "the default and autotuning grows it (TOAST 2015 3.3 calls the default the most "
              "important value).\n"
              "The maximum is independent of net.core.rmem_max. Sockets that set SO_RCVBUF are "
              "capped by rmem_max and ignore both the maximum and autotuning.\n"
              "The window scale of new connections is ilog2(max(tcp_rmem maximum, rmem_max))-15, "
              "clamped to the range 0 to 14 (measured: 7 for 6 MiB, 9 for 16 MiB, 10 for 32 MiB, "
              "14 for 512 MiB).\n"
              "The usable window is smaller than the buffer because of the truesize overhead "
              "(scaling_ratio in 6.6 and later; tcp_adv_win_scale before, 1/2).\n"
              "It needs tcp_window_scaling=1 to advertise more than 65535.\n"
              "A large minimum, such as 253952, lets every socket hold that much even under "
              "tcp_mem pressure.\n"
              "The sum over all sockets is bounded by the maximum of tcp_mem, which counts pages.\n"
              "An element below 1 fails with EINVAL (below 4096 on 7.2 and on Debian 6.1.192 and "
              "6.12.117, but not on 6.12.107 and 6.18.44; measured), and so does one above "
              "2147483647. The order min <= default <= max is not checked (measured: 16777216 "
              "8388608 4096 is accepted). Writing fewer numbers silently changes only the first "
              "ones (measured). A fourth number is ignored.",
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
     .effect_note = "New sockets start with the default. tcp_sndbuf_expand() reads the maximum "
                    "live for autotuned sockets.",
     .more = More::is_more_room,
     .default_text = "4096 16384 4194304. The minimum is PAGE_SIZE, the default 16384, and the "
                     "maximum max(65536, min(4 MiB, nr_free_buffer_pages*PAGE_SIZE/128)).",
     .default_rule = tcp_wmem,
     .since = "2.4",
     .changes = "4.15: per network namespace, was global",
     .caps = "the data in flight of a connection",
     .notes = "The maximum is not capped by net.core.wmem_max. SO_SNDBUF disables send autotuning "
              "and is capped by wmem_max.\n"
              "The default is usually lower than wmem_default, by design.\n"
              "An element below 1 or above 2147483647 fails with EINVAL. The order is not checked. "
              "Writing fewer numbers changes only the leading ones.",
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
     .effect_note = "It applies at once to all TCP sockets in all network namespaces.",
     .default_text = "about 4.7%, 6.25% and 9.4% of the free lowmem pages. The pressure level is "
                     "max(nr_free_buffer_pages/16, 128), the minimum 3/4 of that, and the maximum "
                     "twice the minimum. Measured: 287898 383867 575796 on 24 GiB, 94077 125436 "
                     "188154 on 8 GiB, 45759 61015 91518 on 4 GiB, 10704 14272 21408 on 1 GiB.",
     .default_rule = tcp_mem,
     .since = "2.4",
     .changes = "4.0: global; in 3.10 and earlier it was per network namespace (memcg experiment)",
     .caps = "the buffers of all TCP sockets of the machine together",
     .notes = "Beyond the pressure level there is memory pressure (TCPMemoryPressures): buffers "
              "stop growing. Beyond the maximum, receive data is dropped, the kernel logs \"TCP: "
              "out of memory -- consider tuning tcp_mem\", and orphans are killed.\n"
              "Compare it with TCP mem in /proc/net/sockstat, which counts pages too.\n"
              "Values in bytes mean no limit here (measured: 50331648 67108864 100663296 is "
              "accepted, which is 192 to 384 GiB).\n"
              "Memory cgroup limits apply independently of it.\n"
              "A negative value fails with EINVAL, but on 5.10 the write succeeds and keeps the "
              "old value. Numbers up to 2^64-1 are accepted, and so are 0 0 0 and a reversed order "
              "(measured). Writing fewer numbers changes only the leading ones.",
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
     .default_text = "based on nr_free_buffer_pages/8, double that of tcp_mem. The pressure level "
                     "is max(nr_free_buffer_pages/8, 128), the minimum 3/4 of that, and the "
                     "maximum twice the minimum.",
     .default_rule = udp_mem,
     .since = "2.6.25",
     .caps = "the receive buffers of all UDP sockets of the machine together",
     .notes = "Only the maximum acts as a limit for UDP receive. Exceeding it counts UdpMemErrors "
              "(5.11 and later), not RcvbufErrors.\n"
              "Compare it with UDP mem in sockstat, which counts pages.\n"
              "A write outside the range behaves as for tcp_mem.",
     .source = "net/ipv4/udp.c udp_init(); Documentation/networking/ip-sysctl.rst (6.18); measured "
               "on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_moderate_rcvbuf",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .effect_note =
         "It applies at once (measured: with 0 the buffer stays at the default of tcp_rmem).",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.6.7",
     .notes = "Setting it to 0 makes the maximum of tcp_rmem meaningless.\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/tcp_input.c "
               "tcp_rcvbuf_grow(); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_adv_win_scale",
     .unit = Unit::factor,
     .range = {-31, 31},
     .effect = Effect::never,
     .effect_note = "It has had no effect since 6.6.",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.4",
     .without_effect_since = {6, 6},
     .changes = "3.4: default was 2, now 1\n"
                "6.6: obsolete, a per-socket scaling_ratio replaces it; the file is kept",
     .notes = "A value outside -31 to 31 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18) \"Obsolete since linux-6.6\"; "
               "kernel sources, version by version: no reader in 6.6 and later trees; measured on "
               "6.18.44"},
    {.key = "net.ipv4.tcp_app_win",
     .unit = Unit::factor,
     .range = {0, 31},
     .effect = Effect::new_connections,
     .effect_note = "It is read when a connection is set up.",
     .default_text = "31",
     .default_rule = always<31>,
     .since = "2.4",
     .notes = "A value above 31 fails with EINVAL from about 6.4 on. Kernels 5.13 to 6.2 accept 0 "
              "to 255.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_notsent_lowat",
     .unit = Unit::bytes,
     .range = {0, 4294967295},
     .effect_note = "It applies at once to all sockets that did not set TCP_NOTSENT_LOWAT.",
     .default_text = "4294967295 (off)",
     .default_rule = always<4294967295>,
     .since = "3.12",
     .notes = "It limits unsent data and when epoll reports a socket writable. 16K to 128K lowers "
              "the latency of HTTP/2-like multiplexing and may cost throughput.\n"
              "A value that does not fit a u32 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_limit_output_bytes",
     .unit = Unit::bytes,
     .more = More::is_more_room,
     .default_text = "4194304 (6.16 and later); 1048576 (5.0 to 6.15); 262144 (4.1 to 4.20); "
                     "131072 (4.0 and earlier)",
     .default_rule = since<6, 16, 1048576, 4194304>,
     .since = "3.6",
     .changes = "4.1: default raised from 131072 to 262144 (in 4.1 or 4.2)\n"
                "5.0: default raised from 262144 to 1048576\n"
                "6.16: default raised from 1048576 to 4194304 (commit 9ea3bfa61b09)",
     .notes = "The kernel accepts any int.",
     .source =
         "Documentation/networking/ip-sysctl.rst (6.18); commit 9ea3bfa61b09; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_shrink_window",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .default_text = "0",
     .default_rule = always<0>,
     .since = "6.5 (also backported into LTS: Debian 6.1.192 has it)",
     .notes = "A value above 1 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_buffers
