#pragma once

#include <string>
#include <tl/expected.hpp>

namespace tuner {

/// Why a value of the host is not there. It is data, not a failure: a missing file says something
/// about the kernel or the namespace, and must never be taken for a zero.
struct Unread {
  enum class Why { absent, not_permitted, malformed };
  Why why = Why::absent;
  std::string detail{};  ///< for `malformed`: what is wrong with the text
  std::string source{};  ///< the file, where it is not the one that the finding is about

  friend bool operator==(const Unread&, const Unread&) = default;
};

template <class T>
using Observed = tl::expected<T, Unread>;

inline tl::unexpected<Unread> absent() { return tl::unexpected(Unread{}); }
inline tl::unexpected<Unread> not_permitted() {
  return tl::unexpected(Unread{Unread::Why::not_permitted, {}});
}
inline tl::unexpected<Unread> malformed(std::string detail) {
  return tl::unexpected(Unread{Unread::Why::malformed, std::move(detail)});
}

/// "absent", "not permitted" or "malformed: DETAIL", behind "FILE is " where it is another file.
std::string describe(const Unread& unread);

}  // namespace tuner
