"""What rules look at: the estate, the assumptions, and walks of flows through it."""

from dataclasses import field

from hubwright.catalogue.retirements import AS_OF
from hubwright.errors import UnknownResource
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.flow import Application, Flow, Stage, Trace
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.evaluate import evaluate

_RULES = (Stage.DNAT, Stage.NETWORK_RULE, Stage.APPLICATION_RULE)


@dataclass(frozen=True, slots=True)
class Case:
    """An assigned estate under assumptions; walks are kept, so that rules may ask twice."""

    estate: Estate
    assumptions: Assumptions = DEFAULTS
    as_of: str = AS_OF
    """The day, in ISO form, that retirements are judged by."""
    _walks: dict[Flow, Trace] = field(default_factory=dict[Flow, Trace], compare=False)

    def walk(self, flow: Flow) -> Trace:
        """Return what becomes of a flow."""
        if flow not in self._walks:
            self._walks[flow] = evaluate(self.estate, flow, self.assumptions)
        return self._walks[flow]

    def tcp(self, source: str, destination: int | str, port: int = 443) -> Trace | None:
        """Walk a TCP connection that speaks nothing known; None when nothing is at an end."""
        text = destination if isinstance(destination, str) else format_address(destination)
        return self._try(Flow(source=source, destination=text, destination_port=port))

    def https(self, source: str, name: str, port: int = 443) -> Trace | None:
        """Walk an HTTPS request to a name, SNI included; None when the source is nothing."""
        return self._try(
            Flow(
                source=source,
                destination=name,
                destination_port=port,
                application=Application.HTTPS,
                server_name=name,
            )
        )

    def http(self, source: str, name: str, port: int = 80) -> Trace | None:
        """Walk a plain HTTP request to a name or address; None when the source is nothing."""
        return self._try(
            Flow(
                source=source,
                destination=name,
                destination_port=port,
                application=Application.HTTP,
                server_name=name,
            )
        )

    def udp(self, source: str, destination: str, port: int) -> Trace | None:
        """Walk a datagram and its answer."""
        return self._try(
            Flow(source=source, destination=destination, protocol="UDP", destination_port=port)
        )

    def _try(self, flow: Flow) -> Trace | None:
        try:
            return self.walk(flow)
        except UnknownResource:
            return None

    def witness(self, trace: Trace) -> str:
        """Return the note that shows a walk: its packet, its hops, and how it ends."""
        packet = next((hop.packet for hop in trace.forward if hop.packet), None)
        shown = str(packet) if packet else str(trace.flow)
        hops = " -> ".join(dict.fromkeys(hop.node for hop in trace.forward))
        way = f", {hops}" if hops else ""
        blocker = trace.blocker
        end = f": {blocker[1].detail}" if blocker else ""
        if trace.disposition.is_success and trace.decided_by in _RULES:
            end = f" by {trace.decided_by}"
        return f"witness: {shown}{way}, {trace.disposition}{end}"
