"""Finds a flow among packets that a place of the estate can send, and walks it."""

from hubwright.engines.verify.places import HOSTS, public_space
from hubwright.engines.verify.space import Cube
from hubwright.engines.verify.space.fields import APPLICATIONS
from hubwright.engines.verify.space.names import witness_name
from hubwright.errors import UnknownResource
from hubwright.model.address import AddressSet, format_address, parse_address
from hubwright.model.estate import Estate
from hubwright.model.flow import Flow, Trace
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.evaluate import evaluate
from hubwright.semantics.names import INTERNET, INTERNET_CLIENT

_PORTS = (443, 80, 22)
"""Ports that a witness takes first."""
_SITE = parse_address("192.0.2.10")
"""A public address that a witness takes first: of a block that documents may use."""
_PROTOCOLS = ("TCP", "UDP", "ICMP")


def flow_among(estate: Estate, cube: Cube) -> Flow | None:
    """
    Return a flow of a cube, from an interface of the estate where one is among the sources.

    None where the packets hang on what nobody listed, or speak a protocol that flows have not.
    """
    protocol = next((word for word in _PROTOCOLS if word in cube.protocols), None)
    source = _source(estate, cube.source)
    if protocol is None or source is None or cube.inside:
        return None
    name = next((n for pair in cube.names.intervals if (n := witness_name(*pair))), None)
    names = name if name is not None and None not in cube.names else None
    destination = names or _destination(estate, cube.destination)
    if destination is None:
        return None
    port = next((number for number in _PORTS if number in cube.ports), cube.ports.first())
    return Flow(
        source=source,
        destination=destination,
        protocol=protocol,
        destination_port=0 if protocol == "ICMP" else port,
        application=min(cube.applications, key=APPLICATIONS.index),
        server_name=names,
    )


def walk(estate: Estate, flow: Flow, assumptions: Assumptions) -> Trace | None:
    """Return what becomes of a flow; None where the estate has no such place."""
    try:
        return evaluate(estate, flow, assumptions)
    except UnknownResource:
        return None


def _source(estate: Estate, sources: AddressSet) -> str | None:
    """Return an interface's name, else an address of a subnet, else a public one."""
    for nic in estate.network_interfaces:
        if nic.kind in HOSTS and nic.private_ip_address in sources:
            return nic.name
    taken = AddressSet.of(
        (nic.private_ip_address, nic.private_ip_address) for nic in estate.network_interfaces
    )
    for subnet in estate.subnets:
        for prefix in subnet.address_prefixes:
            usable = (AddressSet.of([(prefix.first + 4, prefix.last - 1)]) & sources) - taken
            if usable:
                return format_address(usable.first())
    if INTERNET_CLIENT in sources:
        return INTERNET
    outside = public_space(estate) & sources
    return format_address(outside.first()) if outside else None


def _destination(estate: Estate, destinations: AddressSet) -> str | None:
    """Return an interface's address, else a public one, else any."""
    outside = public_space(estate) & destinations
    if outside:
        usual = _SITE if _SITE in outside else outside.first()
        return format_address(usual)
    for nic in estate.network_interfaces:
        if nic.private_ip_address in destinations:
            return format_address(nic.private_ip_address)
    return format_address(destinations.first()) if destinations else None
