#include "tuner/fact.hpp"

namespace tuner {

std::string_view unit_name(const Fact& fact) {
  switch (fact.unit) {
    case Unit::flag:
    case Unit::choice:
    case Unit::bitmap:
    case Unit::name:
    case Unit::names:
    case Unit::factor:
      return {};
    case Unit::bytes:
      return "bytes";
    case Unit::kibibytes:
      return "KiB";
    case Unit::pages:
      return "pages";
    case Unit::packets:
      return "packets";
    case Unit::connections:
      return "connections";
    case Unit::ports:
      return "ports";
    case Unit::seconds:
      return "seconds";
    case Unit::milliseconds:
      return "milliseconds";
    case Unit::microseconds:
      return "microseconds";
    case Unit::files:
      return "files";
    case Unit::count:
      break;
  }
  return fact.counted;
}

}  // namespace tuner
