"""Flows that stand for cubes, for witnesses that the plain evaluator walks."""

from hubwright.engines.verify.space import Cube
from hubwright.engines.verify.space.names import witness_name
from hubwright.model.address import AddressSet, format_address
from hubwright.model.flow import Application, Flow
from hubwright.semantics.names import SITE

RESOLVED = "address of "
"""How the symbol of a name in a network rule begins."""


def flow_of(cube: Cube, source: str) -> Flow | None:
    """Return a flow of a cube from a machine or subnet; None where no flow says what is in it."""
    protocol = next((word for word in ("TCP", "UDP") if word in cube.protocols), None)
    if protocol is None:
        return None
    port = 443 if 443 in cube.ports else max(cube.ports.first(), 1)
    name = next((n for pair in cube.names.intervals if (n := witness_name(*pair))), None)
    if cube.inside:
        resolved = [s.text.removeprefix(RESOLVED) for s in cube.inside if RESOLVED in s.text]
        if len(resolved) != len(cube.inside):
            return None
        return Flow(
            source=source, destination=resolved[0], protocol=protocol, destination_port=port
        )
    if Application.NONE in cube.applications:
        target = format_address(_first_routed(cube.destination))
        return Flow(source=source, destination=target, protocol=protocol, destination_port=port)
    if name is None:
        return None
    application = next(iter(sorted(cube.applications)))
    return Flow(
        source=source,
        destination=name,
        destination_port=port,
        application=application,
        server_name=name,
    )


def _first_routed(destination: AddressSet) -> int:
    """Return an address of a set: one of the internet's where everything is in it."""
    return SITE if SITE in destination else destination.first()
