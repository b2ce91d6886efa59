import json

import pytest

from goldens import assert_golden

pytestmark = pytest.mark.usefixtures("design")


@pytest.mark.parametrize(
    ("name", "words", "code"),
    [
        ("denied", ["vm-jumpbox", "example.com"], 1),
        ("inbound", ["internet", "web"], 0),
        ("vault", ["aks-system-0", "key_vault_name:443"], 0),
    ],
)
def test_the_reference_designs_flows(run, name, words, code):
    words = [word.replace("key_vault_name", "contoso-vault") for word in words]

    result = run("trace", *words)

    assert result.code == code
    assert_golden(f"trace/{name}.txt", result.out)
    assert max(len(line) for line in result.out.splitlines()) <= 100


def test_json_holds_the_whole_walk(run):
    result = run("trace", "vm-jumpbox", "example.com", "--output", "json")
    document = json.loads(result.out)

    assert document["format_version"] == "1.0"
    assert document["trace"]["flow"]["server_name"] == "example.com"
    assert document["trace"]["delivered"] is False
    assert result.code == 1


def test_a_place_that_is_not_there_is_answered_with_near_names(run):
    result = run("trace", "vm-jumpbx", "example.com")

    assert result.code == 2
    assert "did you mean `vm-jumpbox`" in result.err


def test_sni_and_no_sni_exclude_each_other(run):
    assert run("trace", "vm-jumpbox", "example.com", "--sni", "a", "--no-sni").code == 2


def test_no_sni_is_another_flow(run):
    with_name = run("trace", "vm-jumpbox", "github.com", "--output", "json")
    without = run("trace", "vm-jumpbox", "github.com", "--no-sni", "--output", "json")

    assert (with_name.code, without.code) == (0, 1)


def test_the_walk_is_drawn_beside_the_text(run, here):
    result = run("trace", "vm-jumpbox", "example.com", "--svg", "walk.svg")

    assert (here / "walk.svg").read_text().lstrip().startswith("<svg")
    assert "wrote walk.svg" in result.err
    assert result.out.startswith("vm-jumpbox -> example.com:443 tcp")


def test_a_list_of_service_tags_settles_what_hangs_on_one(run, design):
    tagged = (
        design.read_text() + "  tags:\n    - {name: m, from: [aks/VmSubnet], to: [AzureMonitor]}\n"
    )
    design.write_text(tagged, encoding="utf-8")
    tags = design.parent / "tags.json"
    values = [{"name": "AzureMonitor", "properties": {"addressPrefixes": ["20.37.0.0/24"]}}]
    tags.write_text(json.dumps({"values": values}), encoding="utf-8")
    words = ["trace", "vm-jumpbox", "20.37.0.9:443", "--output", "json"]

    open_ = json.loads(run(*words).out)["trace"]
    settled = json.loads(run(*words, "--service-tags", str(tags)).out)["trace"]

    assert open_["disposition"] == "INSUFFICIENT_INFO"
    assert settled["disposition"] == "EXITS_NETWORK"
