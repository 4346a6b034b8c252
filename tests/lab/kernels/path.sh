#!/bin/busybox sh
# shellcheck shell=dash
# path.sh RATE DELAY LIMIT FLOWS SECONDS [OPTION...]: flows between two new network namespaces that
# are joined by a path of netem's, and what became of them: what flow prints at either end, and the
# sender's counters, a line each; then what tuner says, half way, limits either end. RATE and DELAY are tc's, one way; LIMIT is in packets; the options
# are flow's.
set -eu
rate=$1 delay=$2 limit=$3 flows=$4 seconds=$5
shift 5
ip=/sbin/ip
tc=/sbin/tc

# end_of SPACE DEVICE ADDRESS
end_of() {
  $ip -n "$1" address add "$3/24" dev "$2"
  $ip -n "$1" link set "$2" up
  $tc -n "$1" qdisc add dev "$2" root netem rate "$rate" delay "$delay" limit "$limit"
}

trap '$ip netns del left; $ip netns del right' EXIT
$ip netns add left
$ip netns add right
$ip -n left link add near type veth peer name far netns right
end_of left near 10.9.0.1
end_of right far 10.9.0.2
$ip netns exec right flow receive 10.9.0.2 5001 "$flows" "$@" >/run/received &
receiver=$!
$ip netns exec left flow send 10.9.0.2 5001 "$flows" "$seconds" "$@" >/run/sent &
sender=$!
sleep $((seconds / 2))
for end in left right; do
  tuner sockets --netns $end --by limit --sample 1s --json >/run/limit-$end
done
wait $sender
wait $receiver
cat /run/received /run/sent
$ip netns exec left grep ^TcpExt: /proc/net/netstat
$ip netns exec right grep ^TcpExt: /proc/net/netstat
for end in left right; do
  tr -d '\n' </run/limit-$end
  echo
done
