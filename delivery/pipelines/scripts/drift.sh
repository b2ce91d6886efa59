#!/usr/bin/env bash
# drift.sh ENVIRONMENT: fail, and show it, when Azure is no longer what the design asks for.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
environment=$1
sign_in
synthesize "$environment"
results=$PWD/build/$environment/results
mkdir -p "$results"
cd "build/$environment/terraform"
terraform_init "$environment"
status=0
terraform plan -input=false -var-file="environments/$environment.tfvars" -lock=false -detailed-exitcode -out=tfplan || status=$?
terraform show -no-color tfplan > "$results/drift.txt"
case $status in
  0) echo "$environment is what its design asks for" ;;
  2) echo "$environment has drifted; apply its design, or change it" >&2 ;;
esac
exit "$status"
