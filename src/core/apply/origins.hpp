#pragma once

#include <map>
#include <string>
#include <vector>

#include "tuner/snapshot.hpp"
#include "tuner/transaction.hpp"

namespace tuner {

/// What a key was before tuner first touched it, and what tuner made of it.
struct Origin {
  std::string original{};
  std::string applied{};
};

/// By key, for the keys that earlier transactions of this namespace set and that were not taken
/// back. Where somebody else changed a key between two transactions, his value is the origin.
std::map<std::string, Origin> origins_of(const std::vector<Transaction>& history,
                                         const Place& place);

/// The host without what tuner did to it: keys that still have the value that tuner gave them get
/// their origin.
HostSnapshot untuned(HostSnapshot host, const std::map<std::string, Origin>& origins);

}  // namespace tuner
