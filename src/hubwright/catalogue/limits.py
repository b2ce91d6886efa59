"""Azure's limits, each with its unit, source and date."""

from dataclasses import dataclass


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
