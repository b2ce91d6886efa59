"""
Depth-first subtraction of pieces: whether others leave anything of one.

A piece is a tuple of bit masks, one a field. Cutting another piece out of it leaves at most one
piece a field, and none of them overlap.
"""

from collections.abc import Sequence
from operator import and_

Piece = tuple[int, ...]
BUDGET = 2_000_000
"""Cuts at most for one question. Azure-shaped policies of 10,000 rules stay far below."""


class BudgetExceeded(Exception):  # noqa: N818
    """A question took more cuts than its budget; nothing is known about the answer."""


def meet(one: Piece, other: Piece) -> Piece | None:
    """Return what two pieces share, or None."""
    return tuple(map(and_, one, other)) if overlap(one, other) else None


def overlap(one: Piece, other: Piece) -> bool:
    """Tell whether two pieces share anything; most do not, and differ in an early field."""
    return all(map(and_, one, other))


def size(piece: Piece) -> int:
    """Return the number of combinations of classes in a piece."""
    product = 1
    for mask in piece:
        product *= mask.bit_count()
    return product


def clip(piece: Piece, covers: Sequence[Piece]) -> list[Piece]:
    """Return the parts of covers that lie in a piece, each once, the largest first."""
    parts = {part for cover in covers if (part := meet(piece, cover)) is not None}
    return sorted(parts, key=size, reverse=True)


def first_left(
    piece: Piece, covers: Sequence[Piece], budget: int = BUDGET, used: set[int] | None = None
) -> Piece | None:
    """
    Return a part of a piece that no cover has, or None when they cover all of it.

    Args:
        piece: What is to be covered.
        covers: In any order; the largest first is fastest (`clip`).
        budget: Cuts at most.
        used: Filled with the positions of the covers that cut something, when given.

    Raises:
        BudgetExceeded: More cuts would be needed.
    """
    stack = [(piece, 0)]
    count, cuts = len(covers), 0
    while stack:
        box, at = stack.pop()
        while at < count:
            for have, cut in zip(box, covers[at]):  # noqa: B905
                if not have & cut:
                    break
            else:
                break
            at += 1
        else:
            return box
        cuts += 1
        if cuts > budget:
            raise BudgetExceeded
        if used is not None:
            used.add(at)
        _cut(stack, box, covers[at], at + 1)
    return None


def _cut(stack: list[tuple[Piece, int]], box: Piece, cover: Piece, at: int) -> None:
    """Push what a cover leaves of a box, at most one part a field."""
    for number, (have, cut) in enumerate(zip(box, cover)):  # noqa: B905
        rest = have & ~cut
        if rest:
            stack.append(((*box[:number], rest, *box[number + 1 :]), at))
            box = (*box[:number], have & cut, *box[number + 1 :])


def all_left(piece: Piece, covers: Sequence[Piece], budget: int = BUDGET) -> list[Piece]:
    """
    Return every part of a piece that no cover has, as pieces that do not overlap.

    Raises:
        BudgetExceeded: More cuts would be needed.
    """
    stack = [(piece, 0)]
    count, cuts = len(covers), 0
    out: list[Piece] = []
    while stack:
        box, at = stack.pop()
        while at < count and not all([have & cut for have, cut in zip(box, covers[at])]):  # noqa: B905, C419
            at += 1
        if at == count:
            out.append(box)
            continue
        cuts += 1
        if cuts > budget:
            raise BudgetExceeded
        _cut(stack, box, covers[at], at + 1)
    return out


def fewest(piece: Piece, covers: Sequence[Piece], budget: int = BUDGET) -> list[int] | None:
    """
    Return positions of covers that cover a piece together, none of which can be spared.

    One cover is returned where one is enough, the first such.

    Returns:
        Positions, ascending; None when the covers leave something.

    Raises:
        BudgetExceeded: More cuts would be needed.
    """
    near: list[tuple[int, Piece]] = []
    for number, cover in enumerate(covers):
        part = meet(piece, cover)
        if part == piece:
            return [number]
        if part is not None:
            near.append((number, part))
    near.sort(key=lambda pair: size(pair[1]), reverse=True)
    used: set[int] = set()
    if first_left(piece, [part for _, part in near], budget, used) is not None:
        return None
    kept = [near[at] for at in sorted(used)]
    for candidate in reversed(kept[:]):
        others = [pair for pair in kept if pair is not candidate]
        if first_left(piece, [part for _, part in others], budget) is None:
            kept = others
    return sorted(number for number, _ in kept)
