#include "cli/output_option.hpp"

#include "os/write_output.hpp"

namespace tuner::cli {

Result<Outcome> delivered(Outcome outcome, const Invocation& invocation) {
  const auto file = invocation.value("output");
  if (!file || *file == "-") return outcome;
  const auto written = os::write_output(*file, outcome.out);
  if (!written) return tl::unexpected(written.error());
  outcome.out.clear();
  return outcome;
}

}  // namespace tuner::cli
