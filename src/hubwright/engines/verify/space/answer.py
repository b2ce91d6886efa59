"""Answers in three values, each with its evidence."""

from enum import StrEnum

from hubwright.engines.verify.space.cube import Cube, Point, Symbol
from hubwright.lazy_dataclass import dataclass


class Verdict(StrEnum):
    """What is known about a claim."""

    PROVED = "proved"
    """It holds for every packet, whatever the symbols hold."""
    REFUTED = "refuted"
    """A packet contradicts it."""
    UNKNOWN = "unknown"
    """It hangs on what nobody told, or took too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """
    The evidence that cubes cover another.

    `checker.holds` verifies it without the engine.
    """

    cube: Cube
    covers: tuple[Cube, ...]
    positions: tuple[int, ...] = ()
    """Where the covers stood among those that were offered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The answer to "do these cubes cover those?", or "is this region empty?"."""

    verdict: Verdict
    witness: Point | None = None
    """Refuted: a packet that is left. Unknown: a packet that is left, if the symbols allow."""
    left: Cube | None = None
    """The product that the witness is of."""
    hangs_on: tuple[Symbol, ...] = ()
    """
    Unknown: the symbols that decide. Refuted: distinct symbols that the witness takes to hold
    an address of their own.
    """
    reason: str = ""
    """Unknown: why, for people."""
    certificates: tuple[Certificate, ...] = ()
    """Proved: one for each cube that was to be covered."""

    @property
    def is_proved(self) -> bool:
        """Whether the claim holds for every packet and every content of the symbols."""
        return self.verdict is Verdict.PROVED

    def __bool__(self) -> bool:
        raise TypeError("an answer has three values: ask for `is_proved` or `verdict`")
