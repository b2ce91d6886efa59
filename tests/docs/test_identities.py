"""The page on identities names every role that any example estate gives, and no other."""

import re
from pathlib import Path

from hubwright.sources.design import load_design

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "concepts" / "identities.md").read_text()
ROWS = [line.split("|")[2].strip() for line in PAGE.splitlines() if re.match(r"\| .*\|", line)]


def test_the_page_names_every_role_and_no_other():
    given = set()
    for path in sorted((ROOT / "estates").glob("*/estate.yaml")):
        estate, problems = load_design(path)
        assert problems == []
        assert estate is not None
        given |= {item.role_definition_name for item in estate.role_assignments}

    assert set(ROWS) - {"role"} == given
