#include "cli/sample_option.hpp"

#include "read/measure.hpp"

namespace tuner::cli {

Result<std::optional<std::chrono::milliseconds>> sample_of(const Invocation& invocation) {
  const auto text = invocation.value("sample");
  if (!text) return std::nullopt;
  Error error{
      .kind = ErrorKind::usage, .subject = "--sample", .hint = "Write it like --sample 10s."};
  const auto duration = parse::duration(*text);
  if (!duration || *duration < std::chrono::milliseconds(1) || *duration > std::chrono::hours(1)) {
    error.detail = "\"" + *text + "\" is not a time between 1ms and 1h";
    return fail(std::move(error));
  }
  if (invocation.has("root")) {
    error.detail = "a captured tree cannot be sampled";
    error.hint = "Leave out --sample or --root.";
    return fail(std::move(error));
  }
  return std::chrono::duration_cast<std::chrono::milliseconds>(*duration);
}

}  // namespace tuner::cli
