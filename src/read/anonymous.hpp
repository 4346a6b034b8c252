#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tuner/sockets.hpp"

namespace tuner {

/// Addresses and names that stand for those of a host: the same for the same one. Addresses count
/// from 240.0.0.1 (reserved, RFC 1112), 2001:db8:: (for documents, RFC 3849) and 02:00:00:00:00:01
/// (administered locally, RFC 7042) on. The loopback and the wildcards stay what they are, since
/// rules look at them.
class Anonymous {
 public:
  Address address(const Address& real);
  TcpSocket socket(TcpSocket socket);

  /// Text with every word that is an address replaced, a prefix or a port behind it kept;
  /// Ethernet's too, and names of interfaces that udev made of one (enx001122334455).
  std::string text(std::string_view text);

  /// From now on, names() puts `stand_in` for `name`, whatever the case of its letters.
  void hide(std::string_view name, std::string stand_in);

  /// Text with the hidden names replaced where they are whole words: no letter or digit stands
  /// beside them. Only for what is a name itself: "core" is part of a key too.
  [[nodiscard]] std::string names(std::string_view text) const;

 private:
  std::string ethernet(const std::string& real, std::string_view separator);

  std::map<Address, Address> known_{};
  std::map<std::string, std::uint32_t> ethernet_{};  // in small letters, without separators
  std::vector<std::pair<std::string, std::string>> names_{};  // in small letters, the longest first
  std::uint32_t next_v4_ = 0;
  std::uint32_t next_v6_ = 0;
};

}  // namespace tuner
