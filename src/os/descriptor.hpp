#pragma once

#include <dirent.h>
#include <unistd.h>

#include <memory>
#include <utility>

namespace tuner::os {

/// A file descriptor that is closed when its owner goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }

  /// Hands the number on to whoever closes it from now on.
  [[nodiscard]] int release() { return std::exchange(number_, -1); }
  [[nodiscard]] int get() const { return number_; }
  [[nodiscard]] bool valid() const { return number_ >= 0; }

 private:
  int number_ = -1;
};

struct CloseDirectory {
  void operator()(DIR* stream) const { ::closedir(stream); }
};

/// A directory stream that is closed when its owner goes; null where it could not be opened.
using DirectoryStream = std::unique_ptr<DIR, CloseDirectory>;

}  // namespace tuner::os
