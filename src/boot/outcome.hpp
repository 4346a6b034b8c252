#pragma once

#include "tuner/boot.hpp"

namespace tuner {

/// The lines that set a key without effect, as far as somebody would be misled: another file that
/// the same reader applies later says something else. Lines with patterns are left out, since they
/// set other keys too, and so are files that one of the same name hides as a whole, and those of
/// packages, which are there to be overruled (sysctl.d(5)).
std::vector<const Shadowed*> misleading(const BootView& view, const BootKey& key);

/// Whether a file is a vendor's, below /usr/lib: it is copied to /etc/sysctl.d and changed there,
/// for the next upgrade writes it again (sysctl.d(5)).
bool is_vendor_file(const std::string& file);

/// How to change such a file: "Copy PATH to /etc/sysctl.d/NAME".
std::string copy_of_vendor_file(const std::string& file);

/// What taking a key out of the files comes to where one line is not all of them, or a package
/// brings it: sentences to be added to such advice, each behind a blank; else empty.
std::string other_lines(const BootView& view, std::string_view key);

/// The line that decides over a key at boot; null where none does, or a pattern.
const Assignment* line_at_boot(const BootView& view, std::string_view key);

/// The line that decides at boot once another one is gone; null where no other sets the key. Lines
/// with patterns are left out.
const Assignment* decides_without(const BootView& view, std::string_view key,
                                  const std::string& file, int line);

/// The value of a key after the next boot: what a program sets later, what the files leave, else
/// the kernel's default where it is exact. No value where neither is known.
std::optional<std::string> value_at_boot(const BootView& view, std::string_view key,
                                         const HostSnapshot& host);

}  // namespace tuner
