#include "judge/buffer.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules::send_buffer_below_bdp {

namespace {

std::vector<Finding> check(const AuditInput& input) {
  return judge::buffer_findings(input, &PathNeeds::send);
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "send-buffer-below-bdp",
    .what = "The largest send buffer does not let one connection fill the path.",
    .why =
        "Sent data stays in the buffer until it is acknowledged, a round trip later, together with "
        "the overhead of each segment. Filling the path takes bandwidth times round trip in "
        "flight.",
    .fix =
        "Raise the maximum of net.ipv4.tcp_wmem; tuner bdp computes it. Give the path that "
        "matters: --input bandwidth=1Gbit --input rtt=80ms.",
    .source =
        "net/ipv4/tcp_input.c tcp_sndbuf_expand(); include/net/sock.h sk_stream_min_wspace(); "
        "TOAST 2015 3.2 and 3.3",
    .reads = {"net.ipv4.tcp_wmem"},
    .about_profile = true,
    .check = check,
};

}  // namespace tuner::rules::send_buffer_below_bdp
