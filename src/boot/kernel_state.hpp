#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>

#include "tuner/boot.hpp"

namespace tuner::boot {

/// What is below /proc/sys while a reader writes: each write is answered as the kernel would, and
/// changes what later ones find. Nothing outside of it is touched.
class KernelState {
 public:
  KernelState(const KernelTree& tree, const HostSnapshot& host) : tree_(tree), host_(host) {}

  [[nodiscard]] const KernelNode* find(std::string_view path) const { return tree_.find(path); }
  [[nodiscard]] const KernelTree& tree() const { return tree_; }
  /// The paths whose value came with another key's last, and that key's path.
  [[nodiscard]] const std::map<std::string, std::string>& followed() const { return followed_; }

  struct Answer {
    bool taken = true;
    bool no_such_name = false;  ///< ENOENT
    bool not_allowed = false;   ///< EPERM
    std::string reason{};
  };
  /// The kernel takes less than a page of a list of ports at a time: systemd goes on with the rest,
  /// procps does not.
  enum class Rest { written, lost };

  /// `path` is a file, or unknown where nothing of the kernel is known.
  Answer write(const std::string& path, std::string_view text, Rest rest);

 private:
  [[nodiscard]] std::size_t most_read() const;
  [[nodiscard]] std::string_view read_part(std::string_view text, const Fact* fact,
                                           Rest rest) const;
  Answer write_unknown(const std::string& path, std::string_view text);
  [[nodiscard]] std::string present(const std::string& path, const Fact* fact) const;
  [[nodiscard]] std::optional<std::string> objection(const std::string& path,
                                                     const std::string& text) const;
  [[nodiscard]] Answer offered(std::string_view name) const;
  void set(const std::string& path, const std::string& text);
  void follow(const std::string& path, const std::string& text, bool changed);

  KernelTree tree_;
  const HostSnapshot& host_;
  std::set<std::string, std::less<>> touched_{};  ///< written by name, so defaults pass them by
  std::map<std::string, std::string> followed_{};
};

}  // namespace tuner::boot
