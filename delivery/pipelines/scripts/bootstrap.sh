#!/usr/bin/env bash
# bootstrap.sh open ENVIRONMENT [ADDRESS] | close ENVIRONMENT SUBNET_ID ZONE_ID
#
# Where Terraform keeps its state, before there is anything that Terraform made. An administrator
# runs `open` once, from ADDRESS, applies the environment, and `close`s it: from then on the
# account is reached by its private endpoint in the agents' network, and by nobody else.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
action=$1
environment=$2
synthesize "$environment"
setting() {
  sed -n "s/^$1 *= *\"\(.*\)\"$/\1/p" "build/$environment/terraform/environments/$environment.tfbackend"
}
group=$(setting resource_group_name)
account=$(setting storage_account_name)
container=$(setting container_name)

case $action in
  open)
    az group create --name "$group" --location "$LOCATION"
    az storage account create --name "$account" --resource-group "$group" --sku Standard_ZRS \
      --allow-shared-key-access false --allow-blob-public-access false --min-tls-version TLS1_2 \
      --default-action Deny --require-infrastructure-encryption true
    az storage account blob-service-properties update --account-name "$account" \
      --resource-group "$group" --enable-versioning true --enable-delete-retention true \
      --delete-retention-days 30 --enable-container-delete-retention true \
      --container-delete-retention-days 30
    if [ -n "${3:-}" ]; then
      az storage account network-rule add --account-name "$account" --resource-group "$group" \
        --ip-address "$3"
    fi
    az storage container-rm create --name "$container" --storage-account "$account" \
      --resource-group "$group"
    ;;
  close)
    subnet=$3
    zone=$4
    id=$(az storage account show --name "$account" --resource-group "$group" --query id --output tsv)
    az network private-endpoint create --name "pe-$account" --resource-group "$group" \
      --subnet "$subnet" --private-connection-resource-id "$id" --group-id blob \
      --connection-name "$account"
    az network private-endpoint dns-zone-group create --endpoint-name "pe-$account" \
      --resource-group "$group" --name default --private-dns-zone "$zone" --zone-name blob
    az storage account update --name "$account" --resource-group "$group" \
      --public-network-access Disabled
    ;;
  *) echo "no action: $action" >&2 && exit 2 ;;
esac
