"""
A network security group as lines, with the rules that Azure adds to every group.

Source: azure-docs network-security-groups-overview.md (2025-07-15).
"""

from collections.abc import Iterator

from hubwright.engines.verify.lines.line import Line
from hubwright.engines.verify.space import ALL_PROTOCOLS, Cube, Role, Symbol
from hubwright.model.address import ALL_ADDRESSES, ALL_PORTS, AddressSet, PortSet
from hubwright.model.estate import Estate
from hubwright.model.flow import Stage
from hubwright.model.network import SecurityRule
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.nsg import PLATFORM_ADDRESSES, PLATFORM_TAGS, expand, ordered_rules

_PLATFORM = AddressSet.of((address, address) for address in PLATFORM_ADDRESSES)
_Side = list[tuple[AddressSet, frozenset[Symbol]]]


def security_lines(
    estate: Estate,
    group: str | None,
    direction: str,
    subnet_id: str,
    assumptions: Assumptions = DEFAULTS,
) -> tuple[Line, ...]:
    """
    Return a group's lines of one direction, Azure's own rules last; none for no group.

    Outbound, the platform's own addresses come first: only rules that name the platform's tags
    filter them. A packet that no line takes passes.

    Args:
        estate: An assigned estate.
        group: Name of the group.
        direction: `Inbound` or `Outbound`.
        subnet_id: Subnet whose interfaces are filtered; tags depend on it.
        assumptions: `virtual_network_tag` and `service_tags` count.
    """
    key = ("verify.security-lines", group, direction, subnet_id, assumptions)
    if key not in estate.memo:
        ordered = ordered_rules(estate, group, direction)
        reader = _Reader(estate, group or "", subnet_id, assumptions)
        first = tuple(reader.platform(ordered)) if direction == "Outbound" and ordered else ()
        rest = tuple(reader.line(rule, reader.cubes(rule)) for rule in ordered)
        estate.memo[key] = (*first, *rest)
    result: tuple[Line, ...] = estate.memo[key]
    return result


class _Reader:
    """Reads the rules of one group at one subnet."""

    def __init__(
        self, estate: Estate, group: str, subnet_id: str, assumptions: Assumptions
    ) -> None:
        self.estate = estate
        self.group = group
        self.subnet_id = subnet_id
        self.assumptions = assumptions
        self.known: dict[tuple[tuple[str, ...], Role], _Side] = {}

    def line(self, rule: SecurityRule, cubes: Iterator[Cube]) -> Line:
        """Return a rule's line."""
        return Line(
            path=f"{self.group}/{rule.name}",
            name=rule.name,
            stage=Stage.NSG,
            action=rule.access,
            decision=rule.access,
            cubes=tuple(cube for cube in cubes if cube),
            rule=rule,
            policy=self.group,
            origin=rule.origin,
        )

    def platform(self, ordered: tuple[SecurityRule, ...]) -> Iterator[Line]:
        """Yield what filters DNS and instance metadata, and the line that lets the rest pass."""
        for rule in ordered:
            tags = {text.lower() for text in rule.destination_address_prefixes}
            named = [PLATFORM_TAGS[tag] for tag in tags & set(PLATFORM_TAGS)]
            if named:
                mine = AddressSet.of((address, address) for address in named)
                yield self.line(rule, self._of(rule, [(mine, frozenset())]))
        yield Line(
            path="the platform's own addresses",
            name="platform",
            stage=Stage.NSG,
            action="Allow",
            decision="Allow",
            cubes=(Cube(destination=_PLATFORM),),
        )

    def cubes(self, rule: SecurityRule) -> Iterator[Cube]:
        """Yield what a rule matches."""
        return self._of(rule, self._side(rule.destination_address_prefixes, Role.DESTINATION))

    def _of(self, rule: SecurityRule, destinations: _Side) -> Iterator[Cube]:
        ports = PortSet.parse_all(rule.destination_port_ranges)
        source_ports = PortSet.parse_all(rule.source_port_ranges)
        words = ALL_PROTOCOLS if rule.protocol == "*" else frozenset({rule.protocol.upper()})
        parts = [(words, ports, source_ports)]
        if "ICMP" in words:
            icmp = frozenset({"ICMP"})
            parts = [(icmp, ALL_PORTS, ALL_PORTS), (words - icmp, ports, source_ports)]
            if ports == source_ports == ALL_PORTS:
                parts = [(words, ports, source_ports)]
        for source, from_ in self._side(rule.source_address_prefixes, Role.SOURCE):
            for destination, to in destinations:
                for protocols, numbers, source_numbers in parts:
                    yield Cube(
                        source=source,
                        destination=destination,
                        protocols=protocols,
                        ports=numbers,
                        source_ports=source_numbers,
                        inside=from_ | to,
                    )

    def _side(self, prefixes: tuple[str, ...], role: Role) -> _Side:
        """Return listed addresses as one part, and everything for each tag without a list."""
        key = (prefixes, role)
        if key not in self.known:
            total, tags = AddressSet(), list[str]()
            for text in prefixes:
                found = expand(self.estate, self.subnet_id, (text,), self.assumptions)
                if found is None:
                    tags.append(text.lower())
                else:
                    total |= found
            side: _Side = [(total, frozenset())] if total else []
            side += [
                (ALL_ADDRESSES, frozenset({Symbol(role, f"service tag {tag}", distinct=True)}))
                for tag in dict.fromkeys(tags)
            ]
            self.known[key] = side
        return self.known[key]
