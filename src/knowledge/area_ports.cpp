#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"

namespace tuner::facts::area_ports {

namespace {

constexpr Fact kRows[] = {
    {.key = "net.ipv4.ip_local_port_range",
     .unit = Unit::ports,
     .elements = {"low", "high"},
     .range = {1, 65535},
     .effect_note = "It applies at once to every automatic choice of a port. Existing sockets keep "
                    "their port.",
     .default_text = "32768 60999",
     .default_rule = always<32768, 60999>,
     .since = "2.2",
     .changes = "4.2: default was 32768 61000, now 32768 60999 (different parity; connect() starts "
                "at even offsets)\n"
                "4.7: connect() tries ports with the parity of the low end first, bind(0) the "
                "other parity; before, connect() walked at random\n"
                "6.8: sockets with IP_LOCAL_PORT_RANGE scan every port (step 1)",
     .caps = "the connections to one address and port at a time",
     .notes =
         "connect() tries the ports with the parity of the low end first, then the other half. "
         "Only after both does it fail with EADDRNOTAVAIL (99) (measured with 16 ports).\n"
         "bind() to port 0 uses the opposite parity, reserves the port for all destinations and "
         "fails with EADDRINUSE (98) when the ports are exhausted (measured).\n"
         "IP_BIND_ADDRESS_NO_PORT (4.2) lets bind(addr, 0) followed by connect() share ports "
         "between destinations (measured: 9 connections on 4 ports).\n"
         "The socket option IP_LOCAL_PORT_RANGE (6.3; also in the headers of Debian 6.1.192) "
         "narrows the range for one socket. It is ignored outside the range of the network "
         "namespace (measured).\n"
         "Ports in ip_local_reserved_ports are skipped.\n"
         "connect() skips ports that a listener has bound (measured). The danger is the reverse: "
         "an outgoing connection sits on a service port and the service cannot bind (measured: "
         "EADDRINUSE even with SO_REUSEADDR, also while that connection is in TIME_WAIT).\n"
         "The documentation advises a low and a high end of different parity.\n"
         "The limit is per (source IP, destination IP, destination port), not per host (TOAST 2015 "
         "4.3 speaks of the client sockets of a system).\n"
         "A low end above the high end, a port outside 1 to 65535, or a low end below "
         "ip_unprivileged_port_start fails with EINVAL (measured: 1023 65535 is refused, 1024 "
         "65535 is accepted). Writing one number changes only the low end.",
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
     .notes = "Only the automatic choice is affected. An explicit bind() to a reserved port works "
              "(measured).\n"
              "It is independent of ip_local_port_range. Reserving ports outside that range is "
              "harmless.\n"
              "When more than the range is reserved, calls fail with EADDRNOTAVAIL.\n"
              "A port above 65535, a reversed range, or spaces instead of commas fail with EINVAL. "
              "Writing replaces the list. An empty write() of 0 bytes does nothing; write \"\\n\" "
              "to clear the list.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.ip_unprivileged_port_start",
     .unit = Unit::ports,
     .range = {0, 65535},
     .effect_note = "Each bind() reads it.",
     .default_text = "1024",
     .default_rule = always<1024>,
     .since = "4.11",
     .capped_by = "the low end of net.ipv4.ip_local_port_range",
     .notes = "The order of writes matters when raising both it and ip_local_port_range.\n"
              "A value outside 0 to 65535, or above the low end of ip_local_port_range, fails with "
              "EINVAL (measured: 32769 is refused with a range that starts at 32768).",
     .source = "net/ipv4/sysctl_net_ipv4.c ipv4_privileged_ports(); "
               "Documentation/networking/ip-sysctl.rst (6.18); measured on 6.18.44"},
    {.key = "net.ipv4.ip_autobind_reuse",
     .unit = Unit::flag,
     .values = {{0, "off"}, {1, "on"}},
     .range = {0, 1},
     .default_text = "0",
     .default_rule = always<0>,
     .since = "5.7",
     .notes = "Prefer IP_BIND_ADDRESS_NO_PORT.\n"
              "A value above 1 fails with EINVAL.",
     .source = "Documentation/networking/ip-sysctl.rst (6.18)"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_ports
