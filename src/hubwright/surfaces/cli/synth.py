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
    from hubwright.model.estate import Estate


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
@click.option(
    "--delivery",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Also write pipelines, agents and the workload, to this folder: `.` for the repository.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 when something is old.")
@click.option("--force", is_flag=True, help="Overwrite files that were changed.")
@with_terminal
def command(
    estate: Path | None,
    file: Path | None,
    output_directory: Path,
    environment: tuple[str, ...],
    delivery: Path | None,
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
    found = [synthesis(design, output_directory, environment)]
    if delivery is not None:
        found.append(_delivery(design, delivery))
    terminal.result("".join(map(_listing, found)))
    conflicts = sum(len(each.conflicts) for each in found)
    if conflicts and not force:
        terminal.say(_refusal(conflicts))
        return guard.FINDINGS
    if check:
        for each in found:
            terminal.say(f"{each.directory} is {'current' if each.is_current else 'not current'}")
        return guard.OK if all(each.is_current for each in found) else guard.FINDINGS
    for each in found:
        write(each, force=force)
    terminal.say(_summary(found[0], environment[0]))
    for each in found[1:]:
        done = "is current" if each.is_current else "has pipelines, agents and the workload"
        terminal.say(f"{each.directory} {done}")
    return guard.OK


def _delivery(design: "Estate", directory: Path) -> "Synthesis":
    """Compare a folder with the files that deliver a design."""
    from hubwright.engines.delivery import files
    from hubwright.engines.terraform.writer import against

    wanted = {path: text.encode() for path, text in files(design).items()}
    return against(directory, wanted, {})


def _listing(found: "Synthesis") -> str:
    """Return a line a file that is not as it was asked for, sorted by path."""
    return "".join(
        f"{change.state.value:<9} {found.directory / change.path}\n"
        for change in found.changes
        if change.state.value != "same"
    )


def _refusal(count: int) -> str:
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
