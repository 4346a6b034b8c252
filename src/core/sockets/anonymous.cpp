#include "core/sockets/anonymous.hpp"

#include <algorithm>

namespace tuner {

namespace {

/// What may stand in an address; a name of an interface or a key does not look like one.
bool belongs_to_address(char character) {
  const bool digit = character >= '0' && character <= '9';
  const bool letter =
      (character >= 'a' && character <= 'f') || (character >= 'A' && character <= 'F');
  return digit || letter || character == '.' || character == ':';
}

bool is_letter(char character) {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z');
}

/// The address at the beginning of a word; empty where there is none. "10.0.0.1:80" is one word,
/// and so is the end of a sentence, "10.0.0.1."
std::string_view address_in(std::string_view word) {
  while (word.ends_with('.') || (word.ends_with(':') && !word.ends_with("::"))) {
    word.remove_suffix(1);
  }
  if (address_of(word)) return word;
  word = word.substr(0, std::min(word.rfind(':'), word.size()));
  return address_of(word) ? word : std::string_view();
}

void put_number(std::uint32_t number, Address& address) {
  constexpr std::size_t kBytes = 4;
  for (std::size_t place = 0; place < kBytes; ++place) {
    address.bytes[address.bytes.size() - 1 - place] |=
        static_cast<std::uint8_t>(number >> (8U * static_cast<unsigned>(place)));
  }
}

}  // namespace

Address Anonymous::address(const Address& real) {
  if (real.is_loopback() || real.is_wildcard()) return real;
  const auto [place, fresh] = known_.try_emplace(real);
  if (!fresh) return place->second;
  const bool four = real.is_ipv4();
  Address stand_in = address_of(four ? "240.0.0.0" : "2001:db8::").value_or(Address());
  put_number(++(four ? next_v4_ : next_v6_), stand_in);
  return place->second = stand_in;
}

TcpSocket Anonymous::socket(TcpSocket socket) {
  socket.local = address(socket.local);
  socket.remote = address(socket.remote);
  return socket;
}

std::string Anonymous::text(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    while (at < text.size() && belongs_to_address(text[at])) ++at;
    if (at == start) {
      result += text[at++];
      continue;
    }
    std::string_view word = text.substr(start, at - start);
    // "gateway:10.0.0.1" is two words, "::1" is one.
    const bool label = word.starts_with(':') && !word.starts_with("::");
    if (label) result += ':';
    word.remove_prefix(label ? 1 : 0);
    const bool inside_name = (!label && start > 0 && is_letter(text[start - 1])) ||
                             (at < text.size() && is_letter(text[at]));
    const std::string_view found = inside_name ? std::string_view() : address_in(word);
    const auto real = address_of(found);
    if (real) {
      result += text_of(address(*real));
      result += word.substr(found.size());
    } else {
      result += word;
    }
  }
  return result;
}

}  // namespace tuner
