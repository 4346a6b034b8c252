#!/usr/bin/env bash
# fetch.sh DIR: an SSH server for the test hosts, with its libraries, of this machine's own release.
# It is unpacked below DIR/sshd and not installed: the package would start it. Ends with 75 where the
# mirror is out of reach, or this is no Debian.
set -euo pipefail
# shellcheck source=../packages.sh
. "$(dirname "$0")/../packages.sh"

[ $# -eq 1 ] || die 64 'usage: fetch.sh DIR'
[ ! -d "$1/sshd" ] || exit 0
need_tools apt-get dpkg-deb
# shellcheck source=/dev/null
release=$(. /etc/os-release && printf '%s\n' "${VERSION_CODENAME:-}")
[ -n "$release" ] || die $unavailable 'this system does not name its release'
find_mirror
mkdir -p "$1"
target=$(readlink -f "$1")
work=$(mktemp -d "$target/.fetch-XXXXXX")
trap 'rm -rf "$work"' EXIT
open_suite "$work" "$release"
download_with_needs "$work" openssh-server
unpack "$work/root" "$archives"/*.deb
mv "$work/root" "$target/sshd"
