#!/usr/bin/env bash
# The time of applying 25 keys, beside TuneD setting the same ones, turn by turn in a namespace of its
# own where nothing reaches a disk. TuneD is Debian's, unpacked below build/, not installed.
# usage: tests/bench/apply.sh [ROUNDS]
set -euo pipefail
cd "$(dirname "$0")/../.."
rounds=${1:-15}
packages=(tuned python3-linux-procfs python3-configobj python3-decorator python3-pyudev python3-dbus
  python3-gi python3-six python3-ethtool python3-schedutils libgirepository-1.0-1 gir1.2-glib-2.0)
peer=$PWD/build/tuned

if [ ! -e "$peer/ready" ]; then
  rm -rf "$peer"
  mkdir -p "$peer/packages"
  (cd "$peer/packages" && apt-get -qq -o APT::Sandbox::User= download "${packages[@]}") || {
    echo 'apply.sh: cannot get the packages of TuneD' >&2
    exit 75
  }
  for package in "$peer"/packages/*.deb; do dpkg -x "$package" "$peer/root"; done
  # Its directories, below our own: the machine's are left alone.
  sed -i "s#\"/etc/tuned#\"$peer/root/etc/tuned#; s#\"/usr/lib/tuned#\"$peer/root/usr/lib/tuned#;
    s#\"/run/tuned#\"/run/tuned-bench#; s#\"/var/log/tuned#\"/run/tuned-bench#" \
    "$peer/root/usr/lib/python3/dist-packages/tuned/consts.py"
  sed -i 's/^daemon *=.*/daemon = 0/' "$peer/root/etc/tuned/tuned-main.conf"
  touch "$peer/ready"
fi
PYTHONPATH=$peer/root/usr/lib/python3/dist-packages TUNER=$PWD/build/release/tuner \
  exec /usr/bin/python3 -B tests/bench/apply.py "$peer/root" "$rounds"
