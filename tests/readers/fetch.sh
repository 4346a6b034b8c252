#!/usr/bin/env bash
# fetch.sh DIR: the readers that a model of them is held against. Unpacks systemd and procps of
# Debian 12, 13 and sid, with their libraries, below DIR/{bookworm,trixie,sid}. Installs nothing.
# Does nothing for a release that is there already. Ends with 75 where the mirror is out of reach.
set -euo pipefail
# shellcheck source=tests/packages.sh
. "$(dirname "$0")/../packages.sh"

releases=(bookworm trixie sid)
packages=(systemd procps)
no_network=75 # EX_TEMPFAIL

die() {
  printf 'fetch.sh: %s\n' "$2" >&2
  exit "$1"
}

# fetch RELEASE: unpacked aside and then moved, so that what is there is whole.
fetch() {
  local state=$work/$1 apt package
  mkdir -p "$state/root"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$1" >"$state/sources.list"
  mapfile -t apt < <(apt_options "$state")
  apt-get "${apt[@]}" update >"$state/log" 2>&1 || {
    tail -n 3 "$state/log" >&2
    die $no_network "$1: cannot get the list of packages; is there a network?"
  }
  apt-get "${apt[@]}" -y --no-install-recommends --download-only install "${packages[@]}" \
    >"$state/log" 2>&1 || {
    tail -n 3 "$state/log" >&2
    die $no_network "$1: cannot get the packages; is there a network?"
  }
  for package in "$state"/cache/archives/*.deb; do
    dpkg-deb -x "$package" "$state/root"
  done
  rm -rf "${target:?}/$1"
  mv "$state/root" "$target/$1"
}

[ $# -eq 1 ] || die 64 'usage: fetch.sh DIR'
for tool in apt-get dpkg-deb; do
  command -v "$tool" >/dev/null || die 69 "needs $tool"
done
[ -r "$keyring" ] || die 69 "needs $keyring (package debian-archive-keyring)"
mkdir -p "$1"
target=$(readlink -f "$1")
uri=$(mirror)
[ -n "$uri" ] || die 69 "found no mirror in this machine's sources"
work=$(mktemp -d "$target/.fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
for release in "${releases[@]}"; do
  [ -d "$target/$release" ] || fetch "$release"
done
