#!/usr/bin/env bash
# base.sh DIR PACKAGE...: the slow part of the machine's image: a Debian 12 with systemd and these
# packages, its kernel and an initramfs, made below DIR once and never changed. Prints the directory,
# which holds root/, vmlinuz and initrd.img. Installs nothing on this machine. Ends with 75 where
# the mirror is out of reach or a tool is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
umask 022
# shellcheck source=../packages.sh
. "$here/../packages.sh"

release=bookworm
packages=(systemd systemd-sysv udev kmod dbus procps iproute2 busybox-static)
kernel=linux-image-cloud-amd64
modules=(virtio_pci virtio_blk virtio_console ext4) # to reach the disk and the host's commands

# make_root: the first stage fetches; the second runs the packages' scripts, with mounts and a
# network namespace of their own, so that nothing they do reaches this machine.
make_root() {
  local list
  list=$(printf '%s\n' "${packages[@]}" | sort -u | paste -sd,)
  logged "$work/log" $unavailable 'cannot get the packages; is there a network?' \
    debootstrap --foreign --variant=minbase --keyring="$keyring" --include="$list" "$release" \
    "$work/root" "$uri"
  logged "$work/log" 1 'the packages could not be set up' \
    unshare --mount --net chroot "$work/root" /debootstrap/debootstrap --second-stage
  rm -rf "$work"/root/var/cache/apt/* "$work"/root/var/lib/apt/lists/* \
    "$work"/root/usr/share/{doc,info,locale,man}/*
}

# add_kernel: unpacked, not installed: what its scripts would make is made here.
add_kernel() {
  local state=$work/apt package version
  mkdir -p "$state/kernel"
  open_suite "$state" "$release"
  # The package of this name is empty and depends on the one of the present version.
  package=$(apt-cache "${apt[@]}" show "$kernel" |
    sed -nE 's/^Depends: (linux-image-[^ ,]+).*/\1/p' | head -n 1)
  download "$state" "$package"
  unpack "$state/kernel" "$state"/"$package"_*.deb
  cp "$state"/kernel/boot/vmlinuz-* "$work/vmlinuz"
  cp -a "$state/kernel/lib/modules" "$work/root/usr/lib/"
  version=$(ls "$state/kernel/lib/modules")
  chroot "$work/root" depmod "$version"
  make_initramfs "$version"
}

# make_initramfs VERSION
make_initramfs() {
  local tree=$work/initramfs from=$work/root/usr/lib/modules/$1 to=$work/initramfs/lib/modules/$1
  local module needed file
  mkdir -p "$tree"/{bin,dev,proc,root} "$to"
  cp "$work/root/bin/busybox" "$tree/bin/"
  install -m 755 "$here/init.sh" "$tree/init"
  printf '%s\n' "${modules[@]}" >"$tree/modules"
  for module in "${modules[@]}"; do
    # Without a line of its own it is built in.
    needed=$(sed -nE "s#^(.*/$module\.ko):(.*)#\1\2#p" "$from/modules.dep")
    for file in $needed; do
      install -D -m 644 "$from/$file" "$to/$file"
    done
  done
  cp "$from"/modules.{dep,builtin} "$to/"
  (cd "$tree" && find . | ./bin/busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$work/initrd.img"
}

[ $# -ge 1 ] || die 64 'usage: base.sh DIR PACKAGE...'
need_tools apt-get apt-cache dpkg-deb chroot debootstrap gzip unshare
packages+=("${@:2}")
mkdir -p "$1"
target=$(readlink -f "$1")
key=$( (printf '%s\n' "${packages[@]}" | sort -u && cat "$here"/{base,init,../packages}.sh) |
  sha256sum | cut -c1-16)
base=$target/base-$key
if [ ! -d "$base" ]; then
  unshare --mount --net true 2>/dev/null || die $unavailable 'no namespace can be made here'
  find_mirror
  work=$(mktemp -d "$target/.base-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  make_root
  add_kernel
  mkdir "$work/done"
  mv "$work"/{root,vmlinuz,initrd.img} "$work/done/"
  mv "$work/done" "$base"
fi
printf '%s\n' "$base"
