"""Virtual networks and what routes and filters in them. Field names are azurerm's arguments."""

from dataclasses import field
from enum import StrEnum

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet, Prefix
from hubwright.model.origin import NOWHERE, Origin

FIREWALL_SUBNET = "AzureFirewallSubnet"
FIREWALL_MANAGEMENT_SUBNET = "AzureFirewallManagementSubnet"
BASTION_SUBNET = "AzureBastionSubnet"
GATEWAY_SUBNET = "GatewaySubnet"
API_SERVER_DELEGATION = "Microsoft.ContainerService/managedClusters"
"""Delegation of a subnet that holds API servers (VNet Integration)."""


class NextHopType(StrEnum):
    """Next hop types of Azure's effective routes; the first five may stand in a route table."""

    VIRTUAL_APPLIANCE = "VirtualAppliance"
    VIRTUAL_NETWORK_GATEWAY = "VirtualNetworkGateway"
    VNET_LOCAL = "VnetLocal"
    INTERNET = "Internet"
    NONE = "None"
    VNET_PEERING = "VNetPeering"
    SERVICE_ENDPOINT = "VirtualNetworkServiceEndpoint"
    INTERFACE_ENDPOINT = "InterfaceEndpoint"


class PrivateEndpointNetworkPolicies(StrEnum):
    """Whether NSGs and user-defined routes apply to the private endpoints of a subnet."""

    DISABLED = "Disabled"
    ENABLED = "Enabled"
    NSG = "NetworkSecurityGroupEnabled"
    ROUTE_TABLE = "RouteTableEnabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualNetwork:
    """`azurerm_virtual_network`."""

    name: str
    location: str
    address_space: tuple[Prefix, ...]
    dns_servers: tuple[str, ...] = ()
    """Custom DNS servers in order; empty means Azure DNS at 168.63.129.16."""
    ddos_protection_plan: str | None = None
    """Name of the plan that protects its public addresses."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subnet:
    """`azurerm_subnet`, with its associations folded in."""

    name: str
    virtual_network: str
    address_prefixes: tuple[Prefix, ...]
    network_security_group: str | None = None
    route_table: str | None = None
    nat_gateway: str | None = None
    default_outbound_access_enabled: bool = False
    private_endpoint_network_policies: PrivateEndpointNetworkPolicies = (
        PrivateEndpointNetworkPolicies.DISABLED
    )
    service_endpoints: tuple[str, ...] = ()
    delegation: str | None = None
    """Service that it is delegated to, for instance `Microsoft.DevOpsInfrastructure/pools`."""
    origin: Origin = field(default=NOWHERE, compare=False)

    @property
    def id(self) -> str:
        """`<virtual network>/<subnet>`: how the estate refers to a subnet."""
        return f"{self.virtual_network}/{self.name}"

    @property
    def space(self) -> AddressSet:
        """Its addresses, Azure's own among them."""
        return AddressSet.prefixes_of(self.address_prefixes)


@dataclass(frozen=True, slots=True, kw_only=True)
class VirtualNetworkPeering:
    """`azurerm_virtual_network_peering`: one direction of a peering."""

    name: str
    virtual_network: str
    remote_virtual_network: str
    allow_virtual_network_access: bool = True
    allow_forwarded_traffic: bool = False
    allow_gateway_transit: bool = False
    use_remote_gateways: bool = False
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`azurerm_route`."""

    name: str
    address_prefix: str
    """A prefix or a service tag, as written."""
    next_hop_type: NextHopType
    next_hop_in_ip_address: str | None = None
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RouteTable:
    """`azurerm_route_table`; the order of routes has no meaning."""

    name: str
    routes: tuple[Route, ...] = ()
    bgp_route_propagation_enabled: bool = False
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityRule:
    """`azurerm_network_security_rule`. Prefixes are prefixes, `*` or service tags."""

    name: str
    priority: int
    """100 to 4096; lower wins."""
    direction: str
    """`Inbound` or `Outbound`."""
    access: str
    """`Allow` or `Deny`."""
    protocol: str = "*"
    """`Tcp`, `Udp`, `Icmp`, `Esp`, `Ah` or `*`."""
    source_port_ranges: tuple[str, ...] = ("*",)
    destination_port_ranges: tuple[str, ...] = ("*",)
    source_address_prefixes: tuple[str, ...] = ("*",)
    destination_address_prefixes: tuple[str, ...] = ("*",)
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSecurityGroup:
    """`azurerm_network_security_group`; rules in any order, Azure sorts by priority."""

    name: str
    security_rules: tuple[SecurityRule, ...] = ()
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicIp:
    """`azurerm_public_ip`. Azure chooses the address; a placeholder stands in until then."""

    name: str
    ip_address: str | None = None
    zones: tuple[str, ...] = ()
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NatGateway:
    """`azurerm_nat_gateway` with its public addresses."""

    name: str
    public_ips: tuple[str, ...] = ()
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkDdosProtectionPlan:
    """`azurerm_network_ddos_protection_plan`: one can protect the networks of many estates."""

    name: str
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkWatcherFlowLog:
    """`azurerm_network_watcher_flow_log` of a virtual network."""

    name: str
    virtual_network: str
    storage_account: str
    """Name of the account that keeps the records."""
    log_analytics_workspace: str | None = None
    """Name of the workspace for traffic analytics."""
    retention_in_days: int = 30
    origin: Origin = field(default=NOWHERE, compare=False)


class NicKind(StrEnum):
    """What a network interface belongs to."""

    NODE = "node"
    POD = "pod"
    VM = "virtual machine"
    BASTION = "bastion"
    PRIVATE_ENDPOINT = "private endpoint"
    FIREWALL = "firewall"
    APPLICATION_GATEWAY = "application gateway"
    API_SERVER = "API server"
    DNS_RESOLVER = "DNS resolver"
    """An inbound endpoint of a Private Resolver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkInterface:
    """A NIC that Azure makes or attaches: of a node, pod, machine, endpoint or firewall."""

    name: str
    kind: NicKind
    subnet: str
    """Subnet id."""
    private_ip_address: int
    owner: str
    """Name of the resource it belongs to: node pool, machine, endpoint, Bastion or firewall."""
    network_security_group: str | None = None
    host: str | None = None
    """For a pod: the name of the node's interface."""
    origin: Origin = field(default=NOWHERE, compare=False)

    @property
    def virtual_network(self) -> str:
        """Name of the network that its subnet is in."""
        return self.subnet.partition("/")[0]
