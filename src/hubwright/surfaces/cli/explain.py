"""`hubwright explain`."""

from difflib import get_close_matches

import click

from hubwright.errors import UsageError
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.completion import complete_rule
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.rules import known_rules, page
from hubwright.surfaces.cli.terminal import Terminal, with_terminal


@click.command("explain", context_settings=SETTINGS)
@click.argument("code", required=False, shell_complete=complete_rule)
@with_terminal
def command(code: str | None, terminal: Terminal) -> int:
    """
    Show the page of a rule.

    Without a CODE, list all rules.
    """
    if code is None:
        terminal.result(_listing())
        return guard.OK
    wanted = code.strip().upper()
    text = page(wanted)
    if text is not None:
        terminal.result(text)
        return guard.OK
    rule = known_rules().get(wanted)
    if rule is not None:
        terminal.result(f"# {rule.code}: {rule.title}\n")
        return guard.OK
    near = get_close_matches(wanted, known_rules(), n=3)
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    raise UsageError(f"no rule is called `{code}`{hint}\n`hubwright explain` lists all")


def _listing() -> str:
    rules = known_rules().values()
    return "".join(f"{r.code:<10} {r.severity:<8} {r.title}".rstrip() + "\n" for r in rules)
