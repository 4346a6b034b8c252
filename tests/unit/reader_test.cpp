#include <doctest/doctest.h>

#include <filesystem>

#include "hosts.hpp"
#include "judge/difference.hpp"
#include "judge/findings.hpp"
#include "judge/parse_waivers.hpp"
#include "tuner/report.hpp"

namespace tuner {
namespace {

constexpr const char* kHost = "debian12-6.1-x86_64-1g";

TEST_CASE("a captured host is read whole") {
  const auto host = test::read_captured("debian12-6.1-ppc64le-2g-64k-pages");
  CHECK(host.hostname.value() == "web01");
  CHECK(host.kernel->text == "6.1.0-50-powerpc64le");
  CHECK(host.architecture == "ppc64le");
  CHECK(host.page_size->bytes() == Bytes(65536));
  CHECK(host.memory.value() == Bytes(2036800 * 1024L));
  CHECK(host.uptime.value() == std::chrono::seconds(28));
  CHECK(host.softnet->processors == 1);
  CHECK(host.init_limit->hard == 4096);
  CHECK(host.network_namespace == NetworkNamespace::initial);
  CHECK(host.numbers("net.ipv4.tcp_wmem").value() ==
        std::vector<std::int64_t>{65536, 16384, 4194304});
}

TEST_CASE("absent, unreadable and malformed files are values") {
  test::OverlaidFiles files(kHost);
  files.set("proc/sys/net/core/somaxconn", {not_permitted()});
  files.set("proc/sys/net/ipv4/tcp_sack", {"on\n"});
  files.set("proc/net/snmp", {absent()});
  files.set("proc/meminfo", {malformed("Input/output error")});
  const auto host = test::read_captured(files, kHost);
  CHECK(unread_text(host.number("net.core.somaxconn").error()) == "not permitted");
  CHECK(unread_text(host.number("net.ipv4.tcp_sack").error()) ==
        "malformed: \"on\" is not one number");
  CHECK(unread_text(host.counter("Tcp.ActiveOpens").error()) == "/proc/net/snmp is absent");
  CHECK(unread_text(host.memory.error()) == "/proc/meminfo is malformed: Input/output error");
  CHECK(unread_text(host.number("net.never.asked").error()) == "malformed: tuner did not read it");
  CHECK(host.counter("TcpExt.TW").has_value());
}

TEST_CASE("a vector that is torn by a writer is read again") {
  test::OverlaidFiles files(kHost);
  const std::string path = "proc/sys/net/ipv4/tcp_rmem";
  files.set(path,
            {"8192\t131072\t6291456\n", "8192\t262144\t16777216\n", "8192\t262144\t16777216\n"});
  CHECK(test::read_captured(files, kHost).sysctl("net.ipv4.tcp_rmem")->text ==
        "8192 262144 16777216");
  std::vector<Observed<std::string>> never_the_same;
  for (int index = 0; index < 20; ++index) {
    never_the_same.emplace_back(std::to_string(index) + "\t2\t3\n");
  }
  files.set(path, never_the_same);
  const auto host = test::read_captured(files, kHost);
  CHECK(unread_text(host.sysctl("net.ipv4.tcp_rmem").error()).starts_with("malformed: it changed"));
}

TEST_CASE("a tree without capture.toml has no page size, and nothing is guessed") {
  test::OverlaidFiles files(kHost);
  files.set("capture.toml", {absent()});
  CHECK(unread_text(test::read_captured(files, kHost).page_size.error()) ==
        "capture.toml is absent");
  files.set("capture.toml", {"page_size = 5000\n"});
  CHECK_FALSE(test::read_captured(files, kHost).page_size.has_value());
  files.set("capture.toml", {"page_size = \n"});
  CHECK_FALSE(test::read_captured(files, kHost).page_size.has_value());
}

TEST_CASE("a child namespace is known by the keys that it lacks") {
  const auto child = test::read_captured("linux-6.18-x86_64-24g-child-netns");
  CHECK(child.network_namespace == NetworkNamespace::child);
  test::OverlaidFiles files("linux-6.18-x86_64-24g-child-netns");
  files.set("capture.toml", {"page_size = 4096\n"});
  CHECK(test::read_captured(files, "linux-6.18-x86_64-24g-child-netns").network_namespace ==
        NetworkNamespace::child);
}

TEST_CASE("a sample counts what came in between") {
  test::OverlaidFiles files(kHost);
  const auto before = test::read_captured(files, kHost);
  auto later = before;
  const auto add = [](Counters& counters, std::string_view name, std::int64_t number) {
    for (Counters::Entry& entry : counters.entries) {
      if (entry.name == name) entry.number += number;
    }
  };
  add(*later.snmp, "PassiveOpens", 100);
  add(*later.netstat, "ListenOverflows", 5);
  const auto sample = difference(before, later, std::chrono::seconds(10));
  CHECK(sample.counter("Tcp.PassiveOpens") == 100);
  CHECK(sample.counter("TcpExt.ListenOverflows") == 5);
  CHECK(sample.counter("TcpExt.TW") == 0);
  CHECK(sample.softnet->processed == Packets(0));
  CHECK(unread_text(
            difference(later, before, std::chrono::seconds(1)).counter("Tcp.PassiveOpens").error())
            .find("backwards") != std::string::npos);
}

TEST_CASE("links in a captured tree do not lead out of it") {
  namespace fs = std::filesystem;
  const fs::path root = fs::temp_directory_path() / "tuner-links";
  fs::remove_all(root);
  fs::create_directories(root / "proc");
  fs::create_symlink("/etc/passwd", root / "proc/meminfo");
  fs::create_symlink("../../../../../etc/passwd", root / "proc/uptime");
  auto files = os::RootDirectory::open(root.string()).value();
  CHECK_FALSE(files.is_live());
  CHECK(unread_text(files.read("proc/meminfo").error()) == "absent");
  CHECK(unread_text(files.read("proc/uptime").error()) == "absent");
  CHECK(unread_text(files.read("proc").error()).starts_with("unreadable"));
  fs::remove_all(root);
  CHECK_FALSE(os::RootDirectory::open(root.string()).has_value());
}

TEST_CASE("waivers cover, run out, and say when they cover nothing") {
  const auto waivers = parse_waivers(
      "[[waiver]]\nfinding = \"timestamps-off\"\nreason = \"a broken peer\"\nuntil = 2026-12-31\n"
      "[[waiver]]\nfinding = \"window-scaling-off\"\nsubject = \"other\"\nreason = \"x\"\n"
      "[[waiver]]\nfinding = \"timestamps-off\"\nreason = \"old\"\nuntil = 2020-01-01\n",
      "waivers.toml");
  REQUIRE(waivers);
  std::vector<Finding> findings;
  for (const char* const id : {"timestamps-off", "window-scaling-off"}) {
    findings.push_back(judge::failed(Severity::warning, "k", "It is off."));
    findings.back().id = id;
  }
  using namespace std::chrono;
  const auto said = apply_waivers(findings, *waivers, 2026y / 11 / 22);
  CHECK(findings[0].status == Status::skipped);
  CHECK(findings[0].waiver->reason == "a broken peer");
  CHECK(findings[1].status == Status::fail);
  REQUIRE(said.size() == 2);
  CHECK(said[0].find("covers nothing") != std::string::npos);
  CHECK(said[1].find("expired on 2020-01-01") != std::string::npos);
}

TEST_CASE("bad waivers name line and field") {
  const auto error = [](const std::string& text) {
    const auto waivers = parse_waivers(text, "waivers.toml");
    REQUIRE_FALSE(waivers);
    return waivers.error().message() + " " + waivers.error().hint;
  };
  CHECK(error("[[waiver]]\nfinding = \"timestamp-off\"\nreason = \"x\"\n")
            .find("waivers.toml:2:1: waiver: unknown finding") != std::string::npos);
  CHECK(error("[[waiver]]\nfinding = \"timestamps-off\"\n").find("reason is missing") !=
        std::string::npos);
  CHECK(error("[[waiver]]\nfinding = \"timestamps-off\"\nreason = \"x\"\nuntil = \"soon\"\n")
            .find("not a date") != std::string::npos);
  CHECK(error("waiver = 1\n").find("[[waiver]]") != std::string::npos);
}

}  // namespace
}  // namespace tuner
