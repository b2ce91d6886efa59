"""The folder on disk: whole files, everything or nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from hubwright.engines.terraform import writer
from hubwright.engines.terraform.changes import MANIFEST, State
from hubwright.engines.terraform.writer import synthesis, write
from hubwright.errors import UsageError
from hubwright.model.estate import Unknown
from hubwright.sources.design import REFERENCE, read_design


@pytest.fixture(scope="module")
def estate():
    found, _ = read_design("estate.yaml", REFERENCE)
    assert found is not None
    return found


def contents(directory: Path) -> dict[str, bytes]:
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in directory.rglob("*")
        if path.is_file()
    }


def test_the_same_design_gives_the_same_folder(estate, tmp_path):
    for name in ("a", "b"):
        write(synthesis(estate, tmp_path / name, ("production",)))

    assert contents(tmp_path / "a") == contents(tmp_path / "b")
    assert not [path for path in contents(tmp_path / "a") if ".terraform/" in path]


def test_a_run_that_is_cut_short_leaves_whole_files_and_is_repeated(estate, tmp_path, monkeypatch):
    left, whole = 20, Path.replace

    def move(self: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise OSError("the disk is full")
        return whole(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", move)
        with pytest.raises(OSError, match="full"):
            write(synthesis(estate, tmp_path, ()))
    found = synthesis(estate, tmp_path, ())
    wanted = found.wanted
    assert all(content == wanted[path] for path, content in contents(tmp_path).items())
    assert {change.state for change in found.changes} == {State.SAME, State.NEW}

    write(found)

    assert synthesis(estate, tmp_path, ()).is_current


def test_what_is_asked_for_no_more_goes_and_empty_folders_with_it(estate, tmp_path, monkeypatch):
    extra = {**writer.files(estate), "modules/old/main.tf": b"old"}
    with monkeypatch.context() as patched:
        patched.setattr(writer, "files", lambda _: extra)
        write(synthesis(estate, tmp_path, ()))
    assert (tmp_path / "modules/old/main.tf").is_file()

    write(synthesis(estate, tmp_path, ()))

    assert not (tmp_path / "modules/old").exists()
    assert (tmp_path / "modules/firewall").is_dir()


def test_nothing_is_written_while_there_is_a_conflict(estate, tmp_path):
    (tmp_path / "main.tf").write_text("mine")

    with pytest.raises(UsageError, match="changed"):
        write(synthesis(estate, tmp_path, ()))

    assert contents(tmp_path) == {"main.tf": b"mine"}


def test_force_overwrites_what_is_yours_too(estate, tmp_path):
    write(synthesis(estate, tmp_path, ()))
    (tmp_path / "main.tf").write_text("mine")

    write(synthesis(estate, tmp_path, ()), force=True)

    assert (tmp_path / "main.tf").read_text() != "mine"


def test_what_stands_in_the_way_is_named(estate, tmp_path):
    (tmp_path / "modules").write_text("a file")
    with pytest.raises(UsageError, match="modules is a file where a directory belongs"):
        synthesis(estate, tmp_path, ())

    (tmp_path / "modules").unlink()
    (tmp_path / "main.tf").mkdir()
    with pytest.raises(UsageError, match=r"main\.tf is a directory where a file belongs"):
        synthesis(estate, tmp_path, ())


def test_a_manifest_that_cannot_be_read_is_not_guessed_at(estate, tmp_path):
    (tmp_path / MANIFEST).write_text("[]")

    with pytest.raises(UsageError, match="no manifest of hubwright"):
        synthesis(estate, tmp_path, ())


def test_what_a_plan_left_unknown_is_not_written(estate, tmp_path):
    unknown = Unknown(name="unknown:azurerm_subnet.a.address_prefixes", reason="known after apply")

    with pytest.raises(UsageError, match=r"cannot be written: azurerm_subnet\.a\.address_prefixes"):
        synthesis(replace(estate, unknowns=(unknown,)), tmp_path, ())
