#include <cstddef>
#include <cstdint>
#include <string_view>

#include "model/number.hpp"
#include "read/port_list.hpp"
#include "read/proc.hpp"
#include "read/process_record.hpp"
#include "read/sockets.hpp"
#include "read/sysctl.hpp"

/// Any bytes as each file below /proc: the first says which.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tuner;
  if (size == 0) return 0;
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0]) {
    case 'n':
      (void)parse::counters(text);
      (void)parse::counters_ipv6(text);
      break;
    case 's':
      (void)parse::sockstat(text);
      (void)parse::softnet_stat(text);
      (void)parse::nf_conntrack(text);
      (void)parse::neighbour_table(text);
      break;
    case 'v':
      (void)parse::virtual_services(text);
      break;
    case 'm':
      (void)parse::meminfo_total(text);
      (void)parse::file_nr(text);
      (void)parse::open_file_limit(text);
      (void)parse::uptime(text);
      (void)parse::kernel_release(text);
      (void)parse::service_of(text);
      break;
    case 't':
      for (const std::string_view line : parse::lines(text)) {
        (void)parse::proc_tcp_line(line);
        (void)parse::proc_udp_line(line);
      }
      break;
    default: {
      (void)parse::port_list(text);
      const SysctlValue value = parse::sysctl_value(text);
      (void)value;
    }
  }
  return 0;
}
