#!/usr/bin/env bash
# release.sh ENVIRONMENT WORKLOAD STRATEGY: the built image, step by step, or back to what was.
#
# STRATEGY: `canary` gives it a growing share of requests, `ab` only those with the header of
# RELEASE_HEADER ("Name: value"), `direct` replaces the pods at once, a few at a time.
# Every step is probed through the API server; a failed probe brings the last release back.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts=$(cd "$(dirname "$0")" && pwd)
environment=$1
workload=$2
strategy=$3
synthesize "$environment"
# shellcheck source=/dev/null
. build/release/release.env
chart=$(echo build/release/workload-*.tgz)
values=build/$environment/workloads/$workload
# shellcheck source=/dev/null
. "$values/names.env"
if [ "$SOURCE_REGISTRY" != "$REGISTRY_SERVER" ]; then
  az acr import --name "$REGISTRY" --source "$SOURCE_REGISTRY/$workload@$DIGEST" \
    --image "$workload:$TAG" --force
fi
cluster_login

upgrade() {
  helm upgrade --install "$workload" "$chart" --namespace "$workload" \
    --values "$values/values.yaml" --rollback-on-failure --wait --timeout 5m "$@"
}
deployed() { helm status "$workload" --namespace "$workload" --output json 2>/dev/null; }
current() { helm get values "$workload" --namespace "$workload" --output json | jq -r "$1 // \"\""; }
new=(--set-string "image.tag=$TAG" --set-string "image.digest=$DIGEST" --set canary.enabled=false)

# What only the deployed environment knows.
known=()
if [ -n "$IDENTITY" ]; then
  client=$(az identity show --resource-group "$CLUSTER_RESOURCE_GROUP" \
    --name "$IDENTITY" --query clientId --output tsv)
  tenant=$(az account show --query tenantId --output tsv)
  known+=(--set-string "identity.clientId=$client" --set-string "secrets.tenantId=$tenant")
fi
if [ -n "${LOAD_BALANCER:-}" ]; then
  id=$(az network alb show --resource-group "$CLUSTER_RESOURCE_GROUP" --name "$LOAD_BALANCER" \
    --query id --output tsv)
  known+=(--set-string "ingress.loadBalancerId=$id")
fi
new+=("${known[@]}")

kubectl proxy --port 18001 >/dev/null &
proxy=$!
trap 'kill "$proxy" 2>/dev/null || true' EXIT
probe() {
  local service=$1
  shift
  python3 "$scripts/probe.py" --wait 30 --count 50 "$@" \
    "http://127.0.0.1:18001/api/v1/namespaces/$workload/services/$SCHEME$service:web/proxy/"
}

if ! status=$(deployed); then
  upgrade "${new[@]}"
  probe "$workload" --version "$TAG" --only-version
  exit 0
fi
revision=$(jq -r .version <<< "$status")
back() {
  echo "a probe failed: back to revision $revision" >&2
  helm rollback "$workload" "$revision" --namespace "$workload" --wait --timeout 5m
  exit 1
}
if [ "$strategy" != direct ]; then
  old=(--set-string "image.tag=$(current .image.tag)"
    --set-string "image.digest=$(current .image.digest)" --set canary.enabled=true
    --set-string "canary.image.tag=$TAG" --set-string "canary.image.digest=$DIGEST" "${known[@]}")
  case $strategy in
    canary) steps=(10 50) ;;
    ab)
      steps=(0)
      old+=(--set-string "canary.header.name=${RELEASE_HEADER%%:*}"
        --set-string "canary.header.value=${RELEASE_HEADER#*: }")
      ;;
    *) echo "no strategy: $strategy" >&2 && exit 2 ;;
  esac
  for weight in "${steps[@]}"; do
    upgrade "${old[@]}" --set "canary.weight=$weight"
    probe "$workload" || back
    if kubectl get service "$workload-canary" --namespace "$workload" >/dev/null 2>&1; then
      probe "$workload-canary" --version "$TAG" --only-version || back
    fi
    sleep "${STEP_SECONDS:-60}"
  done
  if [ "$strategy" = ab ]; then
    exit 0 # who sends the header meets it; the next release, or `direct`, ends the experiment
  fi
fi
upgrade "${new[@]}"
probe "$workload" --version "$TAG" --only-version || back
