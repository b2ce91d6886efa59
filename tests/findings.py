"""A small file with findings in it, for the tests of the formats."""

from builders import estate
from hubwright.diagnostics.diagnostic import Diagnostic, Edit, Label, Severity
from hubwright.diagnostics.render.report import Ignored, Report
from hubwright.model.flow import Application, Flow
from hubwright.model.origin import Origin, Span
from hubwright.semantics.evaluate import evaluate

FILE = "estate.yaml"
TEXT = """\
name: contoso
spokes:
  aks:
    subnets:
      AksSubnet:
        address_prefix: 10.1.0.0/20
        route_table: rt-aks
route_tables:
  rt-aks:
    routes:
      - name: default
        address_prefix: 0.0.0.0/0
        next_hop_type: Internet
# a comment
"""
SOURCES = {FILE: TEXT}


def at(line: int, text: str, path: str = "", file: str = FILE, source: str = TEXT) -> Origin:
    """The place of a text on a line."""
    column = source.splitlines()[line - 1].index(text) + 1
    span = Span(line, column, line, column + len(text))
    return Origin(source=file, path=path, span=span)


def route_finding(**more) -> Diagnostic:
    """The finding of the style guide: a token, its cause, evidence, a fix, a walk."""
    flow = Flow(
        source="vm-jumpbox",
        destination="example.com",
        application=Application.HTTPS,
        server_name="example.com",
    )
    hop = at(13, "Internet", "route_tables.rt-aks.routes[0].next_hop_type")
    values = {
        "code": "ROUTE001",
        "severity": Severity.ERROR,
        "message": "egress from `AksSubnet` reaches the internet without crossing the firewall",
        "labels": (
            Label(hop, "the default route leaves through `Internet`", primary=True),
            Label(at(7, "rt-aks"), "`AksSubnet` uses `rt-aks`"),
        ),
        "notes": ("witness: 10.1.0.4:49152 -> 93.184.216.34:443 tcp, AksSubnet -> Internet",),
        "help": "set `next_hop_type: VirtualAppliance`",
        "edits": (Edit(FILE, hop.span or Span(1, 1, 1, 1), "VirtualAppliance"),),
        "trace": evaluate(estate(), flow),
        **more,
    }
    return Diagnostic(**values)


def name_finding() -> Diagnostic:
    """A warning with nothing but a place."""
    return Diagnostic(
        code="DESIGN010",
        severity=Severity.WARNING,
        message="`contoso` is a name that everybody takes",
        labels=(Label(at(1, "contoso"), primary=True),),
    )


def planned_finding() -> Diagnostic:
    """Information about a value that has an address in a plan, and no line."""
    return Diagnostic(
        code="AFW004",
        severity=Severity.INFO,
        message="the policy 50% <b>; has [no] name",
        labels=(
            Label(Origin(source="plan.json", path="azurerm_firewall_policy.hub"), primary=True),
            Label(Origin(source="plan.json", path="azurerm_firewall.hub"), "which uses it"),
        ),
        notes=("first line\nsecond line",),
    )


def report(**more) -> Report:
    """All of them."""
    values = {
        "diagnostics": (name_finding(), route_finding(), planned_finding()),
        "sources": SOURCES,
        **more,
    }
    return Report(**values)


def ignored() -> Ignored:
    """One that a comment turned off."""
    return Ignored(name_finding(), "ticket-7, agreed; by <all>")
