"""Azure's limits, each with its unit, source and date."""

from hubwright.lazy_dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Limit:
    """One number that Azure does not let you pass, or advises not to."""

    value: int
    unit: str
    source: str
    date: str


DNAT_PORT = Limit(
    63_999,
    "highest port of a DNAT rule",
    "learn.microsoft.com/troubleshoot/azure/firewall/firewall-known-issues",
    "2025-04-13",
)
_FIREWALL = (
    "learn.microsoft.com/azure/azure-resource-manager/management/azure-subscription-service-limits"
)
_KNOWN_ISSUES = "learn.microsoft.com/troubleshoot/azure/firewall/firewall-known-issues"
_AKS = "learn.microsoft.com/azure/aks/quotas-skus-regions"

RULE_COLLECTION_GROUPS = Limit(90, "rule collection groups", _FIREWALL, "2026")
"""Of a policy made after July 2022; 50 of older ones."""
RULE_COLLECTION_GROUP_SIZE = Limit(2_000_000, "bytes", _FIREWALL, "2026")
"""Of one rule collection group of a policy made after July 2022; 1 MB in older ones."""
NETWORK_RULE_PAIRS = Limit(20_000, "pairs of source and destination", _FIREWALL, "2026")
"""Sum over network rules of unique sources times unique destinations; an IP group counts one."""
DNAT_TARGETS = Limit(250, "public IPs and DNAT targets", _FIREWALL, "2026")
"""Public IPs of the firewall plus unique targets (address, port, protocol) of its DNAT rules."""
COLLECTIONS_OF_A_TYPE = Limit(2_000, "collections of one type", _KNOWN_ISSUES, "2025-04-13")
FIREWALL_PUBLIC_IPS = Limit(250, "public IPs", _FIREWALL, "2026")
IP_GROUPS = Limit(200, "IP groups", _FIREWALL, "2026")
IP_GROUP_ENTRIES = Limit(5_000, "entries", _FIREWALL, "2026")
NETWORK_RULE_FQDNS = Limit(1_000, "names in network rules", _FIREWALL, "2026")
CUSTOM_DNS_SERVERS = Limit(
    15, "DNS servers", "learn.microsoft.com/azure/firewall/dns-settings", "2025"
)
SNAT_PORTS = Limit(2_496, "SNAT ports of a public IP and an instance", _KNOWN_ISSUES, "2025-04-13")
ROUTES = Limit(
    400,
    "routes",
    "learn.microsoft.com/azure/private-link/inspect-traffic-with-azure-firewall",
    "2025",
)
SERVICE_TAG_ROUTES = Limit(
    25,
    "routes to service tags",
    "learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview",
    "2025",
)
SECURITY_RULES = Limit(1_000, "security rules", _FIREWALL, "2026")
PEERINGS = Limit(500, "peerings", _FIREWALL, "2026")
NODES_OF_A_CLUSTER = Limit(5_000, "nodes", _AKS, "2026")
NODES_OF_A_POOL = Limit(1_000, "nodes", _AKS, "2026")
POOLS_OF_A_CLUSTER = Limit(100, "pools", _AKS, "2026")
NODES_WITH_KUBENET = Limit(400, "nodes", "learn.microsoft.com/azure/aks/configure-kubenet", "2025")
NODES_WITH_NPM = Limit(250, "nodes", "learn.microsoft.com/azure/aks/use-network-policies", "2026")
PODS_OF_A_NODE = Limit(250, "pods", _AKS, "2026")
AUTHORIZED_RANGES = Limit(
    200,
    "authorised ranges",
    "learn.microsoft.com/azure/aks/api-server-authorized-ip-ranges",
    "2026-08-03",
)
AUTHORIZED_RANGES_INTEGRATED = Limit(
    2_000,
    "authorised ranges",
    "learn.microsoft.com/azure/aks/api-server-vnet-integration",
    "2026-04-15",
)

NODE_PORTS = Limit(
    256,
    "SNAT ports of a node",
    "learn.microsoft.com/azure/load-balancer/load-balancer-outbound-connections",
    "2025",
)
"""Asked for: a quarter of the 1,024 that Azure's load balancer gives each of up to 50 machines."""

SUBNETS_OF_SERVICES = {
    "Microsoft.ContainerService/managedClusters": (28, "API Server VNet Integration"),
    "Microsoft.ServiceNetworking/trafficControllers": (24, "Application Gateway for Containers"),
}
"""
Delegation -> longest prefix that the service takes, and its name.

Sources: learn.microsoft.com/azure/aks/api-server-vnet-integration (2026-04-15),
/azure/application-gateway/for-containers/application-gateway-for-containers-components (2025-12).
"""
PRIORITY = (100, 65_000)
"""Priorities of rule collection groups and collections, both inclusive.
Source: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23)."""
SECURITY_RULE_PRIORITY = (100, 4096)
"""Priorities of security rules, both inclusive.
Source: learn.microsoft.com/azure/virtual-network/network-security-groups-overview (2025-07-15)."""
FIREWALL_INSTANCES = Limit(
    2,
    "firewall instances at least",
    "learn.microsoft.com/azure/firewall/firewall-performance",
    "2022-11",
)
RESERVED_ADDRESSES = Limit(
    5,
    "addresses of a subnet that Azure keeps",
    "learn.microsoft.com/azure/virtual-network/virtual-networks-faq",
    "2025",
)

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
