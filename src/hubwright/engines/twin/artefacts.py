"""What the twin's plan consists of: text for `ip`, `nft` and Envoy, and data for its servers."""

from enum import StrEnum

from hubwright.lazy_dataclass import dataclass
from hubwright.model.flow import Flow


class Tool(StrEnum):
    """Who reads a document."""

    IP = "ip"
    """`ip -batch`, in the document's namespace (or the twin's root namespace)."""
    NFT = "nft"
    """`nft -f`, in the document's namespace."""
    SYSCTL = "sysctl"
    """Lines `net/ipv4/ip_forward=1`, written below /proc/sys in the document's namespace."""
    ENVOY = "envoy"
    """Envoy's bootstrap, as JSON; Envoy runs in the document's namespace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One text artefact. Documents are applied in the plan's order."""

    name: str
    """File name in a dry run, unique: `020-fabric.ip`."""
    tool: Tool
    namespace: str | None
    """Network namespace it applies to; None is the twin's own root namespace."""
    text: str


class ServerKind(StrEnum):
    """What a server of the twin does."""

    WEB = "web"
    """HTTP on `plain_ports` and HTTPS on `tls_ports`: answers JSON that says who it is and what
    source address it saw; with `forbidden`, answers 403."""
    WORKLOAD = "workload"
    """The workload's application, on the same ports: what pods run."""
    ECHO = "echo"
    """TCP and UDP on any port asked for: answers `<name> <source address>` to what it gets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server that the twin runs in a namespace, listening on every address there."""

    name: str
    """Who it says it is: an interface's name, or `internet`."""
    namespace: str
    kind: ServerKind
    plain_ports: tuple[int, ...] = ()
    tls_ports: tuple[int, ...] = ()
    tcp_ports: tuple[int, ...] = ()
    """Ports of an ECHO server for TCP."""
    udp_ports: tuple[int, ...] = ()
    forbidden_names: tuple[str, ...] = ()
    """Host names and SNIs (lower case) to which it answers 403: public access is off."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolver:
    """A DNS server of the twin: one socket pair (UDP and TCP, port 53) in one namespace."""

    name: str
    namespace: str
    address: str
    """Address to listen on: 168.63.129.16 for Azure DNS, the firewall's for its proxy."""
    virtual_network: str | None
    """The network in whose context it answers; None answers as the internet does."""
    is_inbound_endpoint: bool = False
    """Whether it is an inbound endpoint of a Private Resolver."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A place that a person or a probe can be: a namespace with an address and a resolver."""

    name: str
    namespace: str
    kind: str
    """`node`, `pod`, `virtual machine`, `bastion`, `private endpoint`, `firewall`, `internet`."""
    address: str
    subnet: str
    """Subnet id, or "" on the internet."""
    nameserver: str
    """What its resolv.conf says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """A question that the twin puts to packets, beside what the evaluator predicts."""

    name: str
    """Stable and readable: `flow 1: internet -> web (public load balancer)`."""
    flow: Flow
    expect_exit_code: int | None = None
    """AKS's bootstrap exit code that a failure stands for, if it is a bootstrap check."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleRef:
    """
    What a rule index in a log prefix or in an Envoy route name stands for.

    Documents say `fw:<kind>:<action>:<index>`; the pair (kind, index) is unique in a plan.
    """

    index: int
    kind: str
    """`net`, `nat` or `app`."""
    action: str
    """`Allow`, `Deny` or `DNAT`."""
    policy: str
    rule_collection_group: str
    rule_collection: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that the driver needs. Pure data: the same estate gives the same plan."""

    estate: str
    documents: tuple[Document, ...]
    servers: tuple[Server, ...]
    resolvers: tuple[Resolver, ...]
    nodes: tuple[Node, ...]
    rules: tuple[RuleRef, ...] = ()

    @property
    def namespaces(self) -> tuple[str, ...]:
        """Names of all namespaces, in the order in which they are made."""
        names: dict[str, None] = {}
        for document in self.documents:
            if document.tool is Tool.IP and document.namespace is None:
                for line in document.text.splitlines():
                    words = line.split()
                    if words[:2] == ["netns", "add"]:
                        names[words[2]] = None
        return tuple(names)
