#!/usr/bin/env bash
# agent.sh [hello]: runs in the machine, as root, what the host sends through a virtio port;
# machine.py is its other end. A line is a message, - stands for nothing, commands and what they
# print are base64:
#   to the machine    ID run SECONDS COMMAND     ID start - COMMAND
#   to the host       hello BOOT_ID     then ready     then ID STATUS STDOUT STDERR
set -uo pipefail
directory=/run/tuner-test
mkdir -p "$directory"
until port=$(compgen -G '/dev/vport*'); do sleep 0.1; done
exec 3<>"$port"

encoded() {
  [ -s "$1" ] && base64 -w 0 "$1" || printf '%s' -
}

if [ "${1-}" = hello ]; then
  read -r boot_id </proc/sys/kernel/random/boot_id
  printf 'hello %s\n' "$boot_id" >&3
  exit
fi
printf 'ready\n' >&3 # what comes before is lost when the port is closed
while read -r id kind seconds text <&3; do
  command=$(base64 -d <<<"$text")
  # Nothing that is run keeps the port: it can be open only once.
  if [ "$kind" = start ]; then
    setsid bash -c "$command" </dev/null >/dev/null 2>&1 3>&- &
    printf '%s 0 - -\n' "$id" >&3
    continue
  fi
  timeout -k 5 "$seconds" bash -c "$command" </dev/null >"$directory/out" 2>"$directory/err" 3>&-
  status=$?
  printf '%s %s %s %s\n' "$id" "$status" "$(encoded "$directory/out")" "$(encoded "$directory/err")" >&3
done
