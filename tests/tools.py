"""Linters of the dev group: they are installed beside this interpreter."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def path(name: str) -> str:
    """Return where a tool is."""
    return str(Path(sys.executable).with_name(name))


def run(name: str, arguments: Sequence[str | Path], text: str | None = None) -> str:
    """Run a tool; return what it says, "" when it is content."""
    command = [path(name), *map(str, arguments)]
    seen = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    said = seen.stdout + seen.stderr
    return said if seen.returncode else ""
