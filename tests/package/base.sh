#!/usr/bin/env bash
# base.sh DIR RELEASE PACKAGE...: a Debian of this release with these packages, made below DIR once
# and never changed; prints its directory. Installs nothing on this machine. Ends with 75 where the
# mirror is out of reach or a tool is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
umask 022
# shellcheck source=../packages.sh
. "$here/../packages.sh"

# add_packages PACKAGE...: apt fetches with this machine's network and runs no script of theirs;
# they are set up without a network, where nothing but their own namespace can be changed.
add_packages() {
  local root=$work/root
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$release" >"$root/etc/apt/sources.list"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod 755 "$root/usr/sbin/policy-rc.d"
  cp -L /etc/resolv.conf "$root/etc/resolv.conf"
  logged "$work/log" $unavailable "$release: cannot get the list of packages" \
    "$here/chroot.sh" online "$root" apt-get -o APT::Update::Error-Mode=any update
  logged "$work/log" $unavailable "$release: cannot get the packages" \
    "$here/chroot.sh" online "$root" apt-get -y --no-install-recommends --download-only install "$@"
  logged "$work/log" 1 "$release: the packages could not be set up" \
    "$here/chroot.sh" offline "$root" apt-get -y --no-install-recommends --no-download install "$@"
  rm -rf "$root"/var/cache/apt/archives/*.deb
}

# make_root: as debootstrap does it in two steps, the second without a network.
make_root() {
  logged "$work/log" $unavailable "$release: cannot get the packages; is there a network?" \
    debootstrap --foreign --variant=minbase --keyring="$keyring" "$release" "$work/root" "$uri"
  logged "$work/log" 1 "$release: the packages could not be set up" \
    unshare --mount --net chroot "$work/root" /debootstrap/debootstrap --second-stage
}

[ $# -ge 2 ] || die 64 'usage: base.sh DIR RELEASE PACKAGE...'
release=$2
need_tools apt-get chroot debootstrap ip unshare
mkdir -p "$1"
target=$(readlink -f "$1")
key=$( (printf '%s\n' "${@:2}" && cat "$here"/{base,chroot,../packages}.sh) | sha256sum | cut -c1-16)
base=$target/$release-$key
if [ ! -d "$base" ]; then
  unshare --mount --net true 2>/dev/null || die $unavailable 'no namespace can be made here'
  find_mirror
  work=$(mktemp -d "$target/.$release-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  make_root
  add_packages "${@:3}"
  chmod 755 "$work/root"
  mv "$work/root" "$base"
fi
printf '%s\n' "$base"
