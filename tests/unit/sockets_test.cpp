#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "hosts.hpp"
#include "read/anonymous.hpp"
#include "read/evidence_record.hpp"
#include "read/process_record.hpp"
#include "read/record.hpp"
#include "read/sockets.hpp"
#include "sockets/room.hpp"
#include "sockets/rows.hpp"
#include "sockets/surveyor.hpp"
#include "tuner/socket_report.hpp"

namespace tuner {
namespace {

Address address(const std::string& text) { return address_of(text).value(); }

TcpSocket socket(TcpState state, const std::string& local, const std::string& remote) {
  const auto from = endpoint_of(local).value();
  const auto to = endpoint_of(remote).value();
  return {.state = state,
          .local = from.address,
          .remote = to.address,
          .local_port = from.port,
          .remote_port = to.port,
          .inode = 1};
}

TcpSurvey survey_of(const std::vector<TcpSocket>& sockets) {
  Surveyor surveyor({.peers = SurveyRequest::Peers::counted, .range = {32768, 60999}});
  for (const TcpSocket& one : sockets) surveyor.add(one);
  return surveyor.finish();
}

TEST_CASE("addresses are read and written in their usual forms") {
  for (const std::string text : {"127.0.0.1", "0.0.0.0", "::1", "::", "2001:db8::5"}) {
    CHECK(address_text(address(text)) == text);
  }
  CHECK(address_text(address("::ffff:10.0.0.1")) == "10.0.0.1");  // as a dual-stack socket has it
  CHECK(endpoint_text(address("::1"), 80) == "[::1]:80");
  CHECK(endpoint_of("[::1]:80")->port == 80);
  for (const char* const wrong : {"", "10.0.0", "10.0.0.1:80:1", "10.0.0.1:65536", "x:80", ":80"}) {
    CAPTURE(wrong);
    CHECK_FALSE(endpoint_of(wrong).has_value());
  }
  CHECK(address("127.9.9.9").is_loopback());
  CHECK_FALSE(address("::").is_loopback());
  CHECK(address("0.0.0.0").is_wildcard());
  CHECK_FALSE(address("0.0.0.1").is_wildcard());
}

TEST_CASE("lines of /proc/net/tcp and udp are read as the kernel prints them") {
  // Printed by this kernel, little-endian, for 127.0.0.1:2024 and [::1]:8080.
  const auto listener = parse::proc_tcp_line(
      "   0: 0100007F:07E8 00000000:0000 0A 00000000:00000003 00:00000000 00000000     0        0 "
      "7301 1 0000000000000000 100 0 0 10 0");
  REQUIRE(listener.has_value());
  CHECK(endpoint_text(listener->local, listener->local_port) == "127.0.0.1:2024");
  CHECK(listener->state == TcpState::listen);
  CHECK(listener->receive_queue == 3);
  CHECK(listener->inode == 7301);
  const auto six = parse::proc_tcp_line(
      "0: 00000000000000000000000001000000:1F90 00000000000000000000000001000000:C001 02 "
      "00000001:00000000 01:00000064 00000002 0 0 9 1");
  REQUIRE(six.has_value());
  CHECK(endpoint_text(six->remote, six->remote_port) == "[::1]:49153");
  CHECK(six->retransmissions == 2);
  CHECK(six->expires == std::chrono::seconds(1));
  const auto udp = parse::proc_udp_line(
      "1: 0100007F:14E9 00000000:0000 07 00000000:00000000 00:00000000 00000000 0 0 5 2 0 94");
  REQUIRE(udp.has_value());
  CHECK(udp->drops == 94);
  CHECK_FALSE(udp->connected);
  CHECK_FALSE(parse::proc_tcp_line("0: 0100007F:07E8 00000000:0000 0A").has_value());
  CHECK_FALSE(parse::proc_tcp_line("").has_value());
}

/// So many connections to each peer, their ports one after the other, `step` apart.
TcpSurvey survey_of_runs(int peers, int each, int step) {
  std::vector<TcpSocket> sockets;
  int port = 32768;
  for (int peer = 0; peer < peers; ++peer) {
    for (int number = 0; number < each; ++number, port += step) {
      sockets.push_back(socket(TcpState::established, "10.0.0.5:" + std::to_string(port),
                               "10.0.1." + std::to_string(peer + 1) + ":80"));
    }
  }
  return survey_of(sockets);
}

TEST_CASE("ports are bound before connect only where chance cannot keep them apart") {
  // Two runs of connect() that lie beside each other, and one peer alone.
  CHECK(survey_of_runs(2, 600, 2).bound_addresses.empty());
  CHECK(survey_of_runs(1, 20000, 1).bound_addresses.empty());
  // Ten runs of a twelfth of the ports of one parity, and more than there are of one parity.
  CHECK(survey_of_runs(10, 1200, 2).bound_addresses.size() == 1);
  const TcpSurvey most = survey_of_runs(2, 10000, 1);
  REQUIRE(most.bound_addresses.size() == 1);
  CHECK(most.bound_addresses[0].ports == 20000);
  CHECK(most.peers[0].bound == 20000);
}

TEST_CASE("a connection is counted for its peer unless a listener took it") {
  const auto survey = survey_of({
      socket(TcpState::listen, "0.0.0.0:443", "0.0.0.0:0"),
      socket(TcpState::established, "10.0.0.1:443", "10.0.0.9:50000"),
      socket(TcpState::time_wait, "10.0.0.1:443", "10.0.0.9:50001"),
      socket(TcpState::established, "10.0.0.1:40000", "10.0.0.2:80"),
      socket(TcpState::time_wait, "10.0.0.1:40001", "10.0.0.2:80"),
      socket(TcpState::established, "[::ffff:10.0.0.1]:40002", "[::ffff:10.0.0.2]:80"),
      socket(TcpState::established, "10.0.0.1:1024", "10.0.0.2:80"),
      socket(TcpState::established, "10.0.0.1:8080", "10.0.0.9:50009"),  // its listener is gone
      socket(TcpState::new_syn_recv, "10.0.0.1:443", "10.0.0.9:50002"),
      socket(TcpState::bound_inactive, "10.0.0.1:45000", "0.0.0.0:0"),
  });
  CHECK(survey.count(TcpState::established) == 5);
  CHECK(survey.count(TcpState::syn_recv) == 1);
  REQUIRE(survey.peers.size() == 1);
  CHECK(survey.peers[0].in_use == 3);
  CHECK(survey.peers[0].time_wait == 1);
  CHECK(survey.peers[0].inside == 3);
  CHECK(survey.time_wait_on_service_ports == 1);
  CHECK(survey.time_wait_on_chosen_ports == 1);
  CHECK(survey.census.established_in == 1);
  CHECK(port_list_text(survey.bound) == "443,45000");
}

TEST_CASE("one connection without timestamps is enough to know of its peer") {
  Surveyor surveyor({.peers = SurveyRequest::Peers::counted, .range = {32768, 60999}});
  auto one = socket(TcpState::established, "10.0.0.1:40000", "10.0.0.2:80");
  auto other = socket(TcpState::established, "10.0.0.1:40001", "10.0.0.2:80");
  surveyor.add(one);
  surveyor.add(other);
  one.details = TcpDetails{.timestamps = false};
  other.details = TcpDetails{.timestamps = true};
  surveyor.add_details(one);
  surveyor.add_details(other);
  CHECK(surveyor.finish().peers[0].timestamps == PeerTimestamps::off);
}

HostSnapshot host_with(const std::string& reuse, const std::string& delay) {
  test::OverlaidFiles files("debian12-6.1-x86_64-1g");
  files.set("proc/sys/net/ipv4/tcp_tw_reuse", {reuse + "\n"});
  files.set("proc/sys/net/ipv4/ip_local_port_range", {std::string("40000\t40119\n")});
  files.set("proc/sys/net/ipv4/ip_local_reserved_ports", {std::string("40000-40058\n")});
  if (!delay.empty()) files.set("proc/sys/net/ipv4/tcp_tw_reuse_delay", {delay + "\n"});
  return test::read_captured(files, "debian12-6.1-x86_64-1g");
}

TEST_CASE("the ports of a peer, and the connections a second that they allow") {
  TcpSurvey survey;
  survey.bound = {{40119, 40119}};
  PeerGroup peer{.local = address("10.0.0.1"), .remote = address("10.0.0.2"), .remote_port = 80};
  peer.inside = 20;
  const auto plain = port_room(host_with("0", ""), &survey).value();
  CHECK(plain.ports == 60);
  CHECK(plain.available(peer) == 40);
  CHECK(plain.connects_per_second(peer) == doctest::Approx(1));
  const auto reusing = port_room(host_with("1", ""), &survey).value();
  CHECK(reusing.connects_per_second(peer) == doctest::Approx(60));
  const auto quick = port_room(host_with("1", "200"), &survey).value();
  CHECK(quick.connects_per_second(peer) == doctest::Approx(300));
  peer.timestamps = PeerTimestamps::off;
  CHECK(reusing.connects_per_second(peer) == doctest::Approx(1));
  peer.timestamps = PeerTimestamps::on;
  const auto loopback = port_room(host_with("2", ""), &survey).value();
  CHECK(loopback.connects_per_second(peer) == doctest::Approx(1));
  peer.local = peer.remote = address("127.0.0.1");
  CHECK(loopback.connects_per_second(peer) == doctest::Approx(60));
}

TEST_CASE("a sample tells when the ports run out") {
  const auto host = host_with("0", "");
  TcpSurvey before;
  before.peers = {{.remote = address("10.0.0.2"), .remote_port = 80, .inside = 10}};
  TcpSurvey after = before;
  after.peers[0].inside = 20;
  const auto rows = peer_rows(host, after, &before, std::chrono::seconds(2)).value();
  CHECK(rows[0].available == 41);
  CHECK(rows[0].seconds_left == 8);  // five a second
  CHECK_FALSE(peer_rows(host, before, &after, std::chrono::seconds(2)).value()[0].seconds_left);
  CHECK_FALSE(peer_rows(host, after, nullptr, {}).value()[0].seconds_left.has_value());
}

rc::Gen<Address> any_address() {
  return rc::gen::map(
      rc::gen::container<std::vector<std::uint8_t>>(16, rc::gen::arbitrary<std::uint8_t>()),
      [](const std::vector<std::uint8_t>& bytes) {
        Address result;
        std::copy(bytes.begin(), bytes.end(), result.bytes.begin());
        return result;
      });
}

TEST_CASE("records of sockets, processes, routes and interfaces are read back as written") {
  CHECK(rc::check("sockets", [] {
    TcpSocket given{.state = static_cast<TcpState>(*rc::gen::inRange(1, 14)),
                    .local = *any_address(),
                    .remote = *any_address(),
                    .local_port = *rc::gen::arbitrary<std::uint16_t>(),
                    .remote_port = *rc::gen::arbitrary<std::uint16_t>(),
                    .receive_queue = *rc::gen::arbitrary<std::uint32_t>(),
                    .send_queue = *rc::gen::arbitrary<std::uint32_t>(),
                    .inode = *rc::gen::arbitrary<std::uint32_t>()};
    if (*rc::gen::arbitrary<bool>()) given.details = TcpDetails{.timestamps = true};
    const std::string text = parse::tcp_record(given);
    const auto again = parse::tcp_socket(text);
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->local == given.local);
    RC_ASSERT(again->send_queue == given.send_queue);
    RC_ASSERT(parse::tcp_record(*again) == text);
  }));
  CHECK(rc::check("words", [](const std::string& text) {
    RC_ASSERT(parse::many_words(parse::one_word(text)) == text);
    RC_ASSERT(parse::words(parse::one_word(text)).size() == (text.empty() ? 0U : 1U));
  }));
  CHECK(rc::check("processes", [](const std::string& comm) {
    const parse::ProcessRecords given{
        .looked_at = 5,
        .unread = 1,
        .processes = {{.files = {.process = {.pid = 812, .comm = comm, .unit = "a b.service"},
                                 .open_files = 7,
                                 .soft = 10},
                       .inodes = {3, 9}}}};
    const auto again = parse::process_records(parse::process_records_text(given));
    RC_ASSERT(again.has_value());
    RC_ASSERT(again->processes[0].files.process.comm == comm);
    RC_ASSERT(!again->processes[0].files.hard.has_value());
    RC_ASSERT(again->processes[0].inodes == std::vector<std::uint32_t>({3, 9}));
  }));
  const std::vector<DefaultRoute> routes{
      {.shown = "default via 10.0.0.1 dev a b", .device = "a b", .windows = {4, 0}}};
  CHECK(parse::default_routes(parse::route_records(routes)).value()[0].shown == routes[0].shown);
  for (const char* const wrong : {"route initcwnd=x", "road", "route initcwnd=-1"}) {
    CHECK_FALSE(parse::default_routes(wrong).has_value());
  }
}

TEST_CASE("a snapshot of anything at all is refused in words") {
  CHECK(rc::check("lines", [](const std::string& text) {
    const auto socket = parse::tcp_socket("listen " + text);
    RC_ASSERT(socket.has_value() || !socket.error().detail.empty());
    (void)parse::proc_tcp_line(text);
    (void)parse::proc_udp_line(text);
    (void)parse::process_records("processes\n" + text);
    (void)parse::interface_drops(text);
    (void)parse::many_words(text);
    Anonymous anonymous;
    RC_ASSERT(anonymous.text(text).empty() == text.empty());
  }));
  for (const char* const wrong :
       {"listen", "listen 0.0.0.0:80", "dance 0.0.0.0:80 0.0.0.0:0",
        "listen 0.0.0.0:80 0.0.0.0:0 wq=-1", "listen 0.0.0.0:80 0.0.0.0:0 wq=4294967296",
        "listen 0.0.0.0:80 0.0.0.0:0 timestamps=x"}) {
    CAPTURE(wrong);
    CHECK_FALSE(parse::tcp_socket(wrong).has_value());
  }
  CHECK_FALSE(parse::process_records("").has_value());
  CHECK_FALSE(parse::process_records("processes looked_at=1\nx").has_value());
}

TEST_CASE("the service of a process is the innermost of its cgroup") {
  CHECK(parse::service_of("0::/system.slice/nginx.service\n") == "nginx.service");
  CHECK(parse::service_of("0::/user.slice/user-0.slice/user@0.service/app.slice/a.service/x\n") ==
        "a.service");
  CHECK(parse::service_of("0::/\n").empty());
  CHECK(parse::service_of("").empty());
}

TEST_CASE("anonymous text keeps its form, and the same address becomes the same one") {
  Anonymous anonymous;
  CHECK(anonymous.text("via 10.1.2.3 dev eth0, 10.1.2.3/8 and 127.0.0.1:80.") ==
        "via 240.0.0.1 dev eth0, 240.0.0.1/8 and 127.0.0.1:80.");
  CHECK(anonymous.text("[fd00::1]:80 10.1.2.4:443") == "[2001:db8::1]:80 240.0.0.2:443");
  CHECK(anonymous.text("gateway:10.1.2.3 range 10.1.2.3-10.1.2.4 src=10.1.2.3") ==
        "gateway:240.0.0.1 range 240.0.0.1-240.0.0.2 src=240.0.0.1");
  for (const char* const kept :
       {"net.ipv4.conf.all.rp_filter = 1", "4096 131072 6291456", "12:30:45", "dead beef",
        "::", "0.0.0.0", "6.1.0-50", "ipv4.1.2.3.4x"}) {
    CHECK(anonymous.text(kept) == kept);
  }
  CHECK(rc::check("addresses", [] {
    Anonymous fresh;
    const Address one = *any_address();
    const Address other = *any_address();
    RC_PRE(!one.is_loopback() && !one.is_wildcard());
    RC_ASSERT(fresh.address(one) != one);
    RC_ASSERT((fresh.address(one) == fresh.address(other)) == (one == other));
    RC_ASSERT(fresh.address(one).is_ipv4() == one.is_ipv4());
  }));
  std::string udp =
      "header\n    1: 0A01020A:14E9 0100007F:0035 01 00000000:00000000 00:00000000 00000000 0 0 5 "
      "2 "
      "0 94\n";
  const std::string changed = parse::anonymous_proc(udp, anonymous);
  CHECK(changed.find("0A01020A") == std::string::npos);
  CHECK(changed.find("0100007F:0035") != std::string::npos);
  CAPTURE(changed);
  CHECK(changed.size() == udp.size());
}

}  // namespace
}  // namespace tuner
