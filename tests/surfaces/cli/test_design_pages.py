"""
The pages of rules about the file itself are tests too, put to the command.

HUBWRIGHT_UPDATE_GOLDEN=1 writes the output blocks.
"""

import json
import os
import re
from pathlib import Path

import pytest

from hubwright.diagnostics.suppression import TITLES

PAGES = Path(__file__).parents[3] / "docs" / "rules"
CODES = sorted(path.stem for path in PAGES.glob("DESIGN*.md"))
BLOCK = re.compile(r"```(?P<kind>[a-z]+(?: [a-z]+)?)\n(?P<body>.*?)```", re.DOTALL)


def blocks(code: str) -> dict[str, str]:
    return {m["kind"]: m["body"] for m in BLOCK.finditer((PAGES / f"{code}.md").read_text())}


@pytest.mark.parametrize("code", CODES)
def test_the_bad_design_gives_exactly_the_output_of_the_page(run, here, code):
    page = blocks(code)
    (here / "estate.yaml").write_text(page.get("yaml refused") or page["yaml bad"])

    actual = run("check", "--select", "DESIGN").out.rstrip("\n") + "\n"
    found = json.loads(run("check", "--select", "DESIGN", "--output", "json").out)["diagnostics"]

    if os.environ.get("HUBWRIGHT_UPDATE_GOLDEN") == "1":
        path = PAGES / f"{code}.md"
        old = re.compile(r"```text\n.*?```", re.DOTALL)
        path.write_text(old.sub(lambda _: f"```text\n{actual}```", path.read_text()))
    assert blocks(code)["text"] == actual
    assert [item["code"] for item in found] == [code]


@pytest.mark.parametrize("code", CODES)
def test_the_good_design_has_no_such_finding(run, here, code):
    (here / "estate.yaml").write_text(blocks(code)["yaml good"])

    result = run("check", "--output", "json")
    worse = [d for d in json.loads(result.out)["diagnostics"] if d["severity"] != "info"]

    assert [(item["code"], item["message"]) for item in worse] == []


@pytest.mark.parametrize("code", CODES)
def test_the_page_opens_with_title_and_severity(run, here, code):
    page = blocks(code)
    (here / "estate.yaml").write_text(page.get("yaml refused") or page["yaml bad"])
    found = json.loads(run("check", "--select", "DESIGN", "--output", "json").out)["diagnostics"]
    first, _, third = (PAGES / f"{code}.md").read_text().split("\n")[:3]

    assert first.startswith(f"# {code}: ")
    assert third == f"Severity: {found[0]['severity']}"
    assert code not in TITLES or first == f"# {code}: {TITLES[code]}"


def test_every_code_of_the_design_reader_has_a_page():
    sources = Path(__file__).parents[3] / "src" / "hubwright" / "sources" / "design"
    used = {
        code for f in sources.glob("*.py") for code in re.findall(r"DESIGN\d{3}", f.read_text())
    }

    assert used | set(TITLES) == set(CODES)
