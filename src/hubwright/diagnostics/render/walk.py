"""A trace as JSON: the same object in a finding and from `hubwright trace`."""

from hubwright.diagnostics.render.report import Json
from hubwright.model.address import format_address
from hubwright.model.flow import Flow, Hop, Packet, Step, Trace
from hubwright.model.origin import Origin


def trace_object(trace: Trace) -> dict[str, Json]:
    """Return a trace; addresses are dotted quads, lists keep the order of the walk."""
    blocker = trace.blocker
    return {
        "flow": flow_object(trace.flow),
        "disposition": trace.disposition.value,
        "delivered": trace.disposition.is_success,
        "symptom": trace.symptom.value,
        "decided_by": trace.decided_by.value,
        "blocker": {"node": blocker[0].node, **step_object(blocker[1])} if blocker else None,
        "servers": list(trace.servers),
        "source_seen": [format_address(address) for address in trace.source_seen],
        "dns": [hop_object(hop) for hop in trace.dns],
        "forward": [hop_object(hop) for hop in trace.forward],
        "reverse": [hop_object(hop) for hop in trace.reverse],
        "unknowns": list(trace.unknowns),
        "assumptions": list(trace.assumptions),
        "branches": [trace_object(branch) for branch in trace.branches],
    }


def flow_object(flow: Flow) -> dict[str, Json]:
    """Return the question of a trace."""
    return {
        "source": flow.source,
        "destination": flow.destination,
        "protocol": flow.protocol,
        "source_port": flow.source_port,
        "destination_port": flow.destination_port,
        "application": flow.application.value,
        "server_name": flow.server_name,
    }


def hop_object(hop: Hop) -> dict[str, Json]:
    """Return one hop with its steps."""
    return {
        "node": hop.node,
        "kind": hop.kind,
        "packet": _packet(hop.packet) if hop.packet else None,
        "steps": [step_object(step) for step in hop.steps],
    }


def step_object(step: Step) -> dict[str, Json]:
    """Return one step, with the place of its rule where a file holds it."""
    return {
        "stage": step.stage.value,
        "action": step.action,
        "detail": step.detail,
        "rule": step.rule or None,
        "blocks": step.blocks,
        "origin": origin_object(step.origin),
    }


def origin_object(origin: Origin) -> dict[str, Json] | None:
    """Return a place in a source, or None for a value that no source holds."""
    if not origin.source and not origin.path:
        return None
    span = origin.span
    return {
        "file": origin.source or None,
        "path": origin.path or None,
        "line": span.line if span else None,
        "column": span.column if span else None,
        "end_line": span.end_line if span else None,
        "end_column": span.end_column if span else None,
        "derived": origin.derived or None,
    }


def _packet(packet: Packet) -> dict[str, Json]:
    return {
        "source_address": format_address(packet.source_address),
        "source_port": packet.source_port,
        "destination_address": format_address(packet.destination_address),
        "destination_port": packet.destination_port,
        "protocol": packet.protocol,
    }
