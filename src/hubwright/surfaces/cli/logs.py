"""`hubwright logs`."""

import json
from collections.abc import Mapping
from typing import Any

import click

from hubwright.diagnostics.render.ansi import BOLD, DIM, GREEN, RED, Paint, one_line
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.terminal import Terminal, with_terminal
from hubwright.surfaces.cli.twins import attach, twin_option

TABLES = (
    "AZFWNetworkRule",
    "AZFWApplicationRule",
    "AZFWNatRule",
    "AZFWThreatIntel",
    "AZFWDnsQuery",
)
_RULE = ("Policy", "RuleCollectionGroup", "RuleCollection", "Rule")


@click.command("logs", context_settings=SETTINGS)
@twin_option
@click.option("--follow", is_flag=True, help="Wait for more, until interrupted.")
@click.option(
    "--table",
    multiple=True,
    type=click.Choice(TABLES, case_sensitive=False),
    help="Only this table; may be repeated.",
)
@click.option(
    "--output",
    type=click.Choice(["json", "text"]),
    default="json",
    show_default=True,
    help="An object a line with Azure's columns, or a line for people.",
)
@with_terminal
def command(
    estate: str | None, follow: bool, table: tuple[str, ...], output: str, terminal: Terminal
) -> int:
    """
    Show the firewall's log.

    The tables and columns are those of Azure Firewall's structured logs.
    """
    paint = terminal.paint()
    for row in attach(estate).logs(follow=follow):
        if not table or row["Type"] in table:
            text = json.dumps(row, ensure_ascii=False) if output == "json" else line(row, paint)
            terminal.result(f"{text}\n")
    return guard.OK


def line(row: Mapping[str, Any], paint: Paint) -> str:
    """Return a row on one line: when, table, action, from where to where, which rule."""
    when = str(row["TimeGenerated"]).partition("T")[2][:12]
    head = f"{paint(when, DIM)} {row['Type'].removeprefix('AZFW'):<15}"
    if row["Type"] == "AZFWDnsQuery":
        asked = one_line(f"{row['SourceIp']} asks {row['QueryType']} {row['QueryName']}")
        return f"{head} {row['ResponseCode']:<8} {asked}"
    action = str(row.get("Action") or "DNAT")
    color = RED if action in ("Deny", "Drop") else GREEN
    rule = "/".join(filter(None, (str(row.get(name) or "") for name in _RULE)))
    why = rule or str(row.get("ActionReason") or "")
    text = f"{row['SourceIp']}:{row['SourcePort']} -> {_target(row)} {row['Protocol']}"
    verdict = paint(f"{action:<8}", color, BOLD)
    return f"{head} {verdict} {one_line(text)}  {paint(one_line(why), DIM)}"


def _target(row: Mapping[str, Any]) -> str:
    place = f"{row.get('Fqdn') or row.get('DestinationIp')}:{row['DestinationPort']}"
    if row.get("TranslatedIp"):
        return f"{place} -> {row['TranslatedIp']}:{row['TranslatedPort']}"
    return place
