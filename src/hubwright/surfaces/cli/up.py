"""`hubwright up`."""

import time
from collections.abc import Sequence
from pathlib import Path

import click

from hubwright.engines.twin.artefacts import Plan, Probe
from hubwright.engines.twin.probing import ProbeResult
from hubwright.errors import MachineError
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import Assumptions
from hubwright.surfaces.cli import dry_run as artefacts
from hubwright.surfaces.cli import guard, probe_table
from hubwright.surfaces.cli.feed import with_feed
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.reading import estate_argument, find, require
from hubwright.surfaces.cli.terminal import Terminal, with_terminal


@click.command("up", context_settings=SETTINGS)
@estate_argument
@click.option("--dry-run", is_flag=True, help="Print what would be applied, and run nothing.")
@click.option("--no-probes", is_flag=True, help="Start the network, and leave it at that.")
@click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the probes' results.",
)
@click.option(
    "-o",
    "--output-file",
    "output_file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="PATH",
    help="File for the results; with --dry-run a directory for the artefacts and a run.sh.",
)
@click.option(
    "--threat-feed",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Addresses and names that threat intelligence knows as bad, one a line.",
)
@with_terminal
def command(
    estate: Path | None,
    file: Path | None,
    dry_run: bool,
    no_probes: bool,
    output: str,
    output_file: Path | None,
    threat_feed: Path | None,
    terminal: Terminal,
) -> int:
    """
    Run the network on this machine, and probe it.

    The network is made of Linux namespaces: hub, firewall, spokes, nodes, pods and clients, with
    real packets. Nothing listens outside of it. Probes say what packets did beside what `trace`
    predicts. The network stays until `hubwright down`.

    The exit code is 0 when every probe agrees, 1 when one does not, 2 when this machine lacks
    something: then the predictions alone are shown.
    """
    from hubwright.engines.twin.plan import plan
    from hubwright.engines.twin.probes import probes

    network = require(find(estate, file), terminal)
    assumptions = with_feed(threat_feed)
    planned = plan(network, assumptions)
    if dry_run:
        return _show(planned, output_file, terminal)
    questions = () if no_probes else probes(network, assumptions)
    missing, results = _run(network, assumptions, planned, questions, terminal)
    if output == "json":
        text = probe_table.as_json(network.name, results, missing)
    else:
        paint = terminal.paint(output_file)
        text = probe_table.as_text(results, paint, verbose=terminal.verbose)
    terminal.result(text, output_file)
    if missing:
        return guard.FAILED
    if results:
        terminal.say(probe_table.summary(results))
    terminal.say("next: hubwright exec NODE -- CMD, hubwright logs, hubwright down")
    return guard.FINDINGS if any(result.agrees is False for result in results) else guard.OK


def _show(plan: Plan, directory: Path | None, terminal: Terminal) -> int:
    """Print or write the artefacts."""
    if directory is None or terminal.to_stdout(directory):
        terminal.result(artefacts.printed(plan))
        return guard.OK
    count = artefacts.write(plan, directory)
    terminal.say(f"wrote {count} files to {directory}; {directory / 'run.sh'} builds the network")
    return guard.OK


def _run(
    estate: Estate,
    assumptions: Assumptions,
    plan: Plan,
    probes: Sequence[Probe],
    terminal: Terminal,
) -> tuple[list[str], list[ProbeResult]]:
    """Return what this machine lacks, and the probes: run, or as predicted where it does."""
    from hubwright.engines.twin.driver import Twin
    from hubwright.engines.twin.probing import run_probes
    from hubwright.engines.twin.variants import (
        run_without_return_routes,
        without_return_routes,
    )

    began = time.perf_counter()
    terminal.say(f"building {plan.estate}: {len(plan.namespaces)} namespaces")
    try:
        twin = Twin.up(plan, estate, assumptions, terminal.say)
    except MachineError as error:
        missing = str(error).splitlines()
        click.echo("this machine cannot run the network:", err=True)
        for line in missing:
            click.echo(f"  {line}", err=True)
        predicted = probe_table.predicted_only(estate, probes, assumptions)
        variant = without_return_routes(estate) if probes else None
        if variant is not None:
            predicted += probe_table.predicted_only(*variant, assumptions)
        return missing, predicted
    terminal.say(f"up in {time.perf_counter() - began:.2f} s")
    if not probes:
        return [], []
    began = time.perf_counter()
    results = run_probes(twin, estate, probes, assumptions)
    results += run_without_return_routes(estate, assumptions)
    terminal.say(f"{len(results)} probes in {time.perf_counter() - began:.2f} s\n")
    return [], results
