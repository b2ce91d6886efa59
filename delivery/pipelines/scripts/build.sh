#!/usr/bin/env bash
# build.sh ENVIRONMENT WORKLOAD TAG: image and chart into the environment's private registry.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
environment=$1
workload=$2
tag=$3
synthesize "$environment"
image=$REGISTRY_SERVER/$workload
az acr login --name "$REGISTRY"
docker build --pull --build-arg "VERSION=$tag" --tag "$image:$tag" workload
docker push "$image:$tag"
digest=$(az acr repository show --name "$REGISTRY" --image "$workload:$tag" --query digest --output tsv)
az acr login --name "$REGISTRY" --expose-token --query accessToken --output tsv |
  helm registry login "$REGISTRY_SERVER" \
    --username 00000000-0000-0000-0000-000000000000 --password-stdin
mkdir -p build/release
version=$(sed -n 's/^version: //p' workload/chart/Chart.yaml)
helm package workload/chart --destination build/release
helm push "build/release/workload-$version.tgz" "oci://$REGISTRY_SERVER/charts"
printf 'TAG=%s\nDIGEST=%s\nSOURCE_REGISTRY=%s\n' "$tag" "$digest" "$REGISTRY_SERVER" \
  > build/release/release.env
