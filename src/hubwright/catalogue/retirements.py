"""What Azure has retired or will retire, with dates and successors."""

from dataclasses import dataclass

AS_OF = "2026-11-23"
"""The day on which this table was checked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retirement:
    """One thing that ends."""

    argument: str
    """Argument that selects it: `network_plugin`, `os_sku`, `network_policy`, ..."""
    value: str
    ends: str
    """ISO date of the end of support."""
    successor: str
    source: str

    @property
    def is_past(self) -> bool:
        """Whether support had ended when the table was checked."""
        return self.ends <= AS_OF


RETIREMENTS = (
    Retirement(
        argument="network_plugin",
        value="kubenet",
        ends="2028-03-31",
        successor="Azure CNI Overlay (`network_plugin_mode: overlay`)",
        source="github.com/Azure/AKS/issues/4859",
    ),
    Retirement(
        argument="network_policy",
        value="azure",
        ends="2028-09-30",
        successor="`cilium`",
        source="learn.microsoft.com/azure/aks/use-network-policies",
    ),
    Retirement(
        argument="ingress",
        value="application-routing",
        ends="2026-11-30",
        successor="`application-gateway-for-containers`, or the add-on's Gateway API",
        source="learn.microsoft.com/azure/aks/app-routing",
    ),
    Retirement(
        argument="os_sku",
        value="Ubuntu2204",
        ends="2027-06-30",
        successor="`Ubuntu` or `AzureLinux`",
        source="learn.microsoft.com/azure/aks/upgrade-os-version",
    ),
    Retirement(
        argument="os_sku",
        value="Windows2019",
        ends="2026-03-01",
        successor="`Windows2022`",
        source="learn.microsoft.com/azure/aks/upgrade-os-version",
    ),
    Retirement(
        argument="os_sku",
        value="Windows2022",
        ends="2028-06-30",
        successor="`Windows2025`",
        source="learn.microsoft.com/azure/aks/upgrade-os-version",
    ),
    Retirement(
        argument="os_sku",
        value="CBLMariner",
        ends="2025-11-30",
        successor="`AzureLinux`",
        source="github.com/Azure/AKS/issues/4988",
    ),
    Retirement(
        argument="os_sku",
        value="Mariner",
        ends="2025-11-30",
        successor="`AzureLinux`",
        source="github.com/Azure/AKS/issues/4988",
    ),
    Retirement(
        argument="os_sku",
        value="Flatcar",
        ends="2026-06-08",
        successor="Azure Container Linux",
        source="github.com/Azure/AKS CHANGELOG 2026-05",
    ),
    Retirement(
        argument="kubernetes_version",
        value="1.33",
        ends="2026-07-31",
        successor="1.35 or newer",
        source="learn.microsoft.com/azure/aks/supported-kubernetes-versions",
    ),
    Retirement(
        argument="kubernetes_version",
        value="1.34",
        ends="2026-11-30",
        successor="1.35 or newer",
        source="learn.microsoft.com/azure/aks/supported-kubernetes-versions",
    ),
    Retirement(
        argument="kubernetes_version",
        value="1.35",
        ends="2027-03-31",
        successor="1.36 or newer",
        source="learn.microsoft.com/azure/aks/supported-kubernetes-versions",
    ),
    Retirement(
        argument="kubernetes_version",
        value="1.36",
        ends="2027-06-30",
        successor="1.37 or newer",
        source="learn.microsoft.com/azure/aks/supported-kubernetes-versions",
    ),
)
"""Rows in no order; the support calendar of Kubernetes is that of 2026-08-05."""

OLDEST_KUBERNETES = (1, 33)
"""The oldest minor version that the table knows; older ones ended before."""


def retirement(argument: str, value: str) -> Retirement | None:
    """
    Return the retirement that a value falls under, without regard to case, or None.

    A Kubernetes version counts by its minor version; one older than the table ended long ago.
    """
    if argument == "kubernetes_version":
        return _version(value)
    lowered = value.lower()
    return next(
        (r for r in RETIREMENTS if r.argument == argument and r.value.lower() == lowered), None
    )


def _version(text: str) -> Retirement | None:
    parts = text.split(".")
    if len(parts) < 2 or not all(part.isdigit() for part in parts[:2]):
        return None
    minor = ".".join(parts[:2])
    oldest = min(OLDEST_KUBERNETES, (int(parts[0]), int(parts[1])))
    if oldest != OLDEST_KUBERNETES:
        return Retirement(
            argument="kubernetes_version",
            value=minor,
            ends="2026-03-31",
            successor="1.35 or newer",
            source="learn.microsoft.com/azure/aks/supported-kubernetes-versions",
        )
    return next(
        (r for r in RETIREMENTS if r.argument == "kubernetes_version" and r.value == minor), None
    )
