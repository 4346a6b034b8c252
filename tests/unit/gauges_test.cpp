#include "tuner/gauge.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "cases.hpp"
#include "judge/check.hpp"
#include "judge/gauges.hpp"
#include "judge/reading.hpp"
#include "read/sysctl.hpp"
#include "text/human.hpp"
#include "tuner/reading.hpp"
#include "tuner/report.hpp"
#include "tuner/rule.hpp"

/// One thing has one number: a bar shows what the finding on the same thing says.
namespace tuner {
namespace {

namespace fs = std::filesystem;

/// A bar and the rule that judges the same thing: by the subject, where it is one of many.
struct Twin {
  std::string_view gauge;  ///< how its name begins
  std::string_view rule;
};

constexpr Twin kTwins[] = {
    {"orphans", "orphans-near-limit"},
    {"connection tracking", "conntrack-table-near-full"},
    {"IPv4 neighbours", "neighbour-table-near-full"},
    {"IPv6 neighbours", "neighbour-table-near-full"},
    {"open files of the host", "file-table-near-full"},
    {"accept queue ", "listen-queue-overflow"},
    {"local ports to ", "ephemeral-ports-near-exhaustion"},
    {"open files of ", "open-file-limit-near"},
};

bool is_of(const std::string& subject, const Gauge& gauge, std::string_view prefix) {
  const std::string rest = gauge.name.substr(prefix.size());
  return rest.empty() || rest.starts_with(subject) || subject.ends_with(rest);
}

bool is_about(const Finding& finding, const Gauge& gauge, const Twin& twin) {
  if (finding.id != twin.rule || !gauge.name.starts_with(twin.gauge)) return false;
  if (!twin.gauge.ends_with(' ')) return finding.key == gauge.setting;
  // Passing checks of queues, ports and processes are about all of them together.
  return finding.status == Status::fail && is_of(finding.subject, gauge, twin.gauge);
}

bool says(const Finding& finding, const Gauge& gauge) {
  const auto has = [&finding](std::int64_t number) {
    return finding.message.find(text::grouped(number)) != std::string::npos;
  };
  return has(gauge.used) && has(gauge.limit);
}

/// Compares all bars of a host with its findings; the bars that had one go to `met`.
void compare(const HostSnapshot& host, std::set<std::string_view>& met) {
  const auto findings = check({.host = host});
  for (const Gauge& gauge : gauges_of(host)) {
    for (const Twin& twin : kTwins) {
      std::vector<const Finding*> about;
      for (const Finding& finding : findings) {
        const bool judged = finding.status == Status::pass || finding.status == Status::fail;
        if (judged && is_about(finding, gauge, twin)) about.push_back(&finding);
      }
      if (about.empty()) continue;
      CAPTURE(gauge.name);
      CAPTURE(gauge.used);
      CAPTURE(gauge.limit);
      CAPTURE(about.front()->message);
      CHECK(std::any_of(about.begin(), about.end(),
                        [&gauge](const Finding* finding) { return says(*finding, gauge); }));
      met.insert(twin.gauge);
    }
  }
}

HostSnapshot overlaid(const fs::path& file) {
  const auto given = parse::toml(test::slurp(file), file.string()).value();
  const std::string name = test::text_of(given, "host");
  test::OverlaidFiles files(name);
  test::overlay(given, files);
  auto reading = reading_for(nullptr);
  reading.keys = test::keys_of_facts();
  return os::read_host(files, test::host_path(name), std::nullopt, reading);
}

TEST_CASE("a bar shows the numbers of the finding on the same thing") {
  std::set<std::string_view> met;
  for (const std::string& name : test::kHosts) {
    CAPTURE(name);
    compare(test::read_captured(name), met);
  }
  for (const Rule* const rule : rules::kAll) {
    const fs::path directory = fs::path(TUNER_SOURCE_DIR "/tests/rules") / rule->id;
    if (!fs::is_directory(directory)) continue;
    for (const auto& entry : fs::directory_iterator(directory)) {
      CAPTURE(entry.path().string());
      compare(overlaid(entry.path()), met);
    }
  }
  for (const Twin& twin : kTwins) {
    CAPTURE(twin.gauge);
    CHECK(met.contains(twin.gauge));
  }
}

TEST_CASE("connections that are tracked are counted by one file") {
  test::OverlaidFiles files("debian12-6.1-x86_64-1g");
  const auto number = [&files](const std::string& name, const std::string& value) {
    files.set("proc/sys/net/netfilter/nf_conntrack_" + name, {value + "\n"});
  };
  number("count", "262144");
  number("max", "262144");
  number("buckets", "262144");
  // What a namespace without rules counts there.
  files.set("proc/net/stat/nf_conntrack",
            {std::string("entries found drop early_drop insert_failed\n0 0 0 0 0\n")});
  const auto gauges = gauges_of(test::read_captured(files, "debian12-6.1-x86_64-1g"));
  const auto gauge = std::find_if(gauges.begin(), gauges.end(), [](const Gauge& one) {
    return one.name == "connection tracking";
  });
  REQUIRE(gauge != gauges.end());
  CHECK(gauge->used == 262144);
  CHECK(fill_of(*gauge) == Severity::error);
}

TEST_CASE("TCP memory is counted in pages, whatever the kernel prints") {
  // Before 6.0 sockstat counts 4 KiB; this page has sixteen of them.
  HostSnapshot host;
  host.kernel = KernelRelease{"5.10.0", {5, 10}};
  host.page_size = PageSize::from(Bytes(65536)).value();
  host.sockets = SocketStatistics{.tcp_memory = Pages(1600)};
  host.set_sysctl("net.ipv4.tcp_mem", parse::sysctl_value("100\t200\t1000"));
  const auto gauges = gauges_of(host);
  REQUIRE(gauges.size() == 1);
  CHECK(gauges.front().used == 100);
  CHECK(gauges.front().limit == 1000);
}

TEST_CASE("ports that tcp_tw_reuse takes are shown, and do not press") {
  HostSnapshot host;
  host.set_sysctl("net.ipv4.ip_local_port_range", parse::sysctl_value("32768\t60999"));
  host.set_sysctl("net.ipv4.ip_local_reserved_ports", parse::sysctl_value(""));
  host.set_sysctl("net.ipv4.tcp_tw_reuse", parse::sysctl_value("1"));
  host.set_sysctl("net.ipv4.tcp_timestamps", parse::sysctl_value("1"));
  TcpSurvey survey;
  survey.peers.push_back({.remote_port = 80,
                          .in_use = 10,
                          .time_wait = 27000,
                          .inside = 27010,
                          .timestamps = PeerTimestamps::on});
  host.tcp = survey;
  const auto gauges = gauges_of(host);
  REQUIRE(gauges.size() == 1);
  CHECK(gauges.front().used == 27010);
  CHECK(gauges.front().limit == 28232);
  CHECK_FALSE(fill_of(gauges.front()));
}

}  // namespace
}  // namespace tuner
