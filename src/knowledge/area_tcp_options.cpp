#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_tcp_options {

namespace {

/// 7.2 has the modes of accurate ECN; which release brought them was not measured.
constexpr Range ecn_modes(const HostTraits& host) {
  if (is_since(host, {7, 0})) return {0, 5};
  return unchecked_before<5, 13, 0, 2>(host);
}

constexpr Fact kRows[] = {
    {.key = "net.ipv4.tcp_window_scaling",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .effect = Effect::new_connections,
     .effect_note =
         "It applies to new connections only, because the option is negotiated in the SYN.",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2",
     .notes = "Setting it to 0 limits both directions of the host's new connections to windows of "
              "65535 bytes, which makes tcp_rmem and tcp_wmem above 64 KiB useless.\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 7323; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_timestamps",
     .unit = Unit::choice,
     .values = {{0, "off"},
                {1, "on, with a random offset for each connection"},
                {2, "on, without an offset"}},
     .range = {0, 255},
     .effect = Effect::new_connections,
     .effect_note = "It applies to new connections only.",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2",
     .changes =
         "4.10: takes 0, 1 and 2, was a boolean; 1 randomises the offset per connection (this is "
         "what finally broke tcp_tw_recycle)\n"
         "4.13: the timestamp clock ticks every 1 ms (TCP_TS_HZ 1000), before in jiffies (HZ)\n"
         "6.7: optional microsecond timestamps per route (RTAX_FEATURE tcp_usec_ts), before only "
         "milliseconds",
     .notes = "tcp_tw_reuse requires it on the connecting host, and the peer must echo it "
              "(measured: tw_reuse=1 with timestamps=0 never reuses).\n"
              "Without it SYN cookies lose SACK and window scaling for that connection (measured: "
              "options=0).\n"
              "It provides PAWS and better RTT samples. It costs 12 bytes per segment.\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/tcp_input.c "
               "tcp_conn_request(); RFC 7323; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_sack",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .effect = Effect::new_connections,
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2",
     .notes = "Setting it to 0 also disables DSACK and FACK, and degrades RACK and TLP.\n"
              "A leftover 0 is often the emergency mitigation for CVE-2019-11477, which was fixed "
              "in 5.1.11, 4.19.52 and others (tcp_min_snd_mss appeared with the fix).\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 2018; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_dsack",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.4",
     .notes = "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 2883; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_fack",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .effect = Effect::never,
     .effect_note = "It has had no effect since 4.15.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2",
     .without_effect_since = {4, 15},
     .changes = "4.11: default was 1, now 0\n"
                "4.15: does nothing any more; before, it controlled the FACK implementation",
     .notes = "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source =
         "Documentation/networking/ip-sysctl.rst (6.18) \"legacy option, it has no effect "
         "anymore\"; net/ipv4/tcp_input.c (no reader of sysctl_tcp_fack in 4.15 and later trees)"},
    {.key = "net.ipv4.tcp_low_latency",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .scope = Scope::machine,
     .child = Child::absent,
     .effect = Effect::never,
     .effect_note = "It has had no effect since 4.14.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.4.21",
     .without_effect_since = {4, 14},
     .changes = "4.14: does nothing any more, as the prequeue was removed; before, it disabled the "
                "prequeue",
     .notes = "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/sysctl_net_ipv4.c: only "
               "the table refers to the variable in 4.15 and later"},
    {.key = "net.ipv4.tcp_early_retrans",
     .unit = Unit::choice,
     .values = {{0, "tail loss probes off"},
                {3, "tail loss probes on"},
                {4, "tail loss probes on"}},
     .range = {0, 4},
     .default_text = "3",
     .default_rule = always<3>,
     .since = "3.5",
     .changes = "4.11: only 3 and 4 mean anything (TLP), and Early Retransmit is folded into RACK; "
                "before, 1 and 2 selected Early Retransmit modes",
     .notes = "TLP needs SACK and the RACK bit of tcp_recovery.\n"
              "A value outside 0 to 4 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 8985; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_recovery",
     .unit = Unit::bitmap,
     .range = {0, 255},
     .default_text = "1",
     .default_rule = always<1>,
     .since = "4.4",
     .notes = "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_ecn_fallback",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "a second SYN asks without ECN"}},
     .range = {0, 1},
     .range_rule = unchecked_before<5, 13, 0, 1>,
     .effect = Effect::new_connections,
     .default_text = "1",
     .default_rule = always<1>,
     .since = "4.1",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/sysctl_net_ipv4.c; "
               "measured on 6.18.44"},
    {.key = "net.ipv4.tcp_ecn",
     .unit = Unit::choice,
     .values = {{0, "off"}, {1, "asked for and accepted"}, {2, "accepted when the peer asks"}},
     .range = {0, 2},
     .range_rule = ecn_modes,
     .effect = Effect::new_connections,
     .default_text = "2",
     .default_rule = always<2>,
     .since = "2.4",
     .notes = "On 6.18 and 6.19 a value above 2 fails with EINVAL, although the documentation "
              "lists 3 to 5 (tcp_ecn_mode_max=2; measured). Kernel 7.2 accepts 3 to 5, and 5.10 "
              "any int (measured).",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/sysctl_net_ipv4.c "
               "tcp_ecn_mode_max; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_mtu_probing",
     .unit = Unit::choice,
     .values = {{0, "off"}, {1, "after a black hole is found"}, {2, "always"}},
     .range = {0, 255},
     .effect = Effect::new_connections,
     .effect_note = "It applies to new connections (with 1, when a black hole is detected).",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.6.17",
     .notes = "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int. Values of 3 and more are accepted "
              "(measured).",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 4821; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_base_mss",
     .unit = Unit::bytes,
     .effect = Effect::new_connections,
     .default_text = "1024",
     .default_rule = always<1024>,
     .since = "2.6.17",
     .changes = "4.1: default raised from 512 to 1024",
     .notes = "The kernel accepts any int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_no_metrics_save",
     .unit = Unit::flag,
     .values = {{0, "metrics of closed connections are kept"}, {1, "metrics are not kept"}},
     .range = {0, 255},
     .effect_note = "It is read when a connection closes.",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.6.6",
     .notes = "tcp_no_ssthresh_metrics_save=1 (5.6) already stops the caching of ssthresh.\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_autocorking",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .default_text = "1",
     .default_rule = always<1>,
     .since = "3.14",
     .notes = "A value above 1 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_min_tso_segs",
     .unit = Unit::count,
     .counted = "segments",
     .range = {1, 255},
     .default_text = "2",
     .default_rule = always<2>,
     .since = "3.12",
     .notes = "Since 5.13, 0 and values above 255 fail with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_fastopen",
     .unit = Unit::bitmap,
     .values = {{0, "off"}, {1, "for clients"}, {2, "for servers"}, {3, "for clients and servers"}},
     .effect_note = "For clients, each sendto() reads it; for servers, listen() does.",
     .default_text = "1 (for clients)",
     .default_rule = always<1>,
     .since = "3.6/3.7",
     .notes = "The value 3 alone does not enable it for servers that do not set TCP_FASTOPEN "
              "(0x400 does).\n"
              "The default of tcp_fastopen_blackhole_timeout_sec changed from 3600 to 0 in 5.13 or "
              "5.14.\n"
              "The kernel accepts any int and ignores unknown bits.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 7413; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_challenge_ack_limit",
     .unit = Unit::count,
     .counted = "ACKs a second",
     .default_text = "2147483647 (off)",
     .default_rule = since<6, 1, 1000, kIntMax>,
     .since = "3.6",
     .changes = "4.0: default is 100 in this release and earlier ones\n"
                "4.2: default raised from 100 to 1000 (in the 4.2 tree)\n"
                "6.1: default raised from 1000 to 2147483647 (in the 6.1 tree)",
     .notes = "A value of 999999999 in a configuration is the workaround for CVE-2016-5696, "
              "obsolete since 4.7.\n"
              "The kernel accepts any int.",
     .source = "net/ipv4/tcp_ipv4.c; Documentation/networking/ip-sysctl.rst (6.18)"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_options
