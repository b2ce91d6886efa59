"""What must be allowed to leave, by feature, region and cloud: dated facts with their sources."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from hubwright.catalogue import egress_table
from hubwright.catalogue.egress_table import (
    OUTBOUND,
    OUTBOUND_DATE,
    Kind,
    Protocol,
    Row,
)
from hubwright.lazy_dataclass import dataclass

FEATURES: Mapping[str, str] = MappingProxyType(egress_table.FEATURES)
"""Feature name -> one line about it, in the order of the catalogue. `base` always counts."""

RETIRED: Mapping[str, str] = MappingProxyType(
    {
        "acs-mirror.azureedge.net": "retired 2025-05-31; packages.aks.azure.com took over",
        "vstsagentpackage.azureedge.net": (
            "no longer resolves; download.agent.dev.azure.com took over"
        ),
        "*.cdn.mscr.io": "retired; *.data.mcr.microsoft.com took over in 2020",
    }
)
"""
Hosts that old allow-lists hold and nothing needs any more -> when and what replaced them.

Sources: github.com/Azure/AKS/issues/4792 (2025-05), learn.microsoft.com/azure/devops (2025).
"""

ON_MACHINES = frozenset(
    {
        "azure-devops-agent",
        "managed-devops-pool",
        "azure-monitor-agent",
        "entra-login",
        "pipeline-tools",
    }
)
"""Features of machines, not of a cluster: what they need is listed whatever nodes may reach."""

AKS_TAG = "AzureKubernetesService"
"""FQDN tag of the firewall for AKS; Microsoft does not publish what is in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One set of destinations that a feature needs, on one protocol."""

    feature: str
    purpose: str
    kind: Kind
    """`fqdn` and `tag` are for application rules, `network` for network rules."""
    destinations: tuple[str, ...]
    """Names with `*.` wildcards, FQDN tags, or names and addresses of a network rule."""
    protocol: Protocol
    ports: tuple[int, ...]
    source: str
    date: str
    """Of the source, ISO."""
    needed: bool = True
    """False: recommended; nothing fails at once without it."""


def required(
    features: Sequence[str], location: str, cloud: str, private_cluster: bool = True
) -> tuple[Requirement, ...]:
    """
    Return what a cluster with these features must reach, `base` included.

    Args:
        features: Names of `FEATURES`, in any order; unknown ones add nothing.
        location: Azure's region name (`westeurope`); a display name is folded to it.
        cloud: `public`, `china` or `usgovernment`.
        private_cluster: False adds the API server's public name.

    Returns:
        Requirements in the catalogue's order, each destination once: under the first feature of
        nodes, or of machines, that needs it. Retired hosts are not among them.

    Source:
        learn.microsoft.com/azure/aks/outbound-rules-control-egress (2026-06-18).
    """
    wanted = frozenset({"base", *features})
    return _required(wanted, _region(location), cloud, private_cluster)


@lru_cache(maxsize=64)
def _required(
    wanted: frozenset[str], region: str, cloud: str, private_cluster: bool
) -> tuple[Requirement, ...]:
    found = (
        _requirement(row, region, cloud)
        for row in egress_table.ROWS
        if row.feature in wanted and not (row.public_cluster_only and private_cluster)
    )
    seen: dict[tuple[bool, str, str, tuple[int, ...]], list[str]] = {}
    out: list[Requirement] = []
    for item in found:
        known = seen.setdefault(
            (item.feature in ON_MACHINES, item.kind, item.protocol, item.ports), []
        )
        fresh = tuple(name for name in item.destinations if not _covered(name, known))
        known += fresh
        if fresh:
            out.append(replace(item, destinations=fresh))
    return tuple(out)


def _covered(name: str, known: list[str]) -> bool:
    """Tell whether a name, or the wildcard above it, is among those of earlier requirements."""
    return name in known or any(
        other.startswith("*") and name.endswith(other[1:]) for other in known
    )


def fqdn_tag(tag: str, location: str, cloud: str) -> tuple[str, ...] | None:
    """
    Return an estimate of the names behind an FQDN tag, or None for tags without a list.

    Microsoft publishes no content. For `AzureKubernetesService` this is the documented core list
    as of `OUTBOUND_DATE`, the host that the tag was seen to lack (mcrprod.azurecr.io, June 2026)
    left out: AKS documentation says that the tag holds the list, issues show it to lag behind.

    Source:
        learn.microsoft.com/azure/aks/limit-egress-traffic, github.com/Azure/AKS/issues/2215,
        github.com/mspnp/aks-baseline/issues/457.
    """
    if tag != AKS_TAG:
        return None
    names = [
        name
        for requirement in required((), location, cloud, private_cluster=False)
        if requirement.kind == "fqdn" and requirement.needed
        for name in requirement.destinations
    ]
    return tuple(dict.fromkeys(names))


API_SERVER = "<api-server>"
"""Stands for the API server's name in `NodeCheck.host`."""
AZURE_DNS_EXIT_CODE = 53
"""Exit code instead of 52 when the server that answered was 168.63.129.16."""
_NODE_SOURCE = "github.com/Azure/AgentBaker parts/linux/cloud-init/artifacts/cse_main.sh"


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeCheck:
    """One thing that a node tries while AKS bootstraps it."""

    name: str
    host: str
    """A name, or `API_SERVER` for the cluster's own."""
    port: int
    protocol: str
    """`Https`, or `UDP` for a DNS query."""
    exit_code: int | None
    """Exit code of the node's extension when it fails; None: the node boots, and fails later."""
    symptom: str
    source: str


