"""What routes can bring to a firewall: sources and destinations, subnet by subnet."""

from collections.abc import Iterator, Sequence

from hubwright.engines.verify.space import Cube
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import ALL_ADDRESSES, AddressSet, parse_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.network import (
    FIREWALL_MANAGEMENT_SUBNET,
    FIREWALL_SUBNET,
    GATEWAY_SUBNET,
    NextHopType,
    Subnet,
)
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.routes import effective_routes, unknown_routes


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What can arrive at a firewall from the estate's own subnets."""

    cubes: tuple[Cube, ...]
    """One for each subnet that sends something to it."""
    inside: AddressSet
    """The addresses of the estate's networks: of no others it is known what they send."""
    spaces: tuple[tuple[str, AddressSet], ...]
    """Subnets with machines, by id."""

    def subnets_of(self, cubes: Sequence[Cube]) -> tuple[str, ...]:
        """Return the subnets that the sources of cubes lie in."""
        return tuple(
            name
            for name, space in self.spaces
            if any(cube.source.overlaps(space) for cube in cubes)
        )

    def sent_by(self, subnet: Subnet) -> AddressSet:
        """Return what a subnet's routes send to the firewall."""
        mine = (cube.destination for cube in self.cubes if cube.source == subnet.space)
        return next(mine, AddressSet())

    def bring(self, cube: Cube) -> bool:
        """Tell whether any packet of a cube can arrive."""
        return any(
            cube.source.overlaps(item.source) and cube.destination.overlaps(item.destination)
            for item in self.cubes
        )


def arrivals(
    estate: Estate, firewall: Firewall, assumptions: Assumptions = DEFAULTS
) -> Arrivals | None:
    """
    Return what the routes of subnets can bring to a firewall.

    Returns:
        None when nobody can tell: the firewall has no address, or some route table leads to an
        appliance that is not a firewall of the estate, or from another firewall to this one, so
        that packets with any source may come.
    """
    key = ("verify.arrivals", firewall.name, assumptions)
    if key not in estate.memo:
        estate.memo[key] = _arrivals(estate, firewall, assumptions)
    result: Arrivals | None = estate.memo[key]
    return result


def _arrivals(estate: Estate, firewall: Firewall, assumptions: Assumptions) -> Arrivals | None:
    if firewall.private_ip_address is None or _is_open(estate, firewall, assumptions):
        return None
    inside = AddressSet.of(
        (prefix.first, prefix.last)
        for network in estate.virtual_networks
        for prefix in network.address_space
    )
    spaces = tuple((subnet.id, subnet.space) for subnet in _subnets(estate))
    cubes = (
        Cube(source=space, destination=_sent(estate, firewall, name, assumptions))
        for name, space in spaces
    )
    return Arrivals(tuple(cube for cube in cubes if cube), inside, spaces)


def _subnets(estate: Estate) -> Iterator[Subnet]:
    """Yield the subnets that send packets of their own."""
    for subnet in estate.subnets:
        if subnet.name not in (FIREWALL_SUBNET, FIREWALL_MANAGEMENT_SUBNET, GATEWAY_SUBNET):
            yield subnet


def _sent(estate: Estate, firewall: Firewall, subnet: str, assumptions: Assumptions) -> AddressSet:
    """Return the destinations that a subnet's routes send to a firewall: longest prefix first."""
    if unknown_routes(estate, subnet, assumptions):
        return ALL_ADDRESSES
    mine = AddressSet(((firewall.private_ip_address or 0,) * 2,))
    left, total = ALL_ADDRESSES, mine
    for route in effective_routes(estate, subnet, assumptions):
        if not route.active:
            continue
        prefix = AddressSet(((route.prefix.first, route.prefix.last),))
        if _leads_to(firewall, route.next_hop_type, route.next_hop):
            total |= prefix & left
        left -= prefix
    return total


def _leads_to(firewall: Firewall, kind: NextHopType, next_hop: int | None) -> bool:
    return kind is NextHopType.VIRTUAL_APPLIANCE and next_hop == firewall.private_ip_address


def _is_open(estate: Estate, firewall: Firewall, assumptions: Assumptions) -> bool:
    """Tell whether packets may come that some other box forwards."""
    known = {item.private_ip_address for item in estate.firewalls}
    for table in estate.route_tables:
        for route in table.routes:
            if route.next_hop_type is not NextHopType.VIRTUAL_APPLIANCE:
                continue
            if _address(route.next_hop_in_ip_address) not in known:
                return True
    return any(
        _leads_to(firewall, route.next_hop_type, route.next_hop)
        for subnet in estate.subnets
        if subnet.name in (FIREWALL_SUBNET, GATEWAY_SUBNET)
        for route in effective_routes(estate, subnet.id, assumptions)
    )


def _address(text: str | None) -> int | None:
    try:
        return parse_address(text or "")
    except ValueError:
        return None
