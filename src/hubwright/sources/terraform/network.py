"""Virtual networks, subnets with what is attached to them, and peerings."""

from collections.abc import Iterator
from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, Prefix
from hubwright.model.network import (
    PrivateEndpointNetworkPolicies,
    Subnet,
    VirtualNetwork,
    VirtualNetworkPeering,
)
from hubwright.model.origin import Origin
from hubwright.sources.terraform.names import NETWORK, SUBNET
from hubwright.sources.terraform.values import UNKNOWN, Reader, View

DNS_SERVERS = "azurerm_virtual_network_dns_servers"
PEERING = "azurerm_virtual_network_peering"
GROUP = "azurerm_network_security_group"
TABLE = "azurerm_route_table"
GATEWAY = "azurerm_nat_gateway"
DDOS_PLAN = "azurerm_network_ddos_protection_plan"
_ASSOCIATIONS = {
    "network_security_group_id": ("azurerm_subnet_network_security_group_association", GROUP),
    "route_table_id": ("azurerm_subnet_route_table_association", TABLE),
    "nat_gateway_id": ("azurerm_subnet_nat_gateway_association", GATEWAY),
}
_INLINE = {"network_security_group_id": "security_group"}
"""What arguments of `azurerm_subnet` are called in the `subnet` block of a network."""
TYPES = frozenset(
    {NETWORK, SUBNET, DNS_SERVERS, PEERING, *(pair[0] for pair in _ASSOCIATIONS.values())}
)


def virtual_networks(reader: Reader) -> Iterator[VirtualNetwork]:
    """Yield the networks, each with the DNS servers that it has or that are set beside it."""
    beside: dict[str | None, tuple[tuple[str, ...], Origin]] = {}
    for view in reader.views(DNS_SERVERS):
        network = view.target("virtual_network_id", NETWORK)
        beside[network] = (view.texts("dns_servers"), view.origin("dns_servers"))
    for view in reader.views(NETWORK):
        name = reader.names.of(view.resource)
        if not view.values.get("address_space") and view.resource.address.is_data:
            continue
        servers = view.texts("dns_servers")
        origin = view.whole()
        if name in beside:
            servers, at = beside[name]
            origin = view.whole(dns_servers=at)
        yield VirtualNetwork(
            name=name,
            location=place(view),
            address_space=prefixes(view, "address_space"),
            dns_servers=servers,
            ddos_protection_plan=_ddos_plan(view),
            resource_group_name=view.text("resource_group_name"),
            origin=origin,
        )


def _ddos_plan(view: View) -> str | None:
    block = view.block("ddos_protection_plan")
    if view.is_open("ddos_protection_plan"):
        return view.row_target("ddos_protection_plan", DDOS_PLAN)
    if not block.exists or block.raw("enable") is False:
        return None
    return block.target("id", DDOS_PLAN)


def place(view: View) -> str:
    """Return the region of a resource, as Azure names it: `westeurope`."""
    return view.text("location").replace(" ", "").lower()


def prefixes(view: View, argument: str) -> tuple[Prefix, ...]:
    """Return the IPv4 prefixes of an argument; the model has no IPv6."""
    found: list[Prefix] = []
    for text in view.texts(argument):
        try:
            found.append(Prefix.parse(text))
        except AddressError as error:
            if ":" in text and not text.startswith(UNKNOWN):
                continue
            if not text.startswith(UNKNOWN):
                view.reader.warn(
                    "TF012",
                    f"{error}, so `{view.resource}` is without it",
                    view.origin(argument),
                    "write the prefix as Azure takes it",
                )
    return tuple(found)


@dataclass(slots=True)
class _Attached:
    """What stands beside subnets as associations, by subnet."""

    by_argument: dict[str, dict[str, tuple[str, Origin]]] = field(
        default_factory=dict[str, dict[str, tuple[str, Origin]]]
    )
    gone: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    """Subnets that lose theirs by this plan: what Azure said of them no longer counts."""


