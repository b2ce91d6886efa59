"""Firewall rules that let out more than what they are there for."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.permission.beyond import beyond
from hubwright.engines.verify.permission.excess import Excess, wider_than_needed, witness
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.afw_order import hidden_by
from hubwright.engines.verify.sideways import sideways
from hubwright.model.flow import Trace
from hubwright.model.origin import Origin

_ARGUMENTS = {
    "sources": ("source_addresses", "source_ip_groups"),
    "ports": ("destination_ports", "protocols"),
    "names": ("destination_fqdns", "destination_urls"),
    "destinations": ("destination_addresses", "destination_ip_groups"),
}
_HELP = {
    "sources": "take these sources away",
    "ports": "allow only the ports that are needed",
    "names": "name the hosts that are needed",
    "destinations": "allow only the destinations that are needed",
}
_FEW = 3


@rule("AFW045", Severity.INFO, "a rule allows more than what needs it")
def wider(case: Case) -> Iterator[Finding]:
    """
    Find allow rules that serve a known need, and let through more than all they serve.

    Network rules to everywhere that hide application rules are AFW001's.
    """
    for firewall in case.estate.firewalls:
        by_line: dict[str, list[tuple[Excess, Trace | None]]] = {}
        for excess in wider_than_needed(case, firewall):
            if excess.line.path in hidden_by(case, firewall):
                continue
            trace = witness(case, excess)
            if trace is not None or _is_sure(excess):
                by_line.setdefault(excess.line.path, []).append((excess, trace))
        for found in by_line.values():
            yield _finding(case, found)


def _is_sure(excess: Excess) -> bool:
    """Tell whether a service tag's own addresses are let out, though no flow can say which."""
    return any(
        len(cube.inside) == 1 and all(symbol.distinct for symbol in cube.symbols)
        for cube in excess.cubes
    )


def _finding(case: Case, found: list[tuple[Excess, Trace | None]]) -> Finding:
    line = found[0][0].line
    parts: dict[str, list[str]] = {}
    for excess, _ in found:
        for aspect, text in beyond(case, excess):
            parts.setdefault(aspect, []).append(text)
    shown = [f"{aspect} {_list(dict.fromkeys(texts))}" for aspect, texts in parts.items()]
    served = dict.fromkeys(demand.text for excess, _ in found for demand in excess.served)
    first = next(iter(parts), "destinations")
    trace = next((trace for _, trace in found if trace is not None), None)
    asked = trace.flow.server_name if trace is not None else None
    return Finding(
        message=f"rule `{line.name}` allows more than what needs it: {'; '.join(shown)}",
        at=_at(line, first),
        label="wider than all that is known to need it",
        notes=(
            *(f"needed by {text}" for text in list(served)[:_FEW]),
            *((f"and by {len(served) - _FEW} more",) if len(served) > _FEW else ()),
            *((f"the witness asks for {asked}",) if asked else ()),
        ),
        help=", ".join(_HELP[aspect] for aspect in parts)
        + "; or say in an intent what else needs it",
        trace=trace,
    )


def _list(texts: dict[str, None]) -> str:
    shown = list(texts)
    more = f" and {len(shown) - _FEW} more" if len(shown) > _FEW else ""
    return ", ".join(shown[:_FEW]) + more


def _at(line: Line, aspect: str) -> Origin:
    """Return where the widest argument was written."""
    return nearest(*(line.origin.of(argument) for argument in _ARGUMENTS[aspect]), line.origin)


@rule("AFW046", Severity.WARNING, "a rule for public names opens one network to another")
def between_networks(case: Case) -> Iterator[Finding]:
    """Find application rules for several networks whose HTTPS gets to machines of another."""
    for firewall in case.estate.firewalls:
        for found in sideways(case, firewall):
            line, name = found.line, found.trace.flow.server_name
            yield Finding(
                message=(
                    f"rule `{line.name}` lets `{found.source.id}` reach machines of "
                    f"`{found.target.id}`: HTTPS that asks for {name} goes to any address"
                ),
                at=_at(line, "sources"),
                label=f"holds all of {_list(dict.fromkeys(found.networks))}",
                causes=((found.target.origin, f"the witness arrives in `{found.target.name}`"),),
                notes=(
                    (
                        "the firewall judges by SNI and keeps the address that the client chose "
                        "(assumption `https-destination`)"
                    ),
                ),
                help=(
                    "deny other networks' addresses on these ports by a network rule, which comes "
                    "first; and give each network a rule of its own"
                ),
                trace=found.trace,
            )
