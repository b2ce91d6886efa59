"""What reaches what, as a table: who answers, past which firewalls, and to which packets."""

from collections.abc import Iterator

from hubwright.engines.verify.reach.ask import Scope, packets
from hubwright.engines.verify.reach.asked import Ask
from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.reach.result import Way
from hubwright.engines.verify.space import Cube, Region, Space
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet
from hubwright.semantics.ends import End


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The packets that one server answers, past the same firewalls."""

    server: str
    """`internet`, `azure`, or what the answering interfaces belong to."""
    crossed: tuple[str, ...]
    """Firewalls in order; empty: none."""
    cubes: tuple[Cube, ...]
    """As they are sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """The answered packets between two ends, and those that nobody can say more about."""

    senders: AddressSet
    """Everybody who was asked about."""
    rows: tuple[Row, ...]
    unknown: tuple[tuple[str, tuple[Cube, ...]], ...]
    """By what they hang on."""


def table(reach: Reach, sender: End, receiver: End, scope: Scope) -> Table:
    """Return what of a sender's packets to a receiver is answered; direct ways come first."""
    rows: dict[Way, list[Cube]] = {}
    unknown: dict[str, list[Cube]] = {}
    owners = {nic.name: nic.owner for nic in reach.estate.network_interfaces}
    senders = AddressSet()
    for ask in packets(reach, sender, receiver, scope):
        for asked in ask.cubes:
            senders |= asked.source
        for cube, way in reach.ways(ask):
            key = Way(owners.get(way.server, way.server), way.crossed)
            rows.setdefault(key, []).extend(_shared(cube, ask))
        for cube, why in reach.unknown(ask):
            unknown.setdefault(why, []).extend(_shared(cube, ask))
        if ask.unknown:
            unknown.setdefault(ask.unknown, []).extend(ask.cubes)
    ordered = sorted(rows, key=lambda way: (len(way.crossed), way.server))
    return Table(
        senders=senders,
        rows=tuple(
            Row(server=way.server, crossed=way.crossed, cubes=compact(rows[way]))
            for way in ordered
            if rows[way]
        ),
        unknown=tuple((why, compact(cubes)) for why, cubes in unknown.items() if cubes),
    )


def _shared(cube: Cube, ask: Ask) -> Iterator[Cube]:
    """Yield what of a cube was asked about."""
    for asked in ask.all_cubes:
        shared = cube & asked
        if shared:
            yield shared


def compact(cubes: list[Cube]) -> tuple[Cube, ...]:
    """Return the same packets in fewer cubes, none of which lies in another."""
    space = Space(cubes)
    merged = Region.of(space, cubes).compact()
    kept: list[Cube] = []
    for number, piece in enumerate(merged.pieces):
        others = (*merged.pieces[:number], *merged.pieces[number + 1 :])
        if not any(_lies_in(piece, other) for other in others):
            kept.append(space.decode(piece))
    return tuple(kept)


def _lies_in(piece: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return piece != other and all(a & b == a for a, b in zip(piece, other, strict=True))
