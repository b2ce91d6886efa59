"""Where a command's words go: results to stdout or a file, the rest to stderr."""

import os
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TextIO

import click

from hubwright.diagnostics.render.ansi import Paint
from hubwright.errors import UsageError
from hubwright.lazy_dataclass import dataclass


def wants_color(choice: str, stream: TextIO) -> bool:
    """
    Tell whether to put colour on a stream.

    `always` and `never` decide; otherwise NO_COLOR, then FORCE_COLOR, then whether the stream is
    a terminal. Sources: no-color.org, force-color.org.
    """
    if choice != "auto":
        return choice == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


@dataclass(frozen=True, slots=True)
class Terminal:
    """How much to say, and in which colours."""

    quiet: bool = False
    verbose: bool = False
    color: str = "auto"

    def paint(self, output: Path | None = None) -> Paint:
        """Return the colours of results that go to stdout, or plainly to a file."""
        if not self.to_stdout(output):
            return Paint(color=self.color == "always")
        color = wants_color(self.color, sys.stdout)
        return Paint(color=color, links=color and sys.stdout.isatty())

    @property
    def paint_words(self) -> Paint:
        """Return the colours of what goes to stderr."""
        return Paint(color=wants_color(self.color, sys.stderr))

    @staticmethod
    def to_stdout(output: Path | None) -> bool:
        """Tell whether results go to stdout; `-` is stdout too."""
        return output is None or str(output) == "-"

    def result(self, text: str, output: Path | None = None) -> None:
        """
        Write a result.

        Raises:
            UsageError: the file cannot be written.
        """
        if output is None or self.to_stdout(output):
            click.echo(text, nl=False, color=True)
            return
        try:
            output.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {output}: {(error.strerror or '').lower()}") from error

    def say(self, text: str) -> None:
        """Write progress or a summary, unless asked to be quiet."""
        if not self.quiet:
            click.echo(text, err=True, color=True)

    def detail(self, text: str) -> None:
        """Write what only matters to people who ask for more."""
        if self.verbose:
            click.echo(text, err=True, color=True)


def with_terminal(function: Callable[..., int]) -> Callable[..., int]:
    """Add --quiet, --verbose and --color, and hand them over as the argument `terminal`."""

    @click.option("-q", "--quiet", is_flag=True, help="No progress and no summary.")
    @click.option("-v", "--verbose", is_flag=True, help="Say more on stderr.")
    @click.option(
        "--color",
        type=click.Choice(["auto", "always", "never"]),
        default="auto",
        show_default=True,
        help="Colour; auto also heeds NO_COLOR and FORCE_COLOR.",
    )
    @wraps(function)
    def wrapped(*args: object, quiet: bool, verbose: bool, color: str, **more: object) -> int:
        return function(*args, terminal=Terminal(quiet, verbose, color), **more)

    return wrapped


output_option = click.option(
    "-o",
    "--output-file",
    "output_file",
    type=click.Path(path_type=Path, dir_okay=False, allow_dash=True),
    metavar="FILE",
    help="Write the result to a file instead of stdout.",
)
