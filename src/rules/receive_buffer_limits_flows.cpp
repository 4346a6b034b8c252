#include "judge/limited_flows.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules::receive_buffer_limits_flows {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_rmem";

std::vector<Finding> check(const AuditInput& input) {
  return judge::buffer_limits_flows(kKey, LimitedBy::receive_buffer, input.host);
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "receive-buffer-limits-flows",
    .what = "The largest receive buffer holds back connections that move data.",
    .why =
        "The window that a receiver offers comes out of its receive buffer. A sender that has "
        "filled it waits a round trip for more, while the path would carry more. Seen on the "
        "connections themselves, weighed by the bytes that they moved.",
    .fix =
        "Raise the maximum of net.ipv4.tcp_rmem. New connections grow into it; the program must "
        "not "
        "set SO_RCVBUF.",
    .source =
        "net/ipv4/tcp_input.c tcp_rcv_space_adjust(); include/net/tcp.h tcp_win_from_space(); "
        "tuner sockets --by limit",
    .reads = {kKey, "net.ipv4.tcp_moderate_rcvbuf", "net.ipv4.tcp_window_scaling",
              "net.ipv4.tcp_adv_win_scale"},
    .check = check,
};

}  // namespace tuner::rules::receive_buffer_limits_flows
