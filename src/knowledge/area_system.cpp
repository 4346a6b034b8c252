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
     .default_text = "(pages-reserve)*(PAGE_SIZE/1024)/10, at least 8192, which is about 10% of "
                     "RAM in KiB (2466170 on 24 GiB); LONG_MAX where systemd 240 and later runs",
     .default_rule = file_max,
     .since = "2.2 or earlier",
     .changes = "5.2: only 0 to LONG_MAX is accepted; before, values were not checked",
     .caps = "the open files of the machine",
     .notes =
         "At the limit, processes without CAP_SYS_ADMIN get ENFILE (23), \"Too many open files in "
         "system\", and the kernel logs \"VFS: file-max limit N reached\" (measured).\n"
         "It is almost never the real limit: check RLIMIT_NOFILE (EMFILE, 24) first.\n"
         "systemd 240 and later raises the kernel's default to LONG_MAX at boot.\n"
         "Since 5.2 a value that is negative or above LONG_MAX fails with EINVAL; before, it "
         "wraps. On 5.10 writing a negative number succeeds but keeps the old value (measured).",
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
     .notes = "Since 2.6 the second number is always 0.\n"
              "The file is read-only (mode 0444).",
     .source = "Documentation/admin-guide/sysctl/fs.rst"},
    {.key = "fs.nr_open",
     .unit = Unit::files,
     .range = {64, 2147483584},
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .ipv6 = Ipv6::not_ip,
     .effect_note =
         "It applies at once to later setrlimit() calls and growth of descriptor tables.",
     .more = More::is_more_room,
     .default_text = "1048576 in the kernel; the highest possible value with systemd 240 and later "
                     "(commonly 1073741816)",
     .default_rule = always<1048576>,
     .since = "2.6.25",
     .caps = "RLIMIT_NOFILE",
     .notes = "It is the ceiling for RLIMIT_NOFILE: setrlimit() beyond it, also to \"unlimited\", "
              "fails with EPERM even for root (measured).\n"
              "It does not raise anybody's limit by itself.\n"
              "A value below 64 or above 2147483584 fails with EINVAL (measured).",
     .source = "fs/file.c; Documentation/admin-guide/sysctl/fs.rst; systemd NEWS 240; measured on "
               "Debian 6.1.192 and 6.12.117"},
    {.key = "vm.min_free_kbytes",
     .unit = Unit::kibibytes,
     .range = {0, kIntMax},
     .scope = Scope::machine,
     .child = Child::machine_wide,
     .ipv6 = Ipv6::not_ip,
     .more = More::is_more_room,
     .default_text = "sqrt(lowmem_kB*16), then raised by THP (67584 on a 4 GiB VM)",
     .default_rule = min_free_kbytes,
     .since = "2.6",
     .notes =
         "It is the reserve for atomic allocations, such as those of network receive. Raise it "
         "only on \"page allocation failure order:0\" in softirq.\n"
         "A negative value fails with EINVAL. Writing 1 is accepted (measured), but dangerous.",
     .source = "mm/page_alloc.c; Documentation/admin-guide/sysctl/vm.rst; measured on Debian "
               "6.1.192 and 6.12.117"},
    {.key = "RLIMIT_NOFILE",
     .unit = Unit::files,
     .elements = {"soft", "hard"},
     .range = {0, kLongMax},
     .scope = Scope::process,
     .child = Child::does_not_apply,
     .ipv6 = Ipv6::not_ip,
     .effect_note = "It applies at exec. A running process keeps its own until it is restarted.",
     .more = More::is_more_room,
     .default_text = "1024:4096 from the kernel, 1024:524288 from systemd 240 and later; systemd "
                     "PID 1 itself has more",
     .capped_by = "fs.nr_open",
     .notes = "Read the truth from \"Max open files\" in /proc/PID/limits.\n"
              "For systemd services set LimitNOFILE= in the unit or DefaultLimitNOFILE= in "
              "system.conf. /etc/security/limits.conf and limits.d apply only to PAM sessions "
              "(pam_limits), not to systemd services.\n"
              "For containers it is a setting of the runtime (LimitNOFILE of containerd or docker, "
              "or --ulimit).\n"
              "Sockets count: each connection is one descriptor. EMFILE in accept() stops the "
              "queue from draining and leads to ListenOverflows.\n"
              "Programs that use select() break above 1024 descriptors, which is why the soft "
              "default stays 1024.\n"
              "A hard limit above fs.nr_open fails with EPERM. Raising the hard limit needs "
              "CAP_SYS_RESOURCE.",
     .source = "include/uapi/linux/fs.h INR_OPEN_CUR/MAX; systemd NEWS 240; "
               "systemd-system.conf(5); pam_limits(8); Debian systemd 252 system.conf: "
               "DefaultLimitNOFILE=1024:524288; measured on Debian 6.1.192 and 6.12.117"},
};

}  // namespace

extern const FactArea area;
const FactArea area{kRows};

}  // namespace tuner::facts::area_system
