#!/usr/bin/env bash
# run.sh CACHE TUNER [TEST...]: the Ansible collection with this program, on this machine's namespaces and
# over SSH to three test hosts, whose server is fetched to CACHE. Ends with 77, which ctest shows as
# skipped, where that cannot run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
skip() {
  printf 'skipped: %s\n' "$1"
  exit 77
}

for tool in ansible-playbook ansible-doc ansible-galaxy; do
  command -v "$tool" >/dev/null || skip "needs $tool (package ansible-core)"
done
command -v ssh >/dev/null || skip 'needs ssh (package openssh-client)'
[ "$(id -u)" -eq 0 ] || skip 'namespaces need root'
# With the first process of this PID namespace everything in it ends: hosts, timers, connections.
own=(unshare --pid --fork --kill-child --mount-proc --propagation private)
"${own[@]}" unshare --net --mount true 2>/dev/null || skip 'no namespace can be made here'
"$here/../fetch.sh" "$1" sshd || skip 'the SSH server cannot be fetched'
SSHD=$(realpath "$1/sshd")
TUNER=$(realpath "$2")
export SSHD TUNER
exec "${own[@]}" /usr/bin/python3 -B "$here/suite.py" "${@:3}"
