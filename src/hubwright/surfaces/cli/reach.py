"""`hubwright reach`."""

from pathlib import Path

import click

from hubwright.errors import UsageError
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
    terminal: Terminal,
) -> int:
    """
    Show everything that one place can reach in another.

    FROM is a subnet, a network, a machine, `nodes`, `pods`, an IP group, an address, a prefix or
    `internet`. TO is any of these, a service, a workload, a name, or `*.contoso.com`. All packets
    are looked at, out and back; what is shown is answered whatever Azure chooses.

    With --unneeded, every destination on the internet that a firewall's rules let out and that
    neither the catalogue of what AKS and machines need nor an `allow` intent asks for: wider than
    needed, or without a known need. FROM may be left away, and TO is the internet.

    The exit code is 0 when anything is answered, 1 when nothing is, 2 when the question cannot
    be read. With --unneeded it is 1 when anything is listed.
    """
    estate = require(find(file), terminal)
    assumptions = with_tags(service_tags)
    if unneeded:
        from hubwright.surfaces.cli.unneeded import listed

        ends = (source, destination)
        found, text = listed(estate, assumptions, ends, (port, protocol), output)
        terminal.result(text, output_file)
        return guard.FINDINGS if found else guard.OK
    if source is None or destination is None:
        raise UsageError("say from where and to where, as in `hubwright reach nodes internet`")
    from hubwright.engines.verify.reach import Reach
    from hubwright.engines.verify.reach.table import table
    from hubwright.surfaces.cli.ends import scope_of, the_receiver, the_sender

    scope = scope_of(port, protocol)
    reach = Reach(estate, assumptions)
    sender = the_sender(reach.estate, source)
    receiver = the_receiver(reach.estate, destination)
    answered = table(reach, sender, receiver, scope)
    if output == "json":
        from hubwright.surfaces.report import reach_json

        terminal.result(reach_json.render(reach.estate, sender, receiver, answered), output_file)
    else:
        from hubwright.surfaces.report import reach_text

        terminal.result(reach_text.render(reach.estate, sender, receiver, answered), output_file)
    return guard.OK if answered.rows else guard.FINDINGS
