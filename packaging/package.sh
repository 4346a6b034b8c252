#!/usr/bin/env bash
# package.sh COMMAND [DIR]: the packages of tuner, below DIR (build/package).
#   deb     builds the Debian package from what git tracks, as it is in the working tree, and lints it
#   source  Debian's source package alone
#   rpm     builds the RPM; on Debian with Fedora's macros from rpm/macros.test
#   check   whether all recipes name the version of packaging/VERSION, and are valid shell
#   test    builds and tries the Debian package on clean Debian releases
set -euo pipefail
umask 022
root=$(cd "$(dirname "$0")/.." && pwd)
name=tuner

die() {
  printf 'package.sh: %s\n' "$*" >&2
  exit 1
}

say() { printf '== %s\n' "$*" >&2; }

# read_version: packaging/VERSION is upstream's version and the packages' revision of it.
read_version() {
  local text
  text=$(<"$root/packaging/VERSION")
  [[ $text =~ ^([0-9]+(\.[0-9]+)*)-([0-9]+)$ ]] || die "packaging/VERSION is not a version: $text"
  version=${BASH_REMATCH[1]}
  revision=${BASH_REMATCH[3]}
}

# same FILE EXPECTED FOUND
same() {
  [ "$2" = "$3" ] || die "packaging/$1 is of version '$3', packaging/VERSION says '$2'"
}

# field FILE EXPRESSION: what the first line that matches has in its group.
field() { sed -nE "s/$2/\1/p" "$root/packaging/$1" | head -n 1; }

check_recipes() {
  local recipe
  same debian/changelog "$version-$revision" "$(field debian/changelog '^tuner \(([^)]*)\).*')"
  same rpm/tuner.spec "$version-$revision" \
    "$(field rpm/tuner.spec '^Version: +(.*)')-$(field rpm/tuner.spec '^Release: +([0-9]+).*')"
  for recipe in arch/PKGBUILD alpine/APKBUILD; do
    same "$recipe" "$version" "$(field "$recipe" '^pkgver=(.*)')"
    bash -n "$root/packaging/$recipe" || die "packaging/$recipe is no valid shell"
  done
  # Alpine counts its revisions from 0.
  same arch/PKGBUILD "$revision" "$(field arch/PKGBUILD '^pkgrel=(.*)')"
  same alpine/APKBUILD "$((revision - 1))" "$(field alpine/APKBUILD '^pkgrel=(.*)')"
}

# export_tree DIRECTORY: what git tracks, as the working tree has it.
export_tree() {
  mkdir -p "$1"
  (cd "$root" && git ls-files -z | while IFS= read -r -d '' file; do
    # A file may be deleted and still be tracked.
    if [ -e "$file" ] || [ -L "$file" ]; then printf '%s\0' "$file"; fi
  done | tar -c --no-recursion --null -T -) | tar -x -C "$1" --no-same-owner
}

# make_tarball DIRECTORY FILE: the same bytes for the same files, whoever packs them and when.
make_tarball() {
  tar -c -C "$(dirname "$1")" --sort=name --format=gnu --mtime="@$epoch" --owner=0 --group=0 \
    --numeric-owner --mode=a+rX,u+w,go-w "$(basename "$1")" | xz -T1 -6 >"$2"
}

# begin KIND: an empty directory with the tree and its tarball.
begin() {
  work=$target/$1
  rm -rf "$work"
  mkdir -p "$work"
  tree=$work/$name-$version
  epoch=$(field debian/changelog '^ -- .*>  (.*)' | date +%s -f -)
  export SOURCE_DATE_EPOCH=$epoch
  say "packing what git tracks into $work"
  export_tree "$tree"
}

make_source() {
  begin deb
  make_tarball "$tree" "$work/${name}_$version.orig.tar.xz"
  cp -R "$root/packaging/debian" "$tree/debian"
  (cd "$work" && dpkg-source -b "$name-$version") >"$work/source.log" 2>&1 ||
    { cat "$work/source.log" >&2 && die 'the source package cannot be made'; }
}

# lint_deb CHANGES: errors and warnings fail, the rest is shown.
lint_deb() {
  say 'lintian'
  lintian --pedantic --display-info --tag-display-limit 0 --fail-on error,warning "$1" ||
    die 'lintian found an error or a warning'
}

make_deb() {
  make_source
  say "building the package; the log is $work/build.log"
  (cd "$tree" && dpkg-buildpackage -us -uc) >"$work/build.log" 2>&1 ||
    { tail -n 40 "$work/build.log" >&2 && die "the build failed; see $work/build.log"; }
  lint_deb "$work"/*.changes
  cp "$work"/*.deb "$target/"
  for file in "$work"/*.deb; do printf '%s\n' "$target/${file##*/}"; done
}

# rpm_options: Fedora's macros where this system's rpm has none. Its database knows of no package
# there, so the needed ones are not looked for.
rpm_options() {
  options=(--define "_topdir $work")
  [ "$(rpm --eval '%cmake')" != '%cmake' ] ||
    options+=(--nodeps "--load=$root/packaging/rpm/macros.test")
}

make_rpm() {
  local options
  begin rpm
  mkdir -p "$work/SOURCES"
  make_tarball "$tree" "$work/SOURCES/$name-$version.tar.xz"
  rpm_options
  say "building the package; the log is $work/build.log"
  rpmbuild -ba "${options[@]}" "$root/packaging/rpm/tuner.spec" >"$work/build.log" 2>&1 ||
    { tail -n 40 "$work/build.log" >&2 && die "the build failed; see $work/build.log"; }
  say 'rpmlint'
  rpmlint --strict --rpmlintrc "$root/packaging/rpm/tuner.rpmlintrc" \
    "$root/packaging/rpm/tuner.spec" "$work"/SRPMS/*.rpm "$work"/RPMS/*/*.rpm || die 'rpmlint found something'
  cp "$work"/SRPMS/*.rpm "$work"/RPMS/*/*.rpm "$target/"
  for file in "$work"/SRPMS/*.rpm "$work"/RPMS/*/*.rpm; do printf '%s\n' "$target/${file##*/}"; done
}

# need_tools TOOL...
need_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die "needs $tool"
  done
}

command=${1:-}
target=${2:-$root/build/package}
mkdir -p "$target"
target=$(readlink -f "$target")
read_version
check_recipes
case $command in
check) say "every recipe is of version $version-$revision" ;;
source)
  need_tools git xz dpkg-source
  make_source
  printf '%s\n' "$work"/*.dsc
  ;;
deb)
  need_tools git xz dpkg-buildpackage dh lintian
  make_deb
  ;;
rpm)
  need_tools git xz rpmbuild rpmlint
  make_rpm
  ;;
test) exec "$root/tests/package/run.sh" "$target" ;;
*)
  printf 'usage: package.sh deb|source|rpm|check|test [DIR]\n' >&2
  exit 64
  ;;
esac
