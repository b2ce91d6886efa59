"""Service tags of network rules that stand for names of the egress catalogue."""

from collections.abc import Mapping
from types import MappingProxyType

SERVED_BY_TAG: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "azureactivedirectory": ("login.microsoftonline.com", "login.chinacloudapi.cn"),
        "azuremonitor": (
            ".opinsights.azure.com",
            ".opinsights.azure.cn",
            ".monitoring.azure.com",
            ".monitor.azure.com",
            ".monitor.azure.cn",
            ".applicationinsights.azure.com",
            "dc.services.visualstudio.com",
        ),
        "azureresourcemanager": ("management.azure.com", "management.chinacloudapi.cn"),
        "microsoftcontainerregistry": ("mcr.microsoft.com", ".data.mcr.microsoft.com"),
    }
)
"""
Service tag, lower case and without its region -> how the names end whose servers it holds.

Source: learn.microsoft.com/azure/aks/outbound-rules-control-egress (2026-06-18) for AzureMonitor.
What the others hold is told by their names; one too many here only keeps a hint back.
"""


def is_served_by(tag: str, name: str) -> bool:
    """Tell whether a service tag, with its region or without, holds the servers of a name."""
    return name.endswith(SERVED_BY_TAG.get(tag.lower().partition(".")[0], ()))
