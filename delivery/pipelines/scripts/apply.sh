#!/usr/bin/env bash
# apply.sh ENVIRONMENT: apply the plan that was sealed and approved, and no other.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
environment=$1
sign_in
names "$environment"
cd "build/$environment/terraform"
sha256sum --check plan.sha256
terraform_init "$environment"
terraform apply -input=false -lock-timeout=10m tfplan
terraform output -json > outputs.json
