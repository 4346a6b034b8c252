#!/usr/bin/env bash
# run.sh DIR: builds the Debian package from its source package on clean Debian 12 and 13, checks it
# and lives through its life there; DIR keeps the releases and what was built of the same sources. Ends
# with 77 where that cannot be done here. A line says what each step showed.
set -euo pipefail
umask 022
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
unavailable=75 # of base.sh
builder=1000   # a user that needs no name
releases=(bookworm trixie)
second_build=trixie # where it is built twice
life_packages=(iproute2 libpython3-stdlib man-db procps python3-minimal systemd)
linked=(libboost-program-options libmd0 libmnl0 libtomlplusplus)
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

say() { printf '== %s\n' "$*" >&2; }

die() {
  printf 'run.sh: %s\n' "$*" >&2
  exit 1
}

# make_base RELEASE PACKAGE...: sets `base`.
make_base() {
  local status=0
  say "a Debian of the release $1"
  base=$("$here/base.sh" "$dir/debian" "$@") || status=$?
  [ "$status" -ne "$unavailable" ] || skip "the packages of $1 cannot be fetched"
  [ "$status" -eq 0 ] || exit "$status"
}

# build_needs: the names in the source package's Build-Depends.
build_needs() {
  sed -nE '/^Build-Depends:/,/^Standards/s/^(Build-Depends:)?[[:space:]]+([a-z0-9.+-]+).*/\2/p' \
    "$root/packaging/debian/control"
}

# as_builder BASE DIRECTORY COMMAND...: as a normal user and without a network, DIRECTORY being /srv there.
as_builder() {
  CHROOT_SRV=$2 "$here/chroot.sh" offline "$1" setpriv --reuid "$builder" \
    --regid "$builder" --clear-groups env HOME=/nonexistent TMPDIR=/srv/tmp "${@:3}"
}

