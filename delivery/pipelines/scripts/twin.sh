#!/usr/bin/env bash
# twin.sh DESIGN [RESULTS]: run the network on this machine, and hold real packets against it.
set -euo pipefail
design=$1
results=${2:-results}
mkdir -p "$results"
trap 'hubwright down "$design" || true' EXIT
hubwright up "$design" --output json -o "$results/probes.json"
