#include "os/exchange_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "os/beside.hpp"
#include "os/files.hpp"
#include "os/replace_file.hpp"
#include "os/system_error.hpp"

namespace tuner::os {

namespace {

/// While it is written: under the other name it is whole.
std::string unfinished_name(const std::string& name) { return '.' + name + ".tuner-part"; }

/// Of the temporary name; no value where there is none.
Result<std::optional<std::string>> text_beside(int directory, const BesideNames& names) {
  const Descriptor file(::openat(directory, names.temporary.c_str(),
                                 O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
  if (!file.valid() && errno == ENOENT) return std::nullopt;
  const std::string shown = parts_of(names.path).directory + '/' + names.temporary;
  if (!file.valid()) return system_error(shown, "Move it away.");
  return read_all(file.get(), shown).map([](std::string text) {
    return std::optional(std::move(text));
  });
}

/// renameat2(2); file systems that know no flags, such as NFS, say EINVAL.
bool rename_beside(int directory, const std::string& from, const std::string& to, unsigned flags) {
  return ::renameat2(directory, from.c_str(), directory, to.c_str(), flags) == 0;
}

tl::unexpected<Error> somebody_was_first(const std::string& path) {
  return fail({.subject = path,
               .detail = "it has just been changed by someone else, and was left as it is"});
}

/// What lies beside is nobody's any more: under the name of what is unfinished it may go at any
/// time.
Result<void> drop(int directory, const BesideNames& names) {
  const std::string part = unfinished_name(names.name);
  if (!rename_beside(directory, names.temporary, part, 0)) {
    return discard_beside(directory, names.path, names.temporary);
  }
  // What stays all the same, the next run takes away.
  ::unlinkat(directory, part.c_str(), 0);
  return {};
}

/// For file systems that rename without flags: looked at once more, as late as can be.
Result<void> move_without_flags(int directory, const BesideNames& names,
                                const std::optional<std::string>& present, bool in) {
  const auto now = read_whole(names.path);
  if (!now) return tl::unexpected(now.error());
  const auto text = *now ? std::optional((*now)->text) : std::nullopt;
  if (text != present) {
    if (in) ::unlinkat(directory, names.temporary.c_str(), 0);
    return somebody_was_first(names.path);
  }
  const int done =
      in ? ::renameat(directory, names.temporary.c_str(), directory, names.name.c_str())
         : ::unlinkat(directory, names.name.c_str(), 0);
  return done == 0 ? Result<void>() : system_error(names.path);
}

/// What was taken out goes back, and what stands in its place meanwhile comes out: our own text, or
/// what somebody made of that, which then has the last word; theirs before it stays beside it.
Result<void> put_back(int directory, const BesideNames& names,
                      const std::optional<std::string>& own) {
  const unsigned flags = own ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (!rename_beside(directory, names.temporary, names.name, flags))
    return system_error(names.path);
  if (!own) return {};
  const auto out = text_beside(directory, names);
  if (!out) return tl::unexpected(out.error());  // the next run looks at it
  if (*out == own) return drop(directory, names);
  const bool again = rename_beside(directory, names.temporary, names.name, RENAME_EXCHANGE);
  const std::string saved = names.name + ".saved-by-tuner";
  if (again) (void)rename_beside(directory, names.temporary, saved, RENAME_NOREPLACE);
  return somebody_was_first(names.path);
}

/// What was taken out goes away where it is `present`, and back where somebody was first. `own`
/// stands in its place meanwhile.
Result<void> judge_taken(int directory, const BesideNames& names, const std::string& present,
                         const std::optional<std::string>& own) {
  const auto out = text_beside(directory, names);
  auto result = out ? somebody_was_first(names.path) : tl::unexpected(out.error());
  if (out && *out == present) {
    auto gone = drop(directory, names);
    if (gone) return gone;
    result = tl::unexpected(gone.error());
  }
  auto back = put_back(directory, names, own);
  return back ? result : back;
}

/// What lies beside is put in its place where that is still free, or still holds `present`.
Result<void> move_in(int directory, const BesideNames& names,
                     const std::optional<std::string>& present, const std::string& text) {
  const unsigned flags = present ? RENAME_EXCHANGE : RENAME_NOREPLACE;
  if (!rename_beside(directory, names.temporary, names.name, flags)) {
    if (errno == EINVAL) return move_without_flags(directory, names, present, true);
    const bool first = errno == EEXIST || errno == ENOENT;
    const auto error = first ? somebody_was_first(names.path) : system_error(names.path);
    ::unlinkat(directory, names.temporary.c_str(), 0);
    return error;
  }
  return present ? judge_taken(directory, names, *present, text) : Result<void>();
}

/// What is in its place is taken out and away, where it is still `present`.
Result<void> move_out(int directory, const BesideNames& names, const std::string& present) {
  if (!rename_beside(directory, names.name, names.temporary, RENAME_NOREPLACE)) {
    if (errno == EINVAL) return move_without_flags(directory, names, present, false);
    return errno == ENOENT ? Result<void>() : system_error(names.path);
  }
  return judge_taken(directory, names, present, std::nullopt);
}

BesideNames names_of(const std::string& path, const PathParts& parts) {
  return {.path = path, .name = parts.name, .temporary = temporary_name(parts.name)};
}

}  // namespace

Result<void> exchange_file(const std::string& path, const std::optional<std::string>& present,
                           const std::optional<std::string>& text, unsigned mode) {
  const PathParts parts = parts_of(path);
  const BesideNames names = names_of(path, parts);
  if (auto settled = settle_exchange(path, {present, text}); !settled) return settled;
  const auto directory = text ? make_directory(parts.directory) : open_directory(parts.directory);
  if (!directory && !text && directory.error().number == ENOENT) return {};
  if (!directory) return tl::unexpected(directory.error());
  Result<void> moved;
  if (text) {
    const BesideNames part{
        .path = path, .name = parts.name, .temporary = unfinished_name(parts.name)};
    moved = write_beside(directory->get(), part, *text, mode,
                         [mode](int file) { return ::fchmod(file, mode) == 0; });
    if (moved && !rename_beside(directory->get(), part.temporary, names.temporary, 0)) {
      moved = system_error(path);
      ::unlinkat(directory->get(), part.temporary.c_str(), 0);
    }
    if (moved) moved = move_in(directory->get(), names, present, *text);
  } else if (present) {
    moved = move_out(directory->get(), names, *present);
  }
  if (!moved) return moved;
  if (::fsync(directory->get()) != 0) return system_error(path);
  if (!text && parts.directory.ends_with(".service.d")) ::rmdir(parts.directory.c_str());
  return {};
}

Result<void> settle_exchange(const std::string& path,
                             const std::vector<std::optional<std::string>>& ours) {
  const PathParts parts = parts_of(path);
  const BesideNames names = names_of(path, parts);
  const auto directory = open_directory(parts.directory);
  if (!directory)
    return directory.error().number == ENOENT ? Result<void>() : tl::unexpected(directory.error());
  if (auto discarded = discard_beside(directory->get(), path, unfinished_name(parts.name));
      !discarded) {
    return discarded;
  }
  const auto text = text_beside(directory->get(), names);
  const bool planted = !text && text.error().number == ELOOP;  // no write of tuner's makes a link
  if (!text && !planted) return tl::unexpected(text.error());
  if (text && !*text) return {};
  const bool own = planted || std::find(ours.begin(), ours.end(), *text) != ours.end();
  if (!own) {
    const auto in_place = read_whole(path);
    if (!in_place) return tl::unexpected(in_place.error());
    const bool replaced =
        *in_place && std::find(ours.begin(), ours.end(), (*in_place)->text) != ours.end();
    const bool back = rename_beside(directory->get(), names.temporary, names.name,
                                    replaced ? RENAME_EXCHANGE : RENAME_NOREPLACE);
    if (!back)
      return system_error(parts.directory + '/' + names.temporary,
                          "Check what is in it, then move it away.");
    if (!replaced) return {};
  }
  return drop(directory->get(), names);
}

}  // namespace tuner::os
