# shellcheck shell=bash
# Sourced by the other scripts, which run at the root of the repository.

# synthesize ENVIRONMENT: write what the environment's design asks for, and read its names. The
# configuration is the repository's own, where it has one; the decisions are the design's.
synthesize() {
  local out="build/$1" decisions="build/$1/terraform/estate.auto.tfvars.json" kind
  hubwright synth "environments/$1/estate.yaml" --environment "$1" \
    --output-directory "$out/terraform" --delivery "$out" --force --quiet >/dev/null
  if [ -d terraform ]; then
    cp "$decisions" "$out/decisions.json"
    cp -R terraform/. "$out/terraform/"
    mv "$out/decisions.json" "$decisions"
  fi
  for kind in tfbackend tfvars; do
    if [ -e "environments/$1/terraform.$kind" ]; then
      cp "environments/$1/terraform.$kind" "$out/terraform/environments/$1.$kind"
    fi
  done
  names "$1"
}

# names ENVIRONMENT: read the names that the design gives to what is deployed.
names() {
  set -o allexport
  # shellcheck source=/dev/null
  . "build/$1/pipelines/estate.env"
  set +o allexport
}

# terraform_init ENVIRONMENT: each environment has a state of its own, read by Entra, never by a key.
terraform_init() {
  terraform init -input=false -backend-config="environments/$1.tfbackend"
}

# sign_in: Azure DevOps hands out short-lived tokens for a service connection; GitHub does so
# by itself. There is no key, and a long apply gets a fresh token.
# https://registry.terraform.io/providers/hashicorp/azurerm/latest/docs/guides/service_principal_oidc
sign_in() {
  export ARM_USE_OIDC=true ARM_STORAGE_USE_AZUREAD=true
  if [ -n "${AZURESUBSCRIPTION_SERVICE_CONNECTION_ID:-}" ]; then
    export ARM_OIDC_AZURE_SERVICE_CONNECTION_ID=$AZURESUBSCRIPTION_SERVICE_CONNECTION_ID
    export ARM_CLIENT_ID=$AZURESUBSCRIPTION_CLIENT_ID
    export ARM_TENANT_ID=$AZURESUBSCRIPTION_TENANT_ID
  fi
}

# cluster_login: as oneself, by Entra; local accounts are off.
cluster_login() {
  KUBECONFIG=$(mktemp)
  export KUBECONFIG
  az aks get-credentials --resource-group "$CLUSTER_RESOURCE_GROUP" --name "$CLUSTER" \
    --file "$KUBECONFIG" --overwrite-existing
  kubelogin convert-kubeconfig --login azurecli
}
