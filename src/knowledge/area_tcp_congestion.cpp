#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"

namespace tuner::facts::area_tcp_congestion {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.tcp_congestion_control",
     .unit = Unit::name,
     .child = Child::copied_from_init,
     .effect = Effect::new_sockets,
     .effect_note = "It applies to new sockets. Sockets accepted by an existing listener use the "
                    "current default unless the listener itself set TCP_CONGESTION by setsockopt() "
                    "(tcp_ca_openreq_child). Established sockets keep theirs.",
     .default_text = "CONFIG_DEFAULT_TCP_CONG of the kernel (usually cubic, or bbr)",
     .since = "2.6.13",
     .changes = "4.15: per network namespace, was global\n"
                "5.12: network namespaces other than the initial one are limited to the allowed "
                "list; before, they could set any",
     .capped_by = "net.ipv4.tcp_allowed_congestion_control, in a child namespace",
     .notes = "Setting it in the initial network namespace also adds the congestion control to the "
              "allowed list (it sets TCP_CONG_NON_RESTRICTED).\n"
              "The congctl attribute of a route overrides it.\n"
              "An unknown name fails with ENOENT, after the kernel has tried to load a module for "
              "it. In 5.12 and later, in a network namespace other than the initial one, a "
              "congestion control that is not in tcp_allowed_congestion_control fails with EPERM "
              "even for root (measured with cubic).",
     .source = "net/ipv4/tcp_cong.c tcp_set_default_congestion_control(), tcp_minisocks.c "
               "tcp_ca_openreq_child(); Documentation/networking/ip-sysctl.rst (6.18); measured on "
               "6.18.44"},
    {.key = "net.ipv4.tcp_available_congestion_control",
     .unit = Unit::names,
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .write = Write::read_only,
     .default_text = "the registered congestion controls",
     .since = "2.6.13",
     .notes = "It lists only loaded modules: a missing bbr may only mean that modprobe tcp_bbr has "
              "not happened; writing the name loads the module.\n"
              "The file is read-only (mode 0444).",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
    {.key = "net.ipv4.tcp_allowed_congestion_control",
     .unit = Unit::names,
     .scope = Scope::machine,
     .child = Child::read_only,
     .default_text = "reno and the default",
     .since = "2.6.20",
     .notes = "An unknown name fails with ENOENT.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "net.ipv4.tcp_slow_start_after_idle",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 255},
     .default_text = "1",
     .default_rule = always<1>,
     .since = "2.6.18",
     .notes = "It has no effect for congestion controls with their own cong_control, such as BBR "
              "(the kernel checks that ca_ops has no cong_control).\n"
              "The kernel accepts 0 to 255 (u8, proc_dou8vec_minmax) and refuses anything else "
              "with EINVAL. Before 5.13 it was an unchecked int.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); include/net/tcp.h "
               "tcp_slow_start_after_idle_check(); RFC 2861 (obsoleted by RFC 7661)"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_tcp_congestion
