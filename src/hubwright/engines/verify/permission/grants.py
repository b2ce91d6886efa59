"""What allow rules name, destination by destination."""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from hubwright.engines.verify.flows import RESOLVED
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.space import Cube, NameSet, Role, Symbol
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.model.firewall import ApplicationRule, NetworkRule
from hubwright.semantics.dns import private_names
from hubwright.semantics.firewall_rules import addresses_in

_MANY, _FEW = 32, 3
"""Destinations of a network rule above which they are measured together; shown of those."""
_PRIVATE = ".privatelink."
"""In every name that Azure keeps for private endpoints."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """One destination of an allow rule, with all sources and ports of the rule."""

    text: str
    """The destination as it was written: a name, a tag, an address."""
    cubes: tuple[Cube, ...]
    """Whoever sends them; sources that nobody listed are left out."""


def grants(estate: Estate, line: Line) -> Iterator[Grant]:
    """Yield what an allow rule lets through, one destination after the other."""
    found: dict[str, list[Cube]] = {}
    for cube in line.cubes:
        if any(symbol.role is Role.SOURCE for symbol in cube.inside):
            continue
        for text, part in _parts(estate, line, cube):
            if part:
                found.setdefault(text, []).append(part)
    for text, cubes in found.items():
        yield Grant(text=text, cubes=tuple(cubes))


def leads_inside(estate: Estate, text: str) -> bool:
    """Tell whether a name is a private endpoint's, so that clients do not leave for it."""
    inside = {name for name, _ in private_names(estate)}
    zones = tuple(f".{zone.name}" for zone in estate.private_dns_zones)
    return text in inside or _PRIVATE in text or text.endswith(zones)


def _parts(estate: Estate, line: Line, cube: Cube) -> Iterator[tuple[str, Cube]]:
    symbols: tuple[Symbol, ...] = tuple(cube.inside)
    if symbols:
        yield symbols[0].text.removeprefix(RESOLVED), cube
    elif isinstance(line.rule, ApplicationRule):
        for pattern in line.rule.destination_fqdns:
            yield pattern.lower(), replace(cube, names=_names(pattern))
        for url in line.rule.destination_urls:
            host = url.partition("/")[0].lower()
            yield host, replace(cube, names=cube.names & _names(host))
    elif isinstance(line.rule, NetworkRule):
        yield from _addressed(estate, line.rule, cube)


def _addressed(estate: Estate, rule: NetworkRule, cube: Cube) -> Iterator[tuple[str, Cube]]:
    """Yield the listed destinations of a network rule: each by itself, or all where many are."""
    texts = (*rule.destination_addresses, *rule.destination_ip_groups, *rule.destination_fqdns)
    if len(texts) > _MANY:
        yield f"{', '.join(texts[:_FEW])} and {len(texts) - _FEW} more", cube
        return
    rest = cube.destination
    listed = (*((text, ((text,), ())) for text in rule.destination_addresses),)
    grouped = (*((text, ((), (text,))) for text in rule.destination_ip_groups),)
    others = list(rule.destination_fqdns)
    for text, (addresses, ip_groups) in (*listed, *grouped):
        known, _ = addresses_in(estate, addresses, ip_groups)
        rest -= known
        others += [] if known else [text]
        yield text, replace(cube, destination=known & cube.destination)
    yield ", ".join(others), replace(cube, destination=rest)


@lru_cache(maxsize=4096)
def _names(pattern: str) -> NameSet:
    return NameSet.parse(pattern)
