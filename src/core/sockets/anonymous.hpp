#pragma once

#include <map>
#include <string>
#include <string_view>

#include "tuner/sockets.hpp"

namespace tuner {

/// Addresses that stand for those of a host: the same for the same address, in the order in which
/// they come, from 240.0.0.1 (reserved, RFC 1112) and 2001:db8:: (for documents, RFC 3849) on. The
/// loopback and the wildcards stay what they are, since rules look at them.
class Anonymous {
 public:
  Address address(const Address& real);
  TcpSocket socket(TcpSocket socket);

  /// Text with every word that is an address replaced, a prefix or a port behind it kept.
  std::string text(std::string_view text);

 private:
  std::map<Address, Address> known_{};
  std::uint32_t next_v4_ = 0;
  std::uint32_t next_v6_ = 0;
};

}  // namespace tuner
