"""`hubwright exec`."""

import click

from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.twins import attach, twin_option


@click.command(
    "exec",
    context_settings={**SETTINGS, "ignore_unknown_options": True, "allow_interspersed_args": False},
)
@twin_option
@click.argument("node", metavar="NODE")
@click.argument("words", nargs=-1, required=True, type=click.UNPROCESSED, metavar="-- CMD...")
def command(estate: str | None, node: str, words: tuple[str, ...]) -> int:
    """
    Run a command at a node.

    The command has the node's addresses, routes and name server, and trusts the network's own
    certificates; its files are this machine's. The exit code is the command's.

    For instance: hubwright exec vm-jumpbox -- curl -v https://mcr.microsoft.com/
    """
    command_line = words[1:] if words[0] == "--" else words
    if not command_line:
        raise click.UsageError("which command? write it behind --")
    return attach(estate).exec(node, command_line)
