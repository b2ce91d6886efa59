#!/usr/bin/env bash
# start.sh [run's options]: fetch the agent that the organization wants, register it, and run it.
# AZP_URL and AZP_POOL say where; the identity comes from the pod or the machine, never a PAT.
# The token serves to register and to leave; in between the agent signs with a key of its own.
set -euo pipefail
: "${AZP_URL:?https://dev.azure.com/<organization>}" "${AZP_POOL:?name of the pool}"
cd "${AGENT_HOME:-/agent}"
token() { python3 "${ENTRA_TOKEN:-/usr/local/bin/entra_token.py}"; }

packages="$AZP_URL/_apis/distributedtask/packages/agent?platform=linux-x64&\$top=1"
url=$(curl --fail --silent --show-error --user "user:$(token)" "$packages" |
  jq --raw-output '.value[0].downloadUrl')
curl --fail --silent --show-error --location --retry 3 "$url" | tar --extract --gzip

leave() {
  trap '' TERM INT
  ./config.sh remove --unattended --auth PAT --token "$(token)" || true
}
trap 'leave; exit 0' TERM INT
export VSO_AGENT_IGNORE=AZP_TOKEN,AZURE_FEDERATED_TOKEN_FILE
./config.sh --unattended --acceptTeeEula --replace --url "$AZP_URL" --pool "$AZP_POOL" \
  --agent "${AZP_AGENT_NAME:-$(hostname)}" --work _work --auth PAT --token "$(token)"
if [ -n "${AZP_REGISTER_ONLY:-}" ]; then
  exit 0
fi
./run.sh "$@" &
wait $!
leave
