#!/usr/bin/env bash
# run.sh TARGET SECONDS [LOG]: fuzzes one target from what seeds.py makes, or the corpus of the models;
# new inputs go beside the program. An input on which it fails is kept there too.
set -euo pipefail
[ $# -lt 3 ] || exec >"$3" 2>&1
target=$(readlink -f "$1")
name=${target##*/fuzz_}
here=$(cd "$(dirname "$0")" && pwd)
seeds=$here/corpus
found=$target.corpus
mkdir -p "$found"
case $name in
systemd | procps | lint) ;;
*)
  seeds=$target.seeds
  python3 -B "$here/seeds.py" "$name" "$seeds"
  ;;
esac
cd "$(dirname "$target")"
exec "$target" -max_total_time="$2" -timeout=10 -rss_limit_mb=2048 -print_final_stats=1 \
  -verbosity=0 -artifact_prefix="$(basename "$target")-" "$found" "$seeds"
