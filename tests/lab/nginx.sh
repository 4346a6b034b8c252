#!/usr/bin/env bash
# nginx.sh DIR: Debian's nginx with its libraries, unpacked below DIR/nginx and not installed: nothing
# on this machine starts it. Ends with 75 where the mirror is out of reach or a tool is missing.
set -euo pipefail
# shellcheck source=../packages.sh
. "$(dirname "$0")/../packages.sh"

release=bookworm
packages=(nginx libc6 libcrypt1 libpcre2-8-0 libssl3 zlib1g)

[ $# -eq 1 ] || die 64 'usage: nginx.sh DIR'
[ ! -d "$1/nginx" ] || exit 0
need_tools apt-get dpkg-deb
find_mirror
mkdir -p "$1"
target=$(readlink -f "$1")
work=$(mktemp -d "$target/.nginx-XXXXXX")
trap 'rm -rf "$work"' EXIT
open_suite "$work" "$release"
download "$work" "${packages[@]}"
unpack "$work/root" "$work"/*.deb
mv "$work/root" "$target/nginx"
