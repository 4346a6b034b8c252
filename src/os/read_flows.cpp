#include "os/read_flows.hpp"

#include <algorithm>
#include <utility>

#include "os/flow_walk.hpp"
#include "os/interrupt.hpp"
#include "os/link_speed.hpp"
#include "os/most_of.hpp"
#include "read/flow_record.hpp"
#include "sockets/flow_tally.hpp"
#include "tuner/snapshot.hpp"

namespace tuner::os {

namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::microseconds;
using std::chrono::milliseconds;

constexpr std::size_t kMostFlows = 1000;  // kept at the end

microseconds steady_now() {
  return std::chrono::duration_cast<microseconds>(Clock::now().time_since_epoch());
}

milliseconds time_for(const FirstWalk& walk, const FlowWatch& watch) {
  if (watch.extends == FlowWatch::Extends::never) return watch.time;
  constexpr int kRoundTrips = 6;
  microseconds longest{0};
  for (const Watched& one : walk.watched) longest = std::max(longest, one.rtt);
  const auto wanted = std::chrono::duration_cast<milliseconds>(longest * kRoundTrips);
  return std::clamp(wanted, watch.time, std::max(watch.time, FlowWatch::kLongest));
}

/// Looks at the watched ones until the time is over.
Observed<void> look_again(FirstWalk& walk, const FlowWatch& watch, milliseconds time,
                          Clock::time_point begin) {
  constexpr milliseconds kPause{10};
  constexpr milliseconds kRanking{100};
  auto reader = FlowReader::open();
  if (!reader) return tl::unexpected(reader.error());
  bool ranked = walk.active <= kMostWatched;
  Interrupt interrupt;
  const auto end = begin + time;
  for (auto next = begin + kPause; next < end; next = std::max(next + kPause, Clock::now())) {
    if (interrupt.comes_before(next)) return {};
    const auto passed = std::chrono::duration_cast<milliseconds>(Clock::now() - begin);
    if (!ranked && passed >= kRanking) {
      ranked = true;
      auto told = rank(walk);
      if (!told) return told;
    }
    for (Watched& one : walk.watched) {
      if (const auto look = reader->look(one.name)) one.tallier.add(*look, steady_now());
    }
    if (watch.progress) watch.progress(passed, time);
  }
  (void)interrupt.comes_before(end);
  return {};
}

Flow flow_of(const ListedFlow& listed, const Kept* kept, const std::vector<Watched>& watched) {
  Flow flow{.local = listed.local,
            .remote = listed.remote,
            .inode = listed.inode,
            .first = kept == nullptr ? FlowLook() : kept->look(),
            .last = listed.look};
  const auto found = std::find_if(watched.begin(), watched.end(), [&listed](const Watched& one) {
    return one.cookie == listed.cookie;
  });
  FlowTallier tallier = found == watched.end() ? FlowTallier() : found->tallier;
  tallier.add(listed.look, steady_now());
  flow.tally = tallier.tally();
  return flow;
}

/// The last walk: what moved.
Observed<void> walk_last(FirstWalk& walk, FlowSurvey& survey) {
  MostOf<Flow> most(kMostFlows);
  auto told = for_each_flow([&](const ListedFlow& listed) {
    const Kept* const kept = walk.before.find(listed.cookie);
    const std::uint64_t moved =
        moved_by(listed.look) - (kept == nullptr ? 0 : kept->acked + kept->received);
    if (moved == 0) return;
    ++survey.moving;
    survey.bytes += moved;
    most.add(moved, [&] { return flow_of(listed, kept, walk.watched); });
  });
  if (!told) return told;
  survey.flows = most.finish();
  return {};
}

void name_owners(ProcessTable& table, std::vector<Flow>& flows) {
  std::vector<std::uint32_t> inodes;
  for (const Flow& flow : flows) {
    if (flow.inode != 0) inodes.push_back(flow.inode);
  }
  std::sort(inodes.begin(), inodes.end());
  inodes.erase(std::unique(inodes.begin(), inodes.end()), inodes.end());
  const auto owners = owners_of(table, inodes);
  for (Flow& flow : flows) {
    const auto found = std::lower_bound(inodes.begin(), inodes.end(), flow.inode);
    if (found == inodes.end() || *found != flow.inode) continue;
    flow.owner = owners[static_cast<std::size_t>(found - inodes.begin())];
  }
}

/// The card towards the peer of the most bytes, which is the narrowest link that this host knows.
void read_link(FlowSurvey& survey) {
  for (const Flow& flow : survey.flows) {
    if (flow.remote.address.is_loopback() || flow.remote.address == flow.local.address) continue;
    if (auto link = link_towards(flow.remote.address)) {
      survey.link = std::move(link->name);
      survey.link_bits_per_second = link->bits_per_second;
    }
    return;
  }
}

}  // namespace

Observed<FlowSurvey> watch_flows(ProcessTable& table, const FlowWatch& watch) {
  const auto begin = Clock::now();
  const auto services = read_services();
  if (!services) return tl::unexpected(services.error());
  auto walk = walk_first(*services);
  if (!walk) return tl::unexpected(walk.error());
  FlowSurvey survey{.connections = walk->connections, .most_connections = walk->most_connections};
  if (watch.waits == Reading::Watch::where_much_moves_out && !walk->much_moves_out) return survey;
  if (watch.waits == Reading::Watch::where_much_moves && !walk->much_moves) return survey;
  const auto looked = look_again(*walk, watch, time_for(*walk, watch), begin);
  if (!looked) return tl::unexpected(looked.error());
  survey.time =
      std::max(microseconds(1), std::chrono::duration_cast<microseconds>(Clock::now() - begin));
  const auto told = walk_last(*walk, survey);
  if (!told) return tl::unexpected(told.error());
  for (Flow& flow : survey.flows) flow.accepted = services->test(flow.local.port);
  name_owners(table, survey.flows);
  read_link(survey);
  return survey;
}

void read_flows(FileSource& files, Kernel kernel, const Reading& reading, HostSnapshot& host) {
  if (kernel != Kernel::running) {
    host.flows = recorded_flows(files);
    return;
  }
  if (reading.flows.count() == 0) return;
  const auto table = process_table(files, kernel);
  host.flows = watch_flows(*table, {.time = reading.flows,
                                    .waits = reading.watch,
                                    .extends = FlowWatch::Extends::for_long_round_trips});
}

Observed<FlowSurvey> recorded_flows(FileSource& files) {
  const auto text = files.read(kFlowRecords);
  if (!text) return tl::unexpected(text.error());
  return parse::flow_records(*text);
}

}  // namespace tuner::os
