#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <fstream>

#include "judge/findings.hpp"
#include "judge/group.hpp"
#include "os/page_directory.hpp"
#include "os/sha256.hpp"
#include "render/audit_cards.hpp"
#include "render/html_page.hpp"
#include "render/html_style.hpp"
#include "render/page_names.hpp"
#include "render/text.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {
namespace {

namespace fs = std::filesystem;
using os::PageDirectory;

std::string base64_of_hex(const std::string& hex) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  unsigned bits = 0;
  int held = 0;
  for (const char digit : hex) {
    bits = bits << 4U | static_cast<unsigned>(std::stoi(std::string(1, digit), nullptr, 16));
    held += 4;
    while (held >= 6) {
      held -= 6;
      text += kDigits[bits >> static_cast<unsigned>(held) & 0x3FU];
    }
  }
  if (held > 0) text += kDigits[bits << static_cast<unsigned>(6 - held) & 0x3FU];
  while (text.size() % 4 != 0) text += '=';
  return text;
}

TEST_CASE("the policy of a page lets its own script run, and no other") {
  const std::string hash = "sha256-" + base64_of_hex(os::sha256(render::kHtmlScript));
  CHECK(render::kHtmlScriptHash == hash);
  const std::string with = render::html_page({.title = "x", .sorts = true});
  CHECK(with.find("script-src '" + hash + "'") != std::string::npos);
  const std::string without = render::html_page({.title = "x"});
  CHECK(without.find("script") == std::string::npos);
  CHECK(without.find("default-src 'none'") != std::string::npos);
}

TEST_CASE("a key may be broken behind its dots, and nowhere else") {
  CHECK(render::html_text("net.ipv4.tcp_rmem is 1.5 of web.example.org") ==
        "net.<wbr>ipv4.<wbr>tcp_rmem is 1.5 of web.example.org");
  CHECK(render::html_text("in /etc/sysctl.d/a<b.conf:3") ==
        "in /etc/<wbr>sysctl.d/<wbr>a&lt;b.conf:3");
  CHECK(render::html_text("a\nb  c ") == "a\nb  c ");
  const std::string word(30, 'x');
  CHECK(render::html_text(word) == "<span class=\"long\">" + word + "</span>");
  // The longest part of a key there is.
  CHECK(render::html_key("net.netfilter.nf_conntrack_tcp_timeout_established") ==
        "<code class=\"key\">net.<wbr>netfilter.<wbr>nf_conntrack_tcp_timeout_established</code>");
}

TEST_CASE("pages of hosts have names that are safe and their own") {
  render::PageNames names;
  CHECK(names.next("web01") == "hosts/web01.html");
  CHECK(names.next("WEB01") == "hosts/WEB01-2.html");
  CHECK(names.next("web01-2") == "hosts/web01-2-2.html");
  CHECK(names.next("web01") == "hosts/web01-3.html");
  CHECK(names.next("../../etc/passwd") == "hosts/etc-passwd.html");
  CHECK(names.next("-rf .") == "hosts/rf-..html");
  CHECK(names.next("") == "hosts/host.html");
  CHECK(names.next("\xed\x98\xb8") == "hosts/host-2.html");
  CHECK(names.next("a\"<&>\n") == "hosts/a-----.html");
  CHECK(names.next(std::string(300, 'x')).size() < 120);
}

