#include "knowledge/area.hpp"
#include "knowledge/defaults.hpp"
#include "knowledge/ranges.hpp"

namespace tuner::facts::area_system {

namespace {

constexpr Fact kRows[] = {
    {.key = "fs.file-max",
     .unit = Unit::files,
     .range = {0, kLongMax},
     .outside_rule = taken_before<6, 1>,
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .ipv6 = Ipv6::not_ip,
     .more = More::is_more_room,
     .default_text = "about 10% of RAM in KiB (2466170 on 24 GiB) ; LONG_MAX when systemd 240 and "
                     "later runs; (pages-reserve)*(PAGE_SIZE/1024)/10, at least 8192",
     .default_rule = file_max,
     .since = "2.2 or earlier",
     .changes = "5.2: unchecked -> 0..LONG_MAX\n"
                "systemd 240: kernel default -> bumped to LONG_MAX at boot",
     .caps = "the open files of the machine",
     .notes = "hit: ENFILE (23), \"Too many open files in system\", for processes without "
              "CAP_SYS_ADMIN and log \"VFS: file-max limit "
              "N reached\" (measured)\n"
              "almost never the real limit: check RLIMIT_NOFILE (EMFILE 24) first\n"
              "a write outside the range: EINVAL if negative or > LONG_MAX (5.2 and later; before "
              "wraps); 5.10 says yes to a negative number and keeps what was there (measured)",
     .source = "fs/file_table.c; Documentation/admin-guide/sysctl/fs.rst; systemd NEWS 240; "
               "measured on Debian 6.1.192 and 6.12.117"},
    {.key = "fs.file-nr",
     .unit = Unit::files,
     .elements = {"allocated", "unused", "max"},
     .range = {0, kLongMax},
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .ipv6 = Ipv6::not_ip,
     .write = Write::read_only,
     .default_text = "the files that are open",
     .since = "2.2 or earlier",
     .capped_by = "fs.file-max",
     .notes = "second number is always 0 since 2.6\n"
              "a write outside the range: 0444",
     .source = "Documentation/admin-guide/sysctl/fs.rst"},
    {.key = "fs.nr_open",
     .unit = Unit::files,
     .range = {64, 2147483584},
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .ipv6 = Ipv6::not_ip,
     .effect_note = "live for later setrlimit()/fd growth",
     .more = More::is_more_room,
     .default_text = "1048576 (kernel); highest possible value with systemd 240 and later "
                     "(commonly observed 1073741816)",
     .default_rule = always<1048576>,
     .since = "2.6.25",
     .caps = "RLIMIT_NOFILE",
     .notes = "ceiling for RLIMIT_NOFILE: setrlimit above it (also \"unlimited\") -> EPERM even "
              "for root (measured)\n"
              "does not raise anybody's limit by itself\n"
              "a write outside the range: EINVAL below 64 or above 2147483584 (measured)",
     .source = "fs/file.c; Documentation/admin-guide/sysctl/fs.rst; systemd NEWS 240; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "vm.min_free_kbytes",
     .unit = Unit::kibibytes,
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .ipv6 = Ipv6::not_ip,
     .more = More::is_more_room,
     .default_text = "sqrt(lowmem_kB*16), then raised by THP (67584 on 4 GiB VM)",
     .default_rule = min_free_kbytes,
     .since = "2.6",
     .notes = "reserve for atomic (network rx) allocations; raise only on \"page allocation "
              "failure order:0\" in softirq\n"
              "a write outside the range: EINVAL if negative; 1 is accepted (measured, dangerous)",
     .source = "mm/page_alloc.c; Documentation/admin-guide/sysctl/vm.rst; measured on Debian "
               "6.1.192 and 6.12.117"},
    {.key = "RLIMIT_NOFILE",
     .unit = Unit::files,
     .elements = {"soft", "hard"},
     .range = {0, kLongMax},
     .scope = Scope::process,
     .child = Child::does_not_apply,
     .ipv6 = Ipv6::not_ip,
     .effect_note = "at exec; a process that runs keeps its own until it is restarted",
     .more = More::is_more_room,
     .default_text =
         "kernel 1024:4096; systemd 240 and later 1024:524288; systemd PID 1 itself higher",
     .capped_by = "fs.nr_open",
     .notes = "read the truth from /proc/PID/limits \"Max open files\"\n"
              "systemd services: LimitNOFILE= (unit) or DefaultLimitNOFILE= (system.conf); "
              "/etc/security/limits.conf and limits.d apply only to PAM sessions (pam_limits), NOT "
              "to systemd services\n"
              "containers: runtime setting (containerd/docker LimitNOFILE or --ulimit)\n"
              "sockets count: one fd per connection; EMFILE in accept() stops draining the queue "
              "-> ListenOverflows\n"
              "select() users break above 1024 fds: that is why the soft default stays 1024\n"
              "a write outside the range: hard above fs.nr_open -> EPERM; raising hard needs "
              "CAP_SYS_RESOURCE",
     .source = "include/uapi/linux/fs.h INR_OPEN_CUR/MAX; systemd NEWS 240; "
               "systemd-system.conf(5); pam_limits(8); Debian systemd 252 system.conf: "
               "DefaultLimitNOFILE=1024:524288; measured on Debian 6.1.192 and 6.12.117"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_system
