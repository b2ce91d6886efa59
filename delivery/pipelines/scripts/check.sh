#!/usr/bin/env bash
# check.sh DESIGN [RESULTS]: what is wrong with a design, also as a test report and a comment.
set -euo pipefail
design=$1
results=${2:-results}
mkdir -p "$results"
hubwright check "$design" --output junit -o "$results/check.junit.xml" --exit-zero --quiet
hubwright check "$design" --output markdown -o "$results/check.md" --exit-zero --quiet
hubwright check "$design" --quiet
