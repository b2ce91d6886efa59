"""What a person claims of a network: checked against every packet, and deployed nowhere."""

from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin

CLAIMS = ("allow", "deny", "must-cross", "must-not-cross", "symmetric", "resolves")


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One claim about all packets from some places to others."""

    claim: str
    """`allow` (all are answered), `deny` (none is), `must-cross` and `must-not-cross` (a
    firewall), `symmetric` (no answer is lost past a stateful box), `resolves` (a private name
    leads to its private address)."""
    to: tuple[str, ...]
    """Where they are sent: resources, addresses, names, `internet`; names for `resolves`."""
    sources: tuple[str, ...]
    """Where they come from; networks or subnets for `resolves`."""
    ports: tuple[str, ...] = ()
    """Ports and ranges; empty: those that a client of the destination uses."""
    protocol: str = "Any"
    """`TCP`, `UDP`, `ICMP` or `Any`."""
    firewall: str = ""
    """Firewall that is crossed or not; "" for any."""
    title: str = ""
    """What a person called it."""
    origin: Origin = field(default=NOWHERE, compare=False)

    @property
    def name(self) -> str:
        """What it is called: by its author, or by what it claims."""
        if self.title:
            return self.title
        ports = f" port {', '.join(self.ports)}" if self.ports else ""
        verb = self.claim
        return f"{', '.join(self.sources)} {verb} {', '.join(self.to)}{ports}".strip()
