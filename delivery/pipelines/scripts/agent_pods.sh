#!/usr/bin/env bash
# agent_pods.sh ENVIRONMENT TAG: agents as pods in the private cluster, as many as jobs wait.
# The cluster needs KEDA; AGENT_IDENTITY is a managed identity that is a member of the pool's
# administrators, federated with the service accounts of the agents and of KEDA's operator.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
: "${AGENT_IDENTITY:?name of the identity}" "${AGENT_POOL:?name of the pool}"
synthesize "$1"
cluster_login
client=$(az identity show --resource-group "$CLUSTER_RESOURCE_GROUP" --name "$AGENT_IDENTITY" \
  --query clientId --output tsv)
kubectl apply --filename agents/namespace.yaml
helm upgrade --install agents agents/chart --namespace agents \
  --set-string "image=$REGISTRY_SERVER/azure-pipelines-agent:$2" \
  --set-string "url=${SYSTEM_COLLECTIONURI%/}" --set-string "pool=$AGENT_POOL" \
  --set-string "identity.clientId=$client" --rollback-on-failure --wait --timeout 5m
