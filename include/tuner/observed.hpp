#pragma once

#include <string>
#include <tl/expected.hpp>

namespace tuner {

/// Why a value of the host is not there. It is data, not a failure: a missing file says something
/// about the kernel or the namespace, and must never be taken for a zero.
struct Unread {
  enum class Why {
    absent,
    not_permitted,
    malformed,  ///< it was read, and is not what it should be
    failed,     ///< the system could not read it
  };
  Why why = Why::absent;
  std::string detail{};  ///< for `malformed` and `failed`: what is wrong
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

inline tl::unexpected<Unread> unreadable(std::string detail) {
  return tl::unexpected(Unread{Unread::Why::failed, std::move(detail)});
}

/// "absent", "not permitted", "malformed: DETAIL" or "unreadable: DETAIL", behind "FILE is " where
/// it is another file.
std::string unread_text(const Unread& unread);

}  // namespace tuner
