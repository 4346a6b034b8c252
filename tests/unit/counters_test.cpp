#include "tuner/counters.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <string>

#include "cases.hpp"
#include "hosts.hpp"
#include "judge/check.hpp"
#include "knowledge/counter_use.hpp"
#include "tuner/rule.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {
namespace {

std::string full_name(const Counters::Entry& entry) {
  std::string group(entry.group);
  if (group.ends_with(':')) group.pop_back();
  return group + "." + std::string(entry.name);
}

/// The words of a text.
std::vector<std::string> split(std::string_view text) {
  std::vector<std::string> words;
  for (const char letter : text) {
    if (letter == ' ' || letter == '\n') {
      words.emplace_back();
    } else {
      if (words.empty()) words.emplace_back();
      words.back() += letter;
    }
  }
  std::erase(words, "");
  return words;
}

TEST_CASE("every counter that a captured kernel printed is placed") {
  int placed = 0;
  for (const std::string& name : test::kHosts) {
    CAPTURE(name);
    const HostSnapshot host = test::read_captured(name);
    for (const auto* const counters : {&host.netstat, &host.snmp, &host.snmp6}) {
      if (!*counters) continue;
      for (const Counters::Entry& entry : (*counters)->entries) {
        CAPTURE(full_name(entry));
        CHECK(find_counter_use(full_name(entry)) != nullptr);
        ++placed;
      }
    }
    for (const auto& [file, prefix] :
         {std::pair("nf_conntrack", "nf_conntrack."), std::pair("arp_cache", "neighbours."),
          std::pair("ndisc_cache", "neighbours.")}) {
      const std::string text = test::slurp(test::host_path(name) + "/proc/net/stat/" + file);
      for (const std::string& column : split(text.substr(0, text.find('\n')))) {
        CAPTURE(column);
        CHECK(find_counter_use(prefix + column) != nullptr);
      }
    }
  }
  CHECK(placed > 2000);
}

TEST_CASE("a counter is placed once, and what is judged is named by its rule") {
  std::map<std::string, int> seen;
  for (const CounterUse& use : counter_uses()) {
    CAPTURE(std::string(use.names));
    CHECK((use.rule.empty() || find_rule(use.rule) != nullptr));
    CHECK((!use.rule.empty() || !use.reason.empty()));
    for (const std::string& name : split(use.names)) {
      const std::string counter = std::string(use.prefix) + name;
      CAPTURE(counter);
      CHECK(++seen[counter] == 1);
      const CounterUse* const found = find_counter_use(counter);
      REQUIRE(found != nullptr);
      CHECK(found->names == use.names);
      if (use.rule.empty() || use.prefix == "softnet_stat." || use.prefix == "nf_conntrack." ||
          use.prefix == "neighbours.") {
        continue;  // these are members of a struct, and not looked up by their name
      }
      std::string stem(use.rule);
      std::replace(stem.begin(), stem.end(), '-', '_');
      const std::string source = test::slurp(TUNER_SOURCE_DIR "/src/rules/" + stem + ".cpp");
      CHECK(source.find('"' + counter + '"') != std::string::npos);
    }
  }
}

TEST_CASE("a counter that no kernel has is in no group") {
  CHECK(find_counter_use("TcpExt.ListenDrop") == nullptr);
  CHECK(find_counter_use("Udp6.") == nullptr);
  CHECK(find_counter_use("") == nullptr);
  CHECK(find_counter_use("IcmpMsg.OutType3") != nullptr);
}

}  // namespace
}  // namespace tuner
