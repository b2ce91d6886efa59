"""The whole design: what `estate.yaml` may say. Everything else is derived from it."""

from typing import Annotated, Literal

from pydantic import Field

from hubwright.sources.design.fields import (
    BY_KIND,
    MAPPING,
    TEXT,
    AccountName,
    Address,
    DomainName,
    Flag,
    MachineName,
    Ports,
    Region,
    RegistryName,
    ResourceName,
    RuleName,
    Section,
    Slug,
    Text,
    VaultName,
    WorkspaceName,
)
from hubwright.sources.design.schema_cluster import Cluster, Workload
from hubwright.sources.design.schema_firewall import NetworkProtocol, ProtocolForm, TargetFqdn
from hubwright.sources.design.schema_network import Hub, PublicIp, Spoke


class Machine(Section):
    """A Linux machine: the jump box, or a self-hosted agent."""

    name: MachineName | None = None
    subnet: str | None = Field(
        default=None, description="`spoke/Subnet`; default `VmSubnet` of the cluster's spoke."
    )
    size: str = Field(default="Standard_D2ds_v5", pattern=r"^[A-Za-z]+_[A-Za-z0-9_-]+$")
    private_ip_address: Address | None = None
    public_ip: Annotated[Flag | Annotated[ResourceName, TEXT], BY_KIND] = False


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
    target: str = Field(min_length=1, description="The resource's name or id.")
    subresource: str = Field(min_length=1, description="`sqlServer`, `namespace`, ...")
    fqdns: list[DomainName] = Field(min_length=1)
    zones: list[DomainName] = Field(default=[])
    subnet: str | None = None


class Registry(Section):
    """The container registry."""

    name: RegistryName | None = None
    sku: Literal["Basic", "Standard", "Premium"] = "Premium"
    public_network_access: bool = False
    zone_redundancy: bool = True
    admin_enabled: bool = False
    georeplications: list[Region] = Field(default=[])
    private_endpoint: EndpointForm = True


class KeyVault(Section):
    """The key vault."""

    name: VaultName | None = None
    public_network_access: bool = False
    purge_protection: bool = True
    private_endpoint: EndpointForm = True


class Storage(Section):
    """The storage account, for boot diagnostics and the like."""

    name: AccountName | None = None
    public_network_access: bool = False
    replication: Literal["LRS", "ZRS", "GRS", "RAGRS", "GZRS", "RAGZRS"] = "ZRS"
    private_endpoint: EndpointForm = True


class LogAnalytics(Section):
    """The workspace that everything logs to."""

    name: WorkspaceName | None = None
    retention_days: int = Field(default=30, ge=30, le=730)


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


class FqdnEgress(Section):
    """Names that may be reached: becomes an application rule."""

    name: RuleName
    from_: list[str] = Field(
        alias="from", min_length=1, description="Subnets, networks, IP groups or addresses."
    )
    to: list[TargetFqdn] = Field(min_length=1)
    protocols: list[ProtocolForm] = Field(default=["Https:443"], min_length=1)
    action: Literal["Allow", "Deny"] = "Allow"


class TagEgress(Section):
    """FQDN tags or service tags that may be reached."""

    name: RuleName
    from_: list[str] = Field(alias="from", min_length=1)
    to: list[str] = Field(
        min_length=1, description="FQDN tags and service tags; not both in one entry."
    )
    protocol: NetworkProtocol = Field(default="TCP", description="For service tags.")
    ports: list[Ports] = Field(default=["443"], min_length=1)
    action: Literal["Allow", "Deny"] = "Allow"


class AddressEgress(Section):
    """Addresses that may be reached: becomes a network rule."""

    name: RuleName
    from_: list[str] = Field(alias="from", min_length=1)
    to: list[str] = Field(
        min_length=1, description="Subnets, networks, IP groups, addresses, FQDNs, service tags."
    )
    protocol: NetworkProtocol = "TCP"
    ports: list[Ports] = Field(default=["*"], min_length=1)
    action: Literal["Allow", "Deny"] = "Allow"


class Egress(Section):
    """What may leave, beside what the cluster needs."""

    catalogue: bool = Field(
        default=True, description="Allow what the cluster and its features need."
    )
    fqdns: list[FqdnEgress] = Field(default=[])
    tags: list[TagEgress] = Field(default=[])
    addresses: list[AddressEgress] = Field(default=[])


class Design(Section):
    """A private AKS cluster behind Azure Firewall in a hub-and-spoke network."""

    name: Slug = Field(description="Short name; the names of resources are made of it.")
    location: Region = Field(description="An Azure region, like `westeurope`.")
    cloud: Literal["public", "china", "usgovernment"] = "public"
    tags: dict[str, str] = Field(default={})
    hub: Hub
    spokes: dict[Slug, Spoke] = Field(default={})
    cluster: Cluster | None = None
    jumpbox: Machine | None = None
    agents: list[Machine] = Field(default=[])
    registry: Registry | None = None
    key_vault: KeyVault | None = None
    storage: Storage | None = None
    log_analytics: LogAnalytics | None = None
    private_endpoints: list[ExtraEndpoint] = Field(default=[])
    private_dns: PrivateDns = PrivateDns()
    workloads: dict[Slug, Workload] = Field(default={})
    egress: Egress = Egress()
    public_ips: dict[ResourceName, PublicIp] = Field(
        default={}, description="Addresses and zones of public IPs of the design, by name."
    )
