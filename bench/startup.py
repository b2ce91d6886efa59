"""
`hubwright --help` against bare Python, `check` against its libraries: python bench/startup.py

`check` is timed twice: of a design that was read before, as whoever works on a network runs it
again and again, and of one that was not, where reading it is most of the time.
"""

import os
import sys
import tempfile
from pathlib import Path

from ratio import compare, show


def main() -> None:
    python = sys.executable
    hubwright = str(Path(python).with_name("hubwright"))
    show(
        "hubwright --help / python -c pass",
        *compare([hubwright, "--help"], [python, "-c", "pass"]),
        1.6,
    )
    design = str(Path(__file__).parents[1] / "estates" / "reference" / "estate.yaml")
    check = [hubwright, "check", "-q", design]
    libraries = [python, "-c", "import click, pydantic, yaml"]
    with tempfile.TemporaryDirectory() as place:
        os.environ["HUBWRIGHT_CACHE_DIR"] = place
        show(
            "hubwright check of the reference estate / import click, pydantic, yaml",
            *compare(check, libraries),
            2,
        )
    os.environ["HUBWRIGHT_CACHE_DIR"] = ""
    show("the same, of a design never read before", *compare(check, libraries))


if __name__ == "__main__":
    main()
