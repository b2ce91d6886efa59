"""The edges of an estate: the public address that packets leave with, and who answers outside."""

from hubwright.engines.verify.reach.bundle import Bundle
from hubwright.engines.verify.reach.plane import Pieces
from hubwright.engines.verify.reach.result import Result
from hubwright.engines.verify.reach.world import World
from hubwright.engines.verify.space import NameSet, Piece
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.model.flow import Application
from hubwright.model.network import NetworkInterface, NicKind, Subnet
from hubwright.semantics import services
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import CLUSTER_OUTBOUND, DEFAULT_OUTBOUND
from hubwright.semantics.publics import own_public_ip


def outbound(
    estate: Estate, subnet: Subnet, nic: NetworkInterface | None
) -> tuple[tuple[int, ...], bool]:
    """Return the public addresses of which one is taken, and whether a NAT gateway does."""
    gateway = estate.nat_gateway_by_name.get(subnet.nat_gateway or "")
    if gateway is not None and gateway.public_ips:
        found = (address_of(estate, name) for name in gateway.public_ips)
        return tuple(address for address in found if address is not None), True
    own_ip = own_public_ip(estate, nic.name) if nic is not None else None
    if own_ip:
        address = address_of(estate, own_ip)
        return (() if address is None else (address,)), False
    if nic is not None and nic.kind in (NicKind.NODE, NicKind.POD):
        pool = next((p for p in estate.node_pools if p.name == nic.owner), None)
        for cluster in estate.kubernetes_clusters:
            owns = pool is not None and pool.cluster == cluster.name
            if owns and cluster.outbound_type in ("loadBalancer", "managedNATGateway"):
                return (CLUSTER_OUTBOUND,), False
    return ((DEFAULT_OUTBOUND,) if subnet.default_outbound_access_enabled else ()), False


def served(world: World, bundle: Bundle, result: Result) -> Result:
    """Take away what services of the estate refuse on their public side."""
    refused: list[Piece] = []
    full = (world.plane.space.full,)
    web = world.plane.speaks(full, Application.HTTP, Application.HTTPS)
    for name in world.refused_names():
        refused += world.plane.named(web, NameSet.parse(name))
    unknown: list[tuple[Piece, str]] = []
    for name in world.known_names:
        cluster = services.api_server(world.estate, name)
        ranges = services.authorized_addresses(world.estate, cluster) if cluster else None
        if ranges is None:
            continue
        allowed, open_ranges = ranges
        mine = world.plane.named(full, NameSet.parse(name))
        barred = _barred(world, bundle, mine, allowed)
        if open_ranges:
            open_ = world.plane.shared([piece for piece, _ in result.answered], barred)
            unknown += [(piece, open_ranges[0]) for piece in open_]
        refused += barred
    if not refused:
        return result
    answered = [
        (part, way)
        for piece, way in result.answered
        for part in world.plane.minus([piece], refused)
    ]
    return Result(answered, [*result.unknown, *unknown])


def _barred(world: World, bundle: Bundle, pieces: Pieces, allowed: AddressSet) -> Pieces:
    """Return the packets whose source, as it arrives, is in no authorized range."""
    source = bundle.head.source
    if source is not None:
        return () if source in allowed else pieces
    mask = world.plane.mask("source", allowed)
    return world.plane.without(pieces, "source", mask)
