#!/usr/bin/env bash
# check.sh DESIGN [RESULTS]: what is wrong with a design, also as a test report and a comment.
set -euo pipefail
design=$1
results=${2:-results}
mkdir -p "$results"
for format in junit:check.junit.xml markdown:check.md; do
  hubwright check "$design" --output "${format%%:*}" -o "$results/${format#*:}" --quiet || true
done
hubwright check "$design" --quiet
