"""In which respects a destination is wider than needed, in words."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

from hubwright.engines.verify.case import Case
from hubwright.engines.verify.permission.excess import Excess
from hubwright.engines.verify.places import sending_subnets
from hubwright.engines.verify.space import Cube
from hubwright.model.address import ALL_PORTS, AddressSet
from hubwright.model.flow import Stage
from hubwright.model.network import Subnet

_FEW = 3


def beyond(case: Case, excess: Excess) -> tuple[tuple[str, str], ...]:
    """
    Return in which respects a destination is too wide, each with a few words.

    Sources come first, then ports of the sources that need something, then names or destinations
    on those ports.
    """
    return tuple(_Words(case, excess).parts())


class _Words:
    """Says what is too much, one respect after the other."""

    def __init__(self, case: Case, excess: Excess) -> None:
        self.case = case
        self.excess = excess
        self.is_named = excess.line.stage is Stage.APPLICATION_RULE
        self.rest = list(excess.cubes)
        self.needed = (excess.allowed - excess.region).compact().cubes()

    def parts(self) -> Iterator[tuple[str, str]]:
        """Yield respects and words."""
        idle = self._idle()
        if idle:
            yield "sources", ", ".join(subnet.id for subnet in idle)
        space = AddressSet.prefixes_of([p for s in idle for p in s.address_prefixes])
        narrowed = (replace(cube, source=cube.source - space) for cube in self.rest)
        self.rest = [cube for cube in narrowed if cube]
        ports = sorted({*self._ports()})
        if ports:
            yield "ports", ", ".join(ports)
        if self.rest:
            yield "names" if self.is_named else "destinations", self._others()

    def _idle(self) -> list[Subnet]:
        """Return the subnets that may send it and need nothing of it."""
        return [
            subnet
            for subnet in sending_subnets(self.case.estate)
            for space in [subnet.space]
            if any(cube.source.overlaps(space) for cube in self.rest)
            and not any(cube.source.overlaps(space) for cube in self.needed)
        ]

    def _ports(self) -> Iterator[str]:
        """Yield protocols with ports that nothing needs, and leave the others in `rest`."""
        left: list[Cube] = []
        for cube in self.rest:
            spoken = sorted(cube.applications) if self.is_named else [None]
            for protocol, word in product(sorted(cube.protocols), spoken):
                part = replace(cube, protocols=frozenset({protocol}))
                if word is not None:
                    part = replace(part, applications=frozenset({word}))
                ports = cube.ports
                for item in self.needed:
                    if protocol in item.protocols and (word is None or word in item.applications):
                        ports -= item.ports
                if ports:
                    shown = "every port" if ports == ALL_PORTS else f"{ports}"
                    yield f"{(word or protocol).lower()} {shown}"
                kept = replace(part, ports=cube.ports - ports)
                left += [kept] if kept else []
        self.rest = left

    def _others(self) -> str:
        """Return what was written, and what of it is needed."""
        text = self.excess.destination
        if not self.is_named or not text.startswith("*"):
            return text
        names = [str(cube.names) for cube in self.needed]
        known = list(dict.fromkeys(name for item in names for name in item.split(", ")))
        more = f" and {len(known) - _FEW} more" if len(known) > _FEW else ""
        return f"{text} beyond {', '.join(known[:_FEW])}{more}"
