"""`hubwright --help` against bare Python: python bench/startup.py"""

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


if __name__ == "__main__":
    main()
