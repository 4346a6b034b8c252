#include <doctest/doctest.h>

#include <set>

#include "judge/group.hpp"
#include "judge/remedy.hpp"
#include "tuner/report.hpp"

namespace tuner {

namespace {

Finding failing(std::string id, std::string subject, Severity severity,
                std::vector<Setting> settings) {
  Finding finding;
  finding.id = std::move(id);
  finding.subject = std::move(subject);
  finding.status = Status::fail;
  finding.severity = severity;
  finding.fix = {.kind = settings.empty() ? Fix::Kind::application : Fix::Kind::sysctl,
                 .settings = std::move(settings)};
  return finding;
}

const Setting kLonger{"net.core.somaxconn", "4096"};
const Setting kReuse{"net.ipv4.tcp_tw_reuse", "1"};
const Setting kWider{"net.ipv4.ip_local_port_range", "1024 65535"};

std::vector<std::string> ids_of(const FindingGroup& group) {
  std::vector<std::string> ids;
  for (const Finding* const finding : group.findings) ids.push_back(finding->id);
  return ids;
}

}  // namespace

TEST_CASE("a full listener is one block, with its cap and the connects to itself") {
  const std::vector<Finding> findings{
      failing("connects-unanswered", "127.0.0.1:80", Severity::warning, {kLonger}),
      failing("connects-unanswered", "10.0.0.9:80", Severity::warning, {}),
      failing("listen-backlog-capped", "0.0.0.0:80", Severity::warning, {kLonger}),
      failing("listen-queue-overflow", "0.0.0.0:80", Severity::error, {kLonger}),
      failing("listen-queue-overflow", "0.0.0.0:81", Severity::warning, {}),
  };
  const auto groups = group_failures(findings);
  REQUIRE(groups.size() == 3);
  CHECK(ids_of(groups[0]) == std::vector<std::string>{"listen-queue-overflow",
                                                      "connects-unanswered",
                                                      "listen-backlog-capped"});
  CHECK(groups[1].findings.size() == 1);
  CHECK(groups[2].findings.size() == 1);
}

TEST_CASE("what a rule says follows from another stands under it, where that one fails") {
  Finding again = failing("segments-retransmitted", "TCP", Severity::warning, {});
  again.follows = "connects-unanswered";
  Finding unanswered = failing("connects-unanswered", "TCP", Severity::warning, {});
  unanswered.follows = "listen-queue-overflow";
  const Finding overflow = failing("listen-queue-overflow", "somaxconn", Severity::error, {});
  const auto all = std::vector<Finding>{again, unanswered, overflow};
  const auto groups = group_failures(all);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].findings.front()->id == "listen-queue-overflow");
  const auto alone = std::vector<Finding>{again, overflow};
  CHECK(group_failures(alone).size() == 2);
}

TEST_CASE("a line that is overruled stands under what the boot sets in its place") {
  Finding boot = failing("boot-differs-from-running", "k", Severity::warning, {});
  Finding idle = failing("fragment-shadowed", "k", Severity::warning, {});
  Finding other = failing("fragment-shadowed", "j", Severity::warning, {});
  boot.key = idle.key = "k";
  other.key = "j";
  const std::vector<Finding> all{idle, other, boot};
  const auto groups = group_failures(all);
  REQUIRE(groups.size() == 2);
  CHECK(ids_of(groups[0]).size() + ids_of(groups[1]).size() == 3);
  CHECK((ids_of(groups[0]) == std::vector<std::string>{boot.id, idle.id} ||
         ids_of(groups[1]) == std::vector<std::string>{boot.id, idle.id}));
}

TEST_CASE("a cap and an overflow of the same severity name each other, and are one block") {
  const std::vector<Finding> findings{
      failing("listen-backlog-capped", "0.0.0.0:80", Severity::warning, {kLonger}),
      failing("listen-queue-overflow", "0.0.0.0:80", Severity::warning, {kLonger}),
  };
  const auto groups = group_failures(findings);
  REQUIRE(groups.size() == 1);
  CHECK(groups[0].findings.front()->id == "listen-queue-overflow");
}

