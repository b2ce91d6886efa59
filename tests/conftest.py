"""What every test shares: a place of its own for running twins, and one Terraform."""

import os
from collections.abc import Iterator

import pytest

import terraforming
from hubwright.catalogue.retirements import AS_OF
from hubwright.sources.remembered import VARIABLE


@pytest.fixture(autouse=True)
def the_day_of_the_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Judge retirements by the day on which their table was checked, whenever tests run."""
    monkeypatch.setenv("HUBWRIGHT_CHECK_AS_OF", AS_OF)


@pytest.fixture(scope="session", autouse=True)
def own_runtime_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep this worker's twins apart from another's, and from a person's own."""
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = str(tmp_path_factory.mktemp("runtime"))
    yield
    if before is None:
        del os.environ["XDG_RUNTIME_DIR"]
    else:
        os.environ["XDG_RUNTIME_DIR"] = before


@pytest.fixture(scope="session", autouse=True)
def own_cache_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep estates that this worker read apart from a person's own."""
    before = os.environ.get(VARIABLE)
    os.environ[VARIABLE] = str(tmp_path_factory.mktemp("cache"))
    yield
    if before is None:
        del os.environ[VARIABLE]
    else:
        os.environ[VARIABLE] = before


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = terraforming.missing()
    if reason is not None:
        for item in items:
            if item.get_closest_marker("terraform") is not None:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[terraforming.Terraform]:
    """Give this worker's copy of `terraform/`, with stand-ins for the providers."""
    own = tmp_path_factory.getbasetemp()
    shared = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    with terraforming.terraform(tmp_path_factory.mktemp("terraform"), shared / "plans") as found:
        yield found
