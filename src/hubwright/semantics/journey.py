"""What a walk writes down while it goes: hops, steps, translations, choices, and how it stops."""

from collections.abc import Sequence
from dataclasses import field
from typing import NoReturn, TypeVar

from hubwright.lazy_dataclass import dataclass
from hubwright.model.flow import Disposition, Hop, Packet, Stage, Step, Symptom
from hubwright.model.origin import NOWHERE, Origin
from hubwright.semantics.assumptions import Assumption

T = TypeVar("T")

MAX_HOPS = 24
"""A walk of more hops goes in a circle."""


class Stopped(Exception):  # noqa: N818  an outcome, not an error
    """The walk ends here, without the client's answer."""

    def __init__(self, disposition: Disposition, symptom: Symptom, stage: Stage) -> None:
        super().__init__(disposition.value)
        self.disposition = disposition
        self.symptom = symptom
        self.stage = stage


@dataclass(frozen=True, slots=True)
class Translation:
    """A stateful box that saw the request: what came in, what went out, and on which leg."""

    box: str
    before: Packet
    after: Packet
    leg_in: str = ""
    leg_out: str = ""


@dataclass(slots=True)
class Journal:
    """The hops of one way, written step by step."""

    begun: list[tuple[str, str, Packet | None, list[Step]]] = field(
        default_factory=list[tuple[str, str, Packet | None, list[Step]]]
    )
    """Node, kind, packet and steps of each hop."""

    def hop(self, node: str, kind: str, packet: Packet | None) -> None:
        """Begin a hop."""
        self.begun.append((node, kind, packet, []))

    def step(self, step: Step) -> None:
        """Add a step to the hop begun last."""
        self.begun[-1][3].append(step)

    @property
    def here(self) -> str:
        """The node of the hop begun last."""
        return self.begun[-1][0]

    @property
    def hops(self) -> tuple[Hop, ...]:
        """The hops so far."""
        return tuple(
            Hop(node=node, kind=kind, packet=packet, steps=tuple(steps))
            for node, kind, packet, steps in self.begun
        )


@dataclass(slots=True)
class Journey:
    """Everything that a walk has met so far."""

    script: tuple[int, ...] = ()
    dns: Journal = field(default_factory=Journal)
    forward: Journal = field(default_factory=Journal)
    reverse: Journal = field(default_factory=Journal)
    at: Journal = field(init=False)
    translations: list[Translation] = field(default_factory=list[Translation])
    assumptions: set[Assumption] = field(default_factory=set[Assumption])
    unknowns: list[str] = field(default_factory=list[str])
    taken: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    stage: Stage = Stage.DELIVERY
    """The stage that let the flow through last."""

    def __post_init__(self) -> None:
        self.at = self.forward

    def hop(self, node: str, kind: str, packet: Packet | None) -> None:
        """Begin a hop on the way that is being walked."""
        self.at.hop(node, kind, packet)
        if len(self.at.begun) > MAX_HOPS:
            self.stop(
                Stage.ROUTE,
                Disposition.LOOP,
                "the routes send the packet round in a circle",
            )

    def step(
        self, stage: Stage, action: str, detail: str, rule: str = "", origin: Origin = NOWHERE
    ) -> None:
        """Write down what happened at this hop."""
        self.at.step(Step(stage=stage, action=action, detail=detail, rule=rule, origin=origin))

    def stop(
        self,
        stage: Stage,
        disposition: Disposition,
        detail: str,
        *,
        symptom: Symptom = Symptom.TIMEOUT,
        rule: str = "",
        origin: Origin = NOWHERE,
    ) -> NoReturn:
        """Write down what stops the flow, and end the walk."""
        action = "unknown" if disposition is Disposition.INSUFFICIENT_INFO else "denied"
        if disposition not in (
            Disposition.DENIED_IN,
            Disposition.DENIED_OUT,
            Disposition.INSUFFICIENT_INFO,
        ):
            action = "dropped"
        self.at.step(
            Step(stage=stage, action=action, detail=detail, rule=rule, blocks=True, origin=origin)
        )
        raise Stopped(disposition, symptom, stage)

    def unknown(self, stage: Stage, whats: Sequence[str]) -> NoReturn:
        """End the walk since the answer hangs on something that nobody told."""
        self.unknowns += whats
        self.stop(
            stage,
            Disposition.INSUFFICIENT_INFO,
            f"depends on {', '.join(whats)}",
            symptom=Symptom.UNKNOWN,
        )

    def choose(self, options: Sequence[T]) -> T:
        """Take one of several equally likely options: the script's, or the first."""
        if len(options) == 1:
            return options[0]
        n = len(self.taken)
        index = self.script[n] if n < len(self.script) else 0
        self.taken.append((index, len(options)))
        return options[index]

    def alternatives(self) -> list[tuple[int, ...]]:
        """Return the scripts of walks that choose otherwise at the choices met after the script."""
        out: list[tuple[int, ...]] = []
        for n in range(len(self.script), len(self.taken)):
            prefix = tuple(index for index, _ in self.taken[:n])
            out += [(*prefix, other) for other in range(1, self.taken[n][1])]
        return out
