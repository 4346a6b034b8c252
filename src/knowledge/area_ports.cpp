#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"

namespace tuner::facts::area_ports {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.ip_local_port_range",
     .unit = Unit::ports,
     .elements = {"low", "high"},
     .range = {1, 65535},
     .effect_note = "live at every automatic port choice; existing sockets keep their port",
     .default_text = "32768 60999",
     .default_rule = always<32768, 60999>,
     .since = "2.2",
     .changes =
         "4.2: 32768 61000 -> 32768 60999 (different parity; connect() starts at even offsets)\n"
         "4.7: connect random walk -> connect() tries ports with the parity of low first, bind(0) "
         "the other parity\n"
         "6.8: - -> IP_LOCAL_PORT_RANGE sockets scan every port (step 1)",
     .caps = "the connections to one address and port at a time",
     .notes =
         "connect(): low-parity ports first, then the other half; only AFTER both are tried "
         "EADDRNOTAVAIL (99) (measured, 16 ports)\n"
         "bind(port 0) uses the opposite parity, reserves the port for all destinations and "
         "fails EADDRINUSE (98) when exhausted (measured)\n"
         "IP_BIND_ADDRESS_NO_PORT (4.2) makes bind(addr,0)+connect() share ports per "
         "destination (measured 9 connections on 4 ports)\n"
         "IP_LOCAL_PORT_RANGE socket option (6.3; present in Debian 6.1.192 headers too) "
         "narrows per socket; ignored outside the netns range (measured)\n"
         "ports in ip_local_reserved_ports are skipped\n"
         "ports already bound by a listener are skipped by connect() (measured) - the danger "
         "is the reverse: an outgoing connection sits on a service port and the service "
         "cannot bind (measured EADDRINUSE even with SO_REUSEADDR, also while that connection "
         "is in TIME_WAIT)\n"
         "documentation advises low and high of different parity\n"
         "limit is per (source IP, destination IP, destination port), not per host (TOAST 2015 "
         "4.3: the client sockets of a system)\n"
         "a write outside the range: EINVAL if low>high, outside 1..65535, or low < "
         "ip_unprivileged_port_start (measured 1023 65535 -> EINVAL, 1024 65535 ok); one "
         "number changes only the low end",
     .source = "net/ipv4/inet_hashtables.c __inet_hash_connect(); net/ipv4/inet_connection_sock.c "
               "inet_csk_find_open_port(), inet_sk_get_local_port_range(); "
               "net/ipv4/sysctl_net_ipv4.c ipv4_local_port_range(); "
               "Documentation/networking/ip-sysctl.rst (6.18); ip(7); measured on 6.18.44"},
    {.key = "net.ipv4.ip_local_reserved_ports",
     .unit = Unit::ports,
     .counted = "port list",
     .range = {0, 65535},
     .default_text = "empty",
     .default_rule = empty_list,
     .since = "2.6.35",
     .notes = "only automatic selection is affected; explicit bind() to a reserved port works "
              "(measured)\n"
              "independent of ip_local_port_range; reserving outside the range is harmless\n"
              "reserving more than the range -> EADDRNOTAVAIL\n"
              "a write outside the range: EINVAL for >65535, reversed ranges, spaces instead of "
              "commas; writing replaces the list; an empty write() of 0 bytes does nothing (write "
              "\"\\n\" to clear)",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.ip_unprivileged_port_start",
     .unit = Unit::ports,
     .range = {0, 65535},
     .effect_note = "live at bind()",
     .default_text = "1024",
     .default_rule = always<1024>,
     .since = "4.11",
     .capped_by = "the low end of net.ipv4.ip_local_port_range",
     .notes = "order of writes matters when raising both it and ip_local_port_range\n"
              "a write outside the range: EINVAL outside 0..65535 or above ip_local_port_range low "
              "(measured 32769 -> EINVAL with range 32768...)",
     .source = "net/ipv4/sysctl_net_ipv4.c ipv4_privileged_ports(); "
               "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.ip_autobind_reuse",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .default_text = "0",
     .default_rule = always<0>,
     .since = "5.7",
     .notes = "prefer IP_BIND_ADDRESS_NO_PORT\n"
              "a write outside the range: EINVAL above 1",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_ports
