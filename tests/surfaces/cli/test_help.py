"""The help of every command: a golden file, and a page that names the same options."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from goldens import assert_golden
from hubwright import __version__
from hubwright.surfaces.cli import guard
from hubwright.surfaces.cli.group import COMMANDS, hubwright
from hubwright.surfaces.cli.help_text import HELP

PAGES = Path(__file__).parents[3] / "docs" / "commands"
OPTION = re.compile(r"(?<![\w-])--?[a-z][a-z-]*")


def command(name: str) -> click.Command:
    found = hubwright.get_command(click.Context(hubwright), name)
    assert found is not None
    return found


def options(name: str) -> set[str]:
    # The settings bring `-h`; click keeps the help option that it makes first.
    context = click.Context(command(name), info_name=name, **command(name).context_settings)
    return {
        word
        for parameter in command(name).get_params(context)
        if isinstance(parameter, click.Option)
        for word in parameter.opts
    }


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_is_the_golden_one(name):
    shown = CliRunner().invoke(hubwright, [name, "--help"], prog_name="hubwright")

    assert shown.exit_code == 0
    assert_golden(f"help/{name}.txt", shown.output)


def test_the_text_that_is_answered_without_click_is_what_click_prints():
    shown = CliRunner().invoke(hubwright, ["--help"], prog_name="hubwright")

    assert shown.output == HELP


@pytest.mark.parametrize("words", [["--help"], ["-h"], ["--version"], ["-V"]])
def test_bare_help_and_version_do_not_import_click(words):
    code = (
        f"import sys; sys.argv[1:] = {words!r}\n"
        "from hubwright.__main__ import main\n"
        "main()\n"
        "assert 'click' not in sys.modules and 'shutil' not in sys.modules\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == (HELP if "h" in words[0] else f"hubwright {__version__}\n")


@pytest.mark.parametrize("words", [["--version"], ["-V"]])
def test_click_gives_the_same_version(words):
    shown = CliRunner().invoke(hubwright, words, prog_name="hubwright")

    assert shown.output == f"hubwright {__version__}\n"


@pytest.mark.parametrize("name", COMMANDS)
def test_the_list_of_commands_says_what_the_command_says(name):
    assert (command(name).help or "").strip().split("\n")[0] == COMMANDS[name]


@pytest.mark.parametrize("name", COMMANDS)
def test_variables_are_called_as_the_options(name):
    for parameter in command(name).params:
        if isinstance(parameter, click.Option):
            assert f"--{(parameter.name or '').replace('_', '-')}" in parameter.opts


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_names_every_option_in_its_table(name):
    page = (PAGES / f"{name}.md").read_text()
    rows = [line.split(" | ")[0] for line in page.splitlines() if line.startswith("| `-")]
    told = {word for row in rows for word in OPTION.findall(row)}

    assert told == options(name)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_page_shows_no_option_that_does_not_exist(name):
    page = (PAGES / f"{name}.md").read_text()
    known = {*options(name), "-k", "-n", "-r", "-sv", "-c"}  # those of curl, wireshark, tcpdump
    lines = [line for line in page.splitlines() if f"hubwright {name}" in line]

    assert {word for line in lines for word in OPTION.findall(line)} <= known


def test_every_page_is_in_the_list():
    index = (PAGES / "README.md").read_text()

    assert all(f"]({name}.md)" in index for name in COMMANDS)
    assert {path.stem for path in PAGES.glob("*.md")} == {"README", *COMMANDS}


def test_no_arguments_show_the_help_on_stderr(run):
    result = run()

    assert (result.code, result.out) == (guard.FAILED, "")
    assert result.err == HELP
