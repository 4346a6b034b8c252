#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_core_buffers {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.core.rmem_default",
     .unit = Unit::bytes,
     .range = {2304, kIntMax},
     .scope = Scope::machine,
     .child = Child::read_only,
     .effect = Effect::new_sockets,
     .effect_note = "Only sockets created afterwards use it. TCP does not use it at all, but takes "
                    "the default of tcp_rmem.",
     .more = More::is_more_room,
     .default_text = "212992 on x86-64, which is 256 * SKB_TRUESIZE(256); depends on the "
                     "architecture and the page size",
     .default_rule = socket_buffer,
     .since = "2.4 or earlier",
     .changes = "6.11: a child network namespace has a read-only view of what is still one global "
                "value (commit 19249c0724f2); before, it had no file",
     .notes = "TCP ignores it: tcp_init_sock() overwrites sk_rcvbuf with the default of "
              "net.ipv4.tcp_rmem (measured: 131072 for TCP, 212992 for UDP and AF_UNIX).\n"
              "It is not capped by rmem_max, which applies to setsockopt() only.\n"
              "It is also the initial size for UDP, RAW, AF_UNIX, netlink and packet sockets.\n"
              "A value below 2304 (SOCK_MIN_RCVBUF on x86-64 with 4K pages; measured) or above "
              "2147483647 fails with EINVAL. Nothing is clamped.",
     .source = "net/core/sock.c sock_init_data_uid(); net/ipv4/tcp.c tcp_init_sock(); "
               "net/core/sysctl_net_core.c; Documentation/networking/ip-sysctl.rst (6.18) "
               "tcp_rmem/tcp_wmem; measured on 6.18.44; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.wmem_default",
     .unit = Unit::bytes,
     .range = {4608, kIntMax},
     .scope = Scope::machine,
     .child = Child::read_only,
     .effect = Effect::new_sockets,
     .effect_note = "Only sockets created afterwards use it. TCP does not use it at all, but takes "
                    "the default of tcp_wmem.",
     .more = More::is_more_room,
     .default_text = "212992 on x86-64, which is 256 * SKB_TRUESIZE(256); depends on the "
                     "architecture and the page size",
     .default_rule = socket_buffer,
     .since = "2.4 or earlier",
     .changes = "6.11: a child network namespace has a read-only view of what is still one global "
                "value (commit 19249c0724f2); before, it had no file",
     .notes = "TCP ignores it: tcp_init_sock() overwrites sk_sndbuf with the default of "
              "net.ipv4.tcp_wmem (measured: 16384 for TCP, 212992 for UDP and AF_UNIX).\n"
              "It is not capped by wmem_max, which applies to setsockopt() only.\n"
              "It is also the initial size for UDP, RAW, AF_UNIX, netlink and packet sockets.\n"
              "A value below 4608 (SOCK_MIN_SNDBUF on x86-64 with 4K pages; measured) or above "
              "2147483647 fails with EINVAL. Nothing is clamped.",
     .source = "net/core/sock.c sock_init_data_uid(); net/ipv4/tcp.c tcp_init_sock(); "
               "net/core/sysctl_net_core.c; Documentation/networking/ip-sysctl.rst (6.18) "
               "tcp_rmem/tcp_wmem; measured on 6.18.44; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.rmem_max",
     .unit = Unit::bytes,
     .range = {2304, kIntMax},
     .scope = Scope::machine,
     .child = Child::read_only,
     .effect = Effect::next_setsockopt,
     .effect_note =
         "Each setsockopt(SO_RCVBUF) call reads it. Existing sockets keep what they have.",
     .more = More::is_more_room,
     .default_text = "4194304, a fixed 4 MiB, since 6.18; in 6.17 and earlier 212992, which is "
                     "256*SKB_TRUESIZE(256)",
     .default_rule = socket_buffer_max,
     .since = "2.4 or earlier",
     .changes = "6.11: a child network namespace has a read-only view of what is still one global "
                "value (commit 19249c0724f2); before, it had no file\n"
                "6.18: default raised from 212992 to 4194304 (commit a6d4f25888b8, Eric Dumazet); "
                "distributions carry other values (2097152 in RHEL 9 and 10, according to an "
                "unverified third-party report)",
     .caps = "setsockopt(SO_RCVBUF)",
     .notes = "It caps setsockopt(SO_RCVBUF): the kernel stores 2*min(request, rmem_max) "
              "(measured: a request for 100 MB got 8388608 with a maximum of 4194304).\n"
              "SO_RCVBUFFORCE with CAP_NET_ADMIN bypasses it.\n"
              "It does not cap the maximum of tcp_rmem: autotuning may exceed it.\n"
              "It does influence the TCP window scale: tcp_select_initial_window() picks the "
              "receive wscale from the larger of rmem_max and the maximum of tcp_rmem (measured: a "
              "tcp_rmem maximum of 65535 still gave wscale 7 because rmem_max is 4 MiB).\n"
              "A value below 2304 or above 2147483647 fails with EINVAL. Nothing is clamped.",
     .source = "net/core/sock.c sk_setsockopt() SO_RCVBUF/SO_SNDBUF; net/ipv4/tcp_output.c "
               "tcp_select_initial_window(); github torvalds/linux@a6d4f25888b8; "
               "Documentation/admin-guide/sysctl/net.rst (6.18); measured on 6.18.44; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.wmem_max",
     .unit = Unit::bytes,
     .range = {4608, kIntMax},
     .scope = Scope::machine,
     .child = Child::read_only,
     .effect = Effect::next_setsockopt,
     .effect_note =
         "Each setsockopt(SO_SNDBUF) call reads it. Existing sockets keep what they have.",
     .more = More::is_more_room,
     .default_text = "4194304, a fixed 4 MiB, since 6.18; in 6.17 and earlier 212992, which is "
                     "256*SKB_TRUESIZE(256)",
     .default_rule = socket_buffer_max,
     .since = "2.4 or earlier",
     .changes = "6.11: a child network namespace has a read-only view of what is still one global "
                "value (commit 19249c0724f2); before, it had no file\n"
                "6.18: default raised from 212992 to 4194304 (commit a6d4f25888b8, Eric Dumazet); "
                "distributions carry other values (2097152 in RHEL 9 and 10, according to an "
                "unverified third-party report)",
     .caps = "setsockopt(SO_SNDBUF)",
     .notes = "It caps setsockopt(SO_SNDBUF): the kernel stores 2*min(request, wmem_max) "
              "(measured: a request for 100 MB got 8388608 with a maximum of 4194304).\n"
              "SO_SNDBUFFORCE with CAP_NET_ADMIN bypasses it.\n"
              "It does not cap the maximum of tcp_wmem: autotuning may exceed it.\n"
              "Setting SO_SNDBUF disables send autotuning for that socket.\n"
              "A value below 4608 or above 2147483647 fails with EINVAL. Nothing is clamped.",
     .source = "net/core/sock.c sk_setsockopt() SO_RCVBUF/SO_SNDBUF; net/ipv4/tcp_output.c "
               "tcp_select_initial_window(); github torvalds/linux@a6d4f25888b8; "
               "Documentation/admin-guide/sysctl/net.rst (6.18); measured on 6.18.44; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.optmem_max",
     .unit = Unit::bytes,
     .range = {0, kIntMax},
     .range_rule = unchecked_before<6, 8, 0, kIntMax>,
     .effect_note = "Each allocation for ancillary data or options reads it (sock_kmalloc, "
                    "zerocopy notifications).",
     .more = More::is_more_room,
     .default_text = "131072 (128 KiB) since 6.8; in 6.7 and earlier sizeof(unsigned "
                     "long)*(2*UIO_MAXIOV+512), which is 20480 on 64-bit",
     .default_rule = since<6, 8, 20480, 131072>,
     .since = "2.4 or earlier",
     .changes = "6.8: default raised from 20480 to 131072\n"
                "6.8: per network namespace, was global",
     .notes = "MSG_ZEROCOPY sends fail with ENOBUFS when it is exceeded.\n"
              "Since 6.8 a negative value fails with EINVAL. Kernels 6.7 and earlier accept "
              "negative values (measured on 6.1).",
     .source =
         "net/core/sock.c; net/core/sysctl_net_core.c; Documentation/admin-guide/sysctl/net.rst "
         "(6.18); measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.udp_rmem_min",
     .unit = Unit::bytes,
     .range = {1, kIntMax},
     .default_text = "one page",
     .default_rule = page_size,
     .since = "2.6.25",
     .notes = "A value below 1 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.udp_wmem_min",
     .unit = Unit::bytes,
     .range = {1, kIntMax},
     .effect = Effect::never,
     .effect_note = "It has no effect: UDP has no accounting of transmit memory.",
     .default_text = "one page",
     .default_rule = page_size,
     .since = "2.6.25",
     .without_effect_since = {2, 6},
     .notes = "A value below 1 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18) udp_wmem_min; measured on 6.18.44"},
    {.key = "net.core.mem_pcpu_rsv",
     .unit = Unit::pages,
     .range_rule = at_least_one_mebibyte_of_pages,
     .scope = Scope::machine,
     .child = Child::absent,
     .default_text = "256 (1 MiB with 4K pages)",
     .default_rule = one_mebibyte_of_pages,
     .since = "6.7 (also in some 6.1 LTS builds)",
     .notes = "It is the slack per CPU before usage is flushed into the tcp_mem accounting, so the "
              "mem figure of sockstat is only accurate to nr_cpus times this value.\n"
              "A value below 256 fails with EINVAL (measured).",
     .source = "Documentation/admin-guide/sysctl/net.rst (6.18); measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.unix.max_dgram_qlen",
     .unit = Unit::count,
     .counted = "datagrams",
     .ipv6 = Ipv6::not_ip,
     .effect = Effect::new_sockets,
     .effect_note = "It applies to new AF_UNIX sockets.",
     .default_text = "10 in the kernel; systemd raises it to 512 in the initial network namespace",
     .default_rule = always<10>,
     .since = "2.4 or earlier",
     .notes = "Kernels 6.18.44 and 6.1 accept any int; 6.12.117 accepts 0 and more (measured).",
     .source = "net/unix/af_unix.c; systemd NEWS 228; measured on 6.18.44; measured on Debian "
               "6.1.192 and 6.12.117"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_core_buffers
