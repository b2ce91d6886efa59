"""Address ranges that AKS or Azure reserve."""

from hubwright.model.address import Prefix

AKS_RESERVED = tuple(
    Prefix.parse(text)
    for text in ("169.254.0.0/16", "172.30.0.0/16", "172.31.0.0/16", "192.0.2.0/24")
)
"""
Ranges that no subnet, service or pod range of a cluster may touch.

Source: learn.microsoft.com/azure/aks/concepts-network-ip-address-planning; an overlap with the
pod range is refused since 2026-05 (Azure/AKS CHANGELOG).
"""

LONGEST_SERVICE_RANGE = 12
"""A service range must be smaller than a /12.
Source: learn.microsoft.com/azure/aks/configure-azure-cni (2026-08)."""
OVERLAY_NODE_PREFIX = 24
"""Length of the range that each node takes of an overlay's pod range.
Source: learn.microsoft.com/azure/aks/azure-cni-overlay (2026-08)."""

AZURE_RESERVED = tuple(
    Prefix.parse(text)
    for text in (
        "127.0.0.0/8",
        "168.63.129.16/32",
        "169.254.0.0/16",
        "224.0.0.0/4",
        "255.255.255.255/32",
    )
)
"""
Ranges that no virtual network may have.
Source: learn.microsoft.com/azure/virtual-network/virtual-networks-faq (2025).
"""
