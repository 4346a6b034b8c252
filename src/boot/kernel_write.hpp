#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tuner/fact.hpp"
#include "tuner/kernel.hpp"
#include "tuner/observed.hpp"
#include "tuner/route.hpp"
#include "tuner/sockets.hpp"
#include "tuner/sysctl.hpp"
#include "tuner/units.hpp"

namespace tuner {
class HostSnapshot;
}

namespace tuner::boot {

/// What the kernel makes of a write on one sysctl.
struct KernelAnswer {
  bool taken = true;
  std::string text{};    ///< what the key prints afterwards; a refusal may change some of it
  std::string reason{};  ///< why it is refused, as a clause
};

/// The numbers of a write, as kernel/sysctl.c proc_dointvec_minmax() takes them.
struct WrittenNumbers {
  std::vector<std::int64_t> numbers{};  ///< before the first that is refused, `count` at most
  std::string refused{};                ///< why it stops; empty where all is well
};

WrittenNumbers written_numbers(std::string_view text, std::size_t count, Range range);

/// What a write of `text` and a newline does to a key that prints `present`. Without a fact the
/// present text tells whether the key holds numbers. `range` is the fact's on this host.
KernelAnswer answer_to(const Fact* fact, Range range, std::string_view present,
                       std::string_view text);

}  // namespace tuner::boot
