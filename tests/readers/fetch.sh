#!/usr/bin/env bash
# fetch.sh DIR: the readers that a model of them is held against. Unpacks systemd and procps of
# Debian 12, 13 and sid, with their libraries, below DIR/{bookworm,trixie,sid}. Installs nothing.
# Does nothing for a release that is there already. Ends with 75 where the mirror is out of reach.
set -euo pipefail

releases=(bookworm trixie sid)
packages=(systemd procps)
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
no_network=75 # EX_TEMPFAIL

die() {
  printf 'fetch.sh: %s\n' "$2" >&2
  exit "$1"
}

# mirror: the first address that this machine gets Debian's packages from.
mirror() {
  local file
  for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
    [ -r "$file" ] || continue
    sed -nE -e 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p' \
      -e 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+).*/\2/p' "$file"
  done | grep -v security | head -n 1 || true
}

# options FOLDER: apt's, so that it knows nothing of what is installed here and changes nothing.
options() {
  printf '%s\n' -qq -o "Dir::State=$1" -o "Dir::State::lists=$1/lists" \
    -o "Dir::State::status=$1/status" -o "Dir::Cache=$1/cache" \
    -o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Debug::NoLocking=1 -o APT::Sandbox::User= -o APT::Update::Error-Mode=any \
    -o Acquire::Languages=none -o Acquire::Retries=2 -o Acquire::http::Timeout=30
}

# fetch RELEASE: unpacked aside and then moved, so that what is there is whole.
fetch() {
  local state=$work/$1 apt package
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial" "$state/root"
  : >"$state/status"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$1" >"$state/sources.list"
  mapfile -t apt < <(options "$state")
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
