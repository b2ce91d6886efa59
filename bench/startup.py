"""`hubwright --help` against bare Python, `check` against its libraries: python bench/startup.py"""

import sys
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
    show(
        "hubwright check of the reference estate / import click, pydantic, yaml",
        *compare(
            [hubwright, "check", "-q", design], [python, "-c", "import click, pydantic, yaml"]
        ),
        2,
    )


if __name__ == "__main__":
    main()
