#!/usr/bin/env bash
# agent_image.sh ENVIRONMENT TAG: the agents' image, into the environment's private registry.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
synthesize "$1"
az acr login --name "$REGISTRY"
image=$REGISTRY_SERVER/azure-pipelines-agent:$2
version=$(hubwright --version)
docker build --pull --build-arg "HUBWRIGHT_VERSION=${version##* }" --tag "$image" agents/linux
docker push "$image"
