#!/bin/busybox sh
# shellcheck shell=dash
# init.sh: runs, as root and as the first process, what the host sends through a virtio port;
# machine.py is its other end. A line is a message, - stands for nothing, commands and what they
# print are base64:
#   to the machine    ID run SECONDS COMMAND
#   to the host       hello BOOT_ID     then ready     then ID STATUS STDOUT STDERR
export PATH=/bin:/sbin:/usr/bin HOME=/root LANG=C.UTF-8
/bin/busybox --install -s /bin
mount -t devtmpfs dev /dev
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t tmpfs run /run
mount -t tmpfs tmp /tmp
mkdir /run/test
for module in /lib/modules/*.ko; do
  insmod "$module"
done
/sbin/ip link set lo up

encoded() {
  if [ -s "$1" ]; then base64 -w 0 "$1"; else printf '%s' -; fi
}

while :; do
  for port in /dev/vport*; do
    [ ! -c "$port" ] || break 2
  done
  sleep 0.1
done
exec 3<>"$port"
read -r boot_id </proc/sys/kernel/random/boot_id
printf 'hello %s\nready\n' "$boot_id" >&3
while read -r id kind seconds text <&3; do
  [ "$kind" = run ] || continue
  printf '%s' "$text" | base64 -d >/run/test/command
  # Nothing that is run keeps the port: it can be open only once.
  timeout -k 5 "$seconds" sh /run/test/command </dev/null >/run/test/out 2>/run/test/err 3>&-
  status=$?
  printf '%s %s %s %s\n' "$id" "$status" "$(encoded /run/test/out)" "$(encoded /run/test/err)" >&3
done
