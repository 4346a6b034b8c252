#include "sockets/flow_tally.hpp"

#include <algorithm>

namespace tuner {

namespace {

/// What holds the sender back at this moment. Unsent data behind a full window of the peer waits
/// for that. A buffer that is two thirds full keeps the writer asleep (include/net/sock.h
/// sk_stream_min_wspace()): where all that is in it fits into the congestion window, the buffer is
/// what is small; BBR paces it, so that a part is unsent all the same. More than that waits for the
/// path. An emptier buffer says that the application has nothing.
std::int64_t FlowTally::*held_back_by(const FlowLook& look) {
  const std::uint64_t on_the_way = look.send_queue - std::min(look.unsent, look.send_queue);
  const bool backlog = look.unsent >= std::max(look.segment, 1U);
  // The last segment of a window seldom fits.
  const bool window_full =
      look.peer_window && on_the_way + look.segment + *look.peer_window / 32 >= *look.peer_window;
  if (backlog && window_full) return &FlowTally::behind_window;
  const bool asleep = look.send_queue > 0 &&
                      std::uint64_t{look.send_memory} * 3 >= std::uint64_t{look.send_buffer} * 2;
  const bool fits =
      look.send_queue <= std::uint64_t{look.congestion_window} * std::max(look.segment, 1U);
  if (fits) return asleep ? &FlowTally::behind_buffer : &FlowTally::nothing_to_send;
  return backlog ? &FlowTally::behind_path : &FlowTally::nothing_to_send;
}

std::uint64_t rate(std::uint64_t bytes, std::chrono::microseconds time) {
  return bytes * 1'000'000 / static_cast<std::uint64_t>(time.count());
}

void keep_peak(std::array<std::uint64_t, 3>& peaks, std::uint64_t value) {
  for (std::uint64_t& peak : peaks) {
    if (value > peak) std::swap(value, peak);
  }
}

}  // namespace

void FlowTallier::add(const FlowLook& look, std::chrono::microseconds now) {
  ++tally_.looks;
  ++(tally_.*held_back_by(look));
  if (std::uint64_t{look.receive_memory} * 2 >= look.receive_buffer && look.receive_queue > 0) {
    ++tally_.unread;
  }
  tally_.rtt_sum += look.rtt;
  tally_.receive_rtt_sum += look.receive_rtt;
  tally_.own_window_sum += look.own_window.value_or(0);
  if (mark_ && now - mark_->at < FlowTally::kPiece) return;
  // A look that came late covers a longer piece, whose rate says less.
  if (mark_ && now - mark_->at < 3 * FlowTally::kPiece) {
    keep_peak(tally_.acked_peaks, rate(look.acked - mark_->acked, now - mark_->at));
    keep_peak(tally_.received_peaks, rate(look.received - mark_->received, now - mark_->at));
  }
  mark_ = Mark{.at = now, .acked = look.acked, .received = look.received};
}

}  // namespace tuner