def node_checks(location: str, cloud: str) -> tuple[NodeCheck, ...]:
    """
    Return what a Linux node tries at bootstrap, in the order in which AKS does.

    Source:
        github.com/Azure/AgentBaker cse_main.sh, cse_helpers.sh, aks-check-network.sh (2026-08-21).
    """
    del location
    registry = "gcr.azk8s.cn" if cloud == "china" else "mcr.microsoft.com"
    login, manager = {
        "china": ("login.chinacloudapi.cn", "management.chinacloudapi.cn"),
        "usgovernment": ("login.microsoftonline.us", "management.usgovcloudapi.net"),
    }.get(cloud, ("login.microsoftonline.com", "management.azure.com"))
    binaries = "mirror.azk8s.cn" if cloud == "china" else "packages.aks.azure.com"
    return (
        _check("outbound", registry, 50, "VMExtensionError_OutboundConnFail"),
        _check("binaries", binaries, 31, "Kubernetes binaries are not downloaded"),
        _check("packages", "packages.microsoft.com", 26, "Microsoft's package key is missing"),
        _check(
            "image-layers",
            "eastus.data.mcr.microsoft.com",
            37,
            "images of the system components are not pulled",
        ),
        NodeCheck(
            name="api-server-dns",
            host=API_SERVER,
            port=53,
            protocol="UDP",
            exit_code=52,
            symptom="VMExtensionError_K8SAPIServerDNSLookupFail",
            source=_NODE_SOURCE,
        ),
        _check("api-server", API_SERVER, 51, "VMExtensionError_K8SAPIServerConnFail"),
        _check("sign-in", login, None, "the node's identity gets no token"),
        _check("resource-manager", manager, None, "disks, routes and load balancers do not change"),
    )


def _check(name: str, host: str, exit_code: int | None, symptom: str) -> NodeCheck:
    return NodeCheck(
        name=name,
        host=host,
        port=443,
        protocol="Https",
        exit_code=exit_code,
        symptom=symptom,
        source=_NODE_SOURCE,
    )


def _requirement(row: Row, region: str, cloud: str) -> Requirement:
    own = {"china": row.china, "usgovernment": row.usgovernment}.get(cloud)
    destinations = row.public if own is None else own
    return Requirement(
        feature=row.feature,
        purpose=row.purpose,
        kind=row.kind,
        destinations=tuple(text.replace("<region>", region) for text in destinations),
        protocol=row.protocol,
        ports=row.ports,
        source=row.source,
        date=row.date,
        needed=row.needed,
    )


def _region(location: str) -> str:
    return location.replace(" ", "").lower()


__all__ = [
    "AKS_TAG",
    "API_SERVER",
    "AZURE_DNS_EXIT_CODE",
    "FEATURES",
    "ON_MACHINES",
    "OUTBOUND",
    "OUTBOUND_DATE",
    "RETIRED",
    "NodeCheck",
    "Requirement",
    "fqdn_tag",
    "node_checks",
    "required",
]
