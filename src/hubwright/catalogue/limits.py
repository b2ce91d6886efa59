"""Azure's limits, each with its unit, source and date."""

from dataclasses import dataclass

_FIREWALL = (
    "learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits"
)


@dataclass(frozen=True, slots=True)
class Limit:
    """One number that Azure does not let you pass, or advises not to."""

    value: int
    unit: str
    source: str
    date: str


RULE_COLLECTION_GROUPS = Limit(90, "rule collection groups a policy", _FIREWALL, "2025")
"""50 for policies made before July 2022."""
DNAT_TARGETS = Limit(250, "public IPs and unique DNAT targets a firewall", _FIREWALL, "2023-10-10")
FIREWALL_PUBLIC_IPS = Limit(250, "public IPs a firewall", _FIREWALL, "2023-10-10")
FIREWALL_FQDNS = Limit(1000, "FQDNs in network rules a firewall", _FIREWALL, "2023-10-10")
NETWORK_PAIRS = Limit(
    20_000, "pairs of source and destination in a firewall's network rules", _FIREWALL, "2023-10-10"
)
IP_GROUPS = Limit(200, "IP groups a firewall", _FIREWALL, "2023-10-10")
IP_GROUP_MEMBERS = Limit(5000, "addresses and prefixes an IP group", _FIREWALL, "2023-10-10")
DNAT_PORT = Limit(
    63_999,
    "highest port of a DNAT rule",
    "learn.microsoft.com/troubleshoot/azure/firewall/firewall-known-issues",
    "2025-04-13",
)
PRIORITY = (100, 65_000)
"""Priorities of rule collection groups and collections, both inclusive.
Source: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23)."""
SECURITY_RULE_PRIORITY = (100, 4096)
"""Priorities of security rules, both inclusive.
Source: learn.microsoft.com/azure/virtual-network/network-security-groups-overview (2025-07-15)."""
SNAT_PORTS = Limit(
    2496,
    "SNAT ports a public IP and firewall instance",
    "learn.microsoft.com/troubleshoot/azure/firewall/firewall-known-issues",
    "2025-04-13",
)
FIREWALL_INSTANCES = Limit(
    2,
    "firewall instances at least",
    "learn.microsoft.com/azure/firewall/firewall-performance",
    "2022-11",
)
ROUTES = Limit(
    400,
    "routes a route table",
    "learn.microsoft.com/azure/private-link/inspect-traffic-with-azure-firewall",
    "2025-03-25",
)
TAG_ROUTES = Limit(
    25,
    "routes with service tags a route table",
    "learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
    "2023-05",
)
RESERVED_ADDRESSES = Limit(
    5,
    "addresses of a subnet that Azure keeps",
    "learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
    "2025",
)
NODES_PER_CLUSTER = Limit(
    5000, "nodes a cluster", "learn.microsoft.com/azure/aks/quotas-skus-regions", "2025"
)
MAX_PODS = Limit(250, "pods a node", "learn.microsoft.com/azure/aks/quotas-skus-regions", "2025")

SUBNET_LENGTHS = {
    "AzureFirewallSubnet": 26,
    "AzureFirewallManagementSubnet": 26,
    "AzureBastionSubnet": 26,
    "GatewaySubnet": 27,
}
"""
Reserved subnet name -> longest prefix that Azure accepts.

Sources: learn.microsoft.com/azure/firewall/firewall-faq (2023), /azure/firewall/management-nic
(2024-11-06), /azure/bastion/configuration-settings (2025), /azure/vpn-gateway (2025: /27 advised).
"""
