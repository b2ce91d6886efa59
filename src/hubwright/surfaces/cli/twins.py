"""Finds the running network that a command is about."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hubwright.errors import UsageError
from hubwright.sources.detection import is_plan

if TYPE_CHECKING:
    from hubwright.engines.twin.driver import Twin

_NAME = re.compile(r"^name\s*:\s*(?P<quote>[\"']?)(?P<name>[^\"'#\s]+)(?P=quote)", re.MULTILINE)


def twin_option(function: Callable[..., int]) -> Callable[..., int]:
    """Add the option that says which running network is meant."""
    return click.option(
        "-e",
        "--estate",
        "estate",
        metavar="ESTATE",
        help="Name or file of the estate, where several run.",
    )(function)


def attach(estate: str | None) -> "Twin":
    """
    Return the running twin of an estate, or the only one.

    Raises:
        UsageError: none runs, or several do and none is named.
    """
    from hubwright.engines.twin.driver import Twin

    return Twin.attach(estate_name(estate) if estate is not None else None)


def estate_name(text: str) -> str:
    """
    Return the name of an estate that was given by name or by file.

    Of a design only the name is read, so that one which was broken after `up` can still be taken
    down. A plan is called as its estate is.

    Raises:
        UsageError: the file cannot be read, or has no name.
    """
    from hubwright.engines.twin.state import running_estates

    path = Path(text)
    if text in running_estates():
        return text
    if not path.exists():
        if "/" in text or path.suffix in (".yaml", ".yml"):
            raise UsageError(f"there is no file `{text}`")
        return text
    if path.is_dir():
        from hubwright.surfaces.cli.reading import find

        path = find(path)
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise UsageError(f"cannot read {path}: {(error.strerror or '').lower()}") from error
    if is_plan(raw):
        from hubwright.sources.terraform import read_bytes

        estate, _ = read_bytes(str(path), raw)
        return path.stem if estate is None else estate.name
    found = _NAME.search(raw.decode("utf-8", errors="replace"))
    if found is None:
        raise UsageError(f"{path} has no name; give the name that `hubwright status` shows")
    return found["name"]
