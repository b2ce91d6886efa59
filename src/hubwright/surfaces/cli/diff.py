"""`hubwright diff`."""

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hubwright.errors import HubwrightError
from hubwright.model.estate import Estate
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.reading import find, require
from hubwright.surfaces.cli.tags import with_tags
from hubwright.surfaces.cli.terminal import Terminal, output_option, with_terminal

if TYPE_CHECKING:
    from hubwright.engines.verify.difference import Comparison

FORMATS = ("text", "json", "markdown")
CHANGED, FAILED_IN_DETAIL = 2, 1
"""Exit codes of --detailed-exitcode, as Terraform's."""


@click.command("diff", context_settings=SETTINGS)
@click.argument("estates", nargs=-1, type=click.Path(path_type=Path), metavar="OLD NEW | PLAN")
@click.option(
    "--service-tags",
    nargs=2,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="OLD NEW",
    help="Two of Microsoft's weekly lists: what the newer one opens and closes.",
)
@click.option(
    "--output",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Format of the comparison.",
)
@output_option
@click.option(
    "--detailed-exitcode",
    is_flag=True,
    help="Exit with 0 when nothing differs, 1 on errors, 2 when something does.",
)
@with_terminal
def command(
    estates: tuple[Path, ...],
    service_tags: tuple[Path, Path] | None,
    output: str,
    output_file: Path | None,
    detailed_exitcode: bool,
    terminal: Terminal,
) -> int:
    """
    Show what a change does, packet by packet.

    OLD and NEW are two designs or plans; a plan alone is compared with what is there now. Shown
    are the resources that differ, and exactly which packets are let through, stopped or sent
    another way than before, with the rule that does it and a flow walked through both.
    """
    try:
        comparison = _comparison(estates, service_tags, terminal)
    except HubwrightError as error:
        if not detailed_exitcode:
            raise
        guard.say(str(error))
        return FAILED_IN_DETAIL
    if output == "text":
        from hubwright.surfaces.report import diff_text

        color = terminal.paint(output_file).color
        terminal.result(diff_text.render(comparison, color=color), output_file)
    else:
        module = import_module(f"hubwright.surfaces.report.diff_{output}")
        terminal.result(module.render(comparison), output_file)
    return CHANGED if detailed_exitcode and not comparison.is_same else guard.OK


def _comparison(
    estates: tuple[Path, ...], service_tags: tuple[Path, Path] | None, terminal: Terminal
) -> "Comparison":
    from hubwright.engines.verify.difference import compare

    before, after = _sides(estates, terminal, alone=service_tags is not None)
    old_tags, new_tags = service_tags or (None, None)
    is_plan_alone = len(estates) == 1 and service_tags is None
    return compare(
        before,
        after,
        with_tags(old_tags),
        with_tags(new_tags),
        _replaced(estates[0]) if is_plan_alone else frozenset(),
    )


def _replaced(plan: Path) -> frozenset[str]:
    from hubwright.sources.terraform import replaced

    return replaced(plan.read_text(encoding="utf-8-sig"))


def _sides(
    estates: tuple[Path, ...], terminal: Terminal, *, alone: bool
) -> tuple[tuple[str, Estate], tuple[str, Estate]]:
    """Return the two estates with their names; with tag lists, one estate stands for both."""
    if alone:
        if len(estates) > 1:
            raise click.UsageError("--service-tags compares two lists on one estate")
        path = find(*estates)
        estate = require(path, terminal)
        return (str(path), estate), (str(path), estate)
    if len(estates) == 1:
        (plan,) = estates
        if str(plan) == "-":
            raise click.UsageError("a plan alone is read for both sides; name its file")
        old = require(plan, terminal, before=True)
        return (f"{plan} before", old), (f"{plan} after", require(plan, terminal))
    if len(estates) != 2:
        raise click.UsageError("give OLD and NEW, or one plan")
    before, after = (find(path) for path in estates)
    return (str(before), require(before, terminal)), (str(after), require(after, terminal))
