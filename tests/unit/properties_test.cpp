#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "judge/findings.hpp"
#include "judge/weigh.hpp"
#include "model/number.hpp"
#include "profile/parse_profile.hpp"
#include "read/proc.hpp"
#include "read/sysctl.hpp"
#include "read/toml.hpp"
#include "render/style.hpp"
#include "text/joined.hpp"
#include "tuner/profile.hpp"

namespace tuner {
namespace {

/// Runs a property and fails the test case with the counterexample.
template <class Property>
void holds(const char* name, Property property) {
  CHECK_MESSAGE(rc::check(name, property), name);
}

TEST_CASE("formatting and parsing a value gives the value") {
  holds("numbers", [](const std::vector<std::int64_t>& numbers) {
    RC_ASSERT(parse::sysctl_value(text::joined(numbers, " ") + "\n").numbers == numbers);
  });
  holds("keys", [] {
    const auto letter = rc::gen::elementOf(std::string("abcxyz_-09."));
    const auto part = rc::gen::nonEmpty(rc::gen::container<std::string>(letter));
    const auto parts = *rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(part));
    // The first separator of a written key decides; below /proc/sys the first part has no dot.
    std::string path = "net";
    for (const std::string& name : parts) path += "/" + name;
    const auto key = SysctlKey::from_path(path);
    RC_PRE(key.has_value());
    RC_ASSERT(key->path() == path);
    RC_ASSERT((SysctlKey::parse(key->path()) == key));
    RC_ASSERT((SysctlKey::parse(key->text()) == key));
  });
}

TEST_CASE("no text makes a parser crash, and none becomes a value by accident") {
  holds("parsers", [](const std::string& text) {
    (void)parse::counters(text);
    (void)parse::sockstat(text);
    (void)parse::softnet_stat(text);
    (void)parse::nf_conntrack(text);
    (void)parse::open_file_limit(text);
    (void)parse::kernel_release(text);
    (void)parse::toml(text, "x");
    (void)parse_profile(text, "x.toml");
    RC_ASSERT(!parse::meminfo_total(text) || text.find("MemTotal:") != std::string::npos);
  });
}

TEST_CASE("more failures are never less severe, more work never more") {
  holds("weigh", [](std::uint16_t bad, std::uint16_t more, std::uint32_t work) {
    const auto less = judge::weigh(bad, work);
    RC_ASSERT((less.has_value() == (bad > 0)));
    RC_ASSERT((judge::weigh(bad + more, work) >= less));
    RC_ASSERT((judge::weigh(bad, std::int64_t{work} + more) <= less));
  });
  holds("a tenth", [](std::uint16_t bad, std::uint32_t work) {
    const std::int64_t ten = 10;
    RC_ASSERT((judge::weigh(bad, work) <= judge::weigh(bad * ten, work * ten)));
    RC_ASSERT(judge::least_share(bad, work) <= judge::least_share(bad * ten, work * ten));
  });
}

TEST_CASE("text stays inside its columns unless a word does not") {
  holds("wrap", [](std::uint8_t indent, std::uint8_t columns) {
    const auto word = rc::gen::container<std::string>(rc::gen::inRange('a', 'z'));
    const auto words = *rc::gen::container<std::vector<std::string>>(word);
    std::string text;
    for (const std::string& part : words) text += part.substr(0, 30) + ' ';
    const std::size_t margin = indent % 20;
    const std::size_t width = 50 + columns % 80;
    for (const auto line : parse::lines(render::wrapped(text, margin, {.columns = width})))
      RC_ASSERT(line.size() <= width);
  });
  holds("clean", [](const std::string& text) {
    for (const char character : render::clean(text, render::Charset::ascii)) {
      const auto byte = static_cast<unsigned char>(character);
      RC_ASSERT(byte == '\n' || (byte >= ' ' && byte < 0x7f));
    }
  });
}

}  // namespace
}  // namespace tuner
