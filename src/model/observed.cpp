#include "tuner/observed.hpp"

namespace tuner {

std::string unread_text(const Unread& unread) {
  const std::string file = unread.source.empty() ? "" : unread.source + " is ";
  switch (unread.why) {
    case Unread::Why::absent:
      return file + "absent";
    case Unread::Why::not_permitted:
      return file + "not permitted";
    case Unread::Why::failed:
      return file + "unreadable: " + unread.detail;
    case Unread::Why::malformed:
      break;
  }
  return file + "malformed: " + unread.detail;
}

}  // namespace tuner
