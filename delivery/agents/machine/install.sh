#!/usr/bin/env bash
# install.sh: make this machine a self-hosted agent, once, as root: from cloud-init, or by hand.
# The agent runs as a service of its own user, comes back after a restart, and holds no secret:
# the machine's managed identity registers it.
set -euo pipefail
: "${AZP_URL:?https://dev.azure.com/<organization>}" "${AZP_POOL:?name of the pool}"
here=$(cd "$(dirname "$0")" && pwd)
id agent >/dev/null 2>&1 || useradd --create-home --home-dir /agent --shell /usr/sbin/nologin agent
bash "$here/../linux/tools.sh"
install --mode 0555 "$here/../linux/entra_token.py" /usr/local/bin/entra_token.py
install --mode 0555 "$here/../linux/start.sh" /usr/local/bin/azure-pipelines-agent
cat > /etc/systemd/system/azure-pipelines-agent.service <<UNIT
[Unit]
Description=Azure Pipelines agent
After=network-online.target
Wants=network-online.target

[Service]
User=agent
Environment=AZP_URL=$AZP_URL
Environment=AZP_POOL=$AZP_POOL
Environment=AGENT_HOME=/agent
Environment=AZURE_CLIENT_ID=${AZURE_CLIENT_ID:-}
ExecStart=/usr/local/bin/azure-pipelines-agent
Restart=always
RestartSec=10
TimeoutStopSec=120
NoNewPrivileges=true
ProtectSystem=full

[Install]
WantedBy=multi-user.target
UNIT
systemctl daemon-reload
systemctl enable --now azure-pipelines-agent.service
