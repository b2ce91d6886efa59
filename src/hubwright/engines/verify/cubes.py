"""Boxes of sources, destinations and ports, and whether earlier boxes leave anything of one."""

from collections.abc import Sequence
from dataclasses import dataclass

from hubwright.engines.verify.places import public_space
from hubwright.model.address import AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import NetworkRule
from hubwright.semantics.assigned import addresses_of

PROTOCOLS = ("TCP", "UDP", "ICMP", "OTHER")
_BUDGET = 20_000
"""Boxes that are cut at most for one question; beyond it the answer is "something is left"."""


@dataclass(frozen=True, slots=True)
class Cube:
    """A product of three sets."""

    source: AddressSet
    destination: AddressSet
    ports: PortSet

    def __bool__(self) -> bool:
        """Tell whether there is anything in it."""
        return bool(self.source) and bool(self.destination) and bool(self.ports)

    def minus(self, other: "Cube") -> list["Cube"]:
        """Return the rest of this box without another, as boxes that do not overlap."""
        source = self.source & other.source
        destination = self.destination & other.destination
        parts = [
            Cube(self.source - other.source, self.destination, self.ports),
            Cube(source, self.destination - other.destination, self.ports),
            Cube(source, destination, self.ports - other.ports),
        ]
        return [part for part in parts if part]

    def overlaps(self, other: "Cube") -> bool:
        """Tell whether the two boxes share a packet."""
        return (
            self.source.overlaps(other.source)
            and self.destination.overlaps(other.destination)
            and self.ports.overlaps(other.ports)
        )


def leftover(cube: Cube, covers: Sequence[Cube]) -> Cube | None:
    """Return a part of a box that no other box covers, or None when they cover all of it."""
    stack = [(cube, 0)]
    cut = 0
    while stack:
        box, at = stack.pop()
        while at < len(covers) and not box.overlaps(covers[at]):
            at += 1
        if at == len(covers):
            return box
        cut += 1
        if cut > _BUDGET:
            return box
        stack += [(part, at + 1) for part in box.minus(covers[at])]
    return None


ANYWHERE = AddressSet.parse("*")
STAND_IN = AddressSet(((0, 0),))
"""The one address that stands for a tag's or a name's content in a box of its own."""


def destinations(estate: Estate, rule: NetworkRule) -> tuple[AddressSet, tuple[str, ...]]:
    """Return a network rule's literal destinations, and the tags and names beside them."""
    total, tokens = AddressSet(), list[str]()
    groups = (estate.ip_group_by_name.get(name) for name in rule.destination_ip_groups)
    members = [cidr for group in groups if group for cidr in group.cidrs]
    for text in (*rule.destination_addresses, *members):
        known = addresses_of(estate, text)
        if known is None:
            tokens.append(text.lower())
        else:
            total |= known
    return total, (*tokens, *(name.lower() for name in rule.destination_fqdns))


def reaches_everything(estate: Estate, rule: NetworkRule) -> bool:
    """Tell whether a rule's destinations hold the whole internet."""
    return public_space(estate) <= destinations(estate, rule)[0]
