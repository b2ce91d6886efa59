"""Whatever happens, the user gets a message and an exit code."""

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from hubwright.errors import UsageError
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import hubwright


@pytest.fixture
def fails(monkeypatch):
    """Let every command raise something."""

    def arm(error: BaseException) -> None:
        def invoke(_context: click.Context) -> int:
            raise error

        monkeypatch.setattr(hubwright, "invoke", invoke)

    return arm


def test_an_unknown_command_is_answered_with_a_near_one(run):
    result = run("chekc")

    assert result.code == guard.FAILED
    assert result.err.startswith("error: no command is called `chekc`; did you mean `check`?\n")


@pytest.mark.parametrize(
    "argv", [["check", "--nope"], ["trace"], ["check", "--fail-on", "bad"], ["check", "a", "b"]]
)
def test_wrong_words_give_two_and_the_usage(run, argv):
    result = run(*argv)

    assert result.code == guard.FAILED
    assert result.err.startswith("error: ")
    assert f"Usage: hubwright {argv[0]}" in result.err


def test_a_bug_prints_what_a_report_needs_and_no_traceback(run, fails):
    fails(ZeroDivisionError("oops"))

    result = run("check", "a b.yaml")

    assert result.code == guard.FAILED
    assert "a bug in hubwright: ZeroDivisionError: oops" in result.err
    assert "hubwright check 'a b.yaml'" in result.err
    assert "hubwright 0." in result.err
    assert "Traceback" not in result.err


def test_a_bug_shows_its_traceback_when_asked(run, fails, monkeypatch):
    monkeypatch.setenv("HUBWRIGHT_DEBUG", "1")
    fails(ZeroDivisionError("oops"))

    assert "Traceback" in run("check").err


@pytest.mark.parametrize("error", [KeyboardInterrupt(), click.Abort()])
def test_ctrl_c_gives_130(run, fails, error):
    fails(error)

    result = run("check")

    assert (result.code, result.err.strip()) == (guard.INTERRUPTED, "")


def test_errors_on_purpose_are_one_line(run, fails):
    fails(UsageError("that does not exist"))

    assert run("check").err == "error: that does not exist\n"


def test_trouble_with_a_file_names_the_file(run, fails):
    fails(PermissionError(13, "Permission denied", "/x"))

    assert run("check").err == "error: /x: permission denied\n"


def test_a_reader_that_goes_away_is_no_error():
    command = f"{sys.executable} -m hubwright init --full -v; echo $? >&2"
    whole = f"( {command} ) | head -n 1"
    done = subprocess.run(["sh", "-c", whole], capture_output=True, text=True, check=True)

    assert done.stdout.count("\n") == 1
    assert done.stderr.strip() == "0"


@pytest.mark.parametrize(
    ("variables", "colored"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_colour_follows_the_environment(run, monkeypatch, variables, colored):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert ("\x1b[" in run("nope").err) is colored


@pytest.mark.usefixtures("here")
def test_it_runs_as_a_module():
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3] / "src")}
    done = subprocess.run(
        [sys.executable, "-m", "hubwright", "check"],
        capture_output=True,
        text=True,
        check=False,
        env=environment,
    )

    assert done.returncode == guard.FAILED
    assert "no estate.yaml here" in done.stderr
