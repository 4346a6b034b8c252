#!/usr/bin/env bash
# run.sh DIR TUNER_BUILD [OPTION...]: builds the lab's tools, fetches nginx, both kept below DIR, and
# runs lab.py with these options in namespaces of its own. Ends with 77, which ctest shows as skipped,
# where such namespaces cannot be made.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

[ $# -ge 2 ] || {
  printf 'usage: run.sh DIR TUNER_BUILD [OPTION...]\n' >&2
  exit 64
}
[ "$(id -u)" -eq 0 ] || skip 'namespaces need root'
unshare --net --mount true 2>/dev/null || skip 'no namespace can be made here'
[ -c /dev/net/tun ] || skip 'the delay line needs /dev/net/tun'
for tool in g++ ip ping setpriv; do
  command -v "$tool" >/dev/null || skip "needs $tool"
done
mkdir -p "$1"
directory=$(readlink -f "$1")
build=$(readlink -f "$2")
for tool in delayline flow; do
  if [ ! -e "$directory/$tool" ] || [ "$here/$tool.cpp" -nt "$directory/$tool" ]; then
    # Static, so that it runs in virtual machines too.
    g++ -std=c++20 -O2 -static -pthread -Wall -Wextra -Wpedantic -Wconversion -Werror \
      -o "$directory/.$tool-$$" "$here/$tool.cpp"
    mv "$directory/.$tool-$$" "$directory/$tool"
  fi
done
options=(--tools "$directory")
status=0
"$here/../fetch.sh" "$directory" nginx || status=$?
case $status in
0) options+=(--nginx "$directory/nginx") ;;
75) printf 'skipped: the proxy, nginx cannot be fetched\n' ;;
*) exit "$status" ;;
esac

# settings: what the lab must leave alone, apart from what belongs to single interfaces.
settings() {
  find /proc/sys/net/{core,ipv4,ipv6} -type f -not -path '*/conf/*' -not -path '*/neigh/*' |
    sort | xargs grep -H . 2>/dev/null || true # some may not be read
  ls -l /etc/sysctl.d 2>/dev/null || true
}
before=$(settings)
status=0
TUNER=$build/tuner setpriv --pdeathsig TERM /usr/bin/python3 -B "$here/lab.py" "${options[@]}" \
  "${@:3}" || status=$?
diff <(printf '%s\n' "$before") <(settings) || {
  printf "run.sh: this machine's own settings are not as they were\n" >&2
  status=1
}
exit "$status"
