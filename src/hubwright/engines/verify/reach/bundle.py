"""Packets on their way, many at once: what they were when they were sent, and what they carry."""

from enum import StrEnum
from typing import Self

from hubwright.engines.verify.space import Piece
from hubwright.lazy_dataclass import dataclass


class Side(StrEnum):
    """An address of a packet, by the field of the space that has it as it was sent."""

    SOURCE = "source"
    DESTINATION = "destination"


@dataclass(frozen=True, slots=True)
class Head:
    """
    What translations have made of a packet.

    None stands for what the packet was sent with, which the region of the bundle says.
    """

    source: int | None = None
    destination: int | None = None
    port: int | None = None
    is_own_site: bool = False
    """Whether the destination is the internet's address of the very name that the packet asks
    for, so that it is not the same for all of the bundle."""

    def address(self, side: Side) -> int | None:
        """Return one of the two addresses."""
        return self.source if side is Side.SOURCE else self.destination


@dataclass(frozen=True, slots=True)
class Box:
    """A stateful box that saw the request: how the request came in, and on which legs."""

    name: str
    before: Head
    leg_in: str = ""
    leg_out: str = ""
    is_touched: bool = True
    """Whether it translated anything."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Packets in one place that carry the same head, with the state that they left behind."""

    pieces: tuple[Piece, ...]
    """As they were sent."""
    head: Head = Head()
    pending: tuple[Box, ...] = ()
    """Boxes that wait for the answer, the last one first to see it."""
    crossed: tuple[str, ...] = ()
    """Firewalls passed, in order."""

    def __bool__(self) -> bool:
        """Tell whether any packet is in it."""
        return bool(self.pieces)

    def only(self, pieces: tuple[Piece, ...]) -> Self:
        """Return the same with other packets."""
        return type(self)(pieces, self.head, self.pending, self.crossed)

    def translated(self, box: Box, head: Head) -> Self:
        """Return the packets behind a box that remembers them."""
        return type(self)(self.pieces, head, (*self.pending, box), self.crossed)

    @property
    def box(self) -> Box | None:
        """The box that must see the answer next."""
        return self.pending[-1] if self.pending else None

    def back(self) -> Self:
        """Return the packets as they were before the last box."""
        return type(self)(self.pieces, self.pending[-1].before, self.pending[:-1], self.crossed)
