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
    .what = "Active connections are held back by the maximum send buffer size.",
    .why =
        "Sent data stays in the send buffer until the peer acknowledges it a round trip later. "
        "Once the buffer is full, the application cannot write more, even though the path "
        "and the peer could take it. Measured on each connection, weighted by bytes moved.",
    .fix =
        "Raise the maximum of net.ipv4.tcp_wmem. New connections grow into it; the program need "
        "not be restarted, and must not set SO_SNDBUF.",
    .source =
        "net/ipv4/tcp_input.c tcp_sndbuf_expand(); include/net/sock.h sk_stream_min_wspace(); "
        "tuner sockets --by limit",
    .reads = {kKey, "net.ipv4.tcp_window_scaling"},
    .check = check,
};

}  // namespace tuner::rules::send_buffer_limits_flows
