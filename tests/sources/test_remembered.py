"""What is kept of estates that were read, against what is read anew."""

import os
import pickle
from pathlib import Path

import pytest

import plans
from hubwright.diagnostics.render import render_report
from hubwright.diagnostics.render.report import Report
from hubwright.engines.verify.check import check
from hubwright.model.estate import Estate
from hubwright.sources import remembered
from hubwright.sources.design import REFERENCE, read_design
from hubwright.sources.remembered import Memory

ESTATES = sorted(Path(__file__, "../../../estates").resolve().glob("*/estate.yaml"))


@pytest.fixture
def memory(tmp_path: Path) -> Memory:
    return Memory(tmp_path / "kept")


def reference() -> Estate:
    estate, problems = read_design("estate.yaml", REFERENCE)
    assert estate is not None
    assert not problems
    return estate


def findings(estate: Estate, name: str, text: str) -> str:
    report = Report(diagnostics=tuple(check(estate)), sources={name: text})
    return str(render_report("text", report))


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: str(path.parent.name))
def test_what_is_recalled_is_what_was_read_and_check_says_the_same(
    path: Path, memory: Memory
) -> None:
    text = path.read_text(encoding="utf-8")
    estate, problems = read_design(path.name, text)
    assert estate is not None
    memory.keep("one", estate, tuple(problems))

    found = memory.recall("one")

    assert found is not None
    assert found == (estate, tuple(problems))
    assert found[0].intents == estate.intents
    for mine, theirs in zip(found[0].resources(), estate.resources(), strict=True):
        if hasattr(theirs, "origin"):
            assert mine.origin == theirs.origin
            assert dict(mine.origin.fields) == dict(theirs.origin.fields)
    assert findings(found[0], path.name, text) == findings(estate, path.name, text)


def test_a_plan_is_kept_with_what_it_leaves_open(memory: Memory) -> None:
    plan = plans.PlanFile().add(
        "azurerm_virtual_network.hub",
        {
            "name": "vnet-hub",
            "location": "westeurope",
            "resource_group_name": plans.LATE,
            "address_space": ["10.0.0.0/16"],
        },
    )
    estate, problems = plans.read_plan("plan.json", plan.text())
    assert estate is not None
    memory.keep("one", estate, tuple(problems))

    assert memory.recall("one") == (estate, tuple(problems))


def test_what_was_derived_is_not_kept(memory: Memory) -> None:
    estate = reference()
    check(estate)
    assert estate.memo
    memory.keep("one", estate, ())

    found = memory.recall("one")

    assert found is not None
    assert not found[0].memo


def test_another_text_name_or_side_has_another_key(memory: Memory) -> None:
    keys = {
        memory.key("estate.yaml", b"name: a", before=False),
        memory.key("estate.yaml", b"name: b", before=False),
        memory.key("other.yaml", b"name: a", before=False),
        memory.key("estate.yaml", b"name: a", before=True),
    }

    assert len(keys) == 4
    assert memory.key("estate.yaml", b"name: a", before=False) in keys


def test_another_state_of_the_readers_has_another_key(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = memory.key("estate.yaml", b"", before=False)
    stamps = list(remembered._stamps())
    assert any(stamp.startswith("/sources/design/expand.py") for stamp in stamps)
    assert any(stamp.startswith("/model/network.py") for stamp in stamps)
    monkeypatch.setattr(remembered, "_stamps", lambda: iter([*stamps[1:], stamps[0] + "1"]))

    assert memory.key("estate.yaml", b"", before=False) != one


class Trap:
    """Runs a command when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> object:
        return (os.mkdir, (str(self.path),))


@pytest.mark.parametrize(
    "octets", [b"", b"no pickle", pickle.dumps(()), pickle.dumps(reference())[:-9]], ids=len
)
def test_a_spoilt_entry_was_never_there(memory: Memory, octets: bytes) -> None:
    assert memory.place is not None
    memory.place.mkdir()
    (memory.place / "one").write_bytes(octets)

    assert memory.recall("one") is None


def test_an_entry_runs_nothing(memory: Memory, tmp_path: Path) -> None:
    assert memory.place is not None
    memory.place.mkdir()
    (memory.place / "one").write_bytes(pickle.dumps((reference(), Trap(tmp_path / "ran"))))

    assert memory.recall("one") is None
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: sudo pytest")
def test_another_users_entry_was_never_there(memory: Memory) -> None:
    memory.keep("one", reference(), ())
    assert memory.recall("one") is not None
    assert memory.place is not None
    os.chown(memory.place / "one", 65534, 65534)

    assert memory.recall("one") is None


def test_only_the_user_can_read_what_is_kept(memory: Memory) -> None:
    memory.keep("one", reference(), ())

    assert memory.place is not None
    assert memory.place.stat().st_mode & 0o077 == 0


def test_where_nothing_can_be_written_nothing_is_kept(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    memory = Memory(tmp_path / "file" / "below")

    memory.keep("one", reference(), ())

    assert memory.recall("one") is None


def test_the_longest_unused_goes_first(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "_ENTRIES", 2)
    estate = reference()
    assert memory.place is not None
    for age, key in ((30, "old"), (20, "used"), (10, "middle")):
        memory.keep(key, estate, ())
        if (memory.place / key).exists():
            os.utime(memory.place / key, (1_700_000_000 - age, 1_700_000_000 - age))
        if key == "used":
            memory.recall("old")
    memory.keep("new", estate, ())

    assert sorted(item.name for item in memory.place.iterdir()) == ["new", "old"]


def test_the_user_says_where_or_nowhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv(remembered.VARIABLE, raising=False)
    assert Memory.of_user() == Memory(tmp_path / "hubwright")

    monkeypatch.setenv(remembered.VARIABLE, str(tmp_path / "own"))
    assert Memory.of_user() == Memory(tmp_path / "own")

    monkeypatch.setenv(remembered.VARIABLE, "")
    nowhere = Memory.of_user()
    nowhere.keep(nowhere.key("a", b"", before=False), reference(), ())
    assert nowhere == Memory(None)
    assert nowhere.recall("") is None
    assert list(tmp_path.iterdir()) == []
