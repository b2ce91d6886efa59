"""
Effective routes of a subnet, and the one that wins for an address.

Source for all of it: learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview
(2023-05), and /azure/private-link/disable-private-endpoint-network-policy (2023-07) for endpoints.
"""

from collections.abc import Iterator
from dataclasses import field, replace

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import DEFAULT_ROUTE, AddressError, Prefix
from hubwright.model.estate import Estate
from hubwright.model.network import (
    NextHopType,
    NicKind,
    PrivateEndpointNetworkPolicies,
    Route,
    Subnet,
    VirtualNetworkPeering,
)
from hubwright.model.origin import NOWHERE, Origin
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import DEFAULTS, Assumption, Assumptions

RESERVED = tuple(
    Prefix.parse(text)
    for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""Prefixes that Azure drops by default: next hop None."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectiveRoute:
    """One line of a subnet's effective routes."""

    prefix: Prefix
    next_hop_type: NextHopType
    next_hop: int | None = None
    """Address of the appliance."""
    source: str
    """`User` or `Default`, as Azure prints it."""
    name: str
    """`table/route`, or what made the system route."""
    virtual_network: str = ""
    """The network that a local, peering or endpoint route leads to."""
    active: bool = True
    reason: str = ""
    """Why it is not active, or why it could win over a more obvious one."""
    assumption: Assumption | None = None
    """What its being active or not rests on."""
    origin: Origin = field(default=NOWHERE, compare=False)


def connected_peerings(estate: Estate, virtual_network: str) -> tuple[VirtualNetworkPeering, ...]:
    """
    Return a network's own peerings that carry traffic.

    Both directions must exist (state Connected), and access must be on in this direction.
    Source: learn.microsoft.com/azure/virtual-network/virtual-network-manage-peering.
    """
    there = {(p.virtual_network, p.remote_virtual_network) for p in estate.virtual_network_peerings}
    return tuple(
        peering
        for peering in estate.virtual_network_peerings
        if peering.virtual_network == virtual_network
        and (peering.remote_virtual_network, virtual_network) in there
        and peering.remote_virtual_network in estate.virtual_network_by_name
        and peering.allow_virtual_network_access
    )


def reachable_networks(estate: Estate, virtual_network: str) -> tuple[str, ...]:
    """Return a network and those that its connected peerings lead to, itself first."""
    peerings = connected_peerings(estate, virtual_network)
    return (virtual_network, *(peering.remote_virtual_network for peering in peerings))


def effective_routes(
    estate: Estate,
    subnet_id: str,
    assumptions: Assumptions = DEFAULTS,
    *,
    user_defined: bool = True,
) -> tuple[EffectiveRoute, ...]:
    """
    Return the routes that Azure would program for a subnet's interfaces.

    Args:
        estate: An assigned estate.
        subnet_id: `vnet/subnet`; must be in the estate.
        assumptions: `private_endpoint_route` decides on endpoint routes, `service_tags` gives
            the prefixes of routes to a tag.
        user_defined: False for what private endpoints send: route tables do not apply to it
            (learn.microsoft.com/azure/private-link/private-endpoint-overview, limitations).

    Returns:
        Active and inactive routes, longest prefix first, user-defined before system.
    """
    key = (
        "routes",
        subnet_id,
        assumptions.private_endpoint_route,
        assumptions.service_tags,
        user_defined,
    )
    if key not in estate.memo:
        subnet = estate.subnet_by_id[subnet_id]
        user = tuple(_user_routes(estate, subnet, assumptions)) if user_defined else ()
        system = tuple(_system_routes(estate, subnet, user))
        routes = _settle(estate, system, user, assumptions)
        estate.memo[key] = tuple(
            sorted(routes, key=lambda r: (-r.prefix.length, r.prefix.network, r.source != "User"))
        )
    result: tuple[EffectiveRoute, ...] = estate.memo[key]
    return result


def lookup(routes: tuple[EffectiveRoute, ...], address: int) -> EffectiveRoute | None:
    """Return the active route with the longest prefix that holds an address, or None."""
    return first_active(matching(routes, address))


def matching(routes: tuple[EffectiveRoute, ...], address: int) -> list[EffectiveRoute]:
    """Return the routes that hold an address, inactive ones too, in their order."""
    return [route for route in routes if address in route.prefix]


def first_active(routes: list[EffectiveRoute]) -> EffectiveRoute | None:
    """Return the route that decides among those that hold an address, or None."""
    return next((route for route in routes if route.active), None)


def unknown_routes(
    estate: Estate, subnet_id: str, assumptions: Assumptions = DEFAULTS
) -> tuple[Route, ...]:
    """Return the subnet's routes to service tags without a list: they are not in the result."""
    table = estate.route_table_by_name.get(estate.subnet_by_id[subnet_id].route_table or "")
    if table is None:
        return ()
    return tuple(
        route
        for route in table.routes
        if _prefix(estate, route) is None and assumptions.service_tag(route.address_prefix) is None
    )


def _prefix(estate: Estate, route: Route) -> Prefix | None:
    try:
        return Prefix.parse(route.address_prefix)
    except AddressError:
        address = address_of(estate, route.address_prefix)
        return None if address is None else Prefix(address, 32)


def _user_routes(
    estate: Estate, subnet: Subnet, assumptions: Assumptions
) -> Iterator[EffectiveRoute]:
    """Yield a table's routes, one a prefix: an explicit prefix before tags, then exact tags."""
    table = estate.route_table_by_name.get(subnet.route_table or "")
    if table is None:
        return
    taken: set[Prefix] = set()
    for route in sorted(table.routes, key=lambda r: _tag_rank(estate, r)):
        prefix = _prefix(estate, route)
        tag = assumptions.service_tag(route.address_prefix) if prefix is None else None
        prefixes = (prefix,) if prefix is not None else tag.to_prefixes() if tag else ()
        hop = route.next_hop_in_ip_address
        for each in prefixes:
            if each in taken:
                continue
            taken.add(each)
            yield EffectiveRoute(
                prefix=each,
                next_hop_type=route.next_hop_type,
                next_hop=address_of(estate, hop) if hop else None,
                source="User",
                name=f"{table.name}/{route.name}",
                virtual_network=subnet.virtual_network,
                origin=route.origin,
            )


def _tag_rank(estate: Estate, route: Route) -> int:
    """
    Return which of two routes with equal prefixes is taken, the lowest first.

    An explicit prefix, a regional tag, a tag, `AzureCloud.<region>`, `AzureCloud`.
    Source: learn.microsoft.com/azure/virtual-network/virtual-networks-udr-overview (2023-05).
    """
    if _prefix(estate, route) is not None:
        return 0
    name, dot, _ = route.address_prefix.partition(".")
    return (3 if name.lower() == "azurecloud" else 1) + (0 if dot else 1)


def _system_routes(
    estate: Estate, subnet: Subnet, user: tuple[EffectiveRoute, ...]
) -> Iterator[EffectiveRoute]:
    network = estate.virtual_network_by_name[subnet.virtual_network]
    for prefix in network.address_space:
        yield _system(prefix, NextHopType.VNET_LOCAL, f"address space of {network.name}", network)
    for peering in connected_peerings(estate, network.name):
        remote = estate.virtual_network_by_name[peering.remote_virtual_network]
        for prefix in remote.address_space:
            yield replace(
                _system(prefix, NextHopType.VNET_PEERING, f"peering {peering.name}", remote),
                origin=peering.origin,
            )
    yield from _endpoint_routes(estate, network.name)
    yield _system(DEFAULT_ROUTE, NextHopType.INTERNET, "Azure's default route")
    if any(route.prefix == DEFAULT_ROUTE for route in user):
        return
    for prefix in RESERVED:
        if not any(space.covers(prefix) for space in network.address_space):
            yield _system(prefix, NextHopType.NONE, "Azure's reserved range")


def _system(
    prefix: Prefix, next_hop_type: NextHopType, name: str, network: object = None
) -> EffectiveRoute:
    return EffectiveRoute(
        prefix=prefix,
        next_hop_type=next_hop_type,
        source="Default",
        name=name,
        virtual_network=getattr(network, "name", ""),
        origin=getattr(network, "origin", NOWHERE),
    )


def _endpoint_routes(estate: Estate, virtual_network: str) -> Iterator[EffectiveRoute]:
    """Yield a /32 for each endpoint in the network itself and in directly peered ones."""
    near = reachable_networks(estate, virtual_network)
    for nic in estate.network_interfaces:
        if nic.kind is not NicKind.PRIVATE_ENDPOINT:
            continue
        home = nic.virtual_network
        if home in near:
            yield EffectiveRoute(
                prefix=Prefix(nic.private_ip_address, 32),
                next_hop_type=NextHopType.INTERFACE_ENDPOINT,
                source="Default",
                name=f"private endpoint {nic.owner}",
                virtual_network=home,
                origin=nic.origin,
            )


def _settle(
    estate: Estate,
    system: tuple[EffectiveRoute, ...],
    user: tuple[EffectiveRoute, ...],
    assumptions: Assumptions,
) -> Iterator[EffectiveRoute]:
    """Mark what loses: an equal prefix loses to a user route, an endpoint's /32 by its own rule."""
    endpoints: dict[Prefix, EffectiveRoute] = {}
    by_prefix = {route.prefix: route for route in user}
    for route in system:
        if route.next_hop_type is NextHopType.INTERFACE_ENDPOINT:
            settled = _settle_endpoint(estate, route, user, assumptions)
            endpoints[route.prefix] = settled
            yield settled
        elif route.prefix in by_prefix:
            winner = by_prefix[route.prefix].name
            yield replace(route, active=False, reason=f"user-defined route {winner} is as specific")
        else:
            yield route
    for route in user:
        rival = endpoints.get(route.prefix)
        if rival is None:
            yield route
        elif rival.active:
            yield replace(
                route,
                active=False,
                reason="a private endpoint's own route stands while its subnet has no route policy",
                assumption=rival.assumption,
            )
        else:
            yield replace(route, assumption=rival.assumption)


def _settle_endpoint(
    estate: Estate,
    route: EffectiveRoute,
    user: tuple[EffectiveRoute, ...],
    assumptions: Assumptions,
) -> EffectiveRoute:
    """
    Decide on an endpoint's /32.

    With route policies on at the endpoint's subnet, any user route that holds the address and is
    at least as long as the endpoint's own network prefix replaces it, shorter than /32 or not.
    0.0.0.0/0 never does. With policies off, only the assumption `private-endpoint-route` lets a
    route of the same /32 replace it.
    """
    covering = [c for c in user if c.prefix.length and c.prefix.covers(route.prefix)]
    if _route_policies(estate, route):
        home = estate.virtual_network_by_name[route.virtual_network]
        space = max((p.length for p in home.address_space if p.covers(route.prefix)), default=0)
        winner = next((c for c in covering if c.prefix.length >= space), None)
        if winner is None:
            return route
        reason = f"user-defined route {winner.name} replaces it (route policies are on)"
        return replace(route, active=False, reason=reason)
    exact = next((c for c in covering if c.prefix == route.prefix), None)
    if exact is None:
        return route
    if assumptions.private_endpoint_route != "exact":
        return replace(route, assumption=Assumption.PRIVATE_ENDPOINT_ROUTE)
    return replace(
        route,
        active=False,
        reason=f"user-defined route {exact.name} is as specific",
        assumption=Assumption.PRIVATE_ENDPOINT_ROUTE,
    )


def _route_policies(estate: Estate, route: EffectiveRoute) -> bool:
    nic = next(
        n
        for n in estate.network_interfaces
        if n.private_ip_address == route.prefix.network and n.kind is NicKind.PRIVATE_ENDPOINT
    )
    return estate.subnet_by_id[nic.subnet].private_endpoint_network_policies in (
        PrivateEndpointNetworkPolicies.ENABLED,
        PrivateEndpointNetworkPolicies.ROUTE_TABLE,
    )
