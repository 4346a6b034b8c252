#!/usr/bin/env bash
# image.sh DIR TUNER_BUILD: the disk of a machine that boots Debian 12 with this build of tuner
# installed. Prints the directory below DIR that holds disk.img, vmlinuz and initrd.img; the newest is
# DIR/image too. What was made before from the same parts is used again. Ends with 75 where the
# mirror is out of reach or a tool is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
umask 022

libraries=(libfmt9 libtomlplusplus3 libmd0 libmnl0) # what tuner may come to need
keep=3                                              # images and bases, the older ones go
spare_mb=128                                        # of the disk, for the tests
unavailable=75                                      # EX_TEMPFAIL
# What a test has no use for, and would wait for at each boot.
masked=({apt-daily,apt-daily-upgrade,dpkg-db-backup,e2scrub_all,fstrim}.timer
  {getty@tty1,serial-getty@ttyS0,e2scrub_reap,kmod-static-nodes,systemd-logind}.service
  modprobe@{configfs,dm_mod,drm,efi_pstore,fuse,loop}.service
  systemd-{hwdb-update,pstore,random-seed,update-utmp,update-utmp-runlevel,user-sessions}.service
  {dev-hugepages,dev-mqueue,sys-kernel-debug,sys-kernel-tracing}.mount)

die() {
  printf 'image.sh: %s\n' "$2" >&2
  exit "$1"
}

# stage: what of tuner goes into the machine.
stage() {
  DESTDIR=$work/stage cmake --install "$build" --prefix /usr >"$work/log" 2>&1 || {
    tail -n 5 "$work/log" >&2
    die 1 "cannot install from $build"
  }
}

# library_packages: of what the program is linked with here.
library_packages() {
  local path
  ldd "$work/stage/usr/bin/tuner" | sed -nE 's/.* => (\/[^ ]+) .*/\1/p' | while read -r path; do
    # A package may know the file by its name before /lib became a link to /usr/lib.
    { dpkg -S "$path" || dpkg -S "/usr$path"; } 2>/dev/null | cut -d: -f1
  done | sort -u
}

# key: of everything that the image is made from.
key() {
  (
    printf '%s\n' "$base"
    cd "$work/stage"
    find . -type f | sort | xargs stat -c '%n %a'
    find . -type f | sort | xargs cat
    cat "$here"/{image.sh,agent.sh,agent.service}
  ) | sha256sum | cut -c1-16
}

# fill ROOT: base and stage together. Files of the base are linked, not copied, so none of them may
# be written to: they are replaced.
fill() {
  cp -al "$base/root" "$1"
  cp -a --remove-destination --no-preserve=ownership "$work/stage/." "$1/"
  install -D -m 755 "$here/agent.sh" "$1/usr/local/lib/tuner-test/agent.sh"
  install -D -m 644 "$here/agent.service" "$1/etc/systemd/system/tuner-test-agent.service"
  local unit
  for unit in "${masked[@]}"; do
    ln -sf /dev/null "$1/etc/systemd/system/$unit"
  done
  chroot "$1" systemctl --quiet enable tuner-test-agent.service
  rm -f "$1"/etc/{machine-id,hostname,fstab}
  printf '%032d\n' 1 >"$1/etc/machine-id" # else each first boot is one of a new machine
  printf 'machine\n' >"$1/etc/hostname"
  mkdir -p "$1/etc/systemd/journald.conf.d"
  printf '[Journal]\nStorage=volatile\n' >"$1/etc/systemd/journald.conf.d/test.conf"
  touch "$1/etc/.updated" "$1/var/.updated"
  ! chroot "$1" ldd /usr/bin/tuner 2>&1 | grep 'not found' ||
    die 1 'the program does not run on Debian 12; build it there'
}

# make IMAGE
make() {
  local root=$work/root size
  fill "$root"
  mkdir "$work/image"
  ln "$base"/{vmlinuz,initrd.img} "$work/image/"
  size=$(du -sm "$root" | cut -f1)
  truncate -s "$((size * 11 / 10 + spare_mb))M" "$work/image/disk.img"
  mke2fs -q -t ext4 -m 0 -E lazy_itable_init=0,lazy_journal_init=0 -J size=16 -d "$root" \
    "$work/image/disk.img"
  mv "$work/image" "$1"
}

[ $# -eq 2 ] || die 64 'usage: image.sh DIR TUNER_BUILD'
[ "$(id -u)" -eq 0 ] || die $unavailable 'needs root'
for tool in cmake chroot dpkg flock ldd mke2fs; do
  command -v "$tool" >/dev/null || die $unavailable "needs $tool"
done
mkdir -p "$1"
target=$(readlink -f "$1")
build=$(readlink -f "$2")
exec 9>"$target/lock"
flock 9
rm -rf "$target"/.image-* "$target"/.base-* # of a run that was killed
work=$(mktemp -d "$target/.image-XXXXXX")
trap 'rm -rf "$work"' EXIT
stage
mapfile -t needed < <(library_packages)
base=$("$here/base.sh" "$target" "${libraries[@]}" "${needed[@]}")
image=$target/image-$(key)
[ -d "$image" ] || make "$image"
touch "$image" "$base"
ln -sfn "$(basename "$image")" "$target/image"
for kind in image base; do
  # shellcheck disable=SC2012  # the names are ours
  ls -dt "$target/$kind"-* | tail -n "+$((keep + 1))" | xargs -r rm -rf
done
printf '%s\n' "$image"
