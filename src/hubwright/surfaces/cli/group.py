"""The group of commands; each is imported when it is asked for."""

from importlib import import_module

import click

from hubwright import __version__

SECTIONS: dict[str, dict[str, str]] = {
    "A design": {
        "init": "Write a design to start from.",
        "check": "Find what is wrong with a design.",
        "diff": "Show what a change does, packet by packet.",
        "trace": "Follow one flow through the network, out and back.",
        "reach": "Show everything that one place can reach in another.",
        "graph": "Draw the network.",
        "explain": "Show the page of a rule.",
        "synth": "Write the Terraform of a design.",
    },
    "The network on this machine": {
        "up": "Run the network on this machine, and probe it.",
        "status": "Show what runs.",
        "exec": "Run a command at a node.",
        "capture": "Write a node's packets as pcap.",
        "logs": "Show the firewall's log.",
        "down": "Take the network down.",
    },
}
COMMANDS = {name: text for section in SECTIONS.values() for name, text in section.items()}
SETTINGS = {"help_option_names": ["-h", "--help"], "terminal_width": 80}


class LazyGroup(click.Group):
    """Imports `surfaces.cli.<name>` for the command `<name>`, and no other."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names, in the order of the help."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module = import_module(f"hubwright.surfaces.cli.{cmd_name}")
        command = module.command
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command of the first argument, or name near ones."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-") and not ctx.resilient_parsing:
            from difflib import get_close_matches

            near = get_close_matches(name, COMMANDS, n=2)
            hint = f"; did you mean {' or '.join(f'`{word}`' for word in near)}?" if near else ""
            raise click.UsageError(f"no command is called `{name}`{hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands in their sections, without importing them."""
        del ctx
        for section, commands in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl(list(commands.items()))


@click.group(
    cls=LazyGroup,
    context_settings={**SETTINGS, "auto_envvar_prefix": "HUBWRIGHT"},
    epilog="Every option can be set as HUBWRIGHT_<COMMAND>_<OPTION> in the environment.",
)
@click.version_option(
    __version__, "-V", "--version", prog_name="hubwright", message="%(prog)s %(version)s"
)
def hubwright() -> None:
    """Design, prove and run a private AKS cluster behind Azure Firewall."""
