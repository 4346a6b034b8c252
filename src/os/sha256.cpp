#include "os/sha256.hpp"

#include <sys/types.h>
// sha2.h needs the types above.
#include <sha2.h>

#include <cstdint>

namespace tuner::os {

std::string sha256(std::string_view text) {
  char digest[SHA256_DIGEST_STRING_LENGTH] = {};
  ::SHA256Data(reinterpret_cast<const std::uint8_t*>(text.data()), text.size(), digest);
  return digest;
}

}  // namespace tuner::os
