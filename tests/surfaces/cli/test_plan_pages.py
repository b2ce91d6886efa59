"""
The pages of rules about Terraform plans are tests too, put to the command.

HUBWRIGHT_UPDATE_GOLDEN=1 writes the output blocks.
"""

import json
import os
import re
from pathlib import Path

import pytest

PAGES = Path(__file__).parents[3] / "docs" / "rules"
SOURCES = Path(__file__).parents[3] / "src" / "hubwright" / "sources" / "terraform"
CODES = sorted(path.stem for path in PAGES.glob("TF*.md"))
BLOCK = re.compile(r"```(?P<kind>[a-z]+(?: [a-z]+)?)\n(?P<body>.*?)```", re.DOTALL)
TEXT = re.compile(r"```text\n.*?```", re.DOTALL)


def blocks(code: str) -> dict[str, str]:
    return {m["kind"]: m["body"] for m in BLOCK.finditer((PAGES / f"{code}.md").read_text())}


def write_bad(code: str, path: Path) -> None:
    page = blocks(code)
    text = page.get("json refused") or page.get("json bad")
    if text is None:
        path.write_bytes(b"PK\x03\x04 what an archive begins with")
    else:
        path.write_text(text)


@pytest.mark.parametrize("code", CODES)
def test_the_bad_plan_gives_exactly_the_output_of_the_page(run, here, code):
    write_bad(code, here / "plan.json")

    actual = run("check", "plan.json", "--select", "TF").out.rstrip("\n") + "\n"
    found = json.loads(run("check", "plan.json", "--select", "TF", "--output", "json").out)

    if os.environ.get("HUBWRIGHT_UPDATE_GOLDEN") == "1":
        path = PAGES / f"{code}.md"
        path.write_text(TEXT.sub(lambda _: f"```text\n{actual}```", path.read_text()))
    assert blocks(code)["text"] == actual
    assert [item["code"] for item in found["diagnostics"]] == [code]


@pytest.mark.parametrize("code", CODES)
def test_the_good_plan_has_no_finding_about_the_file(run, here, code):
    (here / "plan.json").write_text(blocks(code)["json good"])

    found = json.loads(run("check", "plan.json", "--select", "TF", "--output", "json").out)

    assert found["diagnostics"] == []


@pytest.mark.parametrize("code", CODES)
def test_the_page_opens_with_title_and_severity(run, here, code):
    write_bad(code, here / "plan.json")
    found = json.loads(run("check", "plan.json", "--select", "TF", "--output", "json").out)
    first, _, third = (PAGES / f"{code}.md").read_text().split("\n")[:3]

    assert first.startswith(f"# {code}: ")
    assert third == f"Severity: {found['diagnostics'][0]['severity']}"


def test_every_code_of_the_plan_reader_has_a_page():
    used = {code for f in SOURCES.glob("*.py") for code in re.findall(r"TF\d{3}", f.read_text())}

    assert used == set(CODES)
