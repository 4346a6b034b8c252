# shellcheck shell=bash
# packages.sh: Debian's packages for tests that need other releases, without touching what is
# installed on this machine. To be sourced.

unavailable=75 # EX_TEMPFAIL: the mirror is out of reach or a tool is missing
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# die STATUS TEXT
die() {
  printf '%s: %s\n' "${0##*/}" "$2" >&2
  exit "$1"
}

# logged FILE STATUS WHAT COMMAND...: the end of what it printed, where it fails.
logged() {
  "${@:4}" >"$1" 2>&1 && return
  tail -n 10 "$1" >&2
  die "$2" "$3"
}

# need_tools TOOL...: and the keyring.
need_tools() {
  local tool
  for tool in "$@"; do
    command -v "$tool" >/dev/null || die $unavailable "needs $tool"
  done
  [ -r "$keyring" ] || die $unavailable "needs $keyring (package debian-archive-keyring)"
}

# find_mirror: sets `uri` to the first address that this machine gets Debian's packages from.
find_mirror() {
  local file
  uri=$(for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
    [ -r "$file" ] || continue
    sed -nE -e 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p' \
      -e 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+).*/\2/p' "$file"
  done | grep -v security | head -n 1 || true)
  [ -n "$uri" ] || die $unavailable "found no mirror in this machine's sources"
}

# open_suite DIRECTORY SUITE [ARCHITECTURE]: its list of packages. Sets `apt` to the options that let apt
# keep everything below DIRECTORY, know nothing of what is installed here and change nothing.
open_suite() {
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
  : >"$1/status"
  printf 'deb [signed-by=%s] %s %s main\n' "$keyring" "$uri" "$2" >"$1/sources.list"
  apt=(-qq -o "Dir::State=$1" -o "Dir::State::lists=$1/lists"
    -o "Dir::State::status=$1/status" -o "Dir::Cache=$1/cache"
    -o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null
    -o Debug::NoLocking=1 -o APT::Sandbox::User= -o APT::Update::Error-Mode=any
    -o Acquire::Languages=none -o Acquire::Retries=2 -o Acquire::http::Timeout=30)
  [ $# -lt 3 ] || apt+=(-o "APT::Architecture=$3" -o "APT::Architectures=$3")
  logged "$1/log" $unavailable "$2: cannot get the list of packages; is there a network?" \
    apt-get "${apt[@]}" update
}

# download DIRECTORY PACKAGE...: of the suite that was opened, as files in DIRECTORY.
download() {
  logged "$1/log" $unavailable "cannot get ${*:2}" \
    env -C "$1" apt-get "${apt[@]}" download "${@:2}"
}

# download_with_needs DIRECTORY PACKAGE...: and all that they depend on, as files in `archives`.
download_with_needs() {
  logged "$1/log" $unavailable "cannot get ${*:2}" \
    apt-get "${apt[@]}" -y --no-install-recommends --download-only install "${@:2}"
  # shellcheck disable=SC2034  # for the scripts that source this file
  archives=$1/cache/archives
}

# unpack TARGET FILE...
unpack() {
  local file
  for file in "${@:2}"; do
    dpkg-deb -x "$file" "$1"
  done
}
