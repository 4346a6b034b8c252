#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"

namespace tuner::facts::area_tcp_congestion {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.tcp_congestion_control",
     .unit = Unit::name,
     .child = Child::copied_from_init,
     .effect = Effect::new_sockets,
     .effect_note = "new sockets; accepted sockets of an existing listener use the current default "
                    "unless the LISTENER set TCP_CONGESTION by setsockopt (tcp_ca_openreq_child); "
                    "established sockets keep theirs",
     .default_text = "kernel CONFIG_DEFAULT_TCP_CONG (cubic usually; bbr)",
     .since = "2.6.13",
     .changes = "4.15: global -> per-netns\n"
                "5.12: any -> non-init netns limited to allowed list",
     .capped_by = "net.ipv4.tcp_allowed_congestion_control, in a child namespace",
     .notes = "setting it in init_net also adds the CC to the allowed list (sets "
              "TCP_CONG_NON_RESTRICTED)\n"
              "route congctl attribute overrides\n"
              "a write outside the range: unknown -> ENOENT (module autoload tried); 5.12 and "
              "later in a non-init netns a CC that is not in tcp_allowed_congestion_control -> "
              "EPERM even for root (measured cubic -> EPERM here)",
     .source = "net/ipv4/tcp_cong.c tcp_set_default_congestion_control(), tcp_minisocks.c "
               "tcp_ca_openreq_child(); Documentation/networking/ip-sysctl.rst (6.18); measured on "
               "6.18.44"},
    {.key = "net.ipv4.tcp_available_congestion_control",
     .unit = Unit::names,
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .write = Write::read_only,
     .default_text = "registered CCs",
     .since = "2.6.13",
     .notes = "lists only loaded modules: \"bbr missing\" may only mean modprobe tcp_bbr has not "
              "happened; writing the name autoloads it\n"
              "a write outside the range: 0444",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_allowed_congestion_control",
     .unit = Unit::names,
     .scope = Scope::machine,
     .child = Child::read_only,
     .default_text = "reno + default",
     .since = "2.6.20",
     .notes = "a write outside the range: unknown name -> ENOENT",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_slow_start_after_idle",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.6.18",
     .notes = "no effect for congestion controls with their own cong_control such as BBR (check: "
              "!ca_ops->cong_control)\n"
              "a write outside the range: 0..255 accepted (u8, proc_dou8vec_minmax); else EINVAL. "
              "Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/net/tcp.h "
               "tcp_slow_start_after_idle_check(); RFC 2861 (obsoleted by RFC 7661)"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_congestion
