#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "model/number.hpp"
#include "os/journal_text.hpp"
#include "render/transaction.hpp"

namespace {

using namespace tuner;

/// Checksums hold only what is written by tuner: a stranger would compute them too.
std::string with_checksums(std::string_view text) {
  std::string journal;
  std::string chain;
  for (const std::string_view line : parse::lines(text)) {
    chain = os::chained_checksum(chain, line);
    journal.append(chain).append(" ").append(line).append("\n");
  }
  return journal;
}

std::string encoded(const Transaction& transaction) {
  std::string text = os::encode_plan(transaction.plan);
  for (const Record& record : transaction.records) {
    const auto last = text.rfind('\n', text.size() - 2);
    const auto start = last == std::string::npos ? 0 : last + 1;
    text += os::encode_record(record, os::checksum_of(std::string_view(text).substr(start)));
  }
  return text;
}

}  // namespace

/// Any lines as a journal; one that is understood is shown, and written as it was.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  (void)os::decode_journal(text, "journal");
  const auto journal = os::decode_journal(with_checksums(text), "journal");
  if (!journal) return 0;
  const auto again = os::decode_journal(encoded(journal->transaction), "journal");
  if (!again || encoded(again->transaction) != encoded(journal->transaction)) std::abort();
  const render::HistoryReport history{.transactions = {journal->transaction}, .details = true};
  (void)render::history_text(history, {.detail = render::Detail::everything});
  (void)render::history_json(history, "0");
  const render::StatusReport status{.waiting = journal->transaction,
                                    .unfinished = {journal->transaction},
                                    .standing = journal->transaction};
  (void)render::status_text(status, {});
  (void)render::status_json(status, "0");
  return 0;
}
