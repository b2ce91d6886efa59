"""The README shows what hubwright prints, and names what exists."""

import re
from pathlib import Path

from hubwright.diagnostics.render import render
from hubwright.engines.verify.check import check
from hubwright.sources.design import REFERENCE, read_design

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
LINE = '    - {name: internet, from: [aks/VmSubnet], to: ["*"], protocol: TCP, ports: ["*"]}'


def test_the_diagnostic_is_what_check_prints():
    text = f"{REFERENCE.rstrip()}\n{LINE}\n"
    estate, problems = read_design("estate.yaml", text)
    assert estate is not None
    assert problems == []
    found = [finding for finding in check(estate) if finding.code == "AFW001"]

    printed = render("text", found, {"estate.yaml": text})

    assert LINE.strip() in README
    assert printed.strip() in README


def test_every_relative_link_leads_to_something():
    pages = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]
    broken = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|#|mailto:)([^)#\s]+)", page.read_text())
        if not (page.parent / target).exists()
    ]

    assert broken == []


def test_every_command_of_the_readme_exists():
    blocks = "\n".join(re.findall(r"```console\n(.*?)```", README, re.DOTALL))
    commands = re.findall(r"^(?:\$ )?hubwright (\w+)", blocks, re.MULTILINE)
    pages = {page.stem for page in (ROOT / "docs/commands").glob("*.md")}

    assert commands
    assert set(commands) <= pages
