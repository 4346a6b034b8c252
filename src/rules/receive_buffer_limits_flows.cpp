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
    .what = "Active connections are held back by the maximum receive buffer size.",
    .why =
        "A receiver's window is what is free in its receive buffer. A sender that has filled it "
        "has to wait a round trip before it can send more, even though the path could carry it. "
        "Measured on each connection, weighted by bytes moved.",
    .fix =
        "Raise the maximum of net.ipv4.tcp_rmem. New connections grow into it; the program must "
        "not set SO_RCVBUF.",
    .source =
        "net/ipv4/tcp_input.c tcp_rcv_space_adjust(); include/net/tcp.h tcp_win_from_space(); "
        "tuner sockets --by limit",
    .reads = {kKey, "net.ipv4.tcp_moderate_rcvbuf", "net.ipv4.tcp_window_scaling",
              "net.ipv4.tcp_adv_win_scale"},
    .check = check,
};

}  // namespace tuner::rules::receive_buffer_limits_flows
