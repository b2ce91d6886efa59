"""Two estates side by side: what a reader of a change wants to know, in one value."""

from collections import Counter
from functools import cached_property

from hubwright.engines.verify.difference.behaviour import effects
from hubwright.engines.verify.difference.effect import Effect, Kind
from hubwright.engines.verify.difference.resources import ResourceChange, Symbol, resource_changes
from hubwright.engines.verify.difference.words import Names
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import DEFAULTS, Assumptions


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """What differs between two estates."""

    before: str
    """What the first was read from, as the user called it."""
    after: str
    names: Names
    resources: tuple[ResourceChange, ...]
    effects: tuple[Effect, ...]

    @cached_property
    def is_same_behaviour(self) -> bool:
        """Whether it is proved that no packet fares otherwise."""
        return not self.effects

    @cached_property
    def is_same(self) -> bool:
        """Whether nothing differs at all."""
        return not self.effects and not self.resources

    def count(self, kind: Kind) -> int:
        """Return how many effects are of a kind."""
        return Counter(effect.kind for effect in self.effects)[kind]

    def counted(self, symbol: Symbol) -> int:
        """Return how many resources came, went or changed."""
        return Counter(change.symbol for change in self.resources)[symbol]


def compare(
    before: tuple[str, Estate],
    after: tuple[str, Estate],
    assumptions: Assumptions = DEFAULTS,
    later: Assumptions | None = None,
    replaced: frozenset[str] = frozenset(),
) -> Comparison:
    """
    Compare two assigned estates, each given with its name.

    Args:
        before: The first.
        after: The second.
        assumptions: Of the first, and of both unless `later` is given.
        later: Of the second.
        replaced: Addresses of resources of the second that are made anew.
    """
    return Comparison(
        before=before[0],
        after=after[0],
        names=Names(before[1], after[1]),
        resources=resource_changes(before[1], after[1], replaced),
        effects=effects(before[1], after[1], assumptions, later),
    )
