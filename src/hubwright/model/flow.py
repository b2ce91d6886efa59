"""One flow and its walk through the estate, in Batfish's words: Flow, Trace, Hop, Step."""

from dataclasses import field
from enum import StrEnum

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address
from hubwright.model.origin import NOWHERE, Origin


class Application(StrEnum):
    """What the client speaks on the connection."""

    NONE = "none"
    """Bytes of no protocol that the firewall's application rules know."""
    HTTP = "http"
    HTTPS = "https"
    MSSQL = "mssql"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The question: one connection, or one datagram, from a place to a name or an address."""

    source: str
    """Name of a network interface or resource of the estate, or an address."""
    destination: str
    """A name, an address, or the name of a resource of the estate."""
    protocol: str = "TCP"
    """`TCP`, `UDP` or `ICMP`."""
    destination_port: int = 443
    """0 for ICMP."""
    application: Application = Application.NONE
    server_name: str | None = None
    """SNI of HTTPS or Host of HTTP; None means that none is sent."""
    source_port: int = 49152

    def __str__(self) -> str:
        """Return `jumpbox -> mcr.microsoft.com:443 tcp`."""
        port = f":{self.destination_port}" if self.protocol != "ICMP" else ""
        return f"{self.source} -> {self.destination}{port} {self.protocol.lower()}"


class Disposition(StrEnum):
    """How the walk ends. Batfish's words, and four that Azure's pieces need."""

    ACCEPTED = "ACCEPTED"
    """An endpoint of the estate took it, and its answer came back."""
    EXITS_NETWORK = "EXITS_NETWORK"
    """It left for the internet, and the answer can come back."""
    DENIED_IN = "DENIED_IN"
    """An inbound security rule, a service's own access setting or the firewall refused it."""
    DENIED_OUT = "DENIED_OUT"
    """An outbound security rule at the source refused it."""
    NO_ROUTE = "NO_ROUTE"
    """No route leads there, or the chosen way out does not exist."""
    NULL_ROUTED = "NULL_ROUTED"
    """The winning route's next hop is None."""
    LOOP = "LOOP"
    NEIGHBOR_UNREACHABLE = "NEIGHBOR_UNREACHABLE"
    """The route delivers to a network where nobody owns the address."""
    NAME_UNRESOLVED = "NAME_UNRESOLVED"
    """The name has no address where the source asks."""
    ASYMMETRIC = "ASYMMETRIC"
    """The answer does not come back through the stateful box that saw the request."""
    INSUFFICIENT_INFO = "INSUFFICIENT_INFO"
    """The answer hangs on something that nobody told; `unknowns` names it."""

    @property
    def is_success(self) -> bool:
        """Whether the client gets its answer."""
        return self in (Disposition.ACCEPTED, Disposition.EXITS_NETWORK)


class Symptom(StrEnum):
    """What the client sees."""

    ANSWER = "answer"
    HTTP_470 = "http 470"
    """The firewall's application engine denied a plain HTTP request."""
    TLS_CLOSED = "tls closed"
    """The connection closes at ClientHello: denied by name, or no SNI."""
    TIMEOUT = "timeout"
    """Silently dropped somewhere."""
    NXDOMAIN = "nxdomain"
    FORBIDDEN = "http 403"
    """The service answers, and refuses since its public access is off."""
    UNKNOWN = "unknown"


class Stage(StrEnum):
    """What decided."""

    DNS = "dns"
    NSG = "network security group"
    ROUTE = "route"
    PEERING = "peering"
    THREAT_INTELLIGENCE = "threat intelligence"
    DNAT = "dnat rule"
    NETWORK_RULE = "network rule"
    APPLICATION_RULE = "application rule"
    INFRASTRUCTURE_RULE = "infrastructure rule"
    DEFAULT = "default deny"
    TRANSLATION = "translation"
    LOAD_BALANCER = "load balancer"
    STATE = "connection state"
    DELIVERY = "delivery"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Packet:
    """The addresses and ports that a packet carries at one point of its walk."""

    source_address: int
    source_port: int
    destination_address: int
    destination_port: int
    protocol: str

    def reversed(self) -> "Packet":
        """Return the packet that answers this one."""
        return Packet(
            source_address=self.destination_address,
            source_port=self.destination_port,
            destination_address=self.source_address,
            destination_port=self.source_port,
            protocol=self.protocol,
        )

    def __str__(self) -> str:
        """Return `10.1.0.4:49152 -> 93.184.216.34:443 tcp`."""
        if self.protocol == "ICMP":
            source, destination = self.source_address, self.destination_address
            return f"{format_address(source)} -> {format_address(destination)} icmp"
        return (
            f"{format_address(self.source_address)}:{self.source_port} -> "
            f"{format_address(self.destination_address)}:{self.destination_port} "
            f"{self.protocol.lower()}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that happened to the packet at a hop."""

    stage: Stage
    action: str
    """One word: `resolved`, `allowed`, `denied`, `routed`, `translated`, `dropped`, ..."""
    detail: str
    """One line for people: the rule, route or record, and why it was the one."""
    rule: str = ""
    """Path of the deciding rule (`policy/group/collection/rule`, `nsg/rule`, `table/route`)."""
    blocks: bool = False
    """Whether the walk ends here without success."""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hop:
    """A place that the packet passes, with what happened there."""

    node: str
    """Resource name: an interface, a subnet, a firewall, a load balancer, `internet`."""
    kind: str
    """`interface`, `firewall`, `load balancer`, `internet`, `dns`."""
    packet: Packet | None
    """As it arrives; None at DNS hops before an address is known."""
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trace:
    """The answer: the whole walk, out and back, and how it ends."""

    flow: Flow
    disposition: Disposition
    symptom: Symptom
    dns: tuple[Hop, ...] = ()
    forward: tuple[Hop, ...] = ()
    reverse: tuple[Hop, ...] = ()
    decided_by: Stage
    """The stage that settled it: where it was refused, or what let it through last."""
    servers: tuple[str, ...] = ()
    """Who can answer: interfaces of the estate (any one of a balanced set), or `internet`."""
    source_seen: tuple[int, ...] = ()
    """Addresses from which the server can see the request come (Azure picks one)."""
    unknowns: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    """Names of the assumptions that the answer rests on, sorted."""
    branches: tuple["Trace", ...] = ()
    """The other outcomes where Azure chooses at random; this trace is the worst of all."""

    @property
    def server(self) -> str | None:
        """Return who answers; the first where a load balancer chooses among several."""
        return self.servers[0] if self.servers else None

    def meets(self, rule: str) -> bool:
        """Tell whether a rule, by its path, is among those that the request met."""
        return any(step.rule == rule for hop in self.forward for step in hop.steps)

    @property
    def blocker(self) -> tuple[Hop, Step] | None:
        """The hop and step that stop the flow, if one does."""
        for hop in (*self.dns, *self.forward, *self.reverse):
            for step in hop.steps:
                if step.blocks:
                    return hop, step
        return None
