"""
The rows of the egress catalogue: feature, purpose, kind, protocol, ports, destinations by cloud.

`<region>` stands for the region's name. A destination is given for the public cloud first; `china`
and `usgovernment` where they differ, and a missing key means the same as public.
"""

from typing import Literal, NamedTuple

Kind = Literal["fqdn", "tag", "network"]
Protocol = Literal["Https", "Http", "TCP", "UDP"]

OUTBOUND = "learn.microsoft.com/azure/aks/outbound-rules-control-egress"
OUTBOUND_DATE = "2026-06-18"
AGENT_LIST = "learn.microsoft.com/azure/devops/organizations/security/allow-list-ip-url"
POOL_LIST = "learn.microsoft.com/azure/devops/managed-devops-pools/configure-networking"
MONITOR_LIST = (
    "learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-network-configuration"
)
LOGIN_LIST = "learn.microsoft.com/entra/identity/devices/howto-vm-sign-in-azure-ad-linux"
LIMIT = "learn.microsoft.com/azure/aks/limit-egress-traffic"


class Row(NamedTuple):
    """One requirement, for every cloud."""

    feature: str
    purpose: str
    public: tuple[str, ...]
    china: tuple[str, ...] | None = None
    usgovernment: tuple[str, ...] | None = None
    kind: Kind = "fqdn"
    protocol: Protocol = "Https"
    ports: tuple[int, ...] = (443,)
    source: str = OUTBOUND
    date: str = OUTBOUND_DATE
    needed: bool = True
    public_cluster_only: bool = False


FEATURES = {
    "base": "what every cluster needs to create, scale and upgrade nodes",
    "ntp": "time from ntp.ubuntu.com, for nodes made before March 2021",
    "ubuntu-updates": "unattended security updates of Ubuntu nodes",
    "ubuntu-snapshot": "the SecurityPatch channel's package snapshots for Ubuntu nodes",
    "gpu": "NVIDIA drivers and packages on GPU pools",
    "windows": "Windows Server node pools",
    "workload-identity": "pods that get Entra tokens",
    "azure-policy": "the Azure Policy add-on",
    "defender": "Defender for Containers",
    "container-insights": "Container insights",
    "managed-prometheus": "managed Prometheus",
    "network-observability": "network metrics and flow logs of Cilium",
    "key-vault-csi": "the Key Vault provider of the secrets store driver",
    "cost-analysis": "the cost analysis add-on",
    "image-cleaner": "removal of unused images from nodes",
    "keda": "event-driven autoscaling",
    "vertical-pod-autoscaler": "the vertical pod autoscaler",
    "istio": "the Istio service mesh add-on",
    "extensions": "cluster extensions",
    "marketplace": "marketplace extensions",
    "flux": "GitOps with Flux from GitHub",
    "dapr": "the Dapr extension",
    "docker-hub": "images of Docker Hub",
    "ghcr": "images of GitHub's registry",
    "azure-devops-agent": "a self-hosted Azure DevOps agent",
    "managed-devops-pool": "agents of a Managed DevOps Pool",
    "azure-monitor-agent": "the Azure Monitor agent on a machine",
    "entra-login": "sign-in on a machine with Microsoft Entra",
    "pipeline-tools": "what pipelines download: Terraform, Helm, kubectl, images",
}

