#include "readers.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  return tuner::fuzz::run(tuner::ReaderFamily::procps, data, size);
}
