"""Which networks of an estate reach which others, and on what."""

from collections.abc import Iterator

from hubwright.engines.verify.reach.engine import Reach
from hubwright.engines.verify.space import Cube, Piece

Pair = tuple[str, str]


def between_networks(reach: Reach) -> dict[Pair, list[Piece]]:
    """
    Return what machines of one network get answered by machines of another, by both names.

    The pieces are of the engine's space (`cubes` reads them); a pair that is not there is a pair
    of networks of which nothing in the first gets an answer from anything in the second.
    """
    home = {nic.name: nic.virtual_network for nic in reach.estate.network_interfaces}
    masks = _masks(reach)
    at = reach.world.plane.at["source"]
    known: dict[int, list[tuple[str, int]]] = {}
    found: dict[Pair, list[Piece]] = {}
    for piece, way in reach.inside.result.answered:
        there = home.get(way.server)
        if there is None:
            continue
        senders = piece[at]
        if senders not in known:
            known[senders] = [(name, senders & mask) for name, mask in masks if senders & mask]
        for here, mask in known[senders]:
            if here != there:
                part = (*piece[:at], mask, *piece[at + 1 :])
                found.setdefault((here, there), []).append(part)
    return found


def _masks(reach: Reach) -> list[tuple[str, int]]:
    masks: dict[str, int] = {}
    for source in reach.world.inside:
        if source.nic is not None:
            mask = reach.world.plane.mask("source", source.addresses)
            name = source.nic.virtual_network
            masks[name] = masks.get(name, 0) | mask
    return list(masks.items())


def cubes(reach: Reach, pieces: list[Piece]) -> Iterator[Cube]:
    """Yield pieces in the model's own sets, neighbours merged."""
    plane = reach.world.plane
    for piece in plane.compact(pieces):
        yield plane.space.decode(piece)
