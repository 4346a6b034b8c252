#include "read/anonymous.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "text/lower.hpp"

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

bool is_hexadecimal(char character) {
  return belongs_to_address(character) && character != '.' && character != ':';
}

bool is_word_character(char character) {
  return is_letter(character) || (character >= '0' && character <= '9');
}

constexpr std::size_t kEthernetDigits = 12;

/// The digits of "00:11:22:33:44:55"; empty for anything else.
std::string digits_of_ethernet(std::string_view word) {
  constexpr std::size_t kLength = 17;
  constexpr std::size_t kEach = 3;  // two digits and what parts them
  if (word.size() != kLength) return {};
  std::string digits;
  for (std::size_t at = 0; at < word.size(); ++at) {
    const bool between = at % kEach == kEach - 1;
    if (between ? word[at] != ':' : !is_hexadecimal(word[at])) return {};
    if (!between) digits += word[at];
  }
  return digits;
}

/// The length of "enx001122334455" at the beginning of a text; 0 where none is there.
std::size_t interface_of_ethernet(std::string_view text) {
  constexpr std::size_t kPrefix = 3;  // udev's: enx, wlx, wwx
  constexpr std::size_t kLength = kPrefix + kEthernetDigits;
  if (text.size() < kLength || text[2] != 'x') return 0;
  const std::string_view kind = text.substr(0, 2);
  if (kind != "en" && kind != "wl" && kind != "ww") return 0;
  const std::string_view digits = text.substr(kPrefix, kEthernetDigits);
  if (!std::all_of(digits.begin(), digits.end(), is_hexadecimal)) return 0;
  return text.size() > kLength && is_word_character(text[kLength]) ? 0 : kLength;
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

std::string Anonymous::ethernet(const std::string& real, std::string_view separator) {
  const auto next = static_cast<std::uint32_t>(ethernet_.size() + 1);
  const std::uint32_t number = ethernet_.try_emplace(text::lower(real), next).first->second;
  const std::string digits = fmt::format("0200{:08x}", number);
  std::string result;
  for (std::size_t at = 0; at < digits.size(); at += 2) {
    if (at > 0) result += separator;
    result += digits.substr(at, 2);
  }
  return result;
}

void Anonymous::hide(std::string_view name, std::string stand_in) {
  if (name.empty()) return;
  names_.emplace_back(text::lower(name), std::move(stand_in));
  std::stable_sort(names_.begin(), names_.end(), [](const auto& left, const auto& right) {
    return left.first.size() > right.first.size();
  });
}

std::string Anonymous::names(std::string_view text) const {
  const std::string small = text::lower(text);
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const bool begins = at == 0 || !is_word_character(text[at - 1]);
    const auto hidden = std::find_if(names_.begin(), names_.end(), [&](const auto& one) {
      const std::size_t end = at + one.first.size();
      return begins && small.compare(at, one.first.size(), one.first) == 0 &&
             (end == text.size() || !is_word_character(text[end]));
    });
    if (hidden == names_.end()) {
      result += text[at++];
    } else {
      result += hidden->second;
      at += hidden->first.size();
    }
  }
  return result;
}

std::string Anonymous::text(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    const bool begins = at == 0 || !is_word_character(text[at - 1]);
    if (const std::size_t name = begins ? interface_of_ethernet(text.substr(at)) : 0; name > 0) {
      constexpr std::size_t kPrefix = 3;
      result += text.substr(at, kPrefix);
      result += ethernet(std::string(text.substr(at + kPrefix, kEthernetDigits)), "");
      at += name;
      continue;
    }
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
    if (const std::string digits = digits_of_ethernet(word); !digits.empty()) {
      result += ethernet(digits, ":");
      continue;
    }
    const bool inside_name = (!label && start > 0 && is_letter(text[start - 1])) ||
                             (at < text.size() && is_letter(text[at]));
    const std::string_view found = inside_name ? std::string_view() : address_in(word);
    const auto real = address_of(found);
    if (real) {
      result += address_text(address(*real));
      result += word.substr(found.size());
    } else {
      result += word;
    }
  }
  return result;
}

}  // namespace tuner
