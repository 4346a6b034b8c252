#include <doctest/doctest.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "boot/run.hpp"
#include "cases.hpp"
#include "knowledge/readers.hpp"
#include "os/read_sysctl_d.hpp"
#include "read/sysctl.hpp"

/// Recorded runs of the real systemd-sysctl and sysctl on Linux 6.18, in a fresh namespace.
namespace tuner::test {

namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

std::string decoded(const std::string& text) {
  static constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned collected = 0;
  int bits = 0;
  for (const char character : text) {
    const auto digit = kDigits.find(character);
    if (digit == std::string_view::npos) break;
    collected = (collected << 6U) | static_cast<unsigned>(digit);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes += static_cast<char>((collected >> static_cast<unsigned>(bits)) & 0xffU);
  }
  return bytes;
}

std::string text_of(const Json& value) {
  if (value.is_null()) return {};
  if (value.is_string()) return value.get<std::string>();
  if (value.contains("b64")) return decoded(value["b64"].get<std::string>());
  std::string text;
  for (const Json& part : value["parts"]) {
    for (int count = 0; count < part[1].get<int>(); ++count) text += part[0].get<std::string>();
  }
  return text;
}

/// A directory with the files of a vector, which goes with the test.
class Tree {
 public:
  explicit Tree(const Json& files) {
    std::string name = (fs::temp_directory_path() / "tuner-vector-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
    for (const auto& [path, content] : files.items()) add(path, content);
  }
  ~Tree() { fs::remove_all(path_); }
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;

  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  void add(const std::string& path, const Json& content) const {
    const fs::path place = path_ / path.substr(1);
    fs::create_directories(place.parent_path());
    if (content.is_object() && content.contains("symlink")) {
      fs::create_symlink(content["symlink"].get<std::string>(), place);
    } else if (content.is_object() && content.contains("dir")) {
      fs::create_directory(place);
    } else {
      std::ofstream(place, std::ios::binary) << text_of(content);
    }
  }

  fs::path path_;
};

void add_nodes(const fs::path& directory, const std::string& name, KernelTree& kernel) {
  for (const auto& entry : fs::directory_iterator(directory)) {
    std::string path = name;
    if (!path.empty()) path += '/';
    path += entry.path().filename().string();
    KernelNode node;
    if (entry.is_directory()) {
      node.kind = KernelNode::Kind::directory;
      add_nodes(entry.path(), path, kernel);
    } else {
      node.text = slurp(entry.path());
    }
    kernel.nodes.insert_or_assign(path, node);
  }
}

/// A fresh namespace of 6.18 with the interfaces and values that a vector asks for.
KernelTree kernel_of(const Json& setup) {
  static const KernelTree kFresh = [] {
    KernelTree kernel;
    kernel.extent = KernelTree::Extent::all;
    add_nodes(host_path("linux-6.18-x86_64-24g-child-netns") + "/proc/sys", "", kernel);
    for (const char* const key : {"kernel/domainname", "kernel/panic"}) {
      kernel.nodes[key] = {.text = std::string("(none)\n")};
    }
    kernel.nodes["net/ipv4/ip_default_ttl"] = {.text = std::string("64\n")};
    kernel.nodes["net/ipv4/route"] = {.kind = KernelNode::Kind::directory};
    kernel.nodes["net/ipv4/route/flush"] = {.readable = false};
    return kernel;
  }();
  KernelTree kernel = kFresh;
  kernel.writable = !setup.contains("ro_proc_sys") && !setup.contains("nonroot");
  for (const Json& link : setup.value("links", Json::array())) {
    for (const std::string family : {"net/ipv4/conf/", "net/ipv6/conf/"}) {
      kernel.nodes[family + link.get<std::string>()] = {.kind = KernelNode::Kind::directory};
      for (const auto& [path, node] : kFresh.nodes) {
        if (!path.starts_with(family + "default/")) continue;
        const std::string key = path.substr(family.size() + 7);
        kernel.nodes[family + link.get<std::string>() + key] = node;
      }
    }
  }
  const Json before = setup.value("pre", Json::object());
  for (const auto& [path, value] : before.items()) {
    kernel.nodes[path].text = value.get<std::string>() + '\n';
  }
  return kernel;
}

/// A write as far as the recording and the model both tell it.
struct Step {
  std::string path{};
  std::string text{};
  std::string result{};