TEST_CASE("what another fix fixes too stands under it, and never under a milder one") {
  const std::vector<Finding> findings{
      failing("port-range-narrow", "range", Severity::warning, {kWider}),
      failing("value-differs-from-profile", "reuse", Severity::warning, {kReuse}),
      failing("ephemeral-ports-near-exhaustion", "peer", Severity::warning, {kWider, kReuse}),
      failing("value-below-profile", "somaxconn", Severity::error, {kLonger}),
      failing("listen-backlog-capped", "0.0.0.0:80", Severity::info, {kLonger, kWider}),
  };
  const auto groups = group_failures(findings);
  REQUIRE(groups.size() == 3);
  CHECK(groups[0].findings.front()->id == "value-below-profile");
  CHECK(ids_of(groups[1]) == std::vector<std::string>{"ephemeral-ports-near-exhaustion",
                                                      "port-range-narrow",
                                                      "value-differs-from-profile"});
}

TEST_CASE("three of one kind are a list, two are not") {
  std::vector<Finding> findings;
  for (const char* const key : {"a", "b", "c"}) {
    findings.push_back(failing("boot-differs-from-running", key, Severity::warning, {{key, "1"}}));
  }
  CHECK(group_failures(findings).size() == 1);
  CHECK(group_failures(findings).front().is_run);
  findings.pop_back();
  CHECK(group_failures(findings).size() == 2);
}

TEST_CASE("every failure is in one block, and no other finding in any") {
  std::vector<Finding> findings;
  const std::vector<Setting> all{kLonger, kReuse, kWider};
  for (int number = 0; number < 200; ++number) {
    const auto bits = static_cast<unsigned>(number);
    std::vector<Setting> settings;
    for (std::size_t index = 0; index < all.size(); ++index) {
      if ((bits >> index & 1U) != 0) settings.push_back(all[index]);
    }
    findings.push_back(failing(number % 3 == 0 ? "listen-queue-overflow" : "listen-backlog-capped",
                               "0.0.0.0:" + std::to_string(number % 7),
                               static_cast<Severity>(number % 3), settings));
    if (number % 5 == 0) findings.back().status = Status::pass;
  }
  std::multiset<const Finding*> shown;
  for (const FindingGroup& group : group_failures(findings)) {
    for (const Finding* const finding : group.findings) {
      shown.insert(finding);
      CHECK(finding->severity <= group.findings.front()->severity);
    }
  }
  for (const Finding& finding : findings) {
    CHECK(shown.count(&finding) == (finding.status == Status::fail ? 1 : 0));
  }
}

TEST_CASE("one key has one value: the larger where more is room, else that of the worse") {
  std::vector<Finding> findings{
      failing("a", "", Severity::warning, {{"net.core.somaxconn", "4096"}, kReuse}),
      failing("b", "", Severity::error, {{"net.core.somaxconn", "9000"}}),
      failing("c", "", Severity::error, {{"net.ipv4.tcp_tw_reuse", "0"}}),
      failing("d", "", Severity::warning, {{"net.ipv4.tcp_rmem", "4096 131072 9999999"}}),
      failing("e", "", Severity::warning, {{"net.ipv4.tcp_rmem", "8192 131072 6291456"}}),
  };
  settle_fixes(findings);
  CHECK(findings[0].fix.settings[0].value == "9000");
  CHECK(findings[0].fix.settings[1].value == "0");
  CHECK(findings[3].fix.settings[0].value == "8192 131072 9999999");
  CHECK(findings[4].fix.settings[0].value == "8192 131072 9999999");
  const Remedy remedy = remedy_of(findings, Severity::warning);
  CHECK(remedy.settings.size() == 3);
  CHECK(remedy.findings == std::vector<std::string>{"b", "c", "d"});
}

}  // namespace tuner
