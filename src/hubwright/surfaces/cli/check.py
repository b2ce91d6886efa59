"""`hubwright check`."""

import os
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path

import click
from click.core import ParameterSource

from hubwright.diagnostics.diagnostic import Severity
from hubwright.diagnostics.render import FORMATS, render_report
from hubwright.diagnostics.render.report import Claim, Report, claimed, summary
from hubwright.diagnostics.suppression import Outcome, suppress
from hubwright.semantics.assumptions import Assumptions
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.reading import Reading, estate_argument, find, read
from hubwright.surfaces.cli.selection import Selection, codes_option
from hubwright.surfaces.cli.tags import service_tags_option, with_tags
from hubwright.surfaces.cli.terminal import Terminal, output_option, with_terminal


@click.command("check", context_settings=SETTINGS)
@estate_argument
@click.option(
    "--output",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Format of the findings.",
)
@output_option
@codes_option("--select", "Only these rules or families (ROUTE001, AFW).")
@codes_option("--ignore", "Not these rules or families.")
@click.option(
    "--fail-on",
    type=click.Choice([item.value for item in Severity]),
    default=Severity.ERROR.value,
    show_default=True,
    help="Exit with 1 from this severity on.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The day that retirements are judged by, like 2027-01-31; default today.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--show-ignored", is_flag=True, help="Also show what comments ignore, and why.")
@service_tags_option
@click.option("--statistics", is_flag=True, help="Count findings by rule (text or json).")
@with_terminal
def command(
    estate: Path | None,
    file: Path | None,
    output: str,
    output_file: Path | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: str,
    as_of: datetime | None,
    exit_zero: bool,
    show_ignored: bool,
    service_tags: Path | None,
    statistics: bool,
    terminal: Terminal,
) -> int:
    """
    Find what is wrong with a design.

    A Terraform plan is as good as a design: what `terraform show -json plan.tfplan` writes, of any
    configuration of azurerm. Findings then point at resource addresses.
    Findings go to stdout, a summary to stderr. The exit code is 0 when nothing is as bad as
    --fail-on, 1 when something is, 2 when the design cannot be used.

    A comment `# hubwright: ignore[CODE] reason`, on the line of a finding or alone on the line
    above, turns the finding off.
    """
    if statistics and output not in ("text", "json"):
        raise click.UsageError("--statistics comes as text or json")
    selection = Selection.of(select, ignore)
    reading = read(find(estate, file), terminal)
    day = (as_of or datetime.now(UTC)).date().isoformat()
    assumptions = with_tags(service_tags)
    outcome = _look(reading, selection, assumptions, day, terminal)
    paint = terminal.paint(output_file)
    report = Report(
        diagnostics=outcome.diagnostics,
        sources=reading.sources,
        ignored=outcome.ignored if show_ignored else (),
        titles=selection.titles,
        claims=_claims(reading, assumptions),
        color=paint.color,
        links=paint.links,
    )
    terminal.result(
        _statistics(output, report) if statistics else render_report(output, report), output_file
    )
    _annotate(report)
    terminal.say(_summary(reading, outcome))
    if report.claims:
        terminal.say(claimed(report.claims))
    if reading.estate is None:
        return guard.FAILED
    worst = max((item.severity.rank for item in outcome.diagnostics), default=-1)
    failed = worst >= Severity(fail_on).rank and not exit_zero
    return guard.FINDINGS if failed else guard.OK


def _look(
    reading: Reading, selection: Selection, assumptions: Assumptions, as_of: str, terminal: Terminal
) -> Outcome:
    """Run the rules; what keeps a design from being used is neither selected nor ignored."""
    if reading.estate is None:
        return Outcome(reading.diagnostics, ())
    from hubwright.engines.verify.check import check

    began = time.perf_counter()
    found = [*reading.diagnostics, *check(reading.estate, assumptions, as_of)]
    terminal.detail(f"{len(selection.titles)} rules in {time.perf_counter() - began:.2f} s")
    outcome = suppress(found, reading.sources)
    return Outcome(
        tuple(item for item in outcome.diagnostics if selection.has(item.code)),
        tuple(item for item in outcome.ignored if selection.has(item.diagnostic.code)),
    )


def _claims(reading: Reading, assumptions: Assumptions) -> tuple[Claim, ...]:
    """Return the intents as the rules judged them."""
    if reading.estate is None or not reading.estate.intents:
        return ()
    from hubwright.engines.verify.case import Case
    from hubwright.engines.verify.intents import judge

    return tuple(
        Claim(
            name=item.intent.name,
            claim=item.intent.claim,
            verdict=item.answer.verdict.value,
            reason=item.answer.reason,
            origin=item.intent.origin,
        )
        for item in judge(Case(reading.estate, assumptions))
    )


def _statistics(form: str, report: Report) -> str:
    module = import_module(f"hubwright.diagnostics.render.{form}")
    text = module.statistics(report)
    return str(text)


def _annotate(report: Report) -> None:
    """On a build agent, also write what its web page shows, unless a format was asked for."""
    context = click.get_current_context()
    if context.get_parameter_source("output") is not ParameterSource.DEFAULT or sys.stdout.isatty():
        return
    for variable, form in (("GITHUB_ACTIONS", "github"), ("TF_BUILD", "azure")):
        if os.environ.get(variable, "").lower() == "true":
            click.echo(render_report(form, report), nl=False)


def _summary(reading: Reading, outcome: Outcome) -> str:
    text = f"{reading.path}: {summary(outcome.diagnostics)}"
    if outcome.ignored:
        text += f", {len(outcome.ignored)} ignored"
    return text