# build RELEASE BASE DIRECTORY UMASK VARIABLE...: sets `built`, a directory with what came of it. The same
# sources are not built again.
build() {
  local key work
  key=$( (printf '%s\n' "${2##*/}" "${@:3}" && cat "$source"/*.tar.xz "$here/inside/build.sh") |
    sha256sum)
  built=$dir/built/$1-${key:0:16}
  [ ! -d "$built" ] || return 0
  say "$1: building in $3; the log is $dir/build-$1.log"
  work=$(mktemp -d "$scratch/build-XXXXXX")
  mkdir "$work/tmp"
  cp "$source"/*.dsc "$source"/*.tar.xz "$here/inside/build.sh" "$work/"
  chown -R "$builder:$builder" "$work"
  as_builder "$2" "$work" env "${@:5}" bash -c "umask $4 && exec bash /srv/build.sh /srv /srv/$3" \
    >"$dir/build-$1.log" 2>&1 || {
    tail -n 30 "$dir/build-$1.log" >&2
    die "$1: the build failed"
  }
  rm -rf "${work:?}/$3/"{tree,*.tar.xz} # what dpkg-source made
  mkdir -p "$dir/built"
  mv "$work/$3" "$built"
}

# check_package RELEASE BASE: what was built.
check_package() {
  local package work name
  work=$(mktemp -d "$scratch/lint-XXXXXX")
  mkdir "$work/tmp"
  cp "$built"/* "$source"/*.dsc "$source"/*.tar.xz "$work/"
  chown -R "$builder:$builder" "$work"
  as_builder "$2" "$work" bash -c 'exec lintian --pedantic --display-info --tag-display-limit 0 \
    --fail-on error,warning /srv/*.dsc /srv/*.changes' || die "$1: lintian"
  printf '%s: lintian finds no error and no warning\n' "$1"
  package=$(echo "$built"/tuner_*.deb)
  for name in "${linked[@]}"; do
    dpkg-deb -f "$package" Depends | grep -q "$name" || die "$1: $name is not linked as a library"
  done
  ! dpkg-deb -c "$package" | grep -E 'sysctl\.d|/etc/|\.wants/' ||
    die "$1: the package brings settings or enables a unit"
  printf '%s: the package needs %s\n' "$1" "$(dpkg-deb -f "$package" Depends)"
}

# check_reproducible RELEASE BASE: built again elsewhere, later, by a user with another surrounding.
check_reproducible() {
  local first=$built file
  build "$1" "$2" another/directory 077 TZ=Pacific/Kiritimati LC_ALL=C
  for file in "$first"/*.deb; do
    cmp "$file" "$built/${file##*/}" || die "$1: ${file##*/} differs when it is built again"
  done
  printf '%s: built twice, %s: the same bytes\n' "$1" "$(cd "$first" && echo ./*.deb)"
  built=$first
}

# make_newer PACKAGE TARGET: the same files as the next revision.
make_newer() {
  local directory=$scratch/newer
  dpkg-deb -R "$1" "$directory"
  sed -i -E 's/^(Version: .*-)[0-9]+$/\12/' "$directory/DEBIAN/control"
  dpkg-deb --root-owner-group -b "$directory" "$2" >/dev/null
  rm -rf "$directory"
}

# fingerprint: the settings of this machine. What only counts is left out, and what only takes.
fingerprint() {
  local text
  text=$(find /proc/sys/net /proc/sys/vm -type f -readable ! -name nf_conntrack_count \
    ! -name stat_refresh -exec grep -sH '' {} + || true)
  [ -n "$text" ] || die 'no setting of this machine can be read'
  sort <<<"$text" | sha256sum
}

# live RELEASE: install, use, upgrade, remove and purge, in a copy of a Debian without compilers.
live() {
  local place=$scratch/life before
  make_base "$1" "${life_packages[@]}"
  cp -a --reflink=auto "$base" "$place"
  cp "$built"/tuner_*.deb "$place/srv/tuner.deb"
  make_newer "$place/srv/tuner.deb" "$place/srv/newer.deb"
  cp -R "$root/packaging/debian/tests" "$here/inside/life.py" "$place/srv/"
  { "$here/chroot.sh" online "$place" apt-get -q -o APT::Update::Error-Mode=any update &&
    "$here/chroot.sh" online "$place" apt-get -qy --no-install-recommends --download-only \
      install /srv/tuner.deb; } >"$dir/life-$1.log" 2>&1 ||
    { tail -n 5 "$dir/life-$1.log" >&2 && skip "$1: what the package needs cannot be fetched"; }
  before=$(fingerprint)
  "$here/chroot.sh" offline "$place" python3 -B /srv/life.py --package /srv/tuner.deb \
    --newer /srv/newer.deb --tests /srv/tests | sed "s/^/$1: /"
  [ "$(fingerprint)" = "$before" ] || die "$1: a setting of this machine has changed"
  printf '%s: the settings of this machine are as before\n' "$1"
  rm -rf "$place"
}

# check_recipes: they are held to one version, and each of them is looked at.
check_recipes() {
  local recipe copy=$scratch/recipes upstream
  upstream=$(sed 's/-.*//; s/\./\\./g' "$root/packaging/VERSION")
  "$root/packaging/package.sh" check "$dir" 2>/dev/null || die 'packaging/package.sh check'
  for recipe in debian/changelog rpm/tuner.spec arch/PKGBUILD alpine/APKBUILD; do
    rm -rf "$copy"
    mkdir "$copy"
    cp -R "$root/packaging" "$copy/"
    sed -i "s/$upstream/9&/" "$copy/packaging/$recipe"
    ! "$copy/packaging/package.sh" check "$scratch" 2>/dev/null ||
      die "packaging/package.sh does not see another version in $recipe"
  done
  printf 'recipes: all of version %s, each is checked\n' "$(<"$root/packaging/VERSION")"
}

[ $# -eq 1 ] || {
  printf 'usage: run.sh DIR\n' >&2
  exit 64
}
[ "$(id -u)" -eq 0 ] || skip 'making a Debian needs root'
for tool in debootstrap dpkg-source setpriv unshare; do
  command -v "$tool" >/dev/null || skip "needs $tool"
done
mkdir -p "$1"
dir=$(readlink -f "$1")
scratch=$(mktemp -d "$dir/.run-XXXXXX")
trap 'rm -rf "$scratch"' EXIT
check_recipes
"$root/packaging/package.sh" source "$dir" >"$dir/source.log" 2>&1 ||
  { cat "$dir/source.log" >&2 && die 'no source package'; }
source=$dir/deb
mapfile -t needs < <(build_needs)
for release in "${releases[@]}"; do
  make_base "$release" build-essential lintian "${needs[@]}"
  build_base=$base
  build "$release" "$build_base" one 022 TZ=UTC
  check_package "$release" "$build_base"
  [ "$release" != "$second_build" ] || check_reproducible "$release" "$build_base"
  live "$release"
done
