#pragma once

#include <string>
#include <vector>

#include "tuner/boot.hpp"
#include "tuner/transaction.hpp"

namespace tuner {

class HostSnapshot;

/// A key that tuner set, and that the next boot makes something else of.
struct BootChange {
  enum class Kind {
    overruled,  ///< another line wins over the one in tuner's file
    returns,    ///< tuner's file sets it, and something else runs: it was rolled back in part, or
                ///< was written for the next boot alone
    ends,       ///< no file of tuner's keeps it
  };
  Kind kind = Kind::overruled;
  std::string key{};
  std::string applied{};  ///< what tuner set, or wrote
  std::string boot{};     ///< what it is after the next boot
  std::string file{};     ///< whose line decides; empty where none does
  int line = 0;
};

struct NextBoot {
  std::string file{};     ///< tuner's own; empty where there is none
  std::size_t lines = 0;  ///< the keys in it
  std::vector<BootChange> changes{};
};

/// What the next boot makes of the changes that stand here. `history` is oldest first.
NextBoot next_boot(const BootMaterial& material, const std::vector<Transaction>& history,
                   const Place& here, const HostSnapshot& host);

/// The keys that have to be read for that.
std::vector<std::string> applied_keys(const BootMaterial& material,
                                      const std::vector<Transaction>& history, const Place& here);

/// How much of a change that stands is still its own.
struct Standing {
  std::size_t keys = 0;              ///< that it set
  std::size_t own = 0;               ///< of those, what no later change set
  std::vector<std::string> later{};  ///< the ids of those that did
  bool elsewhere = false;            ///< it belongs to another network namespace
};

}  // namespace tuner
