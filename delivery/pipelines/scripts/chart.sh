#!/usr/bin/env bash
# chart.sh ENVIRONMENT WORKLOAD: the chart takes the values that the design asks for.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
environment=$1
workload=$2
synthesize "$environment"
values=build/$environment/workloads/$workload
image=(--set-string image.tag=checked)
helm lint workload/chart --strict --values "$values/values.yaml" "${image[@]}"
helm template "$workload" workload/chart --namespace "$workload" \
  --values "$values/values.yaml" "${image[@]}" > "$values/manifests.yaml"