/// A directory that goes with the test.
struct Shelf {
  Shelf() {
    std::string name = (fs::temp_directory_path() / "tuner-test-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Shelf() { fs::remove_all(path); }
  Shelf(const Shelf&) = delete;
  Shelf& operator=(const Shelf&) = delete;

  [[nodiscard]] Result<PageDirectory> open(const std::string& name) const {
    return PageDirectory::open(path / name, "<head>", "hosts");
  }
  [[nodiscard]] std::string read(const std::string& name) const {
    std::ifstream file(path / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void set(const std::string& name, const std::string& text) const {
    std::ofstream(path / name) << text;
  }

  fs::path path;
};

TEST_CASE("pages are written anew, and those of hosts that are gone go") {
  const Shelf shelf;
  for (const auto& hosts : {std::vector<std::string>{"a", "b"}, {"b", "c"}}) {
    auto pages = shelf.open("out/");
    REQUIRE(pages);
    for (const std::string& host : hosts) {
      CHECK(pages->write("hosts/" + host + ".html", "<head>" + host));
    }
    CHECK(pages->write("index.html", "<head>" + hosts.front()));
    CHECK(pages->finish());
    // What a run leaves that is killed while it writes.
    shelf.set("out/.tuner-page", "");
  }
  CHECK(shelf.read("out/index.html") == "<head>b");
  CHECK_FALSE(fs::exists(shelf.path / "out/hosts/a.html"));
  CHECK(shelf.read("out/hosts/c.html") == "<head>c");
  struct stat status = {};
  REQUIRE(::stat((shelf.path / "out/index.html").c_str(), &status) == 0);
  const mode_t mask = ::umask(0);
  ::umask(mask);
  CHECK((status.st_mode & 07777U) == (0644U & ~mask));
}

TEST_CASE("what tuner did not write is neither replaced nor taken away") {
  const Shelf shelf;
  const auto refused = [&shelf](const std::string& name) {
    const auto pages = shelf.open("out");
    CAPTURE(name);
    REQUIRE_FALSE(pages);
    CHECK(pages.error().detail.find(name) != std::string::npos);
    CHECK_FALSE(pages.error().hint.empty());
    fs::remove_all(shelf.path / "out" / name);
  };
  fs::create_directories(shelf.path / "out/hosts");
  shelf.set("out/index.html", "<head>");
  CHECK(shelf.open("out"));
  for (const char* const name : {"notes.txt", "hosts/page.html", ".hidden"}) {
    shelf.set(std::string("out/") + name, "<hea");
    refused(name);
  }
  fs::create_symlink(shelf.path / "out/index.html", shelf.path / "out/hosts/link.html");
  refused("hosts/link.html");
  fs::create_directory(shelf.path / "out/other");
  refused("other");
  REQUIRE(::mkfifo((shelf.path / "out/pipe").c_str(), 0600) == 0);
  refused("pipe");
  CHECK(shelf.open("out"));
  CHECK(shelf.read("out/index.html") == "<head>");
  fs::create_directory_symlink(shelf.path / "out", shelf.path / "way");
  CHECK_FALSE(shelf.open("way"));
  shelf.set("file", "<head>");
  CHECK_FALSE(shelf.open("file"));
}

Finding failing(const char* id, const char* subject, Severity severity = Severity::warning) {
  Finding finding = judge::failed(severity, subject, std::string("message of ") + subject);
  finding.id = id;
  finding.why = std::string("why ") + id;
  return finding;
}

std::size_t times(const std::string& text, std::string_view part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST_CASE("cards have the groups of the text, and each reason once") {
  std::vector<Finding> findings;
  for (const char* const subject : {"one", "two", "three"}) {
    findings.push_back(failing("interface-drops", subject));
  }
  findings.push_back(failing("listen-queue-overflow", "0.0.0.0:80", Severity::error));
  findings.push_back(failing("connects-unanswered", "127.0.0.1:80"));
  findings.push_back(failing("close-wait-leak", "nginx", Severity::error));
  findings.push_back(failing("close-wait-leak", "envoy"));
  const auto groups = group_failures(findings);
  REQUIRE(groups.size() == 4);
  const std::string html = render::audit_cards(groups);
  CHECK(times(html, " id=\"f") == 4);
  CHECK(times(html, "3 of them") == 1);
  CHECK(times(html, "<h3>Also ") == 1);
  for (const char* const why : {"why interface-drops", "why listen-queue-overflow",
                                "why connects-unanswered", "why close-wait-leak"}) {
    CHECK(times(html, why) == 1);
  }
  CHECK(times(html, "as in <a href=\"#f2\">close-wait-leak</a>") == 1);
  CHECK(render::card_contents(groups).empty());
}

/// A host with a finding that a value fixes, one that none does, and the command that comes next.
Report report_with(Severity unmendable, std::string next) {
  Report report;
  report.host = std::make_shared<HostSnapshot>();
  report.findings.push_back(failing("timestamps-off", "net.ipv4.tcp_timestamps"));
  report.findings.back().fix = judge::set("net.ipv4.tcp_timestamps", "1");
  report.findings.push_back(failing("close-wait-leak", "nginx", unmendable));
  report.findings.back().fix = {.kind = Fix::Kind::application, .text = "Close them."};
  report.next_command = std::move(next);
  return report;
}

TEST_CASE("an error that no value fixes is named beside the command that fixes others") {
  const std::string command = "tuner apply --fix timestamps-off";
  const std::string text = render::audit_text(report_with(Severity::error, command), {});
  CHECK(text.find("close-wait-leak (nginx): the application") != text.npos);
  CHECK(text.ends_with("Next: " + command + "\n"));
  const std::string mild = render::audit_text(report_with(Severity::warning, command), {});
  CHECK(mild.find("close-wait-leak (nginx): the application") == mild.npos);
}

TEST_CASE("a page promises a way back only where the command has one") {
  const auto steps = [](const char* next) {
    const Report report = report_with(Severity::warning, next);
    return render::audit_steps(report, group_failures(report.findings));
  };
  CHECK(times(steps("tuner apply --fix x --confirm-within 2min"), "rolls back by itself") == 1);
  CHECK(times(steps("tuner apply --fix x"), "rolls back by itself") == 0);
  Report counted = report_with(Severity::warning, "tuner audit --sample 10s");
  counted.findings.erase(counted.findings.begin());
  const std::string html = render::audit_steps(counted, group_failures(counted.findings));
  CHECK(times(html, "Sysctls fix these") == 0);
  CHECK(times(html, "whether it still happens") == 1);
  CHECK(times(html, "<table") == 0);
}

TEST_CASE("more than five cards have a table of contents") {
  std::vector<Finding> findings;
  for (const char* const id : {"a", "b", "c", "d", "e", "f"}) {
    findings.push_back(failing(id, "subject"));
  }
  const std::string html = render::card_contents(group_failures(findings));
  CHECK(times(html, "<a href=\"#f") == 6);
  findings.pop_back();
  CHECK(render::card_contents(group_failures(findings)).empty());
}

}  // namespace
}  // namespace tuner
