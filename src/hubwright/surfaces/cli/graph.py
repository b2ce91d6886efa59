"""`hubwright graph`."""

from pathlib import Path

import click

from hubwright.model.estate import Estate
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.reading import estate_argument, find, require
from hubwright.surfaces.cli.terminal import Terminal, output_option, with_terminal


@click.command("graph", context_settings=SETTINGS)
@estate_argument
@click.option(
    "--format",
    type=click.Choice(["svg", "mermaid"]),
    help="Format; by the name of the output file, otherwise svg.",
)
@output_option
@with_terminal
def command(
    estate: Path | None,
    file: Path | None,
    format: str | None,  # noqa: A002  the option's own name
    output_file: Path | None,
    terminal: Terminal,
) -> int:
    """
    Draw the network.

    The same design always gives the same picture, byte for byte.
    """
    network = require(find(estate, file), terminal)
    named = output_file.suffix.lower() if output_file else ""
    by_name = "mermaid" if named in (".mmd", ".mermaid", ".md") else "svg"
    terminal.result(_drawn(network, format or by_name), output_file)
    if output_file and not terminal.to_stdout(output_file):
        terminal.say(f"wrote {output_file}")
    return guard.OK


def _drawn(estate: Estate, form: str) -> str:
    if form == "mermaid":
        from hubwright.surfaces.report import mermaid

        return mermaid.draw_estate(estate)
    from hubwright.surfaces.report import svg

    return svg.draw_estate(estate)