  friend bool operator==(const Step&, const Step&) = default;
};

std::string lines_of(const std::vector<Step>& steps) {
  std::string text;
  for (const Step& step : steps) {
    text.append(step.path).append(" = ").append(step.text).append(": ").append(step.result);
    text += '\n';
  }
  return text;
}

/// A retry of a refused write, and the rest of a long one, belong to the write before.
std::vector<Step> recorded(const Json& writes) {
  std::vector<Step> steps;
  for (const Json& write : writes) {
    Step step{.path = write[0].get<std::string>(), .result = "written"};
    if (write[1].is_object() && write[1].contains("head")) {
      step.text = write[1]["head"].get<std::string>();
    } else if (!write[1].is_null()) {
      step.text = text_of(write[1]);
    }
    if (write[2].is_string()) step.result = write[2].get<std::string>();
    if (write[2].is_null()) step.result = "unchanged";
    if (step.text.ends_with('\n')) step.text.pop_back();
    const bool goes_on = !steps.empty() && steps.back().path == step.path &&
                         (steps.back() == step ? step.result == "EINVAL"
                                               : write[1].is_object() && write[1].contains("head"));
    if (!goes_on) steps.push_back(std::move(step));
  }
  return steps;
}

std::string refusal_of(const BootWrite& write) {
  return write.reason.find("no congestion control") != std::string::npos ? "ENOENT" : "EINVAL";
}

std::vector<Step> modelled(const ReaderRun& run, bool root) {
  std::vector<Step> steps;
  const bool systemd = run.reader->family == ReaderFamily::systemd;
  const bool tries = systemd || !run.after.writable;  // procps looks before it opens
  for (const BootWrite& write : run.writes) {
    using enum BootWrite::Result;
    Step step{.path = write.path};
    constexpr std::size_t kHead = 40;
    if (write.result == written || write.result == refused) {
      step.text = write.text.size() > 4000 ? write.text.substr(0, kHead) : write.text;
    }
    if (write.result == written) step.result = "written";
    if (write.result == unchanged) step.result = "unchanged";
    if (write.result == refused) step.result = refusal_of(write);
    if (write.result == absent && systemd) step.result = "ENOENT";
    if (write.result == directory && systemd) step.result = "EISDIR";
    if (write.result == not_permitted && tries) {
      step.result = run.after.writable || !root ? "EACCES" : "EROFS";
    }
    const bool itself = write.path.empty();
    if (!step.result.empty() && !itself) steps.push_back(std::move(step));
  }
  return steps;
}

/// The options of the recorded command, beside files and the two modes.
std::set<std::string> options_of(const Json& argv) {
  std::set<std::string> options;
  for (std::size_t index = 1; index < argv.size(); ++index) {
    const auto word = argv[index].get<std::string>();
    if (word.starts_with("--") && word != "--system")
      options.insert(word.substr(0, word.find('=')));
  }
  return options;
}

void give_files(const Json& vector, const Json& argv, os::RootDirectory& root, const Reader& reader,
                ConfigTree& files) {
  if (vector["mode"] != "file") return;
  std::vector<ConfigFile> given;
  for (std::size_t index = 1; index < argv.size(); ++index) {
    const auto word = argv[index].get<std::string>();
    if (word == "-" && reader.dash_is_stdin) {
      given.push_back({.path = "-", .text = text_of(vector["setup"]["stdin"])});
    } else if (word == "-") {
      given.push_back({.path = "-", .kind = ConfigFile::Kind::dangling});
    } else if (!word.starts_with("-")) {
      given.push_back(os::read_config_file(root, word));
    }
  }
  files.given = GivenFiles{.to_systemd = given, .to_procps = given};
}

void hold(const Json& vector, const Json& expected, const Reader& reader) {
  const auto options = options_of(expected["argv"]);
  Tree tree(vector["files"]);
  auto root = os::RootDirectory::open(tree.path()).value();
  ConfigTree files = os::read_config_tree(root);
  give_files(vector, expected["argv"], root, reader, files);
  const KernelTree kernel = kernel_of(vector["setup"]);
  HostSnapshot host;
  host.congestion_modules.emplace();  // none: where these runs were recorded there was no other
  const ReaderRun run = run_reader(reader, files, kernel, host);
  CAPTURE(reader.name);
  CHECK(lines_of(modelled(run, !vector["setup"].contains("nonroot"))) ==
        lines_of(recorded(expected["writes"])));
  if (!options.contains("--strict")) CHECK(run.status == expected["rc"].get<int>());
  for (const auto& [name, value] : expected["final"].items()) {
    const std::string path = name;
    CAPTURE(path);
    if (value.contains("error")) continue;       // it cannot be read
    if (text_of(value).size() > 4000) continue;  // a list cut by procps: the writes tell
    const KernelNode* const node = run.after.find(path);
    if (node != nullptr && node->text) {
      CHECK(parse::sysctl_value(*node->text) == parse::sysctl_value(text_of(value)));
    }
  }
}

}  // namespace

TEST_CASE("the models do what the recorded readers did") {
  const Json vectors = Json::parse(slurp(TUNER_SOURCE_DIR "/tests/vectors/sysctl_d.json"));
  // Options that no boot gives: a part of the keys only, nothing written, a drop-in rolled back.
  const std::set<std::string> other = {"--prefix", "--pattern", "--dry-run", "--revert"};
  int held = 0;
  int left_out = 0;
  for (const Json& vector : vectors["vectors"]) {
    CAPTURE(vector["id"].get<std::string>());
    for (const Json& expected : vector["expected"]) {
      for (const Json& name : expected["implementations"]) {
        const Reader* const reader = find_reader(name.get<std::string>());
        REQUIRE(reader != nullptr);
        Json own = expected;
        const auto options = options_of(own["argv"]);
        const bool skipped = std::any_of(options.begin(), options.end(), [&](const auto& option) {
          return other.contains(option);
        });
        (skipped ? left_out : held) += 1;
        if (!skipped) hold(vector, own, *reader);
      }
    }
  }
  MESSAGE(held << " runs held, " << left_out << " of other options left out");
  CHECK(held > 450);
}

}  // namespace tuner::test
