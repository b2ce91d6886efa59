#!/usr/bin/env bash
# cluster.sh ENVIRONMENT: what workloads find in the cluster: namespaces first, then what uses them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
synthesize "$1"
cluster_login
shopt -s nullglob
for manifest in "build/$1"/workloads/*/{namespace,ingress-controller}.yaml; do
  kubectl apply --filename "$manifest"
done
