#!/usr/bin/env bash
# fetch.sh DIR: the readers that a model of them is held against. Unpacks systemd and procps of
# Debian 12, 13 and sid, with their libraries, below DIR/{bookworm,trixie,sid}. Installs nothing.
# Does nothing for a release that is there already. Ends with 75 where the mirror is out of reach.
set -euo pipefail
# shellcheck source=../packages.sh
. "$(dirname "$0")/../packages.sh"

releases=(bookworm trixie sid)
packages=(systemd procps)

# fetch RELEASE: unpacked aside and then moved, so that what is there is whole.
fetch() {
  local state=$work/$1
  mkdir -p "$state/root"
  open_suite "$state" "$1"
  download_with_needs "$state" "${packages[@]}"
  unpack "$state/root" "$archives"/*.deb
  rm -rf "${target:?}/$1"
  mv "$state/root" "$target/$1"
}

[ $# -eq 1 ] || die 64 'usage: fetch.sh DIR'
need_tools apt-get dpkg-deb
mkdir -p "$1"
target=$(readlink -f "$1")
find_mirror
work=$(mktemp -d "$target/.fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
for release in "${releases[@]}"; do
  [ -d "$target/$release" ] || fetch "$release"
done
