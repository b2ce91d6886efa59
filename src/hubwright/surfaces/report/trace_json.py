"""A trace for programs: one JSON object."""

from hubwright.diagnostics.render.json import FORMAT_VERSION, dump
from hubwright.diagnostics.render.walk import trace_object
from hubwright.model.flow import Trace


def render(trace: Trace) -> str:
    """Return the trace under `trace`, as findings carry it."""
    return dump({"format_version": FORMAT_VERSION, "trace": trace_object(trace)})
