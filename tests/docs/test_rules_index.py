"""
The index of the rules says what the registry says.

`HUBWRIGHT_UPDATE_GOLDEN=1 pytest tests/docs/test_rules_index.py` writes the table.
"""

import os
from pathlib import Path

from hubwright.engines.verify.rules import all_rules

PAGE = Path(__file__).parents[2] / "docs" / "rules" / "README.md"
BEGIN = "<!-- rules -->\n"


def table() -> str:
    rows = [f"| [{r.code}]({r.code}.md) | {r.severity} | {r.title} |" for r in all_rules()]
    return "\n".join(["| rule | severity | |", "|---|---|---|", *rows]) + "\n"


def test_every_rule_is_in_the_index_with_its_title_and_severity():
    head, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    if os.environ.get("HUBWRIGHT_UPDATE_GOLDEN") == "1":
        PAGE.write_text(head + BEGIN + table(), encoding="utf-8")
        return
    assert rest == table()


def test_every_family_is_explained():
    text = PAGE.read_text(encoding="utf-8")
    for family in sorted({info.family for info in all_rules()}):
        assert f"| `{family}` |" in text
