#!/usr/bin/env bash
# validate.sh ENVIRONMENT: the configuration is well-formed, without any state or sign-in.
set -euo pipefail
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
synthesize "$1"
cd "build/$1/terraform"
terraform fmt -check -recursive
terraform init -input=false -backend=false
terraform validate
