#!/usr/bin/env bash
# fetch.sh DIR WHAT...: programs of Debian that tests run, each with all that it needs, unpacked below
# DIR and not installed: nothing on this machine starts them. Does nothing for what is there already.
# Ends with 75 where the mirror is out of reach or a tool is missing.
#
#   consumers  DIR/consumers, a root for a chroot with the programs that read what tuner writes
#   nginx      DIR/nginx
#   readers    DIR/readers/{bookworm,trixie,sid}: systemd and procps of three releases
#   sshd       DIR/sshd, of this machine's own release: its client has to agree with it
set -euo pipefail
# shellcheck source=packages.sh
. "$(dirname "$0")/packages.sh"

# fetch TARGET RELEASE PACKAGE...: unpacked aside and then moved, so that what is there is whole.
fetch() {
  local target=$directory/$1 work
  [ ! -d "$target" ] || return 0
  [ -n "${uri-}" ] || find_mirror
  mkdir -p "$(dirname "$target")"
  work=$(mktemp -d "$directory/.fetch-XXXXXX")
  # shellcheck disable=SC2064  # of this call
  trap "rm -rf '$work'" EXIT
  open_suite "$work" "$2"
  download_with_needs "$work" "${@:3}"
  unpack "$work/root" "$archives"/*.deb
  prepare_"${1%%/*}" "$work/root"
  mv "$work/root" "$target"
  rm -rf "$work"
}

# What the packages' scripts would have made: accounts, and places to mount on.
prepare_consumers() {
  printf 'root:x:0:0:root:/tmp:/bin/sh\n' >"$1/etc/passwd"
  printf 'root:x:0:\n' >"$1/etc/group"
  mkdir -p "$1"/{dev,host,proc,tmp}
}
prepare_nginx() { :; }
prepare_readers() { :; }
prepare_sshd() { :; }

fetch_consumers() {
  fetch consumers bookworm prometheus prometheus-node-exporter nagios4-core chromium-headless-shell \
    fonts-dejavu-core bash bash-completion zsh fish python3 python3-junitparser python3-html5lib \
    sqlite3 tidy coreutils dash sed grep ncurses-base
}

fetch_nginx() {
  fetch nginx bookworm nginx
}

fetch_readers() {
  local release
  for release in bookworm trixie sid; do
    fetch "readers/$release" "$release" systemd procps
  done
}

fetch_sshd() {
  local release
  # shellcheck source=/dev/null
  release=$(. /etc/os-release && printf '%s\n' "${VERSION_CODENAME:-}")
  [ -n "$release" ] || die $unavailable 'this system does not name its release'
  fetch sshd "$release" openssh-server
}

[ $# -ge 2 ] || die 64 'usage: fetch.sh DIR WHAT...'
need_tools apt-get dpkg-deb flock
mkdir -p "$1"
directory=$(readlink -f "$1")
# Tests run beside each other, and two may want the same.
exec 9>"$directory/fetch.lock"
flock 9
for what in "${@:2}"; do
  case $what in
  consumers | nginx | readers | sshd) "fetch_$what" ;;
  *) die 64 "unknown: $what" ;;
  esac
done
