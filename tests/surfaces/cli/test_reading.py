import io
from pathlib import Path

import pytest

from hubwright.errors import UsageError
from hubwright.surfaces.cli.reading import find


@pytest.mark.usefixtures("design")
def test_the_design_of_the_working_directory_is_found():
    assert find() == Path("estate.yaml")


def test_a_parents_design_is_found_up_to_the_root_of_the_repository(design, monkeypatch):
    inner = design.parent / "a" / "b"
    inner.mkdir(parents=True)
    (design.parent / ".git").mkdir()
    monkeypatch.chdir(inner)

    assert find() == Path("../../estate.yaml")


def test_nothing_above_the_repository_is_read(design, monkeypatch):
    inner = design.parent / "repository" / "b"
    inner.mkdir(parents=True)
    (inner.parent / ".git").mkdir()
    monkeypatch.chdir(inner)

    with pytest.raises(UsageError, match=r"no estate\.yaml here"):
        find()


def test_outside_of_a_repository_only_the_working_directory_counts(design, monkeypatch):
    inner = design.parent / "a"
    inner.mkdir()
    monkeypatch.chdir(inner)

    with pytest.raises(UsageError, match="hubwright init"):
        find()


def test_two_designs_side_by_side_are_listed(design):
    design.with_suffix(".yml").write_text("")

    with pytest.raises(UsageError, match=r"(?s)estate\.yaml\n.*estate\.yml"):
        find()


def test_a_directory_stands_for_its_design(design):
    assert find(design.parent) == design


def test_a_directory_without_a_design_is_an_error(here):
    with pytest.raises(UsageError, match=r"without an estate\.yaml"):
        find(here)


def test_argument_and_option_may_name_the_same_file_only():
    assert find(Path("a"), Path("a"), None) == Path("a")
    with pytest.raises(UsageError, match="two designs"):
        find(Path("a"), Path("b"))


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "no such file"), (b"name: \xff", "estate.yaml:1:7"), (b"\x00" * (17 << 20), "16 MiB")],
)
def test_files_that_cannot_be_read_are_said_so(run, here, content, message):
    path = here / "estate.yaml"
    if content is not None:
        path.write_bytes(content)

    result = run("graph", "-f", "estate.yaml")

    assert result.code == 2
    assert message in result.err
    assert "Traceback" not in result.err


def test_stdin_is_a_design_too(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"nome: x\n")))

    assert "<stdin>:1:1" in run("check", "-").out


def test_a_byte_order_mark_moves_no_caret(run, here):
    (here / "estate.yaml").write_text("\ufeffnome: x\n", encoding="utf-8")

    assert "1 | nome: x\n  | ^^^^\n" in run("check").out


def test_a_broken_design_is_explained_on_stderr(run, here):
    (here / "estate.yaml").write_text("name: [\n")

    result = run("trace", "internet", "web")

    assert (result.code, result.out) == (2, "")
    assert "error[DESIGN" in result.err
    assert "estate.yaml:" in result.err
    assert result.err.rstrip().endswith("describes no network until this is put right")
