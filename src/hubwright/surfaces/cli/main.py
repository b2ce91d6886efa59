"""
The way into the command line.

`--help` and `--version` are answered before click is imported, which takes several times as long
as Python itself; a test holds the text against what click would print.
"""

import sys


def run() -> None:
    """Run the command line with this process's arguments, and exit."""
    argv = sys.argv[1:]
    if argv in (["--help"], ["-h"]):
        from hubwright.surfaces.cli.help_text import HELP

        sys.stdout.write(HELP)
    elif argv in (["--version"], ["-V"]):
        from hubwright import __version__

        sys.stdout.write(f"hubwright {__version__}\n")
    else:
        from hubwright.surfaces.cli.guard import guarded

        sys.exit(guarded(argv))
