#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace tuner {

/// What a number of a formula counts, so that bytes are never taken for packets.
struct Dimension {
  enum class Counted { nothing, connections, packets };
  int data = 0;  ///< the power of bytes
  int time = 0;  ///< the power of time: bandwidth is data 1, time -1
  /// Of numbers without data or time. A size divided by a count is a size: one connection's share.
  Counted counted = Counted::nothing;

  friend bool operator==(const Dimension&, const Dimension&) = default;
};

/// "bytes", "a time", "a bandwidth", "connections", "packets", "a plain number" or what else it is.
std::string dimension_text(const Dimension& dimension);

/// What a formula can speak of: the inputs of profiles, what follows from them, and the host.
enum class Quantified {
  bandwidth,
  rtt,
  connections,
  memory_share,
  bdp,  ///< bandwidth times rtt
  memory,
  page_size,
  cpus,
};
inline constexpr std::size_t kQuantities = 8;

std::string_view quantity_name(Quantified quantity);

/// An arithmetic expression in postfix order. Its units were checked when it was read.
struct Formula {
  enum class Kind {
    number,
    quantity,
    add,
    subtract,
    multiply,
    divide,
    smaller,         ///< min() of two
    larger,          ///< max() of two
    receive_buffer,  ///< the receive buffer that carries so many bytes on this kernel
    send_buffer,     ///< the same for a send buffer
  };
  struct Step {
    Kind kind = Kind::number;
    double number = 0;  ///< in bytes, microseconds, bytes a microsecond, or plain
    Quantified quantity = Quantified::memory;
  };
  std::vector<Step> steps{};
  Dimension dimension{};

  [[nodiscard]] bool uses(Quantified quantity) const;
  [[nodiscard]] bool uses(Kind kind) const;
};

struct FormulaError {
  std::size_t offset = 0;  ///< in the text, from 0
  std::string detail{};
  std::string hint{};
};

/// The value of each quantity in the units of Formula::Step; absent ones are not known.
using Quantities = std::array<std::optional<double>, kQuantities>;

/// How many bytes of buffer this kernel needs for a byte of data.
struct BufferFactors {
  double receive = 2;
  double send = 2;
};

/// The value; no value where a quantity is not known. Never wraps: what is too large is infinite,
/// and a division of nothing by nothing is not a number.
std::optional<double> evaluate(const Formula& formula, const Quantities& quantities,
                               const BufferFactors& factors);

}  // namespace tuner
