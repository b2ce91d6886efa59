"""Networks in a design: hub and spokes, subnets, their filters and routes."""

from typing import Annotated, Literal

from pydantic import Field

from hubwright.sources.design.fields import (
    BY_KIND,
    LIST,
    MAPPING,
    TEXT,
    Address,
    Cidr,
    Flag,
    NetworkName,
    Ports,
    ResourceName,
    RulePriority,
    Section,
    Text,
    Zone,
)
from hubwright.sources.design.schema_firewall import Firewall

Protocol = Literal["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"]
RouteHop = Literal["VirtualAppliance", "VirtualNetworkGateway", "VnetLocal", "Internet", "None"]


class SecurityRule(Section):
    """A rule of a network security group, with azurerm's argument names."""

    name: ResourceName
    priority: RulePriority = Field(description="100 to 4096; the lowest number wins.")
    direction: Literal["Inbound", "Outbound"]
    access: Literal["Allow", "Deny"]
    protocol: Protocol = "*"
    source_port_ranges: list[Ports] = Field(default=["*"], min_length=1)
    destination_port_ranges: list[Ports] = Field(default=["*"], min_length=1)
    source_address_prefixes: list[str] = Field(
        default=["*"],
        min_length=1,
        description="Prefixes, `*`, service tags, `spoke/Subnet`, or `pip:<public IP>`.",
    )
    destination_address_prefixes: list[str] = Field(
        default=["*"],
        min_length=1,
        description="Prefixes, `*`, service tags, `spoke/Subnet`, or `pip:<public IP>`.",
    )


class SecurityGroup(Section):
    """The network security group of a subnet."""

    name: ResourceName | None = Field(default=None, description="Default `nsg-<spoke>-<Subnet>`.")
    rules: list[SecurityRule] | None = Field(
        default=None, description="All rules; they replace the ones that are derived."
    )
    extra_rules: list[SecurityRule] = Field(
        default=[], description="Rules beside the ones that are derived."
    )


class Route(Section):
    """A route of a route table, with azurerm's argument names."""

    name: ResourceName
    address_prefix: str = Field(description="A prefix, a service tag, or `pip:<public IP>/32`.")
    next_hop_type: RouteHop
    next_hop_in_ip_address: Address | None = None


class RouteTable(Section):
    """The route table of a subnet."""

    name: ResourceName | None = None
    routes: list[Route] | None = Field(
        default=None, description="All routes; they replace the ones that are derived."
    )
    bgp_route_propagation_enabled: bool = False


SecurityGroupForm = Annotated[Flag | Text | Annotated[SecurityGroup, MAPPING], BY_KIND]
RouteTableForm = Annotated[Flag | Text | Annotated[RouteTable, MAPPING], BY_KIND]


class Subnet(Section):
    """A subnet; everything but its prefix is derived when it is not said."""

    address_prefix: Cidr | None = None
    address_prefixes: list[Cidr] | None = Field(default=None, min_length=1)
    network_security_group: SecurityGroupForm = Field(
        default=True,
        description="true derives a group, false attaches none, a name shares another subnet's.",
    )
    route_table: RouteTableForm | None = Field(
        default=None,
        description=(
            "true sends everything to the firewall, false attaches none, a name shares another "
            "table. Default: true, but false where Azure forbids it."
        ),
    )
    routes: list[Route] = Field(
        default=[], description="Routes beside the derived ones; the subnet gets its own table."
    )
    default_outbound_access: bool | None = Field(
        default=None,
        description="Default false; true where backends of a public load balancer live.",
    )
    service_endpoints: list[str] = Field(default=[])
    private_endpoint_network_policies: Literal[
        "Disabled", "Enabled", "NetworkSecurityGroupEnabled", "RouteTableEnabled"
    ] = "Disabled"
    delegation: str | None = Field(
        default=None, description="A service, like `Microsoft.DevOpsInfrastructure/pools`."
    )
    nat_gateway: Annotated[Flag | Text, BY_KIND] = Field(
        default=False, description="true makes a NAT gateway, a name shares one of the network."
    )


SubnetForm = Annotated[Annotated[Cidr, TEXT] | Annotated[Subnet, MAPPING], BY_KIND]
DnsServers = Annotated[Text | Annotated[list[Address], LIST], BY_KIND]


class Direction(Section):
    """One direction of a peering, with azurerm's argument names."""

    name: ResourceName | None = None
    allow_virtual_network_access: bool = True
    allow_forwarded_traffic: bool = True
    allow_gateway_transit: bool = False
    use_remote_gateways: bool = False


DirectionForm = Annotated[Flag | Annotated[Direction, MAPPING], BY_KIND]


class Peering(Section):
    """The two directions of a spoke's peering with the hub; false leaves one out."""

    to_hub: DirectionForm = True
    from_hub: DirectionForm = True


class Spoke(Section):
    """A spoke: a virtual network that is peered with the hub."""

    name: NetworkName | None = Field(default=None, description="Default `vnet-<spoke>`.")
    address_space: list[Cidr] = Field(min_length=1)
    dns_servers: DnsServers | None = Field(
        default=None,
        description="`firewall` (default while its DNS proxy is on), `azure`, or addresses.",
    )
    peering: Peering = Peering()
    subnets: dict[NetworkName, SubnetForm] = Field(default={})


class Bastion(Section):
    """The Bastion host in the hub."""

    name: ResourceName | None = Field(default=None, description="Default `bas-hub`.")
    sku: Literal["Basic", "Standard", "Premium"] = "Standard"
    public_ip: ResourceName | None = Field(default=None, description="Default `pip-bas-hub`.")
    zones: list[Zone] = Field(default=[])
    tunneling: bool | None = Field(
        default=None, description="Native SSH and RDP clients. Default: true above Basic."
    )


class Hub(Section):
    """The hub: the virtual network with the firewall and Bastion."""

    name: NetworkName | None = Field(default=None, description="Default `vnet-hub`.")
    address_space: list[Cidr] = Field(min_length=1)
    dns_servers: DnsServers = Field(
        default="azure", description="`azure`, `firewall`, or addresses."
    )
    subnets: dict[NetworkName, SubnetForm] = Field(
        default={},
        description="Further subnets; those of firewall and Bastion are carved when not given.",
    )
    firewall: Firewall = Firewall()
    bastion: Annotated[Flag | Annotated[Bastion, MAPPING], BY_KIND] | None = Field(
        default=None, description="Default: there is one when there is a jump box."
    )
    ddos_protection: Annotated[Flag | Annotated[ResourceName, TEXT], BY_KIND] = Field(
        default=False,
        description=(
            "true makes a DDoS Network Protection plan and puts every network under it; a name "
            "calls it so. Off by default for its price: one plan serves a whole tenant."
        ),
    )


class PublicIp(Section):
    """What is known of a public IP that the design has."""

    ip_address: Address | None = Field(
        default=None, description="Its address, once Azure has chosen it."
    )
    zones: list[Zone] | None = None
