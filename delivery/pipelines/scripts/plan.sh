#!/usr/bin/env bash
# plan.sh ENVIRONMENT [terraform plan's options]: plan, check the plan, seal it for apply.sh.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
environment=$1
shift
sign_in
synthesize "$environment"
results=$PWD/build/$environment/results
mkdir -p "$results"
cd "build/$environment/terraform"
terraform_init "$environment"
terraform validate
terraform plan -input=false -var-file="environments/$environment.tfvars" -lock-timeout=5m -out=tfplan "$@"
terraform show -json tfplan > plan.json
terraform show -no-color tfplan > plan.txt
{
  printf '<!-- hubwright: plan %s -->\n## Plan of %s\n\n```\n' "$environment" "$environment"
  head -c 40000 plan.txt
  printf '\n```\n'
} > "$results/plan.md"
case " $* " in
  *" -destroy "*) ;; # nothing is left that could be checked
  *) hubwright check plan.json --quiet ;;
esac
rm -rf .terraform # apply.sh gets the same providers again, by the lock file
sealed=(tfplan)
if [ -e .terraform.lock.hcl ]; then # none where every provider is a local override
  sealed+=(.terraform.lock.hcl)
fi
sha256sum "${sealed[@]}" > plan.sha256
