"""The example designs, and what a repository with their files looks like."""

import shutil
from functools import cache
from pathlib import Path

from hubwright.engines.delivery import files
from hubwright.model.estate import Estate
from hubwright.sources.design import load_design

ESTATES = Path(__file__).parents[3] / "estates"
NAMES = sorted(path.parent.name for path in ESTATES.glob("*/estate.yaml"))


_TO_API_SERVER = """
egress:
  fqdns:
    - {name: agents-to-api-server, from: [aks/VmSubnet], to: ["*.hcp.eastus2.azmk8s.io"]}
"""


@cache
def estate(name: str) -> Estate:
    """Return an example's estate."""
    return load(ESTATES / name / "estate.yaml")


def load(design: Path) -> Estate:
    """Return a design's estate, which must be flawless."""
    found, problems = load_design(design)
    assert found is not None, problems
    return found


@cache
def with_agent(name: str, where: Path) -> Estate:
    """Return an example's estate with one self-hosted agent, if it has none."""
    text = (ESTATES / name / "estate.yaml").read_text()
    if "\nagents:" not in text:
        text += "\nagents: [{}]\n"
    if name == "public-cluster":
        text += _TO_API_SERVER
    path = where / f"{name}.yaml"
    path.write_text(text)
    return load(path)


@cache
def delivered(name: str) -> dict[str, str]:
    """Return the files of an example."""
    return files(estate(name))


def repository(where: Path, name: str = "reference") -> Path:
    """Write a repository that delivers an example to three environments."""
    for path, text in delivered(name).items():
        target = where / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)
    for environment in ("test", "staging", "production"):
        (where / "environments" / environment).mkdir(parents=True)
        shutil.copy(ESTATES / name / "estate.yaml", where / "environments" / environment)
    return where
