"""The space of a whole estate: every set that anything in it tells apart, laid out once."""

from collections.abc import Iterable, Iterator, Sequence

from hubwright.engines.verify.reach.bundle import Side
from hubwright.engines.verify.space import (
    ANY_NAME,
    EVERY_NAME,
    NO_NAME,
    Cube,
    NameSet,
    Piece,
    Space,
)
from hubwright.engines.verify.space.cover import BudgetExceeded, all_left, clip, meet, overlap
from hubwright.model.address import ALL_ADDRESSES, AddressSet, PortSet
from hubwright.model.flow import Application

Pieces = tuple[Piece, ...]


class Plane:
    """
    A space, and the masks of single sets in it.

    Sets are noted first, then `build` lays them out; only noted sets have masks.
    """

    def __init__(self) -> None:
        self.cubes: list[Cube] = []
        self._seen: set[object] = set()
        self._masks: dict[tuple[str, object], int] = {}

    def note(self, *sets: AddressSet) -> None:
        """Note sets of addresses, for both ends of a packet: answers turn them round."""
        for item in sets:
            if item and item not in self._seen:
                self._seen.add(item)
                self.cubes += [Cube(source=item), Cube(destination=item)]

    def note_names(self, *sets: NameSet) -> None:
        """Note sets of names."""
        for item in sets:
            if item and item not in self._seen:
                self._seen.add(item)
                self.cubes.append(Cube(names=item))

    def note_ports(self, *sets: PortSet) -> None:
        """Note sets of ports."""
        self.cubes += [Cube(ports=item) for item in sets if item]

    def note_cubes(self, cubes: Iterable[Cube]) -> None:
        """Note cubes of rules."""
        self.cubes += cubes

    def build(self, *, budget: int) -> None:
        """Lay out all that was noted."""
        self.cubes += [
            Cube(protocols=frozenset({"TCP"})),
            Cube(protocols=frozenset({"UDP"})),
            Cube(protocols=frozenset({"ICMP"})),
            Cube(names=NO_NAME),
            Cube(names=ANY_NAME),
            *(Cube(applications=frozenset({item})) for item in Application),
        ]
        self.space = Space(self.cubes, budget=budget)
        self.at = {field.name: number for number, field in enumerate(self.space.fields)}

    def mask(self, field: str, value: object) -> int:
        """Return the mask of one noted set of one field."""
        key = (field, value)
        found = self._masks.get(key)
        if found is None:
            piece = self.space.encode(Cube(**{field: value})) if value else None  # type: ignore[arg-type]
            found = self._masks[key] = 0 if piece is None else piece[self.at[field]]
        return found

    def define(self, addresses: AddressSet, whole: AddressSet, less: Iterable[AddressSet]) -> None:
        """
        Give a set its masks by what it is made of: a noted set, less others that are noted.

        Wide sets with holes hold most classes; to lay out many of them takes time.
        """
        for field in ("source", "destination"):
            mask = self.space.full[self.at[field]]
            if whole != ALL_ADDRESSES:
                mask = self.mask(field, whole)
            for part in less:
                mask &= ~self.mask(field, part)
            self._masks[field, addresses] = mask

    def only(self, pieces: Iterable[Piece], field: str, mask: int) -> Pieces:
        """Return the packets whose field is in a mask."""
        at = self.at[field]
        out: list[Piece] = []
        for piece in [item for item in pieces if item[at] & mask]:
            have = piece[at]
            shared = have & mask
            if shared == have:
                out.append(piece)
            else:  # Masks are long: pieces share them where they can.
                kept = mask if shared == mask else shared
                out.append((*piece[:at], kept, *piece[at + 1 :]))
        return tuple(out)

    def without(self, pieces: Iterable[Piece], field: str, mask: int) -> Pieces:
        """Return the packets whose field is not in a mask."""
        return self.only(pieces, field, self.space.full[self.at[field]] & ~mask)

    def within(self, pieces: Iterable[Piece], side: Side, addresses: AddressSet) -> Pieces:
        """Return the packets that were sent from, or to, a noted set."""
        return self.only(pieces, side.value, self.mask(side.value, addresses))

    def protocol(self, pieces: Iterable[Piece], *words: str) -> Pieces:
        """Return the packets of some protocols."""
        mask = 0
        for word in words:
            mask |= self.mask("protocols", frozenset({word}))
        return self.only(pieces, "protocols", mask)

    def speaks(self, pieces: Iterable[Piece], *applications: Application) -> Pieces:
        """Return the packets of some applications."""
        mask = 0
        for item in applications:
            mask |= self.mask("applications", frozenset({item}))
        return self.only(pieces, "applications", mask)

    def named(self, pieces: Iterable[Piece], names: NameSet) -> Pieces:
        """Return the packets that ask for some names."""
        if "names" not in self.at:
            return tuple(pieces) if names == EVERY_NAME else ()
        return self.only(pieces, "names", self.mask("names", names))

    def shared(self, pieces: Iterable[Piece], others: Iterable[Piece]) -> Pieces:
        """Return what two unions share."""
        others = tuple(others)
        found = (meet(a, b) for a in pieces for b in others)
        return tuple(dict.fromkeys(item for item in found if item is not None))

    def minus(self, pieces: Iterable[Piece], others: Iterable[Piece]) -> Pieces:
        """Return what others leave of a union."""
        others = tuple(others)
        return tuple(
            part
            for piece in pieces
            for part in all_left(piece, clip(piece, others), self.space.budget)
        )

    def left(self, piece: Piece, covers: Sequence[Piece]) -> list[Piece]:
        """
        Return what covers leave of a piece, cut by destination first, then by source.

        Packets are looked at destination by destination: so cut, few parts are near each.

        Raises:
            BudgetExceeded: More cuts than the space's budget would be needed.
        """
        first = (self.at["destination"], self.at["source"])
        order = (*first, *(n for n in range(len(piece)) if n not in first))
        stack = [(piece, 0)]
        out: list[Piece] = []
        cuts = 0
        while stack:
            box, number = stack.pop()
            while number < len(covers) and not overlap(box, covers[number]):
                number += 1
            if number == len(covers):
                out.append(box)
                continue
            cuts += 1
            if cuts > self.space.budget:
                raise BudgetExceeded
            cover = covers[number]
            for field in order:
                rest = box[field] & ~cover[field]
                if rest:
                    stack.append(((*box[:field], rest, *box[field + 1 :]), number + 1))
                    box = (*box[:field], box[field] & cover[field], *box[field + 1 :])
        return out

    def compact(self, pieces: Iterable[Piece]) -> Pieces:
        """
        Return the same packets in fewer pieces: neighbours that differ in one field merge.

        Masks are long, and comparing them takes time: each gets a number first. Pieces share
        most of theirs, so the very object is looked for before its value.
        """
        pieces = tuple(pieces)
        masks: list[int] = []
        numbers: dict[int, int] = {}
        known: dict[int, int] = {}
        unions: list[int] = []  # kept, so that no other object gets their place in memory

        def number_of(mask: int) -> int:
            found = known.get(id(mask))
            if found is None:
                found = known[id(mask)] = numbers.setdefault(mask, len(masks))
                if found == len(masks):
                    masks.append(mask)
            return found

        rows = {tuple(map(number_of, piece)): None for piece in pieces}
        for field in range(len(self.space.full)):
            if len({row[field] for row in rows}) < 2:
                continue
            groups: dict[tuple[int, ...], list[int]] = {}
            for row in rows:
                groups.setdefault((*row[:field], *row[field + 1 :]), []).append(row[field])
            if len(groups) == len(rows):
                continue
            rows = {}
            for rest, members in groups.items():
                one = members[0]
                if len(members) > 1:
                    union = 0
                    for member in members:
                        union |= masks[member]
                    one = number_of(union)
                    unions.append(union)
                rows[(*rest[:field], one, *rest[field:])] = None
        return tuple(tuple(masks[number] for number in row) for row in rows)


def points(addresses: Iterable[int]) -> Iterator[AddressSet]:
    """Yield a set of one address each."""
    return (AddressSet(((address, address),)) for address in addresses)
