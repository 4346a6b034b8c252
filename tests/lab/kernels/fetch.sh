#!/usr/bin/env bash
# fetch.sh DIR KERNEL: what a machine needs to boot one of Debian's kernels, made once and never
# changed: DIR/KERNEL has vmlinuz, modules/ (in the order in which they are loaded), release, hz and
# arch; DIR/tools-ARCH has busybox, ip and tc with their libraries. Installs nothing on this
# machine. Ends with 75 where the mirror is out of reach or a tool is missing.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
umask 022
# shellcheck source=../../packages.sh
. "$here/../../packages.sh"

# Suite, architecture and package of each kernel.
declare -A kernels=(
  [5.10]='bullseye amd64 linux-image-cloud-amd64'
  [6.1]='bookworm amd64 linux-image-cloud-amd64'
  [6.12]='trixie amd64 linux-image-cloud-amd64'
  [sid]='sid amd64 linux-image-cloud-amd64'
  [ppc64le]='bookworm ppc64el linux-image-powerpc64le')
# What the machine is reached through, what its path is made of, and what brings keys.
modules=(virtio_pci virtio_console veth sch_netem crc32c_generic tcp_diag
  nf_conntrack)
tools_suite=bookworm
tools=(busybox-static iproute2 libmnl0 libstdc++6 libtomlplusplus3)

# parts_of PACKAGE: the packages of the kernel that it depends on.
parts_of() {
  apt-cache "${apt[@]}" show "$1" | sed -nE '0,/^Depends:/s/^Depends: //p' | tr ',' '\n' |
    sed -nE 's/^ *(linux-(image|base|binary|modules)-[0-9][^ ]*).*/\1/p'
}

# unpack_kernel PACKAGE DIRECTORY: the package of this name is empty; newer kernels are in parts.
unpack_kernel() {
  local image parts
  image=$(parts_of "$1")
  mapfile -t parts < <(parts_of "$image")
  download "$work" "$image" "${parts[@]}"
  unpack "$2" "$work"/linux-*.deb
}

# load_order DIRECTORY RELEASE: files of the modules, each after those that it needs. What has no line
# is built in.
load_order() {
  local module line file
  for module in "${modules[@]}"; do
    line=$(grep -E "/$module\.ko[^:]*:" "$1/lib/modules/$2/modules.dep") || continue
    # The last that it needs comes first.
    for file in $(tr ' ' '\n' <<<"${line/:/}" | tac); do
      printf '%s\n' "$file"
    done
  done | awk '!seen[$0]++'
}

# fetch_kernel NAME SUITE ARCH PACKAGE
fetch_kernel() {
  local tree=$work/kernel to=$work/done release boot config file number=100
  mkdir -p "$tree" "$to/modules"
  open_suite "$work/apt-$2-$3" "$2" "$3"
  unpack_kernel "$4" "$tree"
  [ -d "$tree/lib/modules" ] || mv "$tree/usr/lib" "$tree/lib"
  release=$(ls "$tree/lib/modules")
  boot=$(find "$tree" -name 'vmlinu[xz]*' -type f)
  config=$(find "$tree" '(' -name config -o -name 'config-*' ')' -type f)
  logged "$work/log" 1 'cannot order the modules' depmod -b "$tree" "$release"
  for file in $(load_order "$tree" "$release"); do
    number=$((number + 1))
    expanded "$tree/lib/modules/$release/$file" >"$to/modules/$number-$(basename "${file%.ko*}").ko"
  done
  cp "$boot" "$to/vmlinuz"
  sed -n 's/^CONFIG_HZ=//p' "$config" >"$to/hz"
  printf '%s\n' "$release" >"$to/release"
  printf '%s\n' "$3" >"$to/arch"
  mv "$to" "$target/$1"
}

# expanded FILE
expanded() {
  case $1 in
  *.xz) xz -dc "$1" ;;
  *.zst) zstd -dcq "$1" ;;
  *) cat "$1" ;;
  esac
}

# needed ROOT FILE...: the libraries that these and their libraries need, by their names.
needed() {
  local root=$1 name path
  shift
  readelf -d "$@" | sed -nE 's/.*\(NEEDED\).*\[(.*)\]/\1/p' | sort -u | while read -r name; do
    path=$(find "$root/lib" "$root/usr/lib" -name "$name" -print -quit)
    printf '%s\n' "$path"
    needed "$root" "$path"
  done | sort -u
}

# fetch_tools ARCH
fetch_tools() {
  local tree=$work/tools to=$work/tools-done state=$work/apt-tools library
  mkdir -p "$tree" "$to"/{bin,sbin,lib}
  open_suite "$state" "$tools_suite" "$1"
  download_with_needs "$state" "${tools[@]}"
  unpack "$tree" "$archives"/*.deb
  cp "$tree/bin/busybox" "$to/bin/"
  cp "$tree/bin/ip" "$tree/sbin/tc" "$to/sbin/"
  for library in $(needed "$tree" "$tree"/{bin/ip,sbin/tc} \
    "$tree"/usr/lib/*/lib{mnl.so.0,stdc++.so.6,tomlplusplus.so.3}) \
    "$tree"/usr/lib/*/lib{mnl.so.0,stdc++.so.6,tomlplusplus.so.3}; do
    cp -L "$library" "$to/lib/"
  done
  mv "$to" "$target/tools-$1"
}

[ $# -eq 2 ] || die 64 'usage: fetch.sh DIR KERNEL'
[ -n "${kernels[$2]-}" ] || die 64 "KERNEL is one of ${!kernels[*]}"
need_tools apt-get apt-cache dpkg-deb depmod flock readelf xz zstd
mkdir -p "$1"
target=$(readlink -f "$1")
exec 9>"$target/lock"
flock 9
rm -rf "$target"/.fetch-* # of a run that was killed
read -r suite arch package <<<"${kernels[$2]}"
# One that was fetched before a module was added to the list.
compgen -G "$target/$2/modules/*-tcp_diag.ko" >/dev/null || rm -rf "${target:?}/$2"
if [ ! -d "$target/$2" ] || [ ! -d "$target/tools-$arch" ]; then
  find_mirror
  work=$(mktemp -d "$target/.fetch-XXXXXX")
  trap 'rm -rf "$work"' EXIT
  [ -d "$target/tools-$arch" ] || fetch_tools "$arch"
  [ -d "$target/$2" ] || fetch_kernel "$2" "$suite" "$arch" "$package"
fi
