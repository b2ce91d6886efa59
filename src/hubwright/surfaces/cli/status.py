"""`hubwright status`."""

import time
from collections.abc import Mapping
from typing import Any

import click

from hubwright.diagnostics.render.ansi import BOLD, DIM, GREEN, RED, Paint
from hubwright.diagnostics.render.json import FORMAT_VERSION, dump
from hubwright.errors import HubwrightError, UsageError
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.terminal import Terminal, with_terminal
from hubwright.surfaces.cli.twins import estate_name

_COUNTS = ("namespaces", "servers", "resolvers", "drops")


@click.command("status", context_settings=SETTINGS)
@click.argument("estate", required=False, metavar="[ESTATE]")
@click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format.",
)
@with_terminal
def command(estate: str | None, output: str, terminal: Terminal) -> int:
    """
    Show what runs.

    Without ESTATE, a name or a file, all your networks. The exit code is 1 when none runs.
    """
    from hubwright.engines.twin.state import running_estates

    names = (estate_name(estate),) if estate is not None else running_estates()
    found = [_look(name) for name in names]
    running = [item for item in found if item["running"]]
    if output == "json":
        terminal.result(dump({"format_version": FORMAT_VERSION, "twins": found}))
    elif found:
        paint = terminal.paint()
        terminal.result("\n".join(_text(item, paint, verbose=terminal.verbose) for item in found))
    if not running:
        terminal.say("nothing is running: hubwright up")
    return guard.OK if running else guard.FINDINGS


def _look(name: str) -> dict[str, Any]:
    from hubwright.engines.twin.driver import Twin

    try:
        twin = Twin.attach(name)
        nodes = [
            {"name": node.name, "kind": node.kind, "address": node.address, "subnet": node.subnet}
            for node in twin.plan.nodes
        ]
        return {"estate": name, "running": True, **twin.status(), "nodes": nodes}
    except UsageError:
        return {"estate": name, "running": False}
    except HubwrightError as error:
        return {"estate": name, "running": False, "error": str(error)}


def _text(item: Mapping[str, Any], paint: Paint, *, verbose: bool) -> str:
    if not item["running"]:
        reason = item.get("error", "`hubwright down` clears what is left")
        return f"{paint(item['estate'], BOLD)} {paint('does not run', RED)}: {reason}\n"
    minutes, seconds = divmod(int(time.time() - item["since"]), 60)
    lines = [
        f"{paint(item['estate'], BOLD)} {paint('runs', GREEN)} for {minutes} min {seconds} s",
        f"  {', '.join(f'{name} {item[name]}' for name in _COUNTS)}",
    ]
    for proxy in item["proxies"]:
        word = paint("runs", GREEN) if proxy["running"] else paint("ended", RED, BOLD)
        lines.append(f"  envoy {proxy['name']} {word}")
    nodes = item["nodes"]
    room = max((len(node["name"]) for node in nodes), default=0)
    shown = nodes if verbose else [node for node in nodes if node["kind"] != "pod"]
    for node in shown:
        place = ", ".join(filter(None, (node["kind"], node["subnet"])))
        lines.append(f"  {node['name']:<{room}}  {node['address']:<15}  {paint(place, DIM)}")
    if len(shown) < len(nodes):
        lines.append(paint(f"  and {len(nodes) - len(shown)} pods: --verbose", DIM))
    return "".join(f"{line}\n" for line in lines)
