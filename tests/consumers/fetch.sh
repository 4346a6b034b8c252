#!/usr/bin/env bash
# fetch.sh DIR: the programs that read what tuner writes, with all that they need, as one root for a
# chroot at DIR/root: promtool, node_exporter, Nagios, Chromium without a display, zsh, fish and bash
# with its completions, readers of JUnit, CSV and HTML. Installs nothing, and does nothing where they
# are there. Ends with 75 where the mirror is out of reach or a tool is missing.
set -euo pipefail
# shellcheck source=../packages.sh
. "$(dirname "$0")/../packages.sh"

release=bookworm
packages=(prometheus prometheus-node-exporter nagios4-core chromium-headless-shell fonts-dejavu-core
  bash bash-completion zsh fish python3 python3-junitparser python3-html5lib sqlite3 tidy
  coreutils dash sed grep ncurses-base)

[ $# -eq 1 ] || die 64 'usage: fetch.sh DIR'
[ ! -d "$1/root" ] || exit 0
need_tools apt-get dpkg-deb
find_mirror
mkdir -p "$1"
target=$(readlink -f "$1")
work=$(mktemp -d "$target/.fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
open_suite "$work" "$release"
download_with_needs "$work" "${packages[@]}"
unpack "$work/root" "$archives"/*.deb
# What the packages' scripts would have made: accounts, and places to mount on.
printf 'root:x:0:0:root:/tmp:/bin/sh\n' >"$work/root/etc/passwd"
printf 'root:x:0:\n' >"$work/root/etc/group"
mkdir -p "$work"/root/{dev,host,proc,tmp}
mv "$work/root" "$target/root"
