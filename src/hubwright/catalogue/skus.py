"""
What the tiers of Azure Firewall can do.

Source: learn.microsoft.com/azure/firewall/features-by-sku (2025-09-18),
/azure/firewall-manager/policy-overview (2023-02) for policies.
"""

from enum import StrEnum

TIERS = ("Basic", "Standard", "Premium")
"""From the least to the most able."""


class Feature(StrEnum):
    """What a tier may lack, as people say it."""

    NETWORK_FQDN = "FQDNs in network rules"
    DNS_PROXY = "DNS proxy"
    CUSTOM_DNS = "custom DNS servers"
    THREAT_DENY = "threat intelligence that denies"
    WEB_CATEGORIES = "web categories"
    PRIVATE_DNAT = "DNAT on the private address"
    TLS_INSPECTION = "TLS inspection"
    URLS = "URL filtering"
    IDPS = "intrusion detection"


LOWEST_TIER = {
    Feature.NETWORK_FQDN: "Standard",
    Feature.DNS_PROXY: "Standard",
    Feature.CUSTOM_DNS: "Standard",
    Feature.THREAT_DENY: "Standard",
    Feature.WEB_CATEGORIES: "Standard",
    Feature.PRIVATE_DNAT: "Standard",
    Feature.TLS_INSPECTION: "Premium",
    Feature.URLS: "Premium",
    Feature.IDPS: "Premium",
}
"""Feature -> the lowest tier that has it."""


def has(tier: str, feature: Feature) -> bool:
    """Tell whether a tier of a firewall or policy has a feature."""
    return rank(tier) >= rank(LOWEST_TIER[feature])


def rank(tier: str) -> int:
    """Return a tier's place in `TIERS`; an unknown tier is taken for the highest."""
    return TIERS.index(tier) if tier in TIERS else len(TIERS)


def policy_fits(policy: str, firewall: str) -> bool:
    """
    Tell whether a firewall of one tier takes a policy of another.

    Basic takes Basic only, Standard takes Standard, Premium takes Standard and Premium.
    """
    if "Basic" in (policy, firewall):
        return policy == firewall
    return rank(policy) <= rank(firewall)


def needs_management_subnet(tier: str) -> bool:
    """Tell whether a firewall of this tier cannot do without `AzureFirewallManagementSubnet`."""
    return tier == "Basic"
