"""A comparison for programs: one JSON object."""

from hubwright.diagnostics.render.json import FORMAT_VERSION, dump
from hubwright.diagnostics.render.report import Json
from hubwright.diagnostics.render.walk import flow_object, origin_object, trace_object
from hubwright.engines.verify.difference import (
    ArgumentChange,
    Comparison,
    Effect,
    Names,
    ResourceChange,
)
from hubwright.engines.verify.space import Cube


def render(comparison: Comparison) -> str:
    """Return everything that differs; each effect has all its packets and both walks."""
    return dump(
        {
            "format_version": FORMAT_VERSION,
            "before": comparison.before,
            "after": comparison.after,
            "same_behaviour": comparison.is_same_behaviour,
            "resources": [_resource(change) for change in comparison.resources],
            "effects": [_effect(effect, comparison.names) for effect in comparison.effects],
        }
    )


def _resource(change: ResourceChange) -> dict[str, Json]:
    return {
        "symbol": change.symbol.value,
        "type": change.type,
        "name": change.name,
        "origin": origin_object(change.origin),
        "arguments": [_argument(argument) for argument in change.arguments],
    }


def _argument(change: ArgumentChange) -> dict[str, Json]:
    return {
        "symbol": change.symbol.value,
        "path": list(change.path),
        "before": change.before,
        "after": change.after,
        "left_alone": change.left_alone,
    }


def _effect(effect: Effect, names: Names) -> dict[str, Json]:
    return {
        "kind": effect.kind.value,
        "place": effect.place,
        "before": effect.before,
        "after": effect.after,
        "packets": [_packets(names, cube) for cube in effect.cubes],
        "hangs_on": [symbol.text for symbol in effect.hangs_on],
        "flow": flow_object(effect.flow) if effect.flow else None,
        "seen_end_to_end": effect.is_seen,
        "trace_before": trace_object(effect.was) if effect.was else None,
        "trace_after": trace_object(effect.now) if effect.now else None,
    }


def _packets(names: Names, cube: Cube) -> dict[str, Json]:
    words = names.wording(cube)
    return {
        "source": words.source,
        "destination": words.destination,
        "service": words.service,
        "conditions": list(words.conditions),
        "source_addresses": str(cube.source),
        "destination_addresses": str(cube.destination),
        "protocols": sorted(cube.protocols),
        "ports": str(cube.ports),
        "names": str(cube.names),
    }
