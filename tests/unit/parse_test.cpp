#include <doctest/doctest.h>

#include "model/number.hpp"
#include "read/port_list.hpp"
#include "read/proc.hpp"
#include "read/process_record.hpp"
#include "read/sysctl.hpp"
#include "read/toml.hpp"

namespace tuner {
namespace {

template <class T>
bool is_malformed(const Observed<T>& observed) {
  return !observed && observed.error().why == Unread::Why::malformed;
}

TEST_CASE("sysctl values keep what the kernel printed") {
  const auto vector = parse::sysctl_value("4096\t131072\t6291456\n");
  CHECK(vector.text == "4096 131072 6291456");
  CHECK(vector.numbers == std::vector<std::int64_t>{4096, 131072, 6291456});
  CHECK(parse::sysctl_value("reno cubic\n").numbers.empty());
  CHECK(parse::sysctl_value("\n").text.empty());
  CHECK(parse::sysctl_value("8080,9100-9110\n").numbers.empty());
  const auto beyond = parse::sysctl_value("18446744073709551615\n");
  CHECK(beyond.text == "18446744073709551615");
  CHECK(beyond.numbers == std::vector{std::numeric_limits<std::int64_t>::max()});
}

TEST_CASE("a key has one form, whatever its separators") {
  CHECK(SysctlKey::parse("net.core.somaxconn")->text() == "net.core.somaxconn");
  CHECK(SysctlKey::parse("net/core/somaxconn")->text() == "net.core.somaxconn");
  CHECK(SysctlKey::parse("net.ipv4.conf.eth0/100.rp_filter")->path() ==
        "net/ipv4/conf/eth0.100/rp_filter");
  CHECK(SysctlKey::parse("net/ipv4/conf/eth0.100/rp_filter")->text() ==
        "net.ipv4.conf.eth0/100.rp_filter");
  for (const char* const text : {"", ".", "a..b", "net/../x", "a b", "a\nb", ".a", "a.", "/a"}) {
    CAPTURE(text);
    CHECK_FALSE(SysctlKey::parse(text));
  }
}

TEST_CASE("counters come in pairs of lines") {
  const auto counters = parse::counters("Tcp: A B\nTcp: 1 -1\nUdp: A\nUdp: 18446744073709551615\n");
  REQUIRE(counters);
  CHECK(counters->find("Tcp.A") == 1);
  CHECK(counters->find("Tcp.B") == -1);
  CHECK(counters->find("Udp.A") == std::int64_t{1} << 60);
  CHECK_FALSE(counters->find("Udp.B"));
  CHECK_FALSE(counters->find("Udp"));
  for (const char* const text :
       {"", "Tcp: A\n", "Tcp: A B\nTcp: 1\n", "Tcp: A\nUdp: 1\n", "Tcp: A\nTcp: x\n", "\n\n"}) {
    CAPTURE(text);
    CHECK(is_malformed(parse::counters(text)));
  }
}

TEST_CASE("numbers that no kernel counts to are malformed, not wrapped and not zero") {
  for (const char* const number :
       {"100000000", "7fffffffffffffff", "8000000000000000", "ffffffffffffffff", "-1"}) {
    CAPTURE(number);
    std::string line = number;
    for (int column = 0; column < 12; ++column) line += " 0";
    CHECK(is_malformed(parse::softnet_stat(line + "\n")));
  }
  for (const char* const number :
       {"9007199254740993", "9223372036854775807", "9223372036854775808", "-1", "x", ""}) {
    CAPTURE(number);
    for (const char* const before : {"TCP: inuse ", "TCP: inuse 1 orphan 1 tw 1 alloc 1 mem "}) {
      CHECK(is_malformed(parse::sockstat(std::string(before) + number + "\nUDP: inuse 1 mem 1\n")));
    }
    CHECK(
        is_malformed(parse::sockstat("TCP: inuse 1 orphan 1 tw 1 alloc 1 mem 1\nUDP: inuse 1 mem " +
                                     std::string(number) + "\n")));
    const std::string head = "processes looked_at=1 unread=0\n7 open=";
    CHECK(is_malformed(parse::process_records(head + number + " soft=1\n")));
    CHECK(is_malformed(parse::process_records(head + "1 soft=" + number + "\n")));
    CHECK(is_malformed(parse::process_records(head + "1 hard=" + number + "\n")));
    CHECK(is_malformed(parse::process_records(head + "1 inodes=" + number + ",7\n")));
  }
  CHECK(parse::process_records("processes looked_at=1 unread=0\n7 open=1\n").has_value());
}

TEST_CASE("softnet_stat has 9 to 15 columns, one line a processor") {
  const auto two = parse::softnet_stat(
      "000000ff 00000001 00000002 0 0 0 0 0 0\n00000001 00000001 00000000 0 0 0 0 0 0 0 0 0 0\n");
  REQUIRE(two);
  CHECK(two->processed == Packets(256));
  CHECK(two->dropped == Packets(2));
  CHECK(two->time_squeeze == 2);
  CHECK(two->processors == 2);
  CHECK(is_malformed(parse::softnet_stat("xyz 0 0 0 0 0 0 0 0\n")));
}

TEST_CASE("of ip_vs the services count, not where they lead") {
  constexpr const char* kTitle =
      "IP Virtual Server version 1.2.1 (size=4096)\nProt LocalAddress:Port Scheduler Flags\n"
      "  -> RemoteAddress:Port Forward Weight ActiveConn InActConn\n";
  const std::string text = std::string(kTitle) +
                           "TCP  C0A80001:01BB wlc persistent 300 FFFFFFFF\n"
                           "  -> C0A80102:1F90      Masq    1      0          0\n"
                           "UDP  [2001:0db8:0000:0000:0000:0000:0000:0001]:0035 rr\n"
                           "FWM  00000001 rr\nTCP  C0A80001:0000 rr\n";
  CHECK(parse::virtual_services(text).value() ==
        std::vector<ListeningPort>{{.port = 443}, {.port = 53, .transport = Transport::udp}});
  CHECK(parse::virtual_services(kTitle).value().empty());
  CHECK(is_malformed(parse::virtual_services("TCP  C0A80001:XYZ rr\n")));
}

TEST_CASE("nf_conntrack is added up over its lines") {
  const auto table = parse::nf_conntrack(
      "entries found drop early_drop insert_failed\n0000000a 1 5a 2 1\n0000000a 1 1 0 0\n");
  REQUIRE(table);
  CHECK(table->drop == 91);
  CHECK(table->found == 2);
  CHECK(is_malformed(parse::nf_conntrack("entries found\n1 1\n")));
  CHECK(is_malformed(parse::nf_conntrack("entries drop early_drop insert_failed\n1 1\n")));
  CHECK(is_malformed(parse::nf_conntrack("")));
}

TEST_CASE("limits are numbers or unlimited") {
  const auto limit = parse::open_file_limit(
      "Limit Soft Hard Units\nMax open files            1024                 unlimited   files\n");
  REQUIRE(limit);
  CHECK(limit->soft == 1024);
  CHECK_FALSE(limit->hard);
  CHECK(is_malformed(parse::open_file_limit("Max open files x y files\n")));
  CHECK(is_malformed(parse::open_file_limit("Max processes 1 1\n")));
}

TEST_CASE("memory, uptime, release and file table") {
  CHECK(parse::meminfo_total("MemTotal:  996624 kB\n").value() == Bytes(996624 * 1024));
  CHECK(is_malformed(parse::meminfo_total("MemTotal: 0 kB\n")));
  CHECK(is_malformed(parse::meminfo_total("MemTotal: 9223372036854775807 kB\n")));
  CHECK(is_malformed(parse::meminfo_total("MemFree: 1 kB\n")));
  CHECK(parse::uptime("21.44 0.00\n").value() == std::chrono::seconds(21));
  CHECK(is_malformed(parse::uptime("")));
  CHECK(parse::kernel_release("6.1.0-50-powerpc64le\n")->version == KernelVersion{6, 1});
  CHECK(parse::kernel_release("7.2-rc1\n")->version == KernelVersion{7, 2});
  CHECK(is_malformed(parse::kernel_release("linux\n")));
  CHECK(parse::file_nr("5024\t0\t775052\n")->max == 775052);
  CHECK(is_malformed(parse::file_nr("5024\n")));
}

TEST_CASE("port lists are spans") {
  const auto list = parse::port_list("8080,9100-9110").value();
  CHECK(ports_inside(list, {1024, 65535}) == 12);
  CHECK(ports_inside(list, {9105, 9106}) == 2);
  CHECK(parse::port_list("")->empty());
  for (const char* const text : {"x", "5-", "9-5", "1,,2"}) CHECK_FALSE(parse::port_list(text));
}

TEST_CASE("TOML errors name the place, and nothing ends the process") {
  for (const char* const text : {"[\b", "a = ", "a = 1\na = 2", "a = \"\xff\"", "[a", "= 1"}) {
    CAPTURE(text);
    const auto document = parse::toml(text, "x.toml");
    REQUIRE_FALSE(document);
    CHECK(document.error().kind == ErrorKind::configuration);
    CHECK(document.error().position.line > 0);
  }
}

TEST_CASE("TOML tables keep the order and the places of the file") {
  const auto table = parse::toml("b = 1\n[z]\nk = \"v\"\n[a]\nd = 2026-11-22\n", "x.toml").value();
  REQUIRE(table.entries.size() == 3);
  CHECK(table.entries[0].name == "b");
  CHECK(table.entries[1].name == "z");
  CHECK(table.entries[2].position.line == 4);
}

}  // namespace
}  // namespace tuner
