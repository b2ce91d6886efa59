"""The one place that turns what went wrong into a message and an exit code."""

import contextlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from hubwright import __version__
from hubwright.errors import HubwrightError

OK, FINDINGS, FAILED, INTERRUPTED = 0, 1, 2, 130
ISSUES = "https://github.com/hubwright/hubwright/issues/new"


def guarded(argv: Sequence[str]) -> int:
    """Run a command line; return its exit code, whatever happens."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, ValueError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    try:
        code = _run(argv)
        sys.stdout.flush()
    except BrokenPipeError:
        return _nobody_reads()
    return code


def leave(code: int) -> NoReturn:
    """End the process at once: to take an estate apart first is a tenth of a short command."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            stream.flush()
    os._exit(code)


def _run(argv: Sequence[str]) -> int:
    from hubwright.surfaces.cli.group import hubwright

    try:
        code = hubwright.main(list(argv), prog_name="hubwright", standalone_mode=False)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return FAILED
    except click.ClickException as error:
        _complain(error)
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except HubwrightError as error:
        say(str(error))
        return FAILED
    except BrokenPipeError:
        raise
    except OSError as error:
        say(_file_trouble(error))
        return FAILED
    except Exception as error:  # noqa: BLE001  a bug must not reach the user as a traceback
        _bug(error, argv)
        return FAILED
    return code if isinstance(code, int) else OK


def _complain(error: click.ClickException) -> None:
    say(error.format_message())
    context = getattr(error, "ctx", None)
    if isinstance(context, click.Context):
        click.echo(f"\n{context.get_usage()}", err=True)
        click.echo(f"Try '{context.command_path} --help'.", err=True)


def say(message: str) -> None:
    """Write an error to stderr, and its traceback where HUBWRIGHT_DEBUG asks for it."""
    from hubwright.diagnostics.render.ansi import BOLD, RED, Paint, safe
    from hubwright.surfaces.cli.terminal import wants_color

    paint = Paint(wants_color("auto", sys.stderr))
    click.echo(f"{paint('error', RED, BOLD)}: {safe(message)}", err=True, color=True)
    if os.environ.get("HUBWRIGHT_DEBUG") == "1":
        _show(sys.exception())


def _show(error: BaseException | None) -> None:
    import traceback

    traceback.print_exception(error)


def _file_trouble(error: OSError) -> str:
    reason = (error.strerror or str(error)).lower()
    return f"{error.filename}: {reason}" if error.filename else reason


def _bug(error: Exception, argv: Sequence[str]) -> None:
    import platform
    import shlex

    lines = [
        f"error: a bug in hubwright: {type(error).__name__}: {error}",
        f"  version   hubwright {__version__}, Python {platform.python_version()}",
        f"  platform  {platform.platform()}",
        f"  command   {shlex.join(['hubwright', *argv])}",
        f"Report these lines, with the design if you can: {ISSUES}",
        "HUBWRIGHT_DEBUG=1 shows where it happened.",
    ]
    click.echo("\n".join(lines), err=True)
    if os.environ.get("HUBWRIGHT_DEBUG") == "1":
        _show(error)


def _nobody_reads() -> int:
    """Let the rest of the output go nowhere; whoever read it has seen enough."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    return OK
