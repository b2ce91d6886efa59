"""Private endpoints and private DNS. Field names are azurerm's arguments."""

from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateEndpoint:
    """`azurerm_private_endpoint` with its private DNS zone group."""

    name: str
    subnet: str
    """Subnet id."""
    target: str
    """Name of the resource behind it, or its resource id where it is not in the estate."""
    subresource: str
    """`blob`, `vault`, `registry`, `management`, ...; "" for a Private Link service."""
    fqdns: tuple[str, ...]
    """Public names that resolve to its addresses, one address each, in Azure's order."""
    private_dns_zones: tuple[str, ...] = ()
    """Zones that get its records."""
    made_by_platform: bool = False
    """Whether AKS makes it, for its API server, and no configuration does. In a subnet delegated to
    `Microsoft.ContainerService/managedClusters` it is no endpoint but the internal load balancer
    of API Server VNet Integration."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDnsZone:
    """`azurerm_private_dns_zone`."""

    name: str
    """The zone itself, for instance `privatelink.vaultcore.azure.net`."""
    made_by_platform: bool = False
    """Whether AKS makes it, in the node resource group (`private_dns_zone` of the cluster is
    `System`)."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDnsZoneVirtualNetworkLink:
    """`azurerm_private_dns_zone_virtual_network_link`."""

    name: str
    private_dns_zone: str
    virtual_network: str
    resolution_policy: str = "Default"
    """`Default`, or `NxDomainRedirect`: a missing name is asked for on the internet."""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDnsARecord:
    """An A record in a private zone: written by a zone group, or by AKS for its API server."""

    zone: str
    name: str
    """Relative name, `@` for the apex."""
    address: int
    written: bool = False
    """Whether somebody wrote it (`azurerm_private_dns_a_record`), and not an endpoint or AKS."""
    origin: Origin = field(default=NOWHERE, compare=False)
