#!/usr/bin/env bash
# chroot.sh online|offline ROOT COMMAND...: a program inside of a Debian that lies in a directory, with
# mounts of its own. Nothing that it does to settings reaches this machine: online, with this
# machine's network, /proc/sys is read-only; offline, in a network namespace of its own, all of it
# but net/, which is the namespace's. The directory that CHROOT_SRV names is /srv inside.
set -euo pipefail

refuse() {
  printf 'chroot.sh: this is not a namespace of its own\n' >&2
  exit 1
}

read_only() {
  mount --bind "$1" "$1"
  mount -o remount,bind,ro "$1"
}

# furnish KIND ROOT
furnish() {
  local sys=$2/proc/sys directory
  [ "$(readlink /proc/self/ns/mnt)" != "$outside" ] || refuse
  # A mount of its own, or a program inside could make no namespace of mounts.
  mount --bind "$2" "$2"
  mount --rbind /proc "$2/proc"
  if [ "$1" = online ]; then
    read_only "$sys"
    return
  fi
  # What a child namespace does not have: finding it means being in the machine's own.
  [ ! -e "$sys/net/core/netdev_max_backlog" ] || refuse
  for directory in "$sys"/*/; do
    [ "$directory" = "$sys/net/" ] || read_only "$directory"
  done
  ip link set lo up
}

case $1 in
online | offline)
  options=(--mount --propagation private)
  [ "$1" = online ] || options+=(--net)
  exec unshare "${options[@]}" -- "$0" "inside-$1" "$(readlink /proc/self/ns/mnt)" "${@:2}"
  ;;
inside-*)
  outside=$2
  furnish "${1#inside-}" "$3"
  [ -z "${CHROOT_SRV:-}" ] || mount --bind "$CHROOT_SRV" "$3/srv"
  exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive \
    HOME=/root chroot "${@:3}"
  ;;
esac
