"""`hubwright down`."""

import click

from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import SETTINGS
from hubwright.surfaces.cli.terminal import Terminal, with_terminal
from hubwright.surfaces.cli.twins import estate_name


@click.command("down", context_settings=SETTINGS)
@click.argument("estate", required=False, metavar="[ESTATE]")
@with_terminal
def command(estate: str | None, terminal: Terminal) -> int:
    """
    Take the network down.

    ESTATE is the name or the file of an estate; without it, all your networks go. Works after
    any crash, and leaves nothing behind.
    """
    from hubwright.engines.twin.driver import down

    ended = down(estate_name(estate) if estate is not None else None)
    terminal.say(f"took down {', '.join(ended)}" if ended else "nothing was running")
    return guard.OK
