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
     .effect_note = "new connections only (option is negotiated in SYN)",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2",
     .notes = "0 limits both directions of that host's new connections to 65535-byte windows, "
              "making tcp_rmem/wmem above 64 KiB useless\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 7323; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_timestamps",
     .unit = Unit::choice,
     .values = {{0, "off"},
                {1, "on, with a random offset for each connection"},
                {2, "on, without an offset"}},
     .range = {0, 255},
     .effect = Effect::new_connections,
     .effect_note = "new connections only",
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.2",
     .changes = "4.10: bool -> 0/1/2; 1 randomises the offset per connection (this is what finally "
                "broke tcp_tw_recycle)\n"
                "4.13: TS clock = jiffies (HZ) -> TS clock 1 ms (TCP_TS_HZ 1000)\n"
                "6.7: ms only -> optional usec TS per route (RTAX_FEATURE tcp_usec_ts)",
     .notes = "REQUIRED by tcp_tw_reuse on the connecting host and must be echoed by the peer "
              "(measured: tw_reuse=1 with timestamps=0 never reuses)\n"
              "without it SYN cookies lose SACK and window scaling for that connection (measured "
              "options=0)\n"
              "provides PAWS and better RTT samples; costs 12 bytes/segment\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
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
     .notes = "0 also disables DSACK, RACK/TLP quality, FACK\n"
              "a leftover 0 is often the CVE-2019-11477 emergency mitigation, fixed in "
              "5.1.11/4.19.52/... (tcp_min_snd_mss appeared with the fix)\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 2018; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_dsack",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.4",
     .notes = "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 2883; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_fack",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .effect = Effect::never,
     .effect_note = "NONE since 4.15",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.2",
     .without_effect_since = {4, 15},
     .changes = "4.11: 1 -> 0\n"
                "4.15: FACK implementation -> no-op",
     .notes = "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source =
         "Documentation/networking/ip-sysctl.rst (6.18) \"legacy option, it has no effect "
         "anymore\"; net/ipv4/tcp_input.c (no reader of sysctl_tcp_fack in 4.15 and later trees)"},
    {.key = "net.ipv4.tcp_low_latency",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .scope = Scope::machine,
     .child = Child::absent,
     .effect = Effect::never,
     .effect_note = "NONE since 4.14",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.4.21",
     .without_effect_since = {4, 14},
     .changes = "4.14: disabled the prequeue -> no-op (prequeue removed)",
     .notes = "any int is taken",
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
     .changes = "4.11: 1/2 selected Early Retransmit modes -> only 3/4 mean anything (TLP); ER "
                "folded into RACK",
     .notes = "TLP needs SACK and tcp_recovery RACK bit\n"
              "a write outside the range: EINVAL outside 0..4",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 8985; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_recovery",
     .unit = Unit::bitmap,
     .range = {0, 255},
     .default_text = "1",
     .default_rule = always<1>,
     .since = "4.4",
     .notes = "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
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
     .notes =
         "a write outside the range: EINVAL above 2 on 6.18 and 6.19 although the "
         "documentation lists 3..5 (tcp_ecn_mode_max=2; measured); 7.2 takes 3..5, 5.10 any int "
         "(measured)",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); net/ipv4/sysctl_net_ipv4.c "
               "tcp_ecn_mode_max; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_mtu_probing",
     .unit = Unit::choice,
     .values = {{0, "off"}, {1, "after a black hole is found"}, {2, "always"}},
     .range = {0, 255},
     .effect = Effect::new_connections,
     .effect_note = "new connections (1: when a black hole is detected)",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.6.17",
     .notes = "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int. (3+ accepted, measured)",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 4821; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_base_mss",
     .unit = Unit::bytes,
     .effect = Effect::new_connections,
     .default_text = "1024",
     .default_rule = always<1024>,
     .since = "2.6.17",
     .changes = "4.1: 512 -> 1024",
     .notes = "any int is taken",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_no_metrics_save",
     .unit = Unit::flag,
     .values = {{0, "metrics of closed connections are kept"}, {1, "metrics are not kept"}},
     .range = {0, 255},
     .effect_note = "at connection close",
     .default_text = "0",
     .default_rule = always<0>,
     .since = "2.6.6",
     .notes = "tcp_no_ssthresh_metrics_save=1 (5.6) already stops ssthresh caching\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_autocorking",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .default_text = "1",
     .default_rule = always<1>,
     .since = "3.14",
     .notes = "a write outside the range: EINVAL above 1",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_min_tso_segs",
     .unit = Unit::count,
     .counted = "segments",
     .range = {1, 255},
     .default_text = "2",
     .default_rule = always<2>,
     .since = "3.12",
     .notes = "a write outside the range: EINVAL 0 or above 255 (5.13 and later)",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.tcp_fastopen",
     .unit = Unit::bitmap,
     .values = {{0, "off"}, {1, "for clients"}, {2, "for servers"}, {3, "for clients and servers"}},
     .effect_note = "client: live at sendto(); server: at listen()",
     .default_text = "1 (client)",
     .default_rule = always<1>,
     .since = "3.6/3.7",
     .notes = "3 alone does not enable servers that do not set TCP_FASTOPEN (0x400 does)\n"
              "tcp_fastopen_blackhole_timeout_sec default 3600 -> 0 in 5.13/5.14\n"
              "a write outside the range: any int accepted (unknown bits ignored)",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); RFC 7413; measured on 6.18.44"},
    {.key = "net.ipv4.tcp_challenge_ack_limit",
     .unit = Unit::count,
     .counted = "ACKs a second",
     .default_text = "2147483647 (off)",
     .default_rule = since<6, 1, 1000, kIntMax>,
     .since = "3.6",
     .changes = "4.0 and earlier: - -> 100\n"
                "4.2 tree: 100 -> 1000\n"
                "6.1 tree: 1000 -> 2147483647",
     .notes = "999999999 in a config is the CVE-2016-5696 workaround, obsolete since 4.7\n"
              "any int is taken",
     .source = "net/ipv4/tcp_ipv4.c; Documentation/networking/ip-sysctl.rst (6.18)"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_options
