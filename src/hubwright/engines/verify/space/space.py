"""The space of a question: its cubes as tuples of bit masks over each field's classes."""

from collections.abc import Iterable
from operator import attrgetter
from typing import Any

from hubwright.engines.verify.space.classes import Classes, classify
from hubwright.engines.verify.space.cover import BUDGET, Piece
from hubwright.engines.verify.space.cube import PROTOCOLS, Cube, Point, Symbol
from hubwright.engines.verify.space.fields import APPLICATIONS, FIELDS, Field
from hubwright.engines.verify.space.names import witness_name

OUT, IN, EITHER = 1, 2, 3
"""Masks of a symbol's field."""


class Space:
    """
    What a question tells apart.

    Every cube of the question must be given at once: the classes are those of all their sets
    together, so each field is cut once and exactly. Then `encode` turns cubes into pieces,
    `decode` pieces into cubes, and `Region` (`regions.py`) has the algebra.
    """

    def __init__(self, cubes: Iterable[Cube], *, budget: int = BUDGET) -> None:
        """
        Classify the sets of cubes.

        Args:
            cubes: All cubes that the question speaks of.
            budget: Cuts at most for one step of an answer; beyond it the answer is unknown.
        """
        self.budget = budget
        self._cubes = list(cubes)
        self.symbols: tuple[Symbol, ...] = tuple(
            sorted({symbol for cube in self._cubes for symbol in cube.inside | cube.outside})
        )
        self.fields: list[Field] = []
        """The fields that differ among the cubes, in the order of a piece's masks."""
        self.classes: list[Classes[Any]] = []
        self._mask_by_id: list[dict[int, int]] = []
        self._mask_by_value: list[dict[Any, int]] = []
        for field in FIELDS:
            self._classify(field)
        self._getters = [attrgetter(field.name) for field in self.fields]
        self.full: Piece = (
            *(classes.full for classes in self.classes),
            *(EITHER for _ in self.symbols),
        )
        """The piece of every packet."""

    def _classify(self, field: Field) -> None:
        get = attrgetter(field.name)
        numbers: dict[Any, int] = {}
        by_id: dict[int, int] = {}
        for cube in self._cubes:
            value = get(cube)
            if id(value) not in by_id:
                by_id[id(value)] = numbers.setdefault(value, len(numbers))
        classes = classify(
            [list(field.lay(value)) for value in numbers], field.line, field.is_empty
        )
        if all(mask == classes.full for mask in classes.masks):
            return
        self.fields.append(field)
        self.classes.append(classes)
        self._mask_by_id.append({key: classes.masks[number] for key, number in by_id.items()})
        self._mask_by_value.append(dict(zip(numbers, classes.masks, strict=True)))

    def encode(self, cube: Cube) -> Piece | None:
        """
        Return a cube as a piece; None when nothing is in it.

        Raises:
            KeyError: One of its sets was not in the question.
        """
        masks: list[int] = []
        for number, get in enumerate(self._getters):
            value = get(cube)
            mask = self._mask_by_id[number].get(id(value))
            masks.append(self._mask_by_value[number][value] if mask is None else mask)
        if self.symbols:
            if cube.inside & cube.outside:
                return None
            masks += [
                IN if symbol in cube.inside else OUT if symbol in cube.outside else EITHER
                for symbol in self.symbols
            ]
        return tuple(masks) if all(masks) else None

    def encode_all(self, cubes: Iterable[Cube]) -> list[Piece]:
        """Return the pieces of cubes, without the empty ones."""
        return [piece for cube in cubes if (piece := self.encode(cube)) is not None]

    def decode(self, piece: Piece) -> Cube:
        """Return a piece as a cube: each field in the model's own sets."""
        values = {
            field.name: field.read(classes.intervals(mask))
            for field, classes, mask in zip(self.fields, self.classes, piece, strict=False)
            if mask != classes.full
        }
        bits = piece[len(self.fields) :]
        pairs = list(zip(self.symbols, bits, strict=True))
        return Cube(
            **values,
            inside=frozenset(symbol for symbol, bit in pairs if bit == IN),
            outside=frozenset(symbol for symbol, bit in pairs if bit == OUT),
        )

    def point(self, piece: Piece) -> Point:
        """Return one packet of a piece: low addresses, port 443 where it is in, a legible name."""
        cube = self.decode(piece)
        source, destination = cube.source.first(), cube.destination.first()
        name = next((n for pair in cube.names.intervals if (n := witness_name(*pair))), None)
        return Point(
            source=source,
            destination=destination,
            protocol=min(cube.protocols, key=PROTOCOLS.index),
            port=443 if 443 in cube.ports else cube.ports.first(),
            source_port=49152 if 49152 in cube.source_ports else cube.source_ports.first(),
            application=min(cube.applications, key=APPLICATIONS.index),
            name=None if None in cube.names else name,
            inside=cube.inside,
        )
