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
     .effect_note =
         "only sockets created afterwards; NOT used by TCP at all (TCP takes tcp_rmem[1])",
     .more = More::is_more_room,
     .default_text = "212992; 256 * SKB_TRUESIZE(256) = 212992 on x86-64; arch/page-size dependent",
     .default_rule = socket_buffer,
     .since = "2.4 or earlier",
     .changes = "6.11: file absent in child netns -> read-only view in child netns (commit "
                "19249c0724f2; still ONE global value)",
     .notes = "TCP ignores it: tcp_init_sock() overwrites sk_rcvbuf with net.ipv4.tcp_rmem[1] "
              "(measured: tcp 131072, udp/unix 212992)\n"
              "it is not capped by rmem_max; the cap applies to setsockopt() only\n"
              "also the initial size for UDP, RAW, AF_UNIX, netlink and packet sockets\n"
              "a write outside the range: EINVAL below 2304 (SOCK_MIN_RCVBUF on x86-64 with 4K "
              "pages; measured) and above 2147483647; no clamp",
     .source = "net/core/sock.c sock_init_data_uid(); net/ipv4/tcp.c tcp_init_sock(); "
               "net/core/sysctl_net_core.c; Documentation/networking/ip-sysctl.rst (6.18) "
               "tcp_rmem/tcp_wmem; measured on 6.18.44; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.wmem_default",
     .unit = Unit::bytes,
     .range = {4608, kIntMax},
     .scope = Scope::machine,
     .child = Child::read_only,
     .effect = Effect::new_sockets,
     .effect_note =
         "only sockets created afterwards; NOT used by TCP at all (TCP takes tcp_wmem[1])",
     .more = More::is_more_room,
     .default_text = "212992; 256 * SKB_TRUESIZE(256) = 212992 on x86-64; arch/page-size dependent",
     .default_rule = socket_buffer,
     .since = "2.4 or earlier",
     .changes = "6.11: file absent in child netns -> read-only view in child netns (commit "
                "19249c0724f2; still ONE global value)",
     .notes = "TCP ignores it: tcp_init_sock() overwrites sk_sndbuf with net.ipv4.tcp_wmem[1] "
              "(measured: tcp 16384, udp/unix 212992)\n"
              "it is not capped by wmem_max; the cap applies to setsockopt() only\n"
              "also the initial size for UDP, RAW, AF_UNIX, netlink and packet sockets\n"
              "a write outside the range: EINVAL below 4608 (SOCK_MIN_SNDBUF on x86-64 with 4K "
              "pages; measured) and above 2147483647; no clamp",
     .source = "net/core/sock.c sock_init_data_uid(); net/ipv4/tcp.c tcp_init_sock(); "
               "net/core/sysctl_net_core.c; Documentation/networking/ip-sysctl.rst (6.18) "
               "tcp_rmem/tcp_wmem; measured on 6.18.44; measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.rmem_max",
     .unit = Unit::bytes,
     .range = {2304, kIntMax},
     .scope = Scope::machine,
     .child = Child::read_only,
     .effect = Effect::next_setsockopt,
     .effect_note = "at each setsockopt(SO_RCVBUF) call; existing sockets keep what they have",
     .more = More::is_more_room,
     .default_text = "4194304 (6.18 and later); 212992 (6.17 and earlier); 6.18 and later fixed 4 "
                     "MiB; 6.17 and earlier 256*SKB_TRUESIZE(256)=212992",
     .default_rule = socket_buffer_max,
     .since = "2.4 or earlier",
     .changes =
         "6.11: absent in child netns -> read-only view in child netns (commit 19249c0724f2)\n"
         "6.18: 212992 -> 4194304 (commit a6d4f25888b8 (Eric Dumazet); distributions carry other "
         "values (third-party report, UNVERIFIED: RHEL 9/10 2097152))",
     .caps = "setsockopt(SO_RCVBUF)",
     .notes = "caps setsockopt(SO_RCVBUF): kernel stores 2*min(request,rmem_max) (measured: ask "
              "100 MB -> 8388608 with max 4194304)\n"
              "SO_RCVBUFFORCE with CAP_NET_ADMIN bypasses it\n"
              "does NOT cap tcp_rmem[2]: autotuning may exceed it\n"
              "DOES influence TCP window scale: tcp_select_initial_window() uses max(tcp_rmem[2], "
              "rmem_max) to pick rcv wscale (measured: tcp_rmem[2]=65535 still gave wscale 7 "
              "because rmem_max is 4 MiB)\n"
              "a write outside the range: EINVAL below 2304 and above 2147483647; no clamp",
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
     .effect_note = "at each setsockopt(SO_SNDBUF) call; existing sockets keep what they have",
     .more = More::is_more_room,
     .default_text = "4194304 (6.18 and later); 212992 (6.17 and earlier); 6.18 and later fixed 4 "
                     "MiB; 6.17 and earlier 256*SKB_TRUESIZE(256)=212992",
     .default_rule = socket_buffer_max,
     .since = "2.4 or earlier",
     .changes =
         "6.11: absent in child netns -> read-only view in child netns (commit 19249c0724f2)\n"
         "6.18: 212992 -> 4194304 (commit a6d4f25888b8 (Eric Dumazet); distributions carry other "
         "values (third-party report, UNVERIFIED: RHEL 9/10 2097152))",
     .caps = "setsockopt(SO_SNDBUF)",
     .notes = "caps setsockopt(SO_SNDBUF): kernel stores 2*min(request,wmem_max) (measured: ask "
              "100 MB -> 8388608 with max 4194304)\n"
              "SO_SNDBUFFORCE with CAP_NET_ADMIN bypasses it\n"
              "does NOT cap tcp_wmem[2]: autotuning may exceed it\n"
              "setting SO_SNDBUF disables send autotuning for that socket\n"
              "a write outside the range: EINVAL below 4608 and above 2147483647; no clamp",
     .source = "net/core/sock.c sk_setsockopt() SO_RCVBUF/SO_SNDBUF; net/ipv4/tcp_output.c "
               "tcp_select_initial_window(); github torvalds/linux@a6d4f25888b8; "
               "Documentation/admin-guide/sysctl/net.rst (6.18); measured on 6.18.44; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "net.core.optmem_max",
     .unit = Unit::bytes,
     .range = {0, kIntMax},
     .range_rule = unchecked_before<6, 8, 0, kIntMax>,
     .effect_note =
         "live, at each ancillary/option allocation (sock_kmalloc, zerocopy notifications)",
     .more = More::is_more_room,
     .default_text = "131072 (6.8 and later); 20480 on 64-bit (6.7 and earlier); 6.8 and later 128 "
                     "KiB; before sizeof(unsigned long)*(2*UIO_MAXIOV+512)",
     .default_rule = since<6, 8, 20480, 131072>,
     .since = "2.4 or earlier",
     .changes = "6.8: 20480 -> 131072\n"
                "6.8: global -> per-netns",
     .notes = "MSG_ZEROCOPY sends fail with ENOBUFS when exceeded\n"
              "a write outside the range: 6.8 and later: EINVAL if negative; 6.7 and earlier "
              "(measured 6.1): negatives accepted",
     .source =
         "net/core/sock.c; net/core/sysctl_net_core.c; Documentation/admin-guide/sysctl/net.rst "
         "(6.18); measured on Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.udp_rmem_min",
     .unit = Unit::bytes,
     .range = {1, kIntMax},
     .default_text = "one page",
     .default_rule = page_size,
     .since = "2.6.25",
     .notes = "a write outside the range: EINVAL below 1",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.udp_wmem_min",
     .unit = Unit::bytes,
     .range = {1, kIntMax},
     .effect = Effect::never,
     .effect_note = "NONE: UDP has no tx memory accounting",
     .default_text = "one page",
     .default_rule = page_size,
     .since = "2.6.25",
     .without_effect_since = {2, 6},
     .notes = "a write outside the range: EINVAL below 1",
     .source = "Documentation/networking/ip-sysctl.rst (6.18) udp_wmem_min; measured on 6.18.44"},
    {.key = "net.core.mem_pcpu_rsv",
     .unit = Unit::pages,
     .range_rule = at_least_one_mebibyte_of_pages,
     .scope = Scope::machine,
     .child = Child::absent,
     .default_text = "256 (1 MiB with 4K pages)",
     .default_rule = one_mebibyte_of_pages,
     .since = "6.7 (also in some 6.1 LTS builds)",
     .notes = "per-CPU slack before usage is flushed into tcp_mem accounting: sockstat mem is "
              "approximate by nr_cpus*this\n"
              "a write outside the range: EINVAL below 256 (measured)",
     .source = "Documentation/admin-guide/sysctl/net.rst (6.18); measured on Debian 6.1.192 and "
               "6.12.117"},
    {.key = "net.unix.max_dgram_qlen",
     .unit = Unit::count,
     .counted = "datagrams",
     .ipv6 = Ipv6::not_ip,
     .effect = Effect::new_sockets,
     .effect_note = "new AF_UNIX sockets",
     .default_text = "10 (kernel); systemd raises init_net to 512",
     .default_rule = always<10>,
     .since = "2.4 or earlier",
     .notes =
         "a write outside the range: any int on 6.18.44/6.1; 0 and later on 6.12.117 (measured)",
     .source = "net/unix/af_unix.c; systemd NEWS 228; measured on 6.18.44; measured on Debian "
               "6.1.192 and 6.12.117"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_core_buffers
