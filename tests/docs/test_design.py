"""The page of the design is the schema's, and every example estate is on the gallery's page."""

import os
from pathlib import Path

import pytest

from design_reference import reference
from hubwright.sources.design import json_schema

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "design.md"
GALLERY = (ROOT / "estates" / "README.md").read_text()
ESTATES = sorted((ROOT / "estates").glob("*/estate.yaml"))


def test_the_page_of_the_design_is_fresh():
    written = reference()
    if os.environ.get("HUBWRIGHT_UPDATE_GOLDEN") == "1":
        PAGE.write_text(written, encoding="utf-8")

    assert PAGE.read_text(encoding="utf-8") == written


def test_every_key_of_the_design_is_on_its_page():
    page = PAGE.read_text(encoding="utf-8")
    schema = json_schema()

    for node in (schema, *schema["$defs"].values()):
        assert all(f"| `{key}` |" in page for key in node.get("properties", {}))


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: path.parent.name)
def test_every_estate_is_in_the_gallery(path: Path):
    assert f"({path.parent.name}/estate.yaml)" in GALLERY


def test_every_option_is_used_by_an_estate():
    text = "\n".join(path.read_text() for path in ESTATES)
    properties = json_schema()["properties"]

    assert [key for key in properties if f"\n{key}:" not in f"\n{text}" and key != "cloud"] == []
