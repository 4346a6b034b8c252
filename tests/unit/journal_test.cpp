#include <doctest/doctest.h>
#include <rapidcheck.h>

#include "os/journal_text.hpp"

namespace tuner {

namespace {

Transaction sample() {
  Transaction transaction{.plan = {.id = "t",
                                   .number = 3,
                                   .actor = {.user = "root", .command = "tuner apply"},
                                   .place = {.machine = "m", .boot = "b"},
                                   .profile = "proxy",
                                   .confirm_within = std::chrono::milliseconds(5)}};
  transaction.plan.steps = {
      {.target = "net/core/somaxconn",
       .original = "1",
       .wanted = "2",
       .interface_index = 7,
       .why = "w"},
      {.target = "net/ipv4/conf/lo/forwarding", .original = "0", .follows = true},
      {.kind = Step::Kind::file,
       .part = Step::Part::keep,
       .target = "/etc/x",
       .original = std::string("\xff\0\n", 3),
       .mode = 0600}};
  transaction.records = {
      {.state = State::armed, .confirm_by = std::chrono::milliseconds(9), .timer = "process:1:2"},
      {.state = State::applied, .reason = "\xc3\x28", .followed = {{"a", "1"}}},
      {.state = State::conflict, .conflicts = {"x", "y"}}};
  return transaction;
}

std::string encoded(const Transaction& transaction) {
  std::string text = os::encode_plan(transaction.plan);
  std::string chain(os::checksum_of(text));
  for (const Record& record : transaction.records) {
    const std::string line = os::encode_record(record, chain);
    chain = os::checksum_of(line);
    text += line;
  }
  return text;
}

}  // namespace

TEST_CASE("what is recorded is read back") {
  const auto journal = os::decode_journal(encoded(sample()), "j");
  REQUIRE(journal.has_value());
  const Transaction& read = journal->transaction;
  const Transaction written = sample();
  CHECK(encoded(read) == encoded(written));
  CHECK(read.plan.steps[2].original == written.plan.steps[2].original);
  CHECK(read.plan.steps[2].wanted == std::nullopt);
  CHECK(read.plan.steps[2].mode == 0600);
  CHECK(read.records[1].reason == written.records[1].reason);
  CHECK(read.records[1].followed == written.records[1].followed);
}

TEST_CASE("a journal of a version without cookies is read") {
  std::string text = encoded(sample());
  const std::string cookie = "\"network_cookie\":0,";
  const auto line = text.substr(0, text.find('\n'));
  std::string body = line.substr(line.find(' ') + 1);
  REQUIRE(body.find(cookie) != std::string::npos);
  body.erase(body.find(cookie), cookie.size());
  const auto journal = os::decode_journal(os::chained_checksum({}, body) + ' ' + body + '\n', "j");
  REQUIRE(journal.has_value());
  CHECK(journal->transaction.plan.place.network_cookie == 0);
}

TEST_CASE("numbers that are none of the journal's are refused") {
  const std::string text = encoded(sample());
  const auto line = text.substr(0, text.find('\n'));
  const std::string body = line.substr(line.find(' ') + 1);
  for (const char* const field : {"\"number\":3", "\"created\":0", "\"confirm_within_ms\":5",
                                  "\"interface_index\":7", "\"mode\":384", "\"journal\":1"}) {
    REQUIRE(body.find(field) != std::string::npos);
    for (const char* const number :
         {"1e80", "-1e80", "1.5", "18446744073709551616", "\"1\"", "true"}) {
      CAPTURE(field);
      CAPTURE(number);
      std::string wrong = body;
      const auto colon = wrong.find(field) + std::string_view(field).find(':') + 1;
      wrong.replace(colon, std::string_view(field).size() - std::string_view(field).find(':') - 1,
                    number);
      CHECK_FALSE(os::decode_journal(os::chained_checksum({}, wrong) + ' ' + wrong + '\n', "j")
                      .has_value());
    }
  }
}

TEST_CASE("a journal that is cut anywhere is a shorter journal, or an error") {
  const std::string text = encoded(sample());
  const auto first = text.find('\n') + 1;
  for (std::size_t length = 0; length < text.size(); ++length) {
    CAPTURE(length);
    const auto journal = os::decode_journal(text.substr(0, length), "j");
    CHECK(journal.has_value() == (length >= first));
    if (!journal) continue;
    const auto lines = std::count(text.begin(), text.begin() + static_cast<long>(length), '\n');
    CHECK(journal->transaction.records.size() == static_cast<std::size_t>(lines - 1));
  }
}

TEST_CASE("a changed byte is never followed") {
  const std::string text = encoded(sample());
  for (std::size_t index = 0; index + 1 < text.size(); ++index) {
    CAPTURE(index);
    std::string changed = text;
    changed[index] = changed[index] == 'x' ? 'y' : 'x';
    const auto journal = os::decode_journal(changed, "j");
    // A newline that is gone leaves a last line that is torn; all else is an error.
    if (journal) CHECK(text[index] == '\n');
  }
  CHECK_FALSE(os::decode_journal(text + text.substr(text.find('\n') + 1), "j").has_value());
}

TEST_CASE("any bytes make a round") {
  CHECK(rc::check("journal values", [](const std::string& value, const std::string& reason) {
    Transaction transaction = sample();
    transaction.plan.steps[0].original = value;
    transaction.records[0].reason = reason;
    transaction.plan.place = {.machine = value, .boot = reason, .network_namespace = value};
    transaction.plan.version = reason;
    transaction.records[0].timer = value;
    const auto journal = os::decode_journal(encoded(transaction), "j");
    RC_ASSERT(journal.has_value());
    RC_ASSERT(journal->transaction.plan.steps[0].original == value);
    RC_ASSERT(journal->transaction.records[0].reason == reason);
    RC_ASSERT(encoded(journal->transaction) == encoded(transaction));
    RC_ASSERT(journal->transaction.plan.place.machine == value);
  }));
}

}  // namespace tuner
