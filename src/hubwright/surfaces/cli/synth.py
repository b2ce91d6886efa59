"""`hubwright synth`."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.reading import estate_argument, find, require
from hubwright.surfaces.cli.terminal import Terminal, with_terminal

if TYPE_CHECKING:
    from hubwright.engines.terraform.writer import Synthesis


@click.command("synth", context_settings=SETTINGS)
@estate_argument
@click.option(
    "-o",
    "--output-directory",
    "output_directory",
    type=click.Path(path_type=Path),
    default=Path("terraform"),
    show_default=True,
    metavar="DIR",
    help="Folder to write.",
)
@click.option(
    "-e",
    "--environment",
    "environment",
    multiple=True,
    default=("production",),
    show_default=True,
    metavar="NAME",
    help="An environment with a state of its own; may be repeated.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when something is old.")
@click.option("--force", is_flag=True, help="Overwrite files that were changed.")
@with_terminal
def command(
    estate: Path | None,
    file: Path | None,
    output_directory: Path,
    environment: tuple[str, ...],
    check: bool,
    force: bool,
    terminal: Terminal,
) -> int:
    """
    Write the Terraform of a design.

    The folder holds handwritten modules, the root that wires them, and the design's decisions as
    estate.auto.tfvars.json. It is yours to commit and to change: a file that was changed since it
    was written is kept while the design asks for nothing else there. Otherwise it is listed,
    nothing is written, and the exit code is 1, unless --force overwrites it.
    """
    from hubwright.engines.terraform.writer import synthesis, write

    design = require(find(estate, file), terminal)
    found = synthesis(design, output_directory, environment)
    terminal.result(_listing(found))
    if found.conflicts and not force:
        terminal.say(_refusal(found))
        return guard.FINDINGS
    if check:
        terminal.say(f"{output_directory} is {'current' if found.is_current else 'not current'}")
        return guard.OK if found.is_current else guard.FINDINGS
    write(found, force=force)
    terminal.say(_summary(found, environment[0]))
    return guard.OK


def _listing(found: "Synthesis") -> str:
    """Return a line a file that is not as it was asked for, sorted by path."""
    return "".join(
        f"{change.state.value:<9} {found.directory / change.path}\n"
        for change in found.changes
        if change.state.value != "same"
    )


def _refusal(found: "Synthesis") -> str:
    count = len(found.conflicts)
    files = "1 file is" if count == 1 else f"{count} files are"
    return (
        f"nothing written: {files} not as hubwright wrote it, and the design asks for something "
        "else there; move the change elsewhere, or overwrite it with --force"
    )


def _summary(found: "Synthesis", environment: str) -> str:
    if found.is_current:
        return f"{found.directory} is current"
    return (
        f"wrote {found.directory}; next: terraform -chdir={found.directory} init "
        f"-backend-config=environments/{environment}.tfbackend"
    )
