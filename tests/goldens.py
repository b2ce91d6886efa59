"""Expected output in files: HUBWRIGHT_UPDATE_GOLDEN=1 rewrites them, `git diff` reviews them."""

import os
from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def assert_golden(name: str, actual: str) -> None:
    """Hold text against tests/golden/<name>."""
    path = GOLDEN / name
    if os.environ.get("HUBWRIGHT_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(actual, encoding="utf-8")
    expected = path.read_text(encoding="utf-8")

    assert actual == expected
