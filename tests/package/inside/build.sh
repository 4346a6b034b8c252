#!/usr/bin/env bash
# build.sh SOURCE DIRECTORY: builds the source package of the directory SOURCE in DIRECTORY as a normal user,
# with the umask, time zone and locale of the caller; inside of a chroot.
set -euo pipefail
mkdir -p "$2"
dpkg-source --no-check -x "$1"/*.dsc "$2/tree"
cd "$2/tree"
exec dpkg-buildpackage -b -us -uc
