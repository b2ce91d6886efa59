"""Short ways to ask the plain evaluator, for tests."""

from hubwright.model.address import format_address, parse_address
from hubwright.model.estate import Estate
from hubwright.model.flow import Application, Flow, Hop, Packet, Trace
from hubwright.semantics.assumptions import DEFAULTS, Assumptions
from hubwright.semantics.evaluate import evaluate


def ask(
    estate: Estate,
    source: str,
    destination: str,
    port: int = 443,
    *,
    assumptions: Assumptions = DEFAULTS,
    **more,
) -> Trace:
    """One flow; TCP without an application unless told otherwise."""
    flow = Flow(source=source, destination=destination, destination_port=port, **more)
    return evaluate(estate, flow, assumptions)


def https(estate: Estate, source: str, name: str, port: int = 443, **more) -> Trace:
    """HTTPS with the name as SNI."""
    return ask(estate, source, name, port, application=Application.HTTPS, server_name=name, **more)


def http(estate: Estate, source: str, name: str, port: int = 80, **more) -> Trace:
    """HTTP with the name as Host."""
    return ask(estate, source, name, port, application=Application.HTTP, server_name=name, **more)


def ping(estate: Estate, source: str, destination: str, **more) -> Trace:
    return ask(estate, source, destination, 0, protocol="ICMP", **more)


def packet(
    source: str, destination: str, port: int = 443, protocol: str = "TCP", source_port: int = 49152
) -> Packet:
    return Packet(
        source_address=parse_address(source),
        source_port=source_port,
        destination_address=parse_address(destination),
        destination_port=port,
        protocol=protocol,
    )


def nodes(hops: tuple[Hop, ...]) -> list[str]:
    return [hop.node for hop in hops]


def rules_of(hops: tuple[Hop, ...]) -> list[str]:
    """The rules and routes that decided, in order."""
    return [step.rule for hop in hops for step in hop.steps if step.rule]


def seen(trace: Trace) -> list[str]:
    """The addresses from which the server sees the request, as text."""
    return [format_address(address) for address in trace.source_seen]
