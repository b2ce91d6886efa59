"""One line of a filter: what it matches, what it decides, and where it was written."""

from dataclasses import field

from hubwright.engines.verify.space import Cube
from hubwright.lazy_dataclass import dataclass
from hubwright.model.firewall import ApplicationRule, NatRule, NetworkRule
from hubwright.model.flow import Stage
from hubwright.model.network import SecurityRule
from hubwright.model.origin import NOWHERE, Origin

Rule = NatRule | NetworkRule | ApplicationRule | SecurityRule


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """
    A rule in the order in which Azure takes it, as a union of cubes.

    The lines of a filter are all that decides: a packet is the first line's that matches it, and
    the filter's own default applies to the rest.
    """

    path: str
    """`policy/group/collection/rule`, `nsg/rule`; for what no rule says, words for people."""
    name: str
    stage: Stage
    """The kind of rule: kinds never interleave in a firewall."""
    action: str
    """`Allow`, `Deny` or `Dnat`."""
    decision: str
    """What becomes of a packet: lines with equal decisions may stand in for each other."""
    cubes: tuple[Cube, ...]
    """Empty where the rule matches nothing, for instance since its IP group is empty."""
    rule: Rule | None = None
    """The model's rule; None for what Azure itself does."""
    policy: str = ""
    """Firewall policy or security group that the rule stands in."""
    is_inherited: bool = False
    """Whether it stands in a parent policy."""
    origin: Origin = field(default=NOWHERE, compare=False)

    @property
    def is_written(self) -> bool:
        """Whether a person wrote it: neither Azure nor hubwright added it."""
        return self.rule is not None and not self.origin.derived
