#pragma once

#include <map>
#include <string>
#include <vector>

#include "tuner/apply.hpp"
#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/transaction.hpp"
#include "tuner/units.hpp"

namespace tuner {

class HostSnapshot;

/// What a key was before tuner first touched it, and what tuner made of it.
struct Origin {
  std::string original{};
  std::vector<std::string> applied{};  ///< every value that tuner gave it, in files too
  std::size_t last = 0;                ///< when it was set last, counted in steps of the history

  /// Whether a value is one that tuner set.
  [[nodiscard]] bool is_ours(std::string_view key, std::string_view value) const;
};

/// By key, for the keys that earlier transactions of this namespace set and that were not rolled
/// back. Where somebody else changed a key between two transactions, his value is the origin.
std::map<std::string, Origin> origins_of(const std::vector<Transaction>& history,
                                         const Place& place);

/// The keys that were last set by themselves, not by a profile, with the values that they were set
/// to: another profile leaves them alone unless it asks for something else.
std::map<std::string, std::string> single_keys(const std::vector<Transaction>& history,
                                               const Place& place);

/// The host without what tuner did to it: keys that still have the value that tuner gave them get
/// their origin.
HostSnapshot untuned(HostSnapshot host, const std::map<std::string, Origin>& origins);

/// Whether a file of tuner's holds something else than what the changes that stand left there. What
/// no change wrote, as where the history was deleted, is not edited.
bool is_edited(const std::vector<Transaction>& history, std::string_view path,
               std::string_view text);

/// The keys that earlier runs set and that have to be read, beside those of the profile.
std::vector<std::string> keys_of_history(const std::vector<Transaction>& history);

}  // namespace tuner
