# shellcheck shell=bash
# steps.sh: runs the steps of a build or a test so that one sees what is going on. On a terminal one
# line says how far the present step is; elsewhere each step prints a line when it ends. Of a step that
# fails, what failed is shown, not all that went well before it. To be sourced.

steps_log=build/steps # a log for each step
steps_begun=$SECONDS
steps_table=()

# clock SECONDS: as minutes and seconds.
clock() { printf '%d:%02d' $(($1 / 60)) $(($1 % 60)); }

# on_terminal: whether there is one that shows a line of progress.
on_terminal() { [ -t 2 ] && [ "${TERM:-dumb}" != dumb ]; }

# show_progress NAME: passes on what a step prints, and takes the newest "[n/m]" or "n/m Test" of it for
# how far it is.
show_progress() {
  local part line='' state='' begun=$SECONDS status
  while true; do
    status=0
    IFS= read -r -t 1 part || status=$?
    line+=$part # a second may be over in the middle of a line
    if [ "$status" -eq 0 ]; then
      printf '%s\n' "$line"
      if [[ $line =~ ^\[([0-9]+/[0-9]+)\] || $line =~ ^\ *([0-9]+/[0-9]+)\ Test ]]; then
        state=" ${BASH_REMATCH[1]}"
      fi
      line=''
    elif [ "$status" -le 128 ]; then
      printf '%s' "$line"
      break
    fi
    printf '\r\033[K%s%s %s' "$1" "$state" "$(clock $((SECONDS - begun)))" >&2
  done
  printf '\r\033[K' >&2
}

# step NAME FAILURES COMMAND...: runs it. FAILURES is a command that gets the log of one that failed on
# its input and prints what somebody has to read.
step() {
  local name=$1 failures=$2 begun=$SECONDS status=0 log took
  shift 2
  mkdir -p "$steps_log"
  log=$steps_log/${name//[ \/]/-}.log
  if on_terminal; then
    "$@" 2>&1 | show_progress "$name" >"$log" || status=$?
  else
    "$@" >"$log" 2>&1 || status=$?
  fi
  took=$((SECONDS - begun))
  steps_table+=("$(printf '%6s  %s' "$(clock $took)" "$name")")
  if [ "$status" -eq 0 ]; then
    on_terminal || printf '== %s: %s\n' "$name" "$(clock $took)" >&2
    return 0
  fi
  "$failures" <"$log" >&2
  printf '== %s failed after %s; all of its output is in %s\n' "$name" "$(clock $took)" "$log" >&2
  return "$status"
}

# Of a failed build: each unit's own words, without the compiler's command line.
build_failures() {
  awk '/^FAILED: / { print; failed = 1; skip = 1; next }
    /^\[[0-9]+\/[0-9]+\]/ || /^ninja: / { failed = 0 }
    failed && skip { skip = 0; next }
    failed || /^CMake Error/ { print; shown = 1 }
    { all = all $0 "\n" }
    END { if (!shown) printf "%s", all }'
}

# Of failed tests: each one's output.
test_failures() {
  awk '/^ *[0-9]+\/[0-9]+ Test +#/ { failed = /\*\*\*/ }
    /^ *Start +[0-9]+:/ || /^[0-9]+% tests passed/ { failed = 0 }
    failed { print }
    /^The following tests FAILED/ { list = 1 }
    list { print }'
}

# Of other steps: everything.
all_output() { cat; }

# long_tests LOG: the tests of ctest's output that took at least five seconds, slowest first.
long_tests() {
  sed -nE 's/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: ([^ ]+) .* ([0-9]+)\.[0-9]+ sec.*/\2 \1/p' "$1" 2>/dev/null |
    awk '$1 >= 5' | sort -rn | while read -r seconds name; do
    printf '%6s    %s\n' "$(clock "$seconds")" "$name"
  done
}

# show_steps: what took how long.
show_steps() {
  printf '%s\n' "${steps_table[@]}" "$(printf '%6s  %s' "$(clock $((SECONDS - steps_begun)))" 'in all')" >&2
}
