"""Registry, vault and storage in a design, private endpoints, and private DNS."""

from typing import Annotated, Literal

from pydantic import Field

from hubwright.sources.design.fields import (
    BY_KIND,
    MAPPING,
    AccountName,
    DomainName,
    Flag,
    Region,
    RegistryName,
    ResourceName,
    Section,
    Text,
    VaultName,
)


class Endpoint(Section):
    """The private endpoint of a service."""

    name: ResourceName | None = Field(default=None, description="Default `pe-<service>`.")
    subnet: str | None = Field(
        default=None, description="`spoke/Subnet`; default `VmSubnet` of the cluster's spoke."
    )
    fqdns: list[DomainName] | None = Field(default=None, min_length=1)
    zones: list[DomainName] | None = Field(
        default=None, description="Private DNS zones that get its records."
    )


EndpointForm = Annotated[Flag | Annotated[Endpoint, MAPPING], BY_KIND]


class ExtraEndpoint(Section):
    """A private endpoint for a service that the design does not make."""

    name: ResourceName
    target: str = Field(
        min_length=1,
        description="The resource's id or name, or the alias of a Private Link service.",
    )
    subresource: str | None = Field(
        default=None,
        min_length=1,
        description="`sqlServer`, `namespace`, ...; none for a Private Link service.",
    )
    fqdns: list[DomainName] = Field(
        default=[], description="Its names, one an address; a Private Link service needs none."
    )
    zones: list[DomainName] = Field(default=[])
    subnet: str | None = None


class Registry(Section):
    """The container registry."""

    name: RegistryName | None = None
    sku: Literal["Basic", "Standard", "Premium"] = "Premium"
    public_network_access: bool = False
    zone_redundancy: bool | None = Field(default=None, description="Default: true in Premium.")
    admin_enabled: bool = False
    georeplications: list[Region] = Field(default=[])
    data_endpoint: bool | None = Field(
        default=None,
        description="Layers come from names of the registry's own. Default: true in Premium.",
    )
    private_endpoint: EndpointForm = True


class KeyVault(Section):
    """The key vault; who may read it is decided by roles."""

    name: VaultName | None = None
    public_network_access: bool = False
    purge_protection: bool = True
    private_endpoint: EndpointForm = True


class Storage(Section):
    """The storage account, for boot diagnostics, flow logs and the like."""

    name: AccountName | None = None
    public_network_access: bool = False
    replication: Literal["LRS", "ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"] = "ZRS"
    shared_access_key: bool = Field(
        default=False, description="Let account keys sign requests, beside Entra."
    )
    private_endpoint: EndpointForm = True


class Link(Section):
    """A private DNS zone's link to a network."""

    virtual_network: str = Field(description="`hub`, a spoke, or a network's name.")
    name: ResourceName | None = None
    resolution_policy: Literal["Default", "NxDomainRedirect"] = "Default"


LinkForm = Annotated[Text | Annotated[Link, MAPPING], BY_KIND]


class PrivateDns(Section):
    """Which networks see which private DNS zones."""

    links: dict[DomainName, list[LinkForm]] = Field(
        default={}, description="Zone to networks. Default: every zone to every network."
    )
