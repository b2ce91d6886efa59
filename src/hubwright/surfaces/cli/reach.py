"""`hubwright reach`."""

from collections.abc import Callable
from pathlib import Path

import click

from hubwright.diagnostics.render.ansi import Paint
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import Assumptions
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.completion import complete_place
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.reading import file_option, find, require
from hubwright.surfaces.cli.tags import service_tags_option, with_tags
from hubwright.surfaces.cli.terminal import Terminal, output_option, with_terminal


@click.command("reach", context_settings=SETTINGS)
@click.argument("source", metavar="[FROM]", required=False, shell_complete=complete_place)
@click.argument("destination", metavar="[TO]", required=False, shell_complete=complete_place)
@file_option
@click.option("--port", metavar="PORT", multiple=True, help="Only this port or range.")
@click.option(
    "--protocol",
    type=click.Choice(["tcp", "udp", "icmp"], case_sensitive=False),
    help="Only this protocol.",
)
@click.option(
    "--unneeded",
    is_flag=True,
    help="List what firewalls let FROM, or every subnet, reach and nothing known needs.",
)
@service_tags_option
@click.option(
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Format of the table.",
)
@output_option
@click.option(
    "--svg",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Also draw the whole network's answers.",
)
@with_terminal
def command(
    source: str | None,
    destination: str | None,
    file: Path | None,
    port: tuple[str, ...],
    protocol: str | None,
    unneeded: bool,
    service_tags: Path | None,
    output: str,
    output_file: Path | None,
    svg: Path | None,
    terminal: Terminal,
) -> int:
    """
    Show everything that one place can reach in another.

    FROM is a subnet, a network, a machine, `nodes`, `pods`, an IP group, an address, a prefix or
    `internet`. TO is any of these, a service, a workload, a name, or `*.contoso.com`. All packets
    are looked at, out and back; what is shown is answered whatever Azure chooses.

    Without the two, show what every network is asked: who gets answers from whom, what the
    internet reaches, who reaches API servers, whether firewalls are passed by, what gets lost.

    With --unneeded, every destination on the internet that a firewall's rules let out and that
    neither the catalogue of what AKS and machines need nor an `allow` intent asks for: wider than
    needed, or without a known need. FROM may be left away, and TO is the internet.

    The exit code is 0 when anything is answered, 1 when nothing is, 2 when the question cannot
    be read. With --unneeded it is 1 when anything is listed.
    """
    if source is not None and destination is None and not unneeded:
        raise click.UsageError(f"`{source}` to where? Name FROM and TO, or neither")
    if source is None and (port or protocol) and not unneeded:
        raise click.UsageError("--port and --protocol are about packets FROM one place TO another")
    if svg is not None and (source is not None or unneeded):
        raise click.UsageError("--svg draws the whole network; leave FROM and TO away")
    estate = require(find(file), terminal)
    assumptions = with_tags(service_tags)
    if unneeded:
        from hubwright.surfaces.cli.unneeded import listed

        ends = (source, destination)
        found, text = listed(estate, assumptions, ends, (port, protocol), output)
        terminal.result(text, output_file)
        return guard.FINDINGS if found else guard.OK
    if source is None or destination is None:
        text, picture = _overview(estate, assumptions, output, terminal.paint(output_file))
        terminal.result(text, output_file)
        if svg is not None:
            terminal.result(picture(), svg)
            terminal.say(f"wrote {svg}")
        return guard.OK
    found, text = _table(estate, assumptions, (source, destination), (port, protocol), output)
    terminal.result(text, output_file)
    return guard.OK if found else guard.FINDINGS


def _overview(
    estate: Estate, assumptions: Assumptions, output: str, paint: Paint
) -> tuple[str, Callable[[], str]]:
    """Return the answers about the whole network, and what draws them."""
    from hubwright.engines.verify.reach import Reach
    from hubwright.engines.verify.reach.overview import overview
    from hubwright.surfaces.report import overview_json, overview_svg, overview_text

    reach = Reach(estate, assumptions)
    found = overview(reach)
    if output == "json":
        text = overview_json.render(reach.estate, found)
    else:
        text = overview_text.render(reach.estate, found, paint)
    return text, lambda: overview_svg.draw(reach.estate, found)


def _table(
    estate: Estate,
    assumptions: Assumptions,
    ends: tuple[str, str],
    scope: tuple[tuple[str, ...], str | None],
    output: str,
) -> tuple[bool, str]:
    """Return whether anything of one place is answered in another, and what."""
    from hubwright.engines.verify.reach import Reach
    from hubwright.engines.verify.reach.table import table
    from hubwright.surfaces.cli.ends import scope_of, the_receiver, the_sender

    asked = scope_of(*scope)
    reach = Reach(estate, assumptions)
    sender = the_sender(reach.estate, ends[0])
    receiver = the_receiver(reach.estate, ends[1])
    found = table(reach, sender, receiver, asked)
    if output == "json":
        from hubwright.surfaces.report import reach_json

        return bool(found.rows), reach_json.render(reach.estate, sender, receiver, found)
    from hubwright.surfaces.report import reach_text

    return bool(found.rows), reach_text.render(reach.estate, sender, receiver, found)
