#!/usr/bin/env bash
# test_workload.sh: the application starts, is ready, answers, and stops without losing a request.
set -euo pipefail
scripts=$(cd "$(dirname "$0")" && pwd)
cd workload
PORT=18080 DRAIN_SECONDS=1 APP_VERSION=tested python3 -m webapp &
server=$!
trap 'kill "$server" 2>/dev/null || true' EXIT
python3 "$scripts/probe.py" http://127.0.0.1:18080/readyz --wait 10
python3 "$scripts/probe.py" http://127.0.0.1:18080/ --count 20 --version tested
kill -TERM "$server"
wait "$server"
