#!/usr/bin/env bash
# cluster.sh ENVIRONMENT: what workloads find in the cluster: namespaces first, then what uses them.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
synthesize "$1"
cluster_login
shopt -s nullglob
for namespace in "build/$1"/workloads/*/namespace.yaml; do
  kubectl apply --filename "$namespace"
done
if [ -e "build/$1/workloads/ingress-controller.yaml" ]; then
  kubectl apply --filename "build/$1/workloads/ingress-controller.yaml"
fi
