#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "judge/parse_waivers.hpp"
#include "model/number.hpp"
#include "read/anonymous.hpp"
#include "read/capture.hpp"
#include "read/evidence_record.hpp"
#include "read/process_record.hpp"
#include "read/record.hpp"
#include "read/sockets.hpp"
#include "tuner/report.hpp"

namespace {

using namespace tuner;

/// What is read from a record is written as a record that is read as the same.
template <class Read, class Write>
void make_a_round(Read read, Write write, std::string_view text) {
  const auto once = read(text);
  if (!once) return;
  const std::string written = write(*once);
  const auto again = read(written);
  if (!again || write(*again) != written) std::abort();
}

}  // namespace

/// Any bytes as the records of a snapshot, its capture.toml, or waivers.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'p':
      make_a_round(parse::process_records, parse::process_records_text, text);
      break;
    case 'r':
      make_a_round(parse::default_routes, parse::route_records, text);
      break;
    case 'i':
      make_a_round(parse::interface_drops, parse::interface_records, text);
      break;
    case 'c':
      (void)parse::capture(text);
      break;
    case 'w':
      (void)parse_waivers(text, "waivers.toml");
      break;
    default: {
      Anonymous anonymous;
      for (const std::string_view line : parse::lines(text)) {
        const auto socket = parse::tcp_socket(line);
        if (!socket) continue;
        const std::string written = parse::tcp_record(*socket);
        const auto again = parse::tcp_socket(written);
        if (!again || parse::tcp_record(*again) != written) std::abort();
        (void)anonymous.socket(*socket);
      }
      (void)anonymous.text(text);
      if (parse::many_words(parse::one_word(text)) != text) std::abort();
    }
  }
  return 0;
}
