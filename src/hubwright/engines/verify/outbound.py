"""What a subnet's security group lets out to an address, so that a witness is not one it stops."""

from hubwright.engines.verify.case import Case
from hubwright.engines.verify.lines import security_lines
from hubwright.engines.verify.space import BudgetExceeded, Cube, Region, Space, first_match
from hubwright.model.address import AddressSet, format_address
from hubwright.model.flow import Trace
from hubwright.model.network import Subnet

_USUAL = ("TCP", 443)
_PROTOCOLS = ("TCP", "UDP")
_PORTS = (443, 80, 22, 53)
"""Ports that a witness takes first."""


def walk_out(case: Case, subnet: Subnet, source: str, address: int) -> Trace | None:
    """
    Walk a flow from a subnet to an address, on a protocol and port that its group lets out.

    The usual one, HTTPS, is taken where it is among them, or where none is; None when nothing is
    at an end.
    """
    protocol, port = _let_out(case, subnet, address)
    if protocol == "UDP":
        return case.udp(source, format_address(address), port)
    return case.tcp(source, address, port)


def _let_out(case: Case, subnet: Subnet, address: int) -> tuple[str, int]:
    group = subnet.network_security_group
    lines = security_lines(case.estate, group, "Outbound", subnet.id, case.assumptions)
    source = subnet.space
    destination = AddressSet(((address, address),))
    for protocol in _PROTOCOLS:
        asked = Cube(source=source, destination=destination, protocols=frozenset({protocol}))
        space = Space([asked, *(cube for line in lines for cube in line.cubes)])
        try:
            for number, taken in first_match(
                Region.of(space, [asked]), [line.cubes for line in lines]
            ):
                if number is None or lines[number].action == "Allow":
                    return protocol, _port(taken)
        except BudgetExceeded:
            break
    return _USUAL


def _port(region: Region) -> int:
    ports = region.cubes()[0].ports
    return next((port for port in _PORTS if port in ports), ports.first() or 1)
