"""Which destinations a subnet sends another way than before."""

from bisect import bisect_right

from hubwright.model.address import MAX_ADDRESS, AddressSet, format_address
from hubwright.model.network import NextHopType
from hubwright.semantics.routes import EffectiveRoute

_NOWHERE = "no route"


def moved(
    before: tuple[EffectiveRoute, ...], after: tuple[EffectiveRoute, ...]
) -> dict[tuple[str, str], AddressSet]:
    """Return the old and new next hop of every destination that has another one, exactly."""
    edges = {0}
    for route in (*before, *after):
        if route.active:
            edges |= {route.prefix.first, route.prefix.last + 1}
    old, new = _hops(before, edges), _hops(after, edges)
    out: dict[tuple[str, str], list[tuple[int, int]]] = {}
    starts = sorted(edge for edge in edges if edge <= MAX_ADDRESS)
    for n, first in enumerate(starts):
        last = starts[n + 1] - 1 if n + 1 < len(starts) else MAX_ADDRESS
        if old[first] != new[first]:
            out.setdefault((old[first], new[first]), []).append((first, last))
    return {pair: AddressSet.of(intervals) for pair, intervals in out.items()}


def is_dropped(next_hop: str) -> bool:
    """Tell whether packets to a next hop go nowhere."""
    return next_hop in (_NOWHERE, NextHopType.NONE.value)


def _hops(routes: tuple[EffectiveRoute, ...], edges: set[int]) -> dict[int, str]:
    """Return the next hop at each start of an elementary piece: the longest prefix's."""
    starts = sorted(edge for edge in edges if edge <= MAX_ADDRESS)
    found = dict.fromkeys(starts, _NOWHERE)
    shortest_first = sorted((r for r in routes if r.active), key=lambda r: r.prefix.length)
    for route in shortest_first:
        low = bisect_right(starts, route.prefix.first) - 1
        high = bisect_right(starts, route.prefix.last)
        for start in starts[low:high]:
            found[start] = _shown(route)
    return found


def _shown(route: EffectiveRoute) -> str:
    """Return a next hop as people read it."""
    if route.next_hop is None:
        return route.next_hop_type.value
    return f"{route.next_hop_type.value} {format_address(route.next_hop)}"
