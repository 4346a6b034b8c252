#include "judge/limited_flows.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules::send_buffer_limits_flows {

namespace {

constexpr const char* kKey = "net.ipv4.tcp_wmem";

std::vector<Finding> check(const AuditInput& input) {
  return judge::buffer_limits_flows(kKey, LimitedBy::send_buffer, input.host);
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "send-buffer-limits-flows",
    .what = "The largest send buffer holds back connections that move data.",
    .why =
        "What was sent stays in the send buffer until the peer acknowledges it, a round trip "
        "later. "
        "A buffer that is full of data on the way takes no more, while the path and the peer "
        "would. "
        "Seen on the connections themselves, weighed by the bytes that they moved.",
    .fix =
        "Raise the maximum of net.ipv4.tcp_wmem. New connections grow into it; the program need "
        "not "
        "be restarted, and must not set SO_SNDBUF.",
    .source =
        "net/ipv4/tcp_input.c tcp_sndbuf_expand(); include/net/sock.h sk_stream_min_wspace(); "
        "tuner sockets --by limit",
    .reads = {kKey, "net.ipv4.tcp_window_scaling"},
    .check = check,
};

}  // namespace tuner::rules::send_buffer_limits_flows
