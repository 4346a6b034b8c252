#include <rapidcheck.h>

#include "boot/kernel_write.hpp"
#include "boot/lines.hpp"
#include "boot/pattern.hpp"
#include "boot/run.hpp"
#include "cases.hpp"
#include "knowledge/readers.hpp"
#include "tuner/boot.hpp"

namespace tuner::test {

namespace {

ConfigTree tree_of(std::vector<std::pair<std::string, std::string>> files) {
  ConfigTree tree;
  for (auto& [name, text] : files) {
    tree.directories[0].push_back({.path = "/etc/sysctl.d/" + name, .text = std::move(text)});
  }
  return tree;
}

std::string values_of(const ReaderRun& run) {
  std::string text;
  std::map<std::string, std::string> last;
  for (const BootWrite& write : run.writes) last[write.path] = write.text;
  for (const auto& [path, value] : last) text.append(path).append("=").append(value).append("\n");
  return text;
}

boot::WrittenNumbers numbers(std::string_view text, std::size_t count = 1) {
  return boot::written_numbers(text, count, Range{});
}

}  // namespace

TEST_CASE("the plain form is read alike by every reader") {
  const auto key = rc::gen::element<std::string>("net.ipv4.tcp_fin_timeout", "net.core.somaxconn",
                                                 "net/ipv4/conf/eth0.100/rp_filter");
  CHECK(rc::check("plain", [&key] {
    const auto lines = *rc::gen::container<std::vector<std::pair<std::string, int>>>(
        rc::gen::pair(key, rc::gen::inRange(1, 9)));
    std::string text = "# written by hand\n\n";
    for (const auto& [name, value] : lines) text += name + " = " + std::to_string(value) + '\n';
    const ConfigTree files = tree_of({{"90-x.conf", text}});
    std::set<std::string> outcomes;
    for (const Reader& reader : all_readers()) {
      const ReaderRun run = run_reader(reader, files, {}, {});
      RC_ASSERT(run.status == 0);
      outcomes.insert(values_of(run));
    }
    RC_ASSERT(outcomes.size() == 1U);
  }));
}

TEST_CASE("any bytes are split into lines that lie in order, and nothing is read twice") {
  CHECK(rc::check("split", [](const std::string& text) {
    for (const Reader& reader : all_readers()) {
      std::size_t total = 0;
      int number = 1;
      for (const boot::TextLine& line : boot::split(reader, text).lines) {
        RC_ASSERT(line.number >= number);
        number = line.number;
        total += line.length;
        boot::understand(reader, line);
      }
      RC_ASSERT(total <= text.size());
    }
  }));
}

TEST_CASE("numbers are read as the kernel reads them") {
  CHECK(numbers("16").numbers == std::vector<std::int64_t>{16});
  CHECK(numbers("0x10").numbers == std::vector<std::int64_t>{16});
  CHECK(numbers("007200").numbers == std::vector<std::int64_t>{3712});
  CHECK(numbers("100 abc").refused.empty());
  CHECK(numbers("-1").numbers == std::vector<std::int64_t>{-1});
  for (const char* const text : {"100abc", "100,", "+1", "1e3", "", "abc", "08", "0x", "1\r",
                                 "1111111111111111111111", "--1"}) {
    CAPTURE(text);
    CHECK_FALSE(numbers(text).refused.empty());
  }
  const auto two = numbers("1 2 x", 3);
  CHECK(two.numbers == std::vector<std::int64_t>{1, 2});
  CHECK_FALSE(two.refused.empty());
  CHECK(boot::written_numbers("5", 1, Range{0, 2}).refused == "5 is not within 0 to 2");
}

TEST_CASE("braces have alternatives, nested ones too") {
  using Names = std::vector<std::string>;
  CHECK(boot::braces("a{b,c}d") == Names{"abd", "acd"});
  CHECK(boot::braces("{a,b{1,2}}") == Names{"a", "b1", "b2"});
  CHECK(boot::braces("{a,b}{1,2}") == Names{"a1", "a2", "b1", "b2"});
  CHECK(boot::braces("a{b") == Names{"a{b"});
  CHECK(boot::braces("plain") == Names{"plain"});
}

TEST_CASE("the nearest measured version stands for another") {
  const auto name = [](ReaderFamily family, std::string_view version) {
    const Reader* const reader = nearest_reader(family, version);
    return reader == nullptr ? std::string() : std::string(reader->name);
  };
  CHECK(name(ReaderFamily::systemd, "252.38-1~deb12u1") == "systemd-252");
  CHECK(name(ReaderFamily::systemd, "249.11") == "systemd-252");
  CHECK(name(ReaderFamily::systemd, "261~rc1") == "systemd-257");
  CHECK(name(ReaderFamily::systemd, "300") == "systemd-262");
  CHECK(name(ReaderFamily::procps, "2:4.0.4-9") == "procps-4.0.4");
  CHECK(name(ReaderFamily::procps, "3.3.17") == "procps-4.0.2");
  CHECK(name(ReaderFamily::procps, "") == "");
  for (const Reader& reader : all_readers()) CHECK(find_reader(reader.name) == &reader);
}

}  // namespace tuner::test
