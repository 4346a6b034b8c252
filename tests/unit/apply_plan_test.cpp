#include <doctest/doctest.h>

#include "boot/view.hpp"
#include "cases.hpp"
#include "change/fragment.hpp"
#include "change/limits.hpp"
#include "change/objection.hpp"
#include "change/plan_apply.hpp"
#include "knowledge/facts.hpp"
#include "os/read_boot.hpp"
#include "profile/fit.hpp"
#include "profile/parse_profile.hpp"
#include "read/same_value.hpp"
#include "read/sysctl.hpp"
#include "tuner/apply.hpp"

namespace tuner {

namespace {

const Place kHere{.machine = "m", .boot = "b", .network_namespace = "4:1"};

ApplySurvey survey_of(const std::string& host, const Profile& profile) {
  test::OverlaidFiles files(host);
  std::vector<std::string> paths = {"net/ipv4/ip_local_reserved_ports"};
  for (const Demand& demand : profile.demands) {
    if (demand.area == Area::sysctl) paths.push_back(SysctlKey::parse(demand.key)->path());
  }
  os::BootFiles boot(files, os::Kernel::captured, {});
  return {.boot = boot.material(paths), .place = kHere};
}

/// The host and its files after a plan.
void carry_out(const ApplyPlan& plan, HostSnapshot& host, ApplySurvey& survey) {
  Transaction done{.plan = {.id = "t", .place = kHere, .steps = plan.steps}};
  done.records.push_back({.state = State::confirmed});
  for (Step& step : done.plan.steps) {
    if (step.kind == Step::Kind::sysctl && !step.follows) {
      step.original = host.sysctl(step_name(step))->text;
      host.set_sysctl(step_name(step), parse::sysctl_value(*step.wanted));
    } else if (step.target == kLimitsFile) {
      survey.limit_files.push_back({.path = step.target, .text = *step.wanted});
    } else if (step.kind == Step::Kind::file) {
      survey.boot.files =
          with_file(std::move(survey.boot.files), step.target, step.wanted.value_or(""));
    }
  }
  survey.history.push_back(std::move(done));
}

Profile profile_with(const std::string& text) {
  const auto parsed =
      parse_profile("schema = 1\nname = \"mine\"\nsummary = \"x\"\n" + text, "/x/mine.toml");
  if (!parsed) FAIL(parsed.error().message());
  return *parsed;
}

struct Planned {
  HostSnapshot host{};
  Profile profile{};
  ApplySurvey survey{};
  ApplyPlan plan{};
};

Planned plan_on(const std::string& host, const Profile& profile, const ApplyOptions& options = {}) {
  Planned planned{.host = test::read_captured(host)};
  planned.profile = fit_profile(profile, planned.host);
  planned.survey = survey_of(host, planned.profile);
  planned.plan = plan_apply(planned.profile, planned.host, planned.survey, options);
  return planned;
}

constexpr const char* kApplyHost = "debian13-6.12-x86_64-4g";

}  // namespace

TEST_CASE("a second plan is empty, for every profile and host") {
  for (const std::string& name : test::kShipped) {
    for (const std::string& host : test::kHosts) {
      CAPTURE(name);
      CAPTURE(host);
      Planned planned = plan_on(host, test::shipped(name));
      CHECK(planned.plan.refusals.empty());
      carry_out(planned.plan, planned.host, planned.survey);
      const ApplyPlan second = plan_apply(planned.profile, planned.host, planned.survey, {});
      for (const Step& step : second.steps) {
        CAPTURE(step_name(step));
        CHECK(step.target.empty());
      }
      CHECK(second.keys.empty());
      // The history may be deleted: then too.
      planned.survey.history.clear();
      CHECK_FALSE(plan_apply(planned.profile, planned.host, planned.survey, {}).changes_anything());
    }
  }
}

TEST_CASE("the file says to both readers what runs after the plan") {
  for (const std::string& host : test::kHosts) {
    CAPTURE(host);
    Planned planned = plan_on(host, test::shipped("proxy"));
    const std::string text = planned.plan.fragment.value().text;
    carry_out(planned.plan, planned.host, planned.survey);
    const auto lines = fragment_lines(text);
    CHECK(lines.size() > 2);
    CHECK(fragment_text("proxy", lines) == text);
    const BootView view = view_boot(planned.survey.boot, planned.host);
    for (const FragmentLine& line : lines) {
      CAPTURE(line.key);
      const BootKey* const key = view.find(line.key);
      REQUIRE(key != nullptr);
      for (const auto* const value :
           {key->by(ReaderFamily::systemd), key->by(ReaderFamily::procps)}) {
        REQUIRE(value != nullptr);
        CHECK(same_sysctl(line.key, value->value.value_or("none"),
                          planned.host.sysctl(line.key)->text));
      }
    }
  }
}

TEST_CASE("what must never be written is in no plan") {
  for (const std::string& name : test::kShipped) {
    for (const std::string& host : test::kHosts) {
      for (const Step& step : plan_on(host, test::shipped(name)).plan.steps) {
        const Fact* const fact = find_fact(step_name(step));
        CHECK((fact == nullptr || fact->write == Write::allowed));
        CHECK(step.target.find("tcp_mem") == std::string::npos);
        CHECK(step.target.find("tw_recycle") == std::string::npos);
      }
    }
  }
  for (const Fact* const fact : all_facts()) {
    if (fact->write == Write::allowed || !fact->holds_numbers() || fact->element_count() != 1 ||
        fact->key.find('*') != std::string_view::npos) {
      continue;
    }
    const std::string key(fact->key);
    CAPTURE(key);
    HostSnapshot host = test::read_captured(kApplyHost);
    host.set_sysctl(key, parse::sysctl_value("0"));
    const auto parsed = parse_profile("schema = 1\nname = \"mine\"\nsummary = \"x\"\n[sysctl.\"" +
                                          key + "\"]\nexactly = 1\nwhy = \"x\"\n",
                                      "/x/mine.toml");
    if (!parsed) continue;  // a profile cannot even ask for it
    const ApplyPlan plan = plan_apply(*parsed, host, survey_of(kApplyHost, *parsed), {});
    for (const Step& step : plan.steps) CHECK(step_name(step) != key);
    CHECK_FALSE(plan.skipped.empty());
  }
}

TEST_CASE("what an active program sets is left to it") {
  Planned planned = plan_on(kApplyHost, test::shipped("proxy"));
  planned.survey.boot.owners = {{.name = "TuneD, profile x", .keys = {"net.ipv4.tcp_wmem"}},
                                {.name = "networkd", .keys = {"net.ipv4.conf.eth0.*"}}};
  const ApplyPlan plan = plan_apply(planned.profile, planned.host, planned.survey, {});
  REQUIRE(plan.refusals.size() == 1);
  CHECK(plan.refusals[0].subject == "net.ipv4.tcp_wmem");
  CHECK(plan.refusals[0].reason.find("TuneD, profile x sets it too") != std::string::npos);
  CHECK_FALSE(plan.changes_anything());
  const ApplyOptions but{.except = {"net.ipv4.tcp_wmem"}};
  CHECK(plan_apply(planned.profile, planned.host, planned.survey, but).refusals.empty());
}

TEST_CASE("a namespace with the files of the host gets values and no files") {
  Planned planned = plan_on("linux-6.18-x86_64-24g-child-netns", test::shipped("proxy"));
  planned.survey.borrowed = {kApplyDirectories.begin(), kApplyDirectories.end()};
  const ApplyPlan plan = plan_apply(planned.profile, planned.host, planned.survey, {});
  CHECK(plan.changes_anything());
  for (const Step& step : plan.steps) CHECK(step.kind == Step::Kind::sysctl);
  CHECK(plan.warnings.back().find("the host's /etc") != std::string::npos);
}

TEST_CASE("a namespace of its own leaves the machine's keys to the host") {
  const Profile profile =
      profile_with("[sysctl.\"fs.nr_open\"]\nat_least = 2000000000\nwhy = \"x\"\n");
  Planned planned = plan_on(kApplyHost, profile);
  planned.host.set_sysctl("fs.nr_open", parse::sysctl_value("1048576"));
  CHECK(plan_apply(profile, planned.host, planned.survey, {}).changes_anything());
  planned.survey.place.first_namespace = false;
  const ApplyPlan plan = plan_apply(profile, planned.host, planned.survey, {});
  CHECK_FALSE(plan.changes_anything());
  CHECK(plan.skipped.back().reason.find("belongs to the machine") != std::string::npos);
}

TEST_CASE("a limit is held against the nr_open that runs") {
  const Profile profile = profile_with(
      "[sysctl.\"fs.nr_open\"]\nat_least = 2000000000\nwhy = \"x\"\n"
      "[limits]\nnofile = { at_least = 1900000000, why = \"x\" }\n");
  Planned planned = plan_on(kApplyHost, profile);
  planned.host.set_sysctl("fs.nr_open", parse::sysctl_value("1048576"));
  const ApplyPlan kept =
      plan_apply(profile, planned.host, planned.survey, {.parts = ApplyOptions::Parts::files});
  CHECK(kept.skipped.back().reason.find("above fs.nr_open") != std::string::npos);
  CHECK(plan_apply(profile, planned.host, planned.survey, {}).others.size() == 1);
}

TEST_CASE("a waiting change is in a file of its own that wins") {
  const Planned planned = plan_on(kApplyHost, test::shipped("proxy"),
                                  {.confirm_within = std::chrono::milliseconds(100)});
  const auto& steps = planned.plan.steps;
  CHECK(steps.front().part == Step::Part::pending);
  CHECK(steps.front().target == "/run/sysctl.d/90-tuner_pending.conf");
  CHECK(steps.back().part == Step::Part::keep);
  CHECK(steps.back().target == "/etc/sysctl.d/90-tuner.conf");
  CHECK(steps.front().wanted == steps.back().wanted);
}

TEST_CASE("ports are reserved before the range is widened, and freed after it") {
  Planned planned = plan_on(kApplyHost, test::shipped("proxy"));
  planned.host.listening = std::vector<ListeningPort>{{.port = 8080}};
  const ApplyPlan plan = plan_apply(planned.profile, planned.host, planned.survey, {});
  std::vector<std::string> order;
  for (const Step& step : plan.steps) {
    if (step.target.find("port") != std::string::npos) order.push_back(step_name(step));
  }
  CHECK(order == std::vector<std::string>{"net.ipv4.ip_local_reserved_ports",
                                          "net.ipv4.ip_local_port_range"});
}

TEST_CASE("ports that IPVS serves are reserved though no socket listens") {
  Planned planned = plan_on(kApplyHost, test::shipped("proxy"));
  planned.host.listening = std::vector<ListeningPort>{{.port = 8080}};
  planned.host.virtual_services = std::vector<ListeningPort>{{.port = 30053}};
  const ApplyPlan plan = plan_apply(planned.profile, planned.host, planned.survey, {});
  const auto reserved = std::find_if(plan.steps.begin(), plan.steps.end(), [](const Step& step) {
    return step_name(step) == "net.ipv4.ip_local_reserved_ports";
  });
  REQUIRE(reserved != plan.steps.end());
  CHECK(reserved->wanted == "8080,30053");
}

TEST_CASE("values that the kernel would take and nobody can mean") {
  const HostSnapshot host = test::read_captured(kApplyHost);
  const auto objection = [&host](const char* key, const std::string& wanted) {
    return objection_to({.key = key, .fact = find_fact(key), .wanted = wanted}, host).value_or("");
  };
  CHECK(objection("net.ipv4.tcp_rmem", "4096 131072 6291456") == "");
  CHECK(objection("net.ipv4.tcp_rmem", "4096 131072 131000").find("not in ascending order") !=
        std::string::npos);
  CHECK(objection("net.ipv4.tcp_rmem", "4096").find("3 elements") != std::string::npos);
  CHECK(objection("net.core.somaxconn", "-1").find("outside") != std::string::npos);
  CHECK(objection("net.ipv4.ip_local_port_range", "60000 1024") != "");
  CHECK(objection("net.ipv4.ip_local_reserved_ports", std::string(4000, '1')).find("4 kB") !=
        std::string::npos);
  CHECK(objection("net.ipv4.tcp_congestion_control", "cubic\nreno").find("newline") !=
        std::string::npos);
}

TEST_CASE("values are compared as the kernel means them") {
  CHECK(same_sysctl("net.ipv4.tcp_rmem", "1\t2\t3", "1 2  3"));
  CHECK_FALSE(same_sysctl("net.ipv4.tcp_rmem", "1 2", "1 2 3"));
  CHECK(same_sysctl("net.ipv4.ip_local_reserved_ports", "1,2,3", "1-3"));
  CHECK_FALSE(same_sysctl("net.ipv4.ip_local_reserved_ports", "1,2", "1-3"));
  CHECK(same_sysctl("net.ipv4.neigh.default.retrans_time_ms", "1004", "1000"));
  CHECK_FALSE(same_sysctl("net.ipv4.tcp_fin_timeout", "64", "60"));
  CHECK_FALSE(same_sysctl("net.ipv4.tcp_congestion_control", "cubic", "reno"));
}

TEST_CASE("limits of sessions and services") {
  const std::vector<TextFile> files = {
      {.path = "/etc/security/limits.conf",
       .text = "# * soft nofile 9\n* soft nofile 100\nroot - nofile 7 # x\n"},
      {.path = "/etc/security/limits.d/20-x.conf", .text = "* hard nofile unlimited\n"},
      {.path = std::string(kLimitsFile), .text = "# Written by tuner\n* soft nofile 1\n"}};
  CHECK(pam_limit(files, "*").soft == 100);
  CHECK(pam_limit(files, "*").hard == std::numeric_limits<std::int64_t>::max());
  CHECK(pam_limit(files, "root").soft == 7);
  const ServiceFiles service{
      .unit = "x.service",
      .files = {{.path = "/usr/lib/systemd/system/x.service", .text = "[Service]\nLimitNOFILE=5\n"},
                {.path = "/etc/systemd/system/x.service.d/9.conf",
                 .text = "[Service]\nLimitNOFILE = 6:infinity\n"}}};
  CHECK(service_limit(service, {}).soft == 6);
  CHECK(service_limit(service, {}).hard == std::numeric_limits<std::int64_t>::max());
  CHECK(service_limit({.unit = "y.service"}, {{.path = "/etc/systemd/system.conf",
                                               .text = "#x\nDefaultLimitNOFILE=8:9\n"}})
            .hard == 9);
}

TEST_CASE("nothing goes above nr_open, and no limit is lowered") {
  const Profile profile = profile_with("[limits]\nnofile = { at_least = 65535, why = \"x\" }\n");
  Planned planned = plan_on(kApplyHost, profile);
  planned.host.set_sysctl("fs.nr_open", parse::sysctl_value("5000"));
  const ApplyPlan low = plan_apply(profile, planned.host, planned.survey, {});
  CHECK_FALSE(low.changes_anything());
  CHECK(low.skipped.front().reason.find("above fs.nr_open") != std::string::npos);
  planned.host.set_sysctl("fs.nr_open", parse::sysctl_value("1048576"));
  planned.survey.limit_files = {
      {.path = "/etc/security/limits.d/95-x.conf", .text = "* soft nofile 512\n"}};
  const ApplyPlan plan = plan_apply(profile, planned.host, planned.survey, {});
  CHECK(plan.warnings.front().find("95-x.conf is read after") != std::string::npos);
}

}  // namespace tuner
