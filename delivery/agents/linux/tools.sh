#!/usr/bin/env bash
# tools.sh: what the pipelines call, in pinned versions, each held against its publisher's checksum.
set -euo pipefail
TERRAFORM_VERSION=${TERRAFORM_VERSION:-1.13.4}
HELM_VERSION=${HELM_VERSION:-4.0.0}
KUBECTL_VERSION=${KUBECTL_VERSION:-1.34.1}
KUBELOGIN_VERSION=${KUBELOGIN_VERSION:-0.2.12}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

get() { curl --fail --silent --show-error --location --retry 3 --output "$2" "$1"; }

terraform=terraform_${TERRAFORM_VERSION}_linux_amd64.zip
get "https://releases.hashicorp.com/terraform/$TERRAFORM_VERSION/$terraform" "$terraform"
get "https://releases.hashicorp.com/terraform/$TERRAFORM_VERSION/terraform_${TERRAFORM_VERSION}_SHA256SUMS" sums
sha256sum --check --ignore-missing sums
unzip -q "$terraform" terraform -d /usr/local/bin

helm=helm-v$HELM_VERSION-linux-amd64.tar.gz
get "https://get.helm.sh/$helm" "$helm"
get "https://get.helm.sh/$helm.sha256sum" "$helm.sha256sum"
sha256sum --check "$helm.sha256sum"
tar --extract --gzip --file "$helm" --strip-components 1 --directory /usr/local/bin linux-amd64/helm

kubectl=https://dl.k8s.io/release/v$KUBECTL_VERSION/bin/linux/amd64/kubectl
get "$kubectl" kubectl
get "$kubectl.sha256" kubectl.sha256
echo "$(cat kubectl.sha256)  kubectl" | sha256sum --check -
install --mode 0755 kubectl /usr/local/bin/kubectl

kubelogin=https://github.com/Azure/kubelogin/releases/download/v$KUBELOGIN_VERSION/kubelogin-linux-amd64.zip
get "$kubelogin" kubelogin-linux-amd64.zip
get "$kubelogin.sha256" kubelogin.sha256
sha256sum --check kubelogin.sha256
unzip -q -j kubelogin-linux-amd64.zip bin/linux_amd64/kubelogin -d /usr/local/bin

python3 -m pip install --no-cache-dir "hubwright${HUBWRIGHT_VERSION:+==$HUBWRIGHT_VERSION}"
