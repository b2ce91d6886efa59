"""
Which of many pieces meet a piece, and which contain it, as bit masks over their positions.

For every distinct mask of a field, the pieces whose mask shares a class with it and the pieces
whose mask holds all of it are found once, in a tree over the field's classes; a question is then
one AND a field.
"""

from collections.abc import Iterator, Sequence

from hubwright.engines.verify.space.cover import Piece
from hubwright.engines.verify.space.space import Space

_PROBES = 4
"""Classes of a field that `escapes` tries."""


def bits(mask: int) -> Iterator[int]:
    """Yield the positions of a mask's bits, ascending."""
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


def _runs(mask: int) -> list[tuple[int, int]]:
    """Return the half-open runs of ones in a mask, lowest first."""
    digits = f"{mask:b}"[::-1]
    runs: list[tuple[int, int]] = []
    end = 0
    while (first := digits.find("1", end)) >= 0:
        end = digits.find("0", first)
        if end < 0:
            end = len(digits)
        runs.append((first, end))
    return runs


class _Tree:
    """For one field: pieces by class, with the union and the intersection of every range."""

    def __init__(self, classes: int, everyone: int) -> None:
        self.leaves = 1 << max(classes - 1, 0).bit_length()
        self.everyone = everyone
        self.union = [0] * (2 * self.leaves)

    def add(self, runs: list[tuple[int, int]], positions: int) -> None:
        """Note pieces whose mask is these runs of classes."""
        nodes = self.union
        for first, end in runs:
            left, right = first + self.leaves, end + self.leaves
            while left < right:
                if left & 1:
                    nodes[left] |= positions
                    left += 1
                if right & 1:
                    right -= 1
                    nodes[right] |= positions
                left >>= 1
                right >>= 1

    def build(self) -> None:
        """Push what was noted down to the classes, and sum it up again."""
        union = self.union
        for node in range(2, 2 * self.leaves):
            union[node] |= union[node >> 1]
        self.shared = shared = union[:]
        for node in range(self.leaves - 1, 0, -1):
            union[node] |= union[2 * node] | union[2 * node + 1]
            shared[node] = shared[2 * node] & shared[2 * node + 1]

    def ask(self, runs: list[tuple[int, int]]) -> tuple[int, int]:
        """Return the pieces that meet runs of classes, and those that contain them all."""
        meeting, containing = 0, self.everyone
        for first, end in runs:
            left, right = first + self.leaves, end + self.leaves
            while left < right:
                if left & 1:
                    meeting |= self.union[left]
                    containing &= self.shared[left]
                    left += 1
                if right & 1:
                    right -= 1
                    meeting |= self.union[right]
                    containing &= self.shared[right]
                left >>= 1
                right >>= 1
        return meeting, containing


class _Row:
    """One field of all pieces: distinct masks, with who meets and who contains each."""

    def __init__(self, masks: list[int], classes: int, everyone: int) -> None:
        owners: dict[int, list[int]] = {}
        for position, mask in enumerate(masks):
            owners.setdefault(mask, []).append(position)
        self.known: dict[int, tuple[int, int]] = {}
        self.tree = _Tree(classes, everyone)
        self.runs = {mask: _runs(mask) for mask in owners}
        for mask, positions in owners.items():
            self.tree.add(self.runs[mask], _mask_of(positions, len(masks)))
        self.tree.build()

    def ask(self, mask: int) -> tuple[int, int]:
        """Return the pieces that meet a mask, and those that contain it."""
        found = self.known.get(mask)
        if found is None:
            runs = self.runs.get(mask)
            found = self.known[mask] = self.tree.ask(_runs(mask) if runs is None else runs)
        return found


def _mask_of(positions: list[int], count: int) -> int:
    """Return positions as a mask."""
    if len(positions) < 8:
        mask = 0
        for position in positions:
            mask |= 1 << position
        return mask
    octets = bytearray((count >> 3) + 1)
    for position in positions:
        octets[position >> 3] |= 1 << (position & 7)
    return int.from_bytes(octets, "little")


class Index:
    """Pieces of a space, in order, for questions about which of them meet and contain others."""

    def __init__(self, space: Space, pieces: Sequence[Piece]) -> None:
        self.space = space
        self.pieces = pieces
        self.everyone = (1 << len(pieces)) - 1
        self._rows = [
            _Row([piece[number] for piece in pieces], full.bit_length(), self.everyone)
            for number, full in enumerate(space.full)
        ]

    def meeting(self, piece: Piece) -> int:
        """Return the pieces that share a packet with one."""
        found = self.everyone
        for row, mask in zip(self._rows, piece, strict=True):
            found &= row.ask(mask)[0]
        return found

    def containing(self, piece: Piece) -> int:
        """Return the pieces that hold all of one."""
        found = self.everyone
        for row, mask in zip(self._rows, piece, strict=True):
            found &= row.ask(mask)[1]
        return found

    def escapes(self, piece: Piece, among: int) -> bool:
        """
        Tell whether a packet of a piece is in no other piece, after looking at a few packets.

        Field by field, of a few classes the one that the fewest are left with is taken. False
        means that none was found, not that there is none.
        """
        left = among
        for row, mask in zip(self._rows, piece, strict=True):
            rest, best = mask, left
            for _ in range(_PROBES):
                low = rest & -rest
                held = left & row.tree.union[row.tree.leaves + low.bit_length() - 1]
                if not held:
                    return True
                if held.bit_count() < best.bit_count():
                    best = held
                rest ^= low
                if not rest:
                    break
            left = best
        return False
