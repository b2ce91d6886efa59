from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from hubwright.sources.design import REFERENCE
from hubwright.surfaces.cli.guard import guarded


class Result(NamedTuple):
    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """No colour, and no build agent."""
    for name in ("NO_COLOR", "FORCE_COLOR", "GITHUB_ACTIONS", "TF_BUILD", "HUBWRIGHT_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command line in this process."""

    def call(*argv: str) -> Result:
        code = guarded([str(word) for word in argv])
        out, err = capsys.readouterr()
        return Result(code, out, err)

    return call


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def design(here: Path) -> Path:
    """The reference design in the working directory."""
    path = here / "estate.yaml"
    path.write_text(REFERENCE, encoding="utf-8")
    return path
