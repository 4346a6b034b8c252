#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace tuner::os {

/// The few of many with the most of something.
template <class T>
class MostOf {
 public:
  explicit MostOf(std::size_t room) : room_(room) {}

  void add(std::uint64_t amount, const auto& make) {
    if (items_.size() == room_ && amount <= items_.front().first) return;
    if (items_.size() == room_) {
      std::pop_heap(items_.begin(), items_.end(), more);
      items_.pop_back();
    }
    items_.emplace_back(amount, make());
    std::push_heap(items_.begin(), items_.end(), more);
  }

  /// The most first. Moves everything out.
  std::vector<T> finish() {
    std::sort(items_.begin(), items_.end(), more);
    std::vector<T> result;
    result.reserve(items_.size());
    for (auto& [amount, item] : items_) result.push_back(std::move(item));
    return result;
  }

 private:
  static bool more(const std::pair<std::uint64_t, T>& left,
                   const std::pair<std::uint64_t, T>& right) {
    return left.first > right.first;
  }
  std::size_t room_;
  std::vector<std::pair<std::uint64_t, T>> items_{};
};

}  // namespace tuner::os
