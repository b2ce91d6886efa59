"""
What Azure has retired or will retire, with dates and successors.

The support calendar of Kubernetes is that of 2026-08-05.
"""

import re
from datetime import date, timedelta

from hubwright.lazy_dataclass import dataclass

AS_OF = "2026-11-23"
"""The day on which this table was checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """One thing that ends."""

    argument: str
    """Argument that selects it: `network_plugin`, `os_sku`, `network_policy`, ..."""
    value: str
    ends: str | None
    """ISO date of the end of support; None: no date is known, only that it will not grow."""
    successor: str
    source: str

    def is_past(self, as_of: str = AS_OF) -> bool:
        """Tell whether support has ended by a day."""
        return self.ends is not None and self.ends <= as_of

    def is_near(self, as_of: str = AS_OF, days: int = 180) -> bool:
        """Tell whether support ends within so many days."""
        if self.ends is None:
            return False
        return self.ends <= (date.fromisoformat(as_of) + timedelta(days=days)).isoformat()


_VERSIONS = "learn.microsoft.com/azure/aks/supported-kubernetes-versions"
_SYSTEMS = "learn.microsoft.com/azure/aks/upgrade-os-version"
_SIZES = "learn.microsoft.com/azure/virtual-machines/sizes/retirement/retired-sizes-list"
_RULE_SETS = "learn.microsoft.com/azure/web-application-firewall/ruleset-support-policy"
_IMAGES = "devblogs.microsoft.com/devops/upcoming-updates-for-azure-pipelines-agents-images"


def _row(argument: str, value: str, ends: str | None, successor: str, source: str) -> Retirement:
    return Retirement(argument=argument, value=value, ends=ends, successor=successor, source=source)


RETIREMENTS = (
    _row(
        "network_plugin",
        "kubenet",
        "2028-03-31",
        "Azure CNI Overlay (`network_plugin_mode: overlay`)",
        "github.com/Azure/AKS/issues/4859",
    ),
    _row(
        "network_policy",
        "azure",
        "2028-09-30",
        "`cilium`",
        "learn.microsoft.com/azure/aks/use-network-policies",
    ),
    _row(
        "network_policy",
        "azure on Windows",
        "2026-09-30",
        "`calico`",
        "learn.microsoft.com/azure/aks/use-network-policies",
    ),
    _row("os_sku", "Ubuntu1804", "2025-06-17", "`Ubuntu` or `AzureLinux`", _SYSTEMS),
    _row("os_sku", "Ubuntu2004", "2027-03-17", "`Ubuntu` or `AzureLinux`", _SYSTEMS),
    _row("os_sku", "Ubuntu2204", "2027-06-30", "`Ubuntu` or `AzureLinux`", _SYSTEMS),
    _row("os_sku", "Windows2019", "2026-03-01", "`Windows2025`", _SYSTEMS),
    _row("os_sku", "Windows2022", "2028-06-30", "`Windows2025`", _SYSTEMS),
    _row("os_sku", "WindowsAnnual", "2026-05-15", "`Windows2025`", _SYSTEMS),
    _row("os_sku", "CBLMariner", "2025-11-30", "`AzureLinux`", "github.com/Azure/AKS/issues/4988"),
    _row("os_sku", "Mariner", "2025-11-30", "`AzureLinux`", "github.com/Azure/AKS/issues/4988"),
    _row(
        "os_sku",
        "Flatcar",
        "2026-06-08",
        "Azure Container Linux",
        "github.com/Azure/AKS CHANGELOG 2026-05",
    ),
    _row("kubernetes_version", "1.33", "2026-07-31", "1.36 or newer", _VERSIONS),
    _row("kubernetes_version", "1.34", "2026-11-30", "1.36 or newer", _VERSIONS),
    _row("kubernetes_version", "1.35", "2027-03-31", "1.36 or newer", _VERSIONS),
    _row("kubernetes_version", "1.36", "2027-06-30", "1.37 or newer", _VERSIONS),
    _row(
        "ingress",
        "application-routing-nginx",
        "2026-11-30",
        "`application-gateway-for-containers`, or the Gateway API of the add-on",
        "github.com/Azure/AKS/issues/5516",
    ),
    _row(
        "ingress",
        "application-gateway",
        None,
        "Application Gateway for Containers",
        "learn.microsoft.com/azure/application-gateway/for-containers/migrate-from-agic-to-agc",
    ),
    *(
        _row(
            "application_gateway_sku",
            sku,
            "2026-04-28",
            f"{kind}_v2",
            "learn.microsoft.com/azure/application-gateway/v1-retirement",
        )
        for kind, sizes in (
            ("Standard", ("Small", "Medium", "Large")),
            ("WAF", ("Medium", "Large")),
        )
        for sku in (kind, *(f"{kind}_{size}" for size in sizes))
    ),
    _row("rule_set", "OWASP 2.2.9", "2026-02-26", "`Microsoft_DefaultRuleSet` 2.1", _RULE_SETS),
    _row("rule_set", "OWASP 3.0", "2026-02-26", "`Microsoft_DefaultRuleSet` 2.1", _RULE_SETS),
    _row("image", "ubuntu-18.04", "2023-04-03", "`ubuntu-24.04`", _IMAGES),
    _row("image", "ubuntu-20.04", "2025-04-15", "`ubuntu-24.04`", _IMAGES),
    _row("image", "windows-2019", "2025-12-31", "`windows-2025`", _IMAGES),
)
"""Rows in no order."""

OLDEST_KUBERNETES = (1, 33)
"""The oldest minor version that the table knows; older ones ended before."""

_SIZE_SERIES = (
    (r"D[0-9]+|DS[0-9]+|DS?[0-9]+_v2|L[0-9]+s", "2028-05-01", "a v5 or v6 series of D or L"),
    (
        r"A[0-9]+m?_v2|B[0-9]+m?l?s|F[0-9]+s?|F[0-9]+s_v2|L[0-9]+s_v2|GS?[0-9]+",
        "2028-11-15",
        "a v5 or v6 series of D, E, F or L, or the second version of B",
    ),
    (r"NC[0-9]+r?s_v3", "2025-09-30", "the NC A100 v4 series"),
    (r"NV[0-9]+s_v3|NV[0-9]+as_v4", "2026-09-30", "the NVads A10 v5 series"),
)
"""Sizes (without `Standard_`), the end of their series, and what takes over."""


def retirement(argument: str, value: str) -> Retirement | None:
    """
    Return the retirement that a value falls under, without regard to case, or None.

    A Kubernetes version counts by its minor version; one older than the table ended long ago. A
    machine's size (`vm_size`) counts by its series.
    """
    if argument == "kubernetes_version":
        return _version(value)
    if argument == "vm_size":
        return _size(value)
    lowered = value.lower()
    return next(
        (r for r in RETIREMENTS if r.argument == argument and r.value.lower() == lowered), None
    )


def _version(text: str) -> Retirement | None:
    parts = text.split(".")
    if len(parts) < 2 or not all(part.isdigit() for part in parts[:2]):
        return None
    minor = ".".join(parts[:2])
    if (int(parts[0]), int(parts[1])) < OLDEST_KUBERNETES:
        return _row("kubernetes_version", minor, "2026-03-31", "1.36 or newer", _VERSIONS)
    return next(
        (r for r in RETIREMENTS if r.argument == "kubernetes_version" and r.value == minor), None
    )


def _size(text: str) -> Retirement | None:
    name = text.removeprefix("Standard_").removesuffix("_Promo")
    for pattern, ends, successor in _SIZE_SERIES:
        if re.fullmatch(pattern, name, re.IGNORECASE):
            return _row("vm_size", text, ends, successor, _SIZES)
    return None
