"""`hubwright capture`."""

import os
import sys
from pathlib import Path

import click

from hubwright.errors import UsageError
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.twins import attach, twin_option


@click.command("capture", context_settings=SETTINGS)
@twin_option
@click.option(
    "-c",
    "--count",
    type=click.IntRange(min=1),
    metavar="N",
    help="End after so many packets.",
)
@click.option("-i", "--interface", default="any", show_default=True, help="Interface to watch.")
@click.option(
    "-o",
    "--output-file",
    "output_file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write to a file instead of stdout.",
)
@click.argument("node", metavar="NODE")
def command(
    estate: str | None,
    count: int | None,
    interface: str,
    output_file: Path | None,
    node: str,
) -> int:
    """
    Write a node's packets as pcap.

    Goes on until interrupted, or for --count packets.

    For instance: hubwright capture afw-hub | wireshark -k -i -
    """
    if output_file is None and sys.stdout.isatty():
        raise click.UsageError(
            "packets are not for reading: pipe them, to `wireshark -k -i -` say, or name a file"
        )
    twin = attach(estate)
    twin.node(node)
    if output_file is not None and str(output_file) != "-":
        _redirect(output_file)
    return twin.capture(node, interface, count or 0)


def _redirect(path: Path) -> None:
    """Let this process's stdout, which tcpdump inherits, be a file."""
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {(error.strerror or '').lower()}") from error
    os.dup2(handle, sys.stdout.fileno())
    os.close(handle)
