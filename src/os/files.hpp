#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "os/descriptor.hpp"
#include "tuner/result.hpp"

/// Reading, writing and listing by descriptors: the one way to do it, so that nothing is cut off,
/// leaked or swallowed. Errors have the errno of the call that failed; see system_error.hpp.
namespace tuner::os {

/// A device that never ends is not a file that anybody meant.
inline constexpr std::size_t kEndless = std::size_t{256} << 20;

/// Whether a pipe that somebody holds open is waited for. Only where a user named it: one that lies
/// in a directory may never be written to.
enum class Pipes { awaited, refused };

/// All that comes out of an open descriptor, up to its end. `subject` is the file's name, for
/// errors. Errors: what read(2) says; EFBIG for more than `most` bytes; EAGAIN for a pipe that is
/// refused.
Result<std::string> read_all(int descriptor, const std::string& subject,
                             std::size_t most = kEndless, Pipes pipes = Pipes::awaited);

/// The contents of a file that a user named, up to `most` bytes; a pipe is waited for. Errors: what
/// open(2) and read(2) say; EFBIG for more.
Result<std::string> read_named_file(const std::string& path, std::size_t most = kEndless);

/// Writes all of `text`. Errors: what write(2) says.
Result<void> write_all(int descriptor, std::string_view text, const std::string& subject);

/// A stream over the directory at `path`, from the directory `at` on (AT_FDCWD: the working one);
/// null, with errno set, where it cannot be opened.
DirectoryStream open_directory_stream(int at, const char* path);

/// The names in a directory but "." and "..", sorted. One that cannot be read is an error, never an
/// empty list. Errors: what opendir(3) and readdir(3) say.
Result<std::vector<std::string>> list_directory_at(int at, const char* path,
                                                   const std::string& subject);
Result<std::vector<std::string>> list_directory(const std::string& path);

/// Whether a path leads to a directory, through links.
bool is_directory(const std::string& path);

bool file_exists(const std::string& path);

}  // namespace tuner::os
