#include <doctest/doctest.h>
#include <rapidcheck.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "os/disguise.hpp"
#include "os/snapshot_writer.hpp"

namespace tuner {
namespace {

namespace fs = std::filesystem;
using os::Addresses;
using os::Disguise;
using os::FilledDirectory;

/// A directory that goes with the test.
struct Place {
  Place() {
    std::string name = (fs::temp_directory_path() / "tuner-test-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~Place() { fs::remove_all(path); }
  Place(const Place&) = delete;
  Place& operator=(const Place&) = delete;

  fs::path path;
};

std::string content_of(const fs::path& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

void put(const fs::path& path, const std::string& text) { std::ofstream(path) << text; }

os::RecordingFiles::Seen text_of(const std::string& text) { return {.text = text}; }
os::RecordingFiles::Seen link_to(const std::string& text) { return {.link = text}; }

Disguise plain() { return Disguise(Addresses::kept, "web01", {}, {}); }

TEST_CASE("a directory is filled that is new or empty, this user's, and nobody else's to write") {
  const Place place;
  CHECK(FilledDirectory::open(place.path / "new"));
  CHECK(FilledDirectory::open(place.path / "new"));  // empty
  put(place.path / "new/file", "x");
  CHECK(FilledDirectory::open(place.path / "new").error().detail == "it exists and is not empty");
  fs::create_directory(place.path / "open");
  ::chmod((place.path / "open").c_str(), 0777);
  CHECK(FilledDirectory::open(place.path / "open").error().detail ==
        "it is writable by others than its owner");
  fs::create_symlink("open", place.path / "link");
  CHECK(FilledDirectory::open(place.path / "link").error().detail ==
        "it exists but is not a directory");
  CHECK(FilledDirectory::open(place.path / "new/file").error().detail ==
        "it exists but is not a directory");
  CHECK(FilledDirectory::open(place.path / "no/parent").error().number == ENOENT);
}

TEST_CASE("nothing is written through a link, and no file that is there is opened") {
  const Place place;
  put(place.path / "victim", "whole");
  fs::create_directory(place.path / "elsewhere");
  auto directory = FilledDirectory::open(place.path / "out");
  REQUIRE(directory);
  // As somebody plants them while it is filled.
  fs::create_symlink("../victim", place.path / "out/file");
  fs::create_symlink("../elsewhere", place.path / "out/directory");
  fs::create_symlink((place.path / "elsewhere").c_str(), place.path / "out/absolute");
  CHECK_FALSE(directory->write("file", "cut", 0600));
  CHECK_FALSE(directory->write("directory/file", "cut", 0600));
  CHECK_FALSE(directory->write("absolute/file", "cut", 0600));
  CHECK_FALSE(directory->write("../beside", "cut", 0600));
  CHECK_FALSE(directory->make("directory/below"));
  CHECK_FALSE(directory->link("directory/link", "x"));
  CHECK(directory->write("a/b/c", "1", 0400));
  CHECK(directory->write("a/b/c", "2", 0400).error().number == EEXIST);
  CHECK(content_of(place.path / "victim") == "whole");
  CHECK(content_of(place.path / "out/a/b/c") == "1");
  CHECK(fs::is_empty(place.path / "elsewhere"));
  CHECK_FALSE(fs::exists(place.path / "beside"));
  put(place.path / "elsewhere/kept", "whole");
  CHECK(directory->clear());
  CHECK(fs::is_empty(place.path / "out"));
  CHECK(content_of(place.path / "elsewhere/kept") == "whole");
}

TEST_CASE("links of a host stand in its snapshot, and files where they lead to") {
  const Place place;
  // As on a host where /lib is an absolute link: the path below it once led out of the snapshot.
  fs::create_directories(place.path / "host/modules");
  put(place.path / "host/modules/modules.dep", "kernel/net/ipv4/tcp_bbr.ko:\nkernel/x.ko:\n");
  const std::string outside = (place.path / "host").string();
  auto directory = FilledDirectory::open(place.path / "out");
  REQUIRE(directory);
  os::SnapshotWriter writer(std::move(*directory), plain());
  writer.write_seen({{"lib", link_to(outside)},
                     {"lib/modules/modules.dep", text_of("kernel/net/ipv4/tcp_bbr.ko:\n")},
                     {"etc/sysctl.d/99-x.conf", {.text = "a = 1\n", .link = "../sysctl.conf"}},
                     {"etc/sysctl.d/off.conf", {.text = "", .link = "/dev/null"}},
                     {"etc/sysctl.conf", text_of("a = 1\n")},
                     {"run/loop", link_to("loop")},
                     {"run/loop/x", {.status = os::FileStatus{}}}});
  CHECK_FALSE(writer.problem());
  const fs::path out = place.path / "out";
  CHECK(fs::read_symlink(out / "lib") == outside);
  CHECK(content_of(place.path / "host/modules/modules.dep").find("x.ko") != std::string::npos);
  CHECK(content_of(fs::path(out.string() + outside) / "modules/modules.dep") ==
        "kernel/net/ipv4/tcp_bbr.ko:\n");
  CHECK(fs::read_symlink(out / "etc/sysctl.d/99-x.conf") == "../sysctl.conf");
  CHECK(content_of(out / "etc/sysctl.d/99-x.conf") == "a = 1\n");
  CHECK(fs::read_symlink(out / "etc/sysctl.d/off.conf") == "/dev/null");
  CHECK(content_of(out / "dev/null").empty());
}

TEST_CASE("what cannot be linked or written is a problem that is told") {
  const Place place;
  auto directory = FilledDirectory::open(place.path / "out");
  REQUIRE(directory);
  put(place.path / "out/lib", "in the way");
  os::SnapshotWriter writer(std::move(*directory), plain());
  writer.write_seen({{"lib", link_to("usr/lib")}});
  REQUIRE(writer.problem());
  CHECK(writer.problem()->number == EEXIST);
  CHECK(writer.discard());
  CHECK(fs::is_empty(place.path / "out"));
}

TEST_CASE("a host that is called like a part of keys keeps its keys") {
  for (const char* const name : {"core", "net", "ipv4", "default", "all", "lo", "sysctl", "a"}) {
    CAPTURE(name);
    Disguise disguise(Addresses::replaced, name, {"conf"}, {"etc/sysctl.d/50-x.conf"});
    for (const char* const path : {"proc/sys/net/core/somaxconn", "etc/sysctl.conf",
                                   "proc/sys/net/ipv4/conf/default/rp_filter",
                                   "usr/lib/sysctl.d/50-x.conf", "etc/default/ufw"}) {
      CHECK(disguise.path(path) == path);
    }
    const std::string text = "net.core.somaxconn = 1\nnet.ipv4.conf.all.rp_filter = 1\n";
    CHECK(disguise.content("etc/sysctl.conf", text) == text);
    CHECK(disguise.content("proc/sys/kernel/hostname", std::string(name) + "\n") == "host\n");
  }
}

TEST_CASE("names of the host and its users go from all places that are names") {
  Disguise disguise(Addresses::replaced, "web01.example.org", {"alice"},
                    {"etc/sysctl.d/99-web01.conf", "etc/sysctl.d/99-alice.conf"});
  CHECK(disguise.path("etc/sysctl.d/99-web01.conf") == "etc/sysctl.d/99-user1.conf!001.conf");
  CHECK(disguise.path("etc/sysctl.d/99-alice.conf") == "etc/sysctl.d/99-user1.conf");
  CHECK(disguise.link("etc/sysctl.d/99-x.conf", "99-web01.conf") ==
        "/etc/sysctl.d/99-user1.conf!001.conf");
  CHECK(disguise.link("etc/sysctl.d/99-x.conf", "/home/alice/WEB01-x.conf") ==
        "/elsewhere/1/host-x.conf");
  CHECK(disguise.link("lib", "usr/lib") == "usr/lib");
  CHECK(disguise.path("proc/sys/net/ipv4/conf/web01-vpn/rp_filter") ==
        "proc/sys/net/ipv4/conf/host-vpn/rp_filter");
  CHECK(disguise.path("proc/sys/net/ipv4/conf/enx0011aabbccdd/rp_filter") ==
        "proc/sys/net/ipv4/conf/enx020000000001/rp_filter");
  CHECK(disguise.content("etc/sysctl.conf",
                         "# web01\nnet.ipv4.conf.enx0011aabbccdd.rp_filter = 1\n"
                         "net/ipv4/conf/web01-vpn/rp_filter = 1\nkernel.hostname = web01\n") ==
        "#\nnet.ipv4.conf.enx020000000001.rp_filter = 1\n"
        "net/ipv4/conf/host-vpn/rp_filter = 1\nkernel.hostname = host\n");
  for (const char* const reason : {"reason = \"alice asks for it on web01\"",
                                   "\"reason\" = 'alice asks'", "reason = \"\"\"\nalice\n\"\"\""}) {
    CHECK(disguise.content(
              "etc/tuner/waivers.toml",
              std::string("[[waiver]]\nfinding = \"timestamps-off\"\n") + reason + '\n') ==
          "[[waiver]]\nfinding = 'timestamps-off'\nreason = 'left out'\n");
  }
  CHECK(disguise.content("etc/tuner/waivers.toml", "no TOML of alice") == "no TOML of user1");
  CHECK(
      disguise.content("etc/sysctl.conf", "net.x = 1;2 # of alice; and so on\nkernel.x = a#b\n") ==
      "net.x = 1;2 #\nkernel.x = a#b\n");
  CHECK(disguise.name("web01-agent.service") == "host-agent.service");
  CHECK(disguise.name("web012") == "web012");
  CHECK(disguise.text("00:11:aa:bb:cc:dd 10.0.0.1") == "02:00:00:00:00:01 240.0.0.1");
  CHECK(disguise.content("var/lib/dpkg/status",
                         "Package: procps\nStatus: install ok installed\nMaintainer: alice\n"
                         "Version: 2:4\n\nPackage: x\nVersion: 1\n") ==
        "Package: procps\nStatus: install ok installed\nVersion: 2:4\n\n");
}

TEST_CASE("new names of fragments lie in the order of the old ones") {
  const auto name = rc::gen::container<std::string>(
      rc::gen::element('0', '9', '-', 'h', 'o', 's', 't', 'v', 'x'));
  CHECK(rc::check("order", [&name] {
    std::set<std::string> paths;
    for (const std::string& one : *rc::gen::container<std::vector<std::string>>(name)) {
      paths.insert("etc/sysctl.d/" + one + ".conf");
    }
    Disguise disguise(Addresses::replaced, "x", {"v"}, {paths.begin(), paths.end()});
    std::string before;
    for (const std::string& path : paths) {
      const std::string shown = disguise.path(path);
      RC_ASSERT(before < shown);
      before = shown;
    }
  }));
}

}  // namespace
}  // namespace tuner
