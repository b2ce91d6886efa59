"""The option for a list of service tags, and the assumptions that it makes."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import click

from hubwright.errors import UsageError
from hubwright.semantics.assumptions import DEFAULTS, Assumptions


def service_tags_option(function: Callable[..., int]) -> Callable[..., int]:
    """Add --service-tags, a file."""
    return click.option(
        "--service-tags",
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="What service tags stand for: Microsoft's weekly JSON. Without it they are opaque.",
    )(function)


def with_tags(path: Path | None, assumptions: Assumptions = DEFAULTS) -> Assumptions:
    """
    Return assumptions that know what service tags stand for, if a list is given.

    Raises:
        UsageError: the file cannot be read, or is no such list.
    """
    if path is None:
        return assumptions
    from hubwright.sources.service_tags import read_service_tags

    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"cannot read {path}: it is not UTF-8 text") from error
    except OSError as error:
        raise UsageError(f"cannot read {path}: {(error.strerror or '').lower()}") from error
    return replace(assumptions, service_tags=read_service_tags(str(path), text))
