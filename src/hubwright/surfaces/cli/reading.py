"""Finds and reads the estate that a command is about."""

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO

import click

from hubwright.diagnostics.diagnostic import Diagnostic, Severity
from hubwright.errors import UsageError
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.sources.remembered import Memory
from hubwright.surfaces.cli.terminal import Terminal

NAMES = ("estate.yaml", "estate.yml")
LARGEST = 16 << 20
"""Octets of a design that are read at most: an endless device must not fill the memory."""
LARGEST_PLAN = 1 << 30
"""Octets of a Terraform plan that are read at most."""
_HEAD = 1 << 16

file_option = click.option(
    "-f",
    "--file",
    "--from",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help=(
        "The design, or a Terraform plan as JSON; otherwise estate.yaml here, or in a parent up "
        "to the repository's root."
    ),
)


def estate_argument(function: Callable[..., int]) -> Callable[..., int]:
    """Add the design or plan as an argument, which may also be given as -f."""
    return click.argument(
        "estate", required=False, type=click.Path(path_type=Path), metavar="[ESTATE]"
    )(file_option(function))


@dataclass(frozen=True, slots=True)
class Reading:
    """A design or plan that was read: its estate, if it has one, and what is wrong with it."""

    path: Path
    estate: Estate | None
    diagnostics: tuple[Diagnostic, ...]
    sources: Mapping[str, str]


def find(*given: Path | None, start: Path | None = None) -> Path:
    """
    Return the design to read.

    Args:
        given: What the user named, as argument or option; a directory means the design in it.
        start: Where to look when nothing was named; the working directory by default.

    Raises:
        UsageError: two different files were named, none was found, or several lie side by side.
    """
    named = {path for path in given if path is not None}
    if len(named) > 1:
        raise UsageError("two designs are named; give one, as argument or as --file")
    if named:
        path = named.pop()
        found = _in(path) if path.is_dir() else path
        if found is None:
            raise UsageError(f"{path} is a directory without an {NAMES[0]}")
        return found
    here = (start or Path.cwd()).absolute()
    for depth, directory in enumerate(_upwards(here)):
        found = _in(directory)
        if found is not None:
            return Path(*[".."] * depth, found.name)
    raise UsageError(
        f"no {NAMES[0]} here or in a parent up to the repository's root; "
        "name one with --file, or write one with `hubwright init`"
    )


def _upwards(here: Path) -> list[Path]:
    """Return a directory and its parents up to the repository's root; outside of one, only it."""
    chain = [here, *here.parents]
    for depth, directory in enumerate(chain):
        if (directory / ".git").exists():
            return chain[: depth + 1]
    return [here]


def _in(directory: Path) -> Path | None:
    found = [directory / name for name in NAMES if (directory / name).is_file()]
    if len(found) > 1:
        listed = "\n".join(f"  {path}" for path in found)
        raise UsageError(f"several designs, name one with --file:\n{listed}")
    return found[0] if found else None


def read(path: Path, terminal: Terminal, *, before: bool = False) -> Reading:
    """
    Read a design, or a Terraform plan, whichever is in the file; `-` is stdin.

    Args:
        path: The file.
        terminal: Where to say what is being done.
        before: Of a plan, read what is there before it is applied; a design has no such state.

    Raises:
        UsageError: the file cannot be read, or is larger than any design or plan.
    """
    from hubwright.sources.detection import is_plan

    name = "<stdin>" if str(path) == "-" else str(path)
    try:
        raw = _bytes(path, is_plan)
    except OSError as error:
        raise UsageError(f"cannot read {path}: {(error.strerror or '').lower()}") from error
    plan = is_plan(raw)
    if before and not plan:
        raise UsageError(f"{path} is no plan, and has no state before; name OLD and NEW")
    sources = {} if plan else _text(name, raw)
    if not plan and not sources:
        return _not_text(path)
    memory = Memory.of_user()
    key = memory.key(name, raw, before=before)
    kept = memory.recall(key)
    if kept is not None:
        terminal.detail(f"{path} was read before, and has not changed")
        return Reading(path, *kept, sources)
    terminal.detail(f"reading {path}")
    estate, diagnostics = _read_plan(name, raw, before) if plan else _read_design(name, sources)
    if estate is not None:
        memory.keep(key, estate, tuple(diagnostics))
    return Reading(path, estate, tuple(diagnostics), sources)


def _text(name: str, raw: bytes) -> dict[str, str]:
    """Return the text of a design by its name; nothing where it is no text."""
    try:
        return {name: raw.decode("utf-8").removeprefix("\ufeff")}
    except UnicodeDecodeError:
        return {}


def _not_text(path: Path) -> Reading:
    from hubwright.sources.design import load_design

    if not path.is_file():
        raise UsageError(f"cannot read {path}: it is not UTF-8 text")
    estate, diagnostics = load_design(path)
    return Reading(path, estate, tuple(diagnostics), {})


def _read_plan(name: str, raw: bytes, before: bool) -> tuple[Estate | None, list[Diagnostic]]:
    from hubwright.sources.terraform import read_bytes

    return read_bytes(name, raw, before=before)


def _read_design(name: str, sources: Mapping[str, str]) -> tuple[Estate | None, list[Diagnostic]]:
    from hubwright.sources.design import read_design

    return read_design(name, sources[name])


def _bytes(path: Path, is_plan: Callable[[bytes], bool]) -> bytes:
    """Return what a file or pipe holds; it is read once, since a pipe has it only once."""
    if str(path) == "-":
        return _up_to_limit(path, sys.stdin.buffer, is_plan)
    with path.open("rb") as file:
        return _up_to_limit(path, file, is_plan)


def _up_to_limit(path: Path, file: BinaryIO, is_plan: Callable[[bytes], bool]) -> bytes:
    head = file.read(_HEAD)
    what, limit = ("plan", LARGEST_PLAN) if is_plan(head) else ("design", LARGEST)
    raw = head + file.read(limit + 1 - len(head))
    if len(raw) > limit:
        raise UsageError(f"{path} is larger than {limit >> 20} MiB, and so no {what}")
    return raw


def require(path: Path, terminal: Terminal, *, before: bool = False) -> Estate:
    """
    Return the estate of a design or plan; say on stderr what is wrong when it has none.

    Raises:
        UsageError: it cannot be used.
    """
    reading = read(path, terminal, before=before)
    if reading.estate is not None:
        doubts = sum(item.severity is Severity.WARNING for item in reading.diagnostics)
        if doubts:
            text = f"{path} leaves open what only an apply tells ({doubts})"
            terminal.say(f"{text}; `hubwright check` names it")
        return reading.estate
    complain(reading, terminal)
    raise UsageError(f"{path} describes no network until this is put right")


def complain(reading: Reading, terminal: Terminal) -> None:
    """Write what is wrong with a design or plan to stderr."""
    from hubwright.diagnostics.render import render_report
    from hubwright.diagnostics.render.report import Report

    color = terminal.paint_words.color
    report = Report(diagnostics=reading.diagnostics, sources=reading.sources, color=color)
    click.echo(render_report("text", report), err=True, nl=False, color=True)
