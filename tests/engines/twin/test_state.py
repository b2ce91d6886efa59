"""A process is told from a later one with its number, and models survive pickling."""

import os
import pickle
import subprocess
import sys
from pathlib import Path
from types import MappingProxyType

import pytest

from hubwright.engines.twin.state import (
    Process,
    StateDirectory,
    pickled,
    recall,
    remember,
    running_estates,
    state_directory,
)


def test_a_living_process_is_recalled(tmp_path: Path) -> None:
    state, own = StateDirectory(tmp_path), Process.of(os.getpid())
    assert own is not None
    remember(state, own)
    assert recall(state) == own


def test_another_process_with_the_same_number_is_not(tmp_path: Path) -> None:
    state, own = StateDirectory(tmp_path), Process.of(os.getpid())
    assert own is not None
    remember(state, Process(own.pid, own.started - 1))
    assert recall(state) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"pid": "x", "started": 1}'])
def test_a_broken_pid_file_recalls_nothing(tmp_path: Path, text: str) -> None:
    state = StateDirectory(tmp_path)
    state.pid.write_text(text)
    assert recall(state) is None


def test_a_zombie_does_not_live() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert Process.of(child.pid) is None
    child.wait()


def test_read_only_mappings_survive_pickling() -> None:
    restored = pickle.loads(pickled(("x", MappingProxyType({"a": 1}))))
    assert restored == ("x", {"a": 1})
    assert isinstance(restored[1], MappingProxyType)


def test_names_of_estates_become_safe_directory_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert state_directory("../a b").path == tmp_path / "hubwright" / "..-a-b"
    assert running_estates() == ()
