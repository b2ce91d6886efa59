import json

import pytest

pytestmark = pytest.mark.usefixtures("design")


def test_what_the_internet_reaches_is_what_dnat_rules_expose(run):
    result = run("reach", "internet", "PodSubnet")

    assert result.code == 0
    assert result.out == (
        "internet -> PodSubnet\n\n"
        "  answered by user, through afw-hub\n"
        "    tcp 80 to pip-afw-shop, pip-afw-web\n"
    )


def test_nothing_reached_is_said_and_is_exit_code_1(run):
    result = run("reach", "internet", "VmSubnet")

    assert result.code == 1
    assert result.out == "internet -> VmSubnet\n\n  nothing is answered\n"


def test_names_and_firewalls_are_shown(run):
    result = run("reach", "VmSubnet", "*.github.com", "--port", "443")
    direct = run("reach", "VmSubnet", "github.com", "--port", "443", "--protocol", "tcp")

    assert result.code == 1
    assert direct.code == 0
    assert "through afw-hub" in direct.out
    assert "tcp 443 https naming github.com" in direct.out


def test_a_private_endpoint_is_reached_past_the_firewall(run):
    result = run("reach", "pods", "contoso-vault", "--port", "443", "--protocol", "tcp")

    assert result.code == 0
    assert "answered by pe-contoso-vault, past no firewall" in result.out
    assert "tcp 443 to pe-contoso-vault" in result.out


def test_json_has_sets_in_words_and_as_prefixes(run):
    result = run("reach", "internet", "shop", "--output", "json")

    document = json.loads(result.out)
    (row,) = document["answered"]
    assert document["format_version"] == "1.0"
    assert (document["from"], document["to"], document["unknown"]) == ("internet", "shop", [])
    assert row["firewalls"] == ["afw-hub"]
    (packets,) = row["packets"]
    assert packets["ports"] == "80"
    assert packets["protocols"] == ["TCP"]
    assert packets["to"] == ["pip-afw-shop"]
    assert packets["to_addresses"].startswith("203.0.113.")


def test_what_hangs_on_a_tag_stands_apart(run, design):
    text = design.read_text(encoding="utf-8")
    tag = "  tags:\n    - {name: sql, from: [aks/VmSubnet], to: [Sql], ports: [1433]}\n"
    design.write_text(text.replace("egress:\n", f"egress:\n{tag}"), encoding="utf-8")

    result = run("reach", "VmSubnet", "internet", "--port", "1433")

    assert result.code == 1
    assert "unknown: hangs on service tag sql in" in result.out
    assert "nothing is answered for sure" in result.out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["VmSubnett", "internet"], "did you mean `VmSubnet`"),
        (["VmSubnet", "nowhere"], "nothing in the estate is called `nowhere`"),
        (["VmSubnet", "internet", "--port", "x"], "`x` is not a port"),
        (["VmSubnet", "internet", "--port", "1", "--protocol", "icmp"], "ICMP has no ports"),
    ],
)
def test_questions_that_cannot_be_read(run, words, message):
    result = run("reach", *words)

    assert result.code == 2
    assert message in result.err
