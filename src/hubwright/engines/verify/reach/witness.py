"""From a packet of a region to a flow that the plain evaluator walks."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.space import Cube, Point, Region
from hubwright.model.address import format_address
from hubwright.model.flow import Flow, Trace
from hubwright.semantics.evaluate import evaluate
from hubwright.semantics.names import site_address

_NAMES = ("www.example.com", "mcr.microsoft.com", "www.contoso.com", "example.com")
_TRIES = 40
"""Packets that are tried at most until one is replayed as it should be."""


def replayed(
    reach: Reach, region: Region, shows: Callable[[Trace], bool]
) -> tuple[Flow, Trace] | None:
    """Return a flow of a region for which the plain evaluator says what it should."""
    for number, point in enumerate(_points(region)):
        if number >= _TRIES:
            break
        flow = flow_of(reach, point)
        trace = evaluate(reach.estate, flow, reach.assumptions)
        if shows(trace):
            return flow, trace
    return None


def _points(region: Region) -> Iterator[Point]:
    """Yield packets of a region that a machine sends to another, with names that read well."""
    for piece in region.pieces:
        cube = region.space.decode(piece)
        point = region.space.point(piece)
        source, destination = _two(cube)
        if source == destination:
            continue
        name = next((n for n in _NAMES if point.name and n in cube.names), point.name)
        if None in cube.names:
            name = None
        if name is not None and site_address(name) in cube.destination:
            destination = site_address(name)
        yield replace(point, source=source, destination=destination, name=name)


def _two(cube: Cube) -> tuple[int, int]:
    """Return two addresses, different ones where there are any."""
    source, destination = cube.source.first(), cube.destination.first()
    if source == destination:
        for first, last in cube.destination.intervals:
            if last > source:
                return source, max(first, source + 1)
        for first, last in cube.source.intervals:
            if last > destination:
                return max(first, destination + 1), destination
    return source, destination


def flow_of(reach: Reach, point: Point) -> Flow:
    """Return the flow of a packet; senders of the estate go by their name."""
    sender = format_address(point.source)
    for item in reach.world.inside:
        if item.nic is not None and point.source in item.addresses and item.is_modelled:
            named = next(
                (
                    nic.name
                    for nic in reach.estate.network_interfaces
                    if nic.private_ip_address == point.source and nic.subnet == item.nic.subnet
                ),
                None,
            )
            if item.host is not None:
                named = item.host.name.replace("aks-", "pod-", 1)
            sender = named or sender
            break
    is_icmp = point.protocol == "ICMP"
    return Flow(
        source=sender,
        destination=format_address(point.destination),
        protocol=point.protocol,
        destination_port=0 if is_icmp else point.port,
        application=point.application,
        server_name=point.name,
        source_port=point.source_port or 49152,
    )
