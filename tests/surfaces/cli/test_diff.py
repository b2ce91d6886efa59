import json

import pytest

from goldens import assert_golden
from hubwright.sources.design import REFERENCE

TAGGED = REFERENCE + "  tags:\n    - {name: watch, from: [aks/VmSubnet], to: [AzureMonitor]}\n"


@pytest.fixture
def changed(design):
    path = design.parent / "new.yaml"
    text = REFERENCE.replace("get.helm.sh]", "get.helm.sh, example.com]")
    path.write_text(text.replace("github.com, ", ""), encoding="utf-8")
    return path


def tag_list(path, *prefixes):
    values = [{"name": "AzureMonitor", "properties": {"addressPrefixes": list(prefixes)}}]
    path.write_text(json.dumps({"cloud": "Public", "values": values}), encoding="utf-8")
    return str(path)


@pytest.mark.parametrize("form", ["text", "json", "markdown"])
def test_a_small_change(run, design, changed, form):
    result = run("diff", design.name, changed.name, "--output", form)

    assert result.code == 0
    suffix = {"text": "txt", "json": "json", "markdown": "md"}[form]
    assert_golden(f"diff/small.{suffix}", result.out)


def test_no_change_says_so(run, design):
    result = run("diff", design.name, design.name, "--detailed-exitcode")

    assert result.code == 0
    assert "No change in behaviour" in result.out


def test_detailed_exit_codes_are_those_of_terraform(run, design, changed):
    assert run("diff", design.name, changed.name, "--detailed-exitcode").code == 2
    assert run("diff", design.name, "nothing.yaml", "--detailed-exitcode").code == 1
    assert run("diff", design.name, "nothing.yaml").code == 2


def test_a_newer_list_of_service_tags_opens_and_closes(run, design):
    design.write_text(TAGGED, encoding="utf-8")
    old = tag_list(design.parent / "old.json", "20.37.0.0/24", "20.38.0.0/24", "2603::/32")
    new = tag_list(design.parent / "new.json", "20.37.0.0/24", "20.39.0.0/24")
    result = run("diff", "--service-tags", old, new)

    assert result.code == 0
    assert "+ vnet-aks/VmSubnet -> 20.39.0.0/24  tcp/443" in result.out
    assert "- vnet-aks/VmSubnet -> 20.38.0.0/24  tcp/443" in result.out
    assert "20.37" not in result.out


@pytest.mark.parametrize("text", ["", "[]", '{"values": 3}', '{"values": [{"name": "x"}]}'])
def test_what_is_no_list_of_tags_is_refused(run, design, text):
    (design.parent / "bad.json").write_text(text, encoding="utf-8")
    result = run("diff", "--service-tags", "bad.json", "bad.json")

    assert result.code == 2
    assert "no list of service tags" in result.err


def test_two_estates_are_wanted(run, design):
    assert run("diff").code == 2
    assert run("diff", design.name, design.name, design.name).code == 2
