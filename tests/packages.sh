# shellcheck shell=bash
# packages.sh: Debian's packages for tests that need other releases, without touching what is
# installed on this machine. To be sourced.

# Read by the scripts that source this file.
# shellcheck disable=SC2034
keyring=/usr/share/keyrings/debian-archive-keyring.gpg

# mirror: the first address that this machine gets Debian's packages from.
mirror() {
  local file
  for file in /etc/apt/sources.list.d/debian.sources /etc/apt/sources.list; do
    [ -r "$file" ] || continue
    sed -nE -e 's/^URIs:[[:space:]]*([^[:space:]]+).*/\1/p' \
      -e 's/^deb[[:space:]]+(\[[^]]*\][[:space:]]+)?([^[:space:]]+).*/\2/p' "$file"
  done | grep -v security | head -n 1 || true
}

# apt_options FOLDER: apt's, a line each, so that it keeps everything below FOLDER, knows nothing of
# what is installed here and changes nothing. FOLDER has a sources.list.
apt_options() {
  mkdir -p "$1/lists/partial" "$1/cache/archives/partial"
  : >"$1/status"
  printf '%s\n' -qq -o "Dir::State=$1" -o "Dir::State::lists=$1/lists" \
    -o "Dir::State::status=$1/status" -o "Dir::Cache=$1/cache" \
    -o "Dir::Etc::sourcelist=$1/sources.list" -o Dir::Etc::sourceparts=/dev/null \
    -o Dir::Etc::preferences=/dev/null -o Dir::Etc::preferencesparts=/dev/null \
    -o Debug::NoLocking=1 -o APT::Sandbox::User= -o APT::Update::Error-Mode=any \
    -o Acquire::Languages=none -o Acquire::Retries=2 -o Acquire::http::Timeout=30
}