ROWS = (
    Row(
        "base",
        "images of the system components",
        ("mcr.microsoft.com",),
        china=("mcr.microsoft.com", "mcr.azure.cn"),
    ),
    Row(
        "base",
        "layers of those images",
        ("*.data.mcr.microsoft.com", "mcr-0001.mcr-msedge.net"),
        china=("*.data.mcr.microsoft.com", "*.data.mcr.azure.cn"),
        usgovernment=("*.data.mcr.microsoft.com",),
    ),
    Row(
        "base",
        "layers of those images, from the host that MCR was seen to use in June 2026",
        ("mcrprod.azurecr.io",),
        source="github.com/mspnp/aks-baseline/issues/457",
        date="2026-06-16",
        needed=False,
    ),
    Row(
        "base",
        "Azure Resource Manager",
        ("management.azure.com",),
        china=("management.chinacloudapi.cn",),
        usgovernment=("management.usgovcloudapi.net",),
    ),
    Row(
        "base",
        "Entra sign-in",
        ("login.microsoftonline.com",),
        china=("login.chinacloudapi.cn",),
        usgovernment=("login.microsoftonline.us",),
    ),
    Row("base", "packages of the operating system and Kubernetes", ("packages.microsoft.com",)),
    Row(
        "base",
        "Kubernetes and CNI binaries",
        ("packages.aks.azure.com",),
        china=("*.azk8s.cn",),
    ),
    Row(
        "base",
        "the API server of a public cluster",
        ("*.hcp.<region>.azmk8s.io",),
        china=(
            "*.hcp.<region>.cx.prod.service.azk8s.cn",
            "*.tun.<region>.cx.prod.service.azk8s.cn",
        ),
        usgovernment=("*.hcp.<region>.cx.aks.containerservice.azure.us",),
        public_cluster_only=True,
    ),
    Row(
        "base",
        "whatever Microsoft adds to the list of AKS",
        ("AzureKubernetesService",),
        kind="tag",
        source=LIMIT,
        date="2026-08-21",
        needed=False,
    ),
    Row(
        "ntp",
        "time",
        ("ntp.ubuntu.com",),
        kind="network",
        protocol="UDP",
        ports=(123,),
        needed=False,
    ),
    Row(
        "ubuntu-updates",
        "Ubuntu package archives",
        ("security.ubuntu.com", "azure.archive.ubuntu.com", "changelogs.ubuntu.com"),
        protocol="Http",
        ports=(80,),
    ),
    Row("ubuntu-snapshot", "Ubuntu package snapshots", ("snapshot.ubuntu.com",)),
    Row(
        "gpu",
        "NVIDIA drivers",
        ("nvidia.github.io", "us.download.nvidia.com", "download.docker.com"),
    ),
    Row(
        "gpu",
        "managed GPU packages",
        ("developer.download.nvidia.com",),
        source="github.com/Azure/AgentBaker",
        date="2026-08-21",
        needed=False,
    ),
    Row("windows", "Windows packages", ("onegetcdn.azureedge.net", "go.microsoft.com")),
    Row(
        "windows",
        "Windows connectivity test, certificates and updates",
        ("*.mp.microsoft.com", "www.msftconnecttest.com", "ctldl.windowsupdate.com"),
        protocol="Http",
        ports=(80,),
    ),
    Row(
        "workload-identity",
        "Entra tokens",
        ("login.microsoftonline.com",),
        china=("login.chinacloudapi.cn",),
        usgovernment=("login.microsoftonline.us",),
    ),
    Row(
        "azure-policy",
        "policies and their state",
        ("data.policy.core.windows.net", "store.policy.core.windows.net"),
        china=("data.policy.azure.cn", "store.policy.azure.cn"),
        usgovernment=("data.policy.azure.us", "store.policy.azure.us"),
    ),
    Row(
        "azure-policy",
        "telemetry of the add-on",
        ("dc.services.visualstudio.com",),
        china=(),
        usgovernment=(),
    ),
    Row(
        "defender",
        "security events",
        (
            "*.ods.opinsights.azure.com",
            "*.oms.opinsights.azure.com",
            "*.cloud.defender.microsoft.com",
        ),
        china=(),
        usgovernment=(
            "*.ods.opinsights.azure.us",
            "*.oms.opinsights.azure.us",
            "*.cloud.defender.microsoft.us",
        ),
    ),
    *(
        row
        for feature in ("container-insights", "managed-prometheus")
        for row in (
            Row(
                feature,
                "logs",
                (
                    "*.ods.opinsights.azure.com",
                    "*.oms.opinsights.azure.com",
                    "*.monitoring.azure.com",
                    "*.ingest.monitor.azure.com",
                ),
                china=(
                    "*.ods.opinsights.azure.cn",
                    "*.oms.opinsights.azure.cn",
                    "*.ingest.monitor.azure.cn",
                ),
                usgovernment=(
                    "*.ods.opinsights.azure.us",
                    "*.oms.opinsights.azure.us",
                    "*.ingest.monitor.azure.us",
                ),
            ),
            Row(
                feature,
                "metrics",
                ("*.metrics.ingest.monitor.azure.com",),
                china=("*.metrics.ingest.monitor.azure.cn",),
                usgovernment=("*.metrics.ingest.monitor.azure.us",),
            ),
            Row(
                feature,
                "what to collect",
                (
                    "global.handler.control.monitor.azure.com",
                    "<region>.handler.control.monitor.azure.com",
                ),
                china=(
                    "global.handler.control.monitor.azure.cn",
                    "<region>.handler.control.monitor.azure.cn",
                ),
                usgovernment=(
                    "global.handler.control.monitor.azure.us",
                    "<region>.handler.control.monitor.azure.us",
                ),
            ),
            Row(
                feature,
                "telemetry of the agent and of instrumented applications",
                ("dc.services.visualstudio.com", "*.in.applicationinsights.azure.com"),
                china=(),
                usgovernment=(),
            ),
        )
    ),
    Row(
        "key-vault-csi",
        "Entra tokens; the vault itself is reached by its private endpoint",
        ("login.microsoftonline.com",),
        china=("login.chinacloudapi.cn",),
        usgovernment=("login.microsoftonline.us",),
    ),
    Row(
        "cost-analysis",
        "Azure Resource Manager and Entra",
        ("management.azure.com", "login.microsoftonline.com"),
        china=("management.chinacloudapi.cn", "login.chinacloudapi.cn"),
        usgovernment=("management.usgovcloudapi.net", "login.microsoftonline.us"),
    ),
    *(
        Row(
            feature,
            "what to install",
            ("<region>.dp.kubernetesconfiguration.azure.com",),
            usgovernment=("<region>.dp.kubernetesconfiguration.azure.us",),
        )
        for feature in ("extensions", "marketplace", "flux", "dapr")
    ),
    Row(
        "marketplace",
        "images and metering of the marketplace",
        (
            "arcmktplaceprod.azurecr.io",
            "arcmktplaceprod.centralindia.data.azurecr.io",
            "arcmktplaceprod.japaneast.data.azurecr.io",
            "arcmktplaceprod.westus2.data.azurecr.io",
            "arcmktplaceprod.westeurope.data.azurecr.io",
            "arcmktplaceprod.eastus.data.azurecr.io",
            "*.ingestion.msftcloudes.com",
            "*.microsoftmetrics.com",
            "marketplaceapi.microsoft.com",
        ),
    ),
    Row("flux", "the repository", ("github.com", "api.github.com")),
    Row(
        "docker-hub",
        "images",
        (
            "docker.io",
            "registry-1.docker.io",
            "auth.docker.io",
            "production.cloudflare.docker.com",
        ),
        source=LIMIT,
        date="2026-08-21",
    ),
    Row(
        "ghcr",
        "images",
        ("ghcr.io", "pkg-containers.githubusercontent.com"),
        source=LIMIT,
        date="2026-08-21",
    ),
    Row(
        "azure-devops-agent",
        "jobs, sign-in, packages and artifacts",
        (
            "dev.azure.com",
            "*.dev.azure.com",
            "*.vssps.visualstudio.com",
            "*.vsblob.visualstudio.com",
            "*.vstmr.visualstudio.com",
            "*.vsassets.io",
            "download.agent.dev.azure.com",
            "login.microsoftonline.com",
            "management.azure.com",
        ),
        source=AGENT_LIST,
        date="2025-05-01",
    ),
    Row(
        "managed-devops-pool",
        "start and connect agents",
        (
            "*.prod.manageddevops.microsoft.com",
            "rmprodbuilds.azureedge.net",
            "*.queue.core.windows.net",
            "download.agent.dev.azure.com",
            "dev.azure.com",
            "www.microsoft.com",
            "packages.microsoft.com",
        ),
        source=POOL_LIST,
        date="2025-09-20",
    ),
    Row(
        "managed-devops-pool",
        "Ubuntu packages",
        ("azure.archive.ubuntu.com", "security.ubuntu.com", "ppa.launchpad.net"),
        protocol="Http",
        ports=(80,),
        source=POOL_LIST,
        date="2025-09-20",
    ),
    Row(
        "azure-monitor-agent",
        "what to collect, and logs",
        (
            "global.handler.control.monitor.azure.com",
            "<region>.handler.control.monitor.azure.com",
            "*.ods.opinsights.azure.com",
            "*.ingest.monitor.azure.com",
        ),
        china=(
            "global.handler.control.monitor.azure.cn",
            "<region>.handler.control.monitor.azure.cn",
            "*.ods.opinsights.azure.cn",
            "*.ingest.monitor.azure.cn",
        ),
        usgovernment=(
            "global.handler.control.monitor.azure.us",
            "<region>.handler.control.monitor.azure.us",
            "*.ods.opinsights.azure.us",
            "*.ingest.monitor.azure.us",
        ),
        source=MONITOR_LIST,
        date="2025-11-14",
    ),
    Row(
        "entra-login",
        "tokens, the login service and its package",
        ("login.microsoftonline.com", "pas.windows.net", "packages.microsoft.com"),
        china=("login.chinacloudapi.cn", "pas.chinacloudapi.cn", "packages.microsoft.com"),
        usgovernment=(
            "login.microsoftonline.us",
            "pasff.usgovcloudapi.net",
            "packages.microsoft.com",
        ),
        source=LOGIN_LIST,
        date="2025-10-01",
    ),
    Row(
        "pipeline-tools",
        "sign-in, and Azure Resource Manager",
        ("login.microsoftonline.com", "management.azure.com"),
        china=("login.chinacloudapi.cn", "management.chinacloudapi.cn"),
        usgovernment=("login.microsoftonline.us", "management.usgovcloudapi.net"),
        date="2026-06-18",
    ),
    Row(
        "pipeline-tools",
        "Terraform, Helm, kubectl, hubwright, their plugins, and base images",
        (
            "registry.terraform.io",
            "releases.hashicorp.com",
            "github.com",
            "objects.githubusercontent.com",
            "release-assets.githubusercontent.com",
            "get.helm.sh",
            "dl.k8s.io",
            "packages.microsoft.com",
            "mcr.microsoft.com",
            "*.data.mcr.microsoft.com",
            "pypi.org",
            "files.pythonhosted.org",
        ),
        source="developer.hashicorp.com/terraform/registry",
        date="2026-08-21",
    ),
)
