#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tuner {

/// The name of a sysctl in the form that every reader of sysctl.d takes: dots between the parts,
/// and a slash for a dot inside a part (`net.ipv4.conf.eth0/100.rp_filter`).
class SysctlKey {
 public:
  /// Takes dots or slashes as separators: the first separator decides, as in sysctl.d(5).
  /// No value for an empty key, an empty part, "." or ".." as a part, blanks or control characters.
  static std::optional<SysctlKey> parse(std::string_view text);

  /// The key of a file below /proc/sys, given as a relative path.
  static std::optional<SysctlKey> from_path(std::string_view path);

  [[nodiscard]] const std::string& text() const { return text_; }

  /// The file, relative to /proc/sys.
  [[nodiscard]] std::string path() const;

  friend auto operator<=>(const SysctlKey&, const SysctlKey&) = default;

 private:
  explicit SysctlKey(std::string text) : text_(std::move(text)) {}
  std::string text_;
};

/// Dots as slashes and slashes as dots: from the one spelling of a key to the other.
std::string swap_separators(std::string key);

/// Whether kernels have a directory of this name right below /proc/sys.
bool is_top_directory(std::string_view name);

/// The value of a sysctl as the kernel printed it.
struct SysctlValue {
  std::string text;  ///< as in /proc, with single blanks between elements
  /// The elements where all of them are integers, else empty. Numbers beyond int64 are the nearest
  /// int64: `text` has what the kernel printed.
  std::vector<std::int64_t> numbers;

  friend bool operator==(const SysctlValue&, const SysctlValue&) = default;
};

}  // namespace tuner
