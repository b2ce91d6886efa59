#!/usr/bin/env bash
# diff.sh BEFORE DESIGN [RESULTS]: what a change does to packets, as a comment.
# BEFORE is a commit, whose version of the design is compared, or another design.
set -euo pipefail
before=$1
design=$2
results=${3:-results}
mkdir -p "$results"
if [ -f "$before" ]; then
  old=$before
else
  old=$(mktemp --suffix .yaml)
  if ! git show "$before:$design" > "$old"; then
    echo "$design is new" | tee "$results/diff.md"
    exit 0
  fi
fi
hubwright diff "$old" "$design" --output markdown -o "$results/diff.md"
hubwright diff "$old" "$design"
