#include "judge/buffer.hpp"
#include "tuner/rule.hpp"

namespace tuner::rules::receive_buffer_below_bdp {

namespace {

std::vector<Finding> check(const AuditInput& input) {
  return judge::buffer_findings(input, &PathNeeds::receive);
}

}  // namespace

extern const Rule rule;

const Rule rule{
    .id = "receive-buffer-below-bdp",
    .what = "The largest receive buffer does not let one connection fill the path.",
    .why =
        "A sender may have no more in flight than the window, and the window is part of the "
        "receive buffer. Filling the path takes bandwidth times round trip in flight.",
    .fix =
        "Raise the maximum of net.ipv4.tcp_rmem; tuner bdp computes it. Give the path that "
        "matters: --input bandwidth=1Gbit --input rtt=80ms.",
    .source =
        "RFC 7323 section 2; include/net/tcp.h tcp_win_from_space(); net/ipv4/tcp_output.c "
        "tcp_select_initial_window(); TOAST 2015 3.2 and 3.3",
    .reads = {"net.ipv4.tcp_rmem", "net.core.rmem_max", "net.ipv4.tcp_window_scaling",
              "net.ipv4.tcp_moderate_rcvbuf", "net.ipv4.tcp_adv_win_scale"},
    .about_profile = true,
    .check = check,
};

}  // namespace tuner::rules::receive_buffer_below_bdp
