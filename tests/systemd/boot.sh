#!/bin/bash
# boot.sh ROOT TUNER GROUP: becomes systemd, of a release that is unpacked in ROOT, in namespaces of its own;
# what it writes goes to memory. GROUP is a control group for it alone.
set -eu
if [ "${4-}" != inside ]; then
  echo $$ >"$3/cgroup.procs"
  exec unshare --net --mount --pid --fork --kill-child --uts --ipc --cgroup --propagation private \
    "$0" "$1" "$2" "$3" inside
fi
work=$(mktemp -d)
mount -t tmpfs tmpfs "$work"
mkdir "$work"/{written,work,root}
root=$work/root
mount -t overlay -o "lowerdir=$1,upperdir=$work/written,workdir=$work/work" overlay "$root"
for directory in bin lib lib64 sbin; do
  [ -e "$root/$directory" ] || ln -s "usr/$directory" "$root/$directory"
done
mkdir -p "$root"/{dev,proc,run,sys,tmp,root,var/lib,etc/sysctl.d,etc/security/limits.d}
mount -t proc proc "$root/proc"
mount -t tmpfs tmpfs "$root/sys"
mkdir -p "$root/sys/fs/cgroup"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs -o mode=755 tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
for device in null zero full random urandom; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
: >"$root/etc/machine-id"
echo root:x:0:0:root:/root:/bin/sh >"$root/etc/passwd"
echo root:x:0: >"$root/etc/group"
# The program with the libraries that it was linked to, and tools of this machine.
mkdir -p "$root/opt"
cp "$2" /usr/bin/{unshare,nsenter,mount,umount} "$root/opt"
for library in $(ldd "$root/opt/tuner" "$root/opt/unshare" "$root/opt/mount" |
  sed -nE 's/.*=> (\/[^ ]+).*/\1/p'); do
  case $library in
  */libc.so.* | */libm.so.*) ;; # the release has newer ones, or the same
  *) [ -e "$root/usr/lib/$(uname -m)-linux-gnu/$(basename "$library")" ] ||
    cp "$library" "$root/usr/lib/$(uname -m)-linux-gnu" ;;
  esac
done
printf '[Unit]\nAllowIsolate=yes\nRequires=sysinit.target\n' >"$root/etc/systemd/system/other.target"
exec env -i container=tuner-test PATH=/opt:/usr/sbin:/usr/bin:/sbin:/bin \
  chroot "$root" /lib/systemd/systemd --log-target=console --show-status=no --unit=basic.target
