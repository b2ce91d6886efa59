"""What a client in the twin is told to ask, and what it sees: the wire form of both."""

from dataclasses import asdict
from typing import Any

from hubwright.lazy_dataclass import dataclass
from hubwright.model.flow import Application, Symptom


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing that a client does, with every name of the estate already looked up."""

    node: str
    """Name of the node at which the client runs."""
    address: str
    """The client's address: the node's, or any on the internet."""
    name: str | None = None
    """The name that the client resolves first; None where it goes straight to `target`."""
    target: str | None = None
    """The destination's address, where no name is resolved."""
    protocol: str = "TCP"
    """`TCP`, `UDP` or `ICMP`."""
    port: int = 0
    application: Application = Application.NONE
    server_name: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the form that crosses the control socket."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Question":
        """Read that form."""
        fields: dict[str, Any] = {**value, "application": Application(value["application"])}
        return cls(**fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What the client saw."""

    symptom: Symptom
    server: str | None = None
    """Who answered, by its own word."""
    source_seen: str | None = None
    """Address from which the server saw the request come."""
    drop: str | None = None
    """Where and why a packet of this connection was dropped: `fabric: nsg nsg-aks/deny`."""
    resolved: str | None = None
    """Address that the name resolved to."""
    detail: str = ""
    """What else there is to say, for people."""
    seconds: float = 0.0
    """How long it took."""

    def to_json(self) -> dict[str, Any]:
        """Return the form that crosses the control socket."""
        return asdict(self)

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Observation":
        """Read that form."""
        fields: dict[str, Any] = {**value, "symptom": Symptom(value["symptom"])}
        return cls(**fields)
