"""
The way into the command line.

`--help` and `--version` are answered before click is imported, which takes several times as long
as Python itself; a test holds the text against what click would print.
"""

import gc
import os
import sys


def run() -> None:
    """
    Run the command line with this process's arguments, and exit.

    A command ends before garbage in cycles could matter, so the collector looks seldom; and
    pydantic is kept from looking for plugins among all packages that are installed.
    """
    gc.set_threshold(200_000, 50, 100)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    argv = sys.argv[1:]
    if argv in (["--help"], ["-h"]):
        from hubwright.surfaces.cli.help_text import HELP

        sys.stdout.write(HELP)
    elif argv in (["--version"], ["-V"]):
        from hubwright import __version__

        sys.stdout.write(f"hubwright {__version__}\n")
    else:
        from hubwright.surfaces.cli.guard import guarded, leave

        leave(guarded(argv))