def _attached(reader: Reader) -> _Attached:
    found = _Attached()
    for argument, (association, target) in _ASSOCIATIONS.items():
        rows = found.by_argument.setdefault(argument, {})
        for view in reader.views(association):
            subnet = view.target("subnet_id", SUBNET)
            name = view.target(argument, target)
            if subnet and name:
                rows[subnet] = (name, view.origin(argument))
        lost = found.gone.setdefault(argument, set())
        for resource in reader.plan.gone:
            if resource.type == association:
                subnet = reader.view(resource).target("subnet_id", SUBNET)
                lost |= {subnet} if subnet else set()
    return found


def subnets(reader: Reader) -> Iterator[Subnet]:
    """Yield the subnets, inline ones included, with their associations folded in."""
    attached = _attached(reader)
    for view in reader.views(SUBNET):
        id_ = reader.names.of(view.resource)
        network, _, name = id_.rpartition("/")
        space = prefixes(view, "address_prefixes")
        if not space:
            view.leave_out("address_prefixes", "an IPv4 prefix of it")
            continue
        fields: dict[str, Origin] = {}
        names: dict[str, str | None] = {}
        for argument, (_, target) in _ASSOCIATIONS.items():
            key = argument.removesuffix("_id")
            row = attached.by_argument[argument].get(id_)
            if row is not None:
                names[key], fields[key] = row
                continue
            if id_ in attached.gone[argument]:
                names[key] = None
                continue
            own = _INLINE.get(argument, argument) if view.resource.part else argument
            names[key] = view.target(own, target)
            fields[key] = view.origin(own)
            if names[key] is None:
                del fields[key]
                names[key] = view.linked(f"{argument}_wo", target)
        delegation = view.block("delegation").block("service_delegation").text("name")
        yield Subnet(
            name=name,
            virtual_network=network,
            address_prefixes=space,
            network_security_group=names["network_security_group"],
            route_table=names["route_table"],
            nat_gateway=names["nat_gateway"],
            default_outbound_access_enabled=view.flag("default_outbound_access_enabled"),
            private_endpoint_network_policies=_policies(view),
            service_endpoints=_service_endpoints(view),
            delegation=delegation or None,
            origin=view.whole(fields),
        )


def _policies(view: View) -> PrivateEndpointNetworkPolicies:
    text = view.text("private_endpoint_network_policies")
    known = {item.value.lower(): item for item in PrivateEndpointNetworkPolicies}
    return known.get(text.lower(), PrivateEndpointNetworkPolicies.DISABLED)


def _service_endpoints(view: View) -> tuple[str, ...]:
    """Return the services, from the block of azurerm 5 or the list before it."""
    blocks = [block.text("service") for block in view.blocks("service_endpoint")]
    return tuple(blocks) or view.texts("service_endpoints")


def peerings(reader: Reader) -> Iterator[VirtualNetworkPeering]:
    """Yield each direction of each peering."""
    for view in reader.views(PEERING):
        near = _near(view)
        far = view.target("remote_virtual_network_id", NETWORK)
        if near is None or far is None:
            continue
        yield VirtualNetworkPeering(
            name=reader.names.of(view.resource),
            virtual_network=near,
            remote_virtual_network=far,
            allow_virtual_network_access=view.flag("allow_virtual_network_access"),
            allow_forwarded_traffic=view.flag("allow_forwarded_traffic"),
            allow_gateway_transit=view.flag("allow_gateway_transit"),
            use_remote_gateways=view.flag("use_remote_gateways"),
            origin=view.whole(
                remote_virtual_network=view.origin("remote_virtual_network_id"),
                virtual_network=view.origin("virtual_network_name"),
            ),
        )


def _near(view: View) -> str | None:
    name = view.text("virtual_network_name")
    if not name:
        return view.target("virtual_network_name", NETWORK)
    found = view.reader.names.find(NETWORK, name, view.resource.resource_group)
    return view.reader.names.of(found) if found else name
