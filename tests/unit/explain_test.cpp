#include <doctest/doctest.h>

#include <algorithm>

#include "cases.hpp"
#include "judge/advice.hpp"
#include "knowledge/facts.hpp"
#include "knowledge/purpose.hpp"
#include "render/explain.hpp"
#include "tuner/snapshot.hpp"

namespace tuner {

TEST_CASE("every fact says what its key is, and every purpose has a fact") {
  for (const Fact* const fact : all_facts()) {
    CAPTURE(fact->key);
    const std::string what(purpose_of(*fact));
    CHECK(what.ends_with('.'));
    CHECK(what.size() > 30);
    CHECK(what.size() < 240);
  }
  for (const auto rows : {tcp_purposes(), other_purposes()}) {
    for (const PurposeRow& row : rows) {
      CAPTURE(row.key);
      const auto facts = all_facts();
      CHECK(std::any_of(facts.begin(), facts.end(),
                        [&row](const Fact* fact) { return fact->key == row.key; }));
    }
  }
}

TEST_CASE("a first look fits a screen, and says whether to touch the key") {
  std::vector<Profile> profiles;
  for (const std::string& name : test::kShipped) profiles.push_back(test::shipped(name));
  const HostSnapshot host = test::read_captured("debian12-6.1-x86_64-1g");
  for (const Fact* const fact : all_facts()) {
    CAPTURE(fact->key);
    const render::KeyHere here{
        .key = std::string(fact->key), .host = host, .advice = judge::advice_on(*fact, profiles)};
    CHECK(here.advice.ends_with('.'));
    const std::string text = render::fact_text(*fact, here, {});
    CHECK(std::count(text.begin(), text.end(), '\n') <= 20);
    CHECK(text.find("Source:") == std::string::npos);
    const std::string all = render::fact_text(*fact, here, {.detail = render::Detail::everything});
    CHECK(all.find("Source:") != std::string::npos);
  }
}

}  // namespace tuner
