"""`hubwright init`."""

from pathlib import Path

import click

from hubwright.errors import UsageError
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.terminal import Terminal, with_terminal

_REFERENCE = "-"


@click.command("init", context_settings=SETTINGS)
@click.option(
    "--full",
    is_flag=False,
    flag_value=_REFERENCE,
    metavar="[FILE]",
    help="Print a design with every default written out: FILE, or the reference.",
)
@click.option(
    "-o",
    "--output-file",
    "output_file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="File to write; estate.yaml by default, with --full stdout.",
)
@click.option("--force", is_flag=True, help="Overwrite the file if it exists.")
@with_terminal
def command(full: str | None, output_file: Path | None, force: bool, terminal: Terminal) -> int:
    """
    Write a design to start from.

    The reference design: a hub with Azure Firewall Premium and Bastion, a spoke with a private
    cluster, a jump box, a registry, a vault and storage behind private endpoints, and two
    workloads exposed through the firewall.
    """
    from hubwright.sources import design

    text = design.REFERENCE if full is None else design.full(_text(full, design.REFERENCE))
    target = output_file or Path("estate.yaml" if full is None else "-")
    if not terminal.to_stdout(target):
        _refuse_to_overwrite(target, force=force)
    terminal.result(text, target)
    if not terminal.to_stdout(target):
        terminal.say(f"wrote {target}; next: hubwright check")
    return guard.OK


def _text(given: str, reference: str) -> str:
    if given == _REFERENCE:
        return reference
    try:
        return Path(given).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read {given}: it is not UTF-8 text") from error
    except OSError as error:
        raise UsageError(f"cannot read {given}: {(error.strerror or '').lower()}") from error


def _refuse_to_overwrite(target: Path, *, force: bool) -> None:
    if target.exists() and not force:
        raise UsageError(f"{target} exists; --force overwrites it, -o names another file")
