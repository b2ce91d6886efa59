import json
from pathlib import Path

import pytest

from goldens import assert_golden

DOCS = Path(__file__).parents[3] / "docs" / "commands"

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


def test_without_ends_it_says_what_every_network_is_asked(run):
    result = run("reach")

    assert result.code == 0
    assert_golden("report/reach-reference.txt", result.out)
    assert f"$ hubwright reach\n{result.out}```" in (DOCS / "reach.md").read_text(encoding="utf-8")


def test_the_overview_as_json_has_the_same_answers(run):
    document = json.loads(run("reach", "--output", "json").out)

    assert document["format_version"] == "1.0"
    assert {item["verdict"] for item in document["crosses_firewall"]} == {"proved"}
    assert {item["verdict"] for item in document["keeps_state"]} == {"proved"}
    (server,) = document["api_servers"]
    callers = {item["from"]: item["name_leads_there"]["verdict"] for item in server["callers"]}
    assert callers == {"vnet-hub": "proved", "vnet-aks": "proved", "internet": "refuted"}
    ways = {(item["from"], item["to"]): item["ways"] for item in document["answered"]}
    assert ways["internet", "vnet-aks"] == [["afw-hub"]]
    assert ("internet", "vnet-hub") not in ways


def test_the_overview_shows_the_flow_that_refutes(run, design):
    past = (
        "{address_prefix: 10.1.48.0/24, default_outbound_access: true, "
        "routes: [{name: past, address_prefix: 20.0.0.0/8, next_hop_type: Internet}]}"
    )
    text = design.read_text(encoding="utf-8")
    design.write_text(text.replace("VmSubnet: 10.1.48.0/24", f"VmSubnet: {past}"), encoding="utf-8")

    result = run("reach")

    assert "vnet-aks/AksSubnet  proved" in result.out
    assert "vnet-aks/VmSubnet   refuted: some does not (vm-jumpbox -> 20.0.0." in result.out


def test_the_overview_is_drawn_beside(run, design):
    result = run("reach", "--svg", "reach.svg")

    assert result.out.startswith("who gets answers from whom")
    assert "wrote reach.svg" in result.err
    assert (design.parent / "reach.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_a_cluster_is_reached_by_the_name_of_its_api_server(run):
    result = run("reach", "VmSubnet", "aks-contoso", "--port", "443", "--protocol", "tcp")

    assert result.code == 0
    assert "answered by pe-aks-contoso-api, past no firewall" in result.out


def test_what_hangs_on_a_tag_stands_apart(run, design):
    text = design.read_text(encoding="utf-8")
    tag = "  tags:\n    - {name: sql, from: [aks/VmSubnet], to: [Sql], ports: [1433]}\n"
    design.write_text(text.replace("egress:\n", f"egress:\n{tag}"), encoding="utf-8")

    result = run("reach", "VmSubnet", "internet", "--port", "1433")

    assert result.code == 1
    assert "unknown: hangs on service tag sql in" in result.out
    assert "nothing is answered for sure" in result.out


def test_what_nothing_needs_is_listed_by_rule_as_the_page_shows(run):
    page = (DOCS / "reach.md").read_text(encoding="utf-8")
    shown = page.partition("$ hubwright reach AksSubnet --unneeded\n")[2].partition("```")[0]

    result = run("reach", "AksSubnet", "--unneeded")

    assert result.code == 1
    assert result.out == shown


def test_a_subnet_to_which_only_needed_things_are_open_has_an_empty_list(run):
    result = run("reach", "PodSubnet", "internet", "--unneeded")

    assert result.code == 0
    assert result.out == (
        "PodSubnet -> internet, allowed and not known to be needed\n\n  nothing\n"
    )


def test_ports_and_protocols_narrow_the_list(run):
    by_protocol = run("reach", "--unneeded", "--protocol", "udp")
    by_port = run("reach", "--unneeded", "--port", "80")

    assert by_protocol.code == 1
    assert [line.split()[0] for line in by_protocol.out.splitlines() if "no known" in line] == [
        "ntp.ubuntu.com"
    ]
    assert by_port.code == 0


def test_a_rule_that_is_wider_than_needed_says_by_what(run, design):
    write_wide(design)

    result = run("reach", "--unneeded", "--port", "443")
    lines = result.out.splitlines()
    at = next(n for n, line in enumerate(lines) if "wider than needed" in line)

    assert lines[at].split() == [
        *("*.microsoft.com", "https", "443", "wider", "than", "needed"),
        *("from", "vnet-aks/AksSubnet,", "vnet-aks/VmSubnet"),
    ]
    assert lines[at + 1].startswith("        names: *.microsoft.com beyond mcr.microsoft.com")
    assert lines[at + 2].startswith("        needed by aks-contoso: images of the system")


def test_from_one_subnet_only_its_own_needs_count(run, design):
    """The jump box needs one name of the wildcard, the nodes need others."""
    write_wide(design)

    result = run("reach", "VmSubnet", "--unneeded", "--output", "json")

    document = json.loads(result.out)
    row = next(item for item in document["unneeded"] if item["rule"] == "microsoft")
    assert (document["from"], document["to"]) == ("VmSubnet", "internet")
    assert row["mark"] == "wider than needed"
    assert row["beyond"] == {"names": "*.microsoft.com beyond packages.microsoft.com"}
    assert [text.partition(":")[0] for text in row["needed_by"]] == ["entra-login"]
    assert row["subnets"] == ["vnet-aks/VmSubnet"]
    assert {packets["from_addresses"] for packets in row["packets"]} == {"10.1.48.0/24"}
    assert row["place"].startswith("estate.yaml:")


def write_wide(design):
    """Add a rule to the design that comes before those of the catalogue."""
    text = design.read_text(encoding="utf-8")
    groups = (
        "    policy: {rule_collection_groups: [{name: shared, priority: 150, "
        "application_rule_collections: [{name: shared, priority: 100, action: Allow, rules: ["
        '{name: microsoft, protocols: ["Https:443"], '
        "source_addresses: [aks/AksSubnet, aks/VmSubnet], "
        'destination_fqdns: ["*.microsoft.com"]}]}]}]}\n'
    )
    design.write_text(text.replace("  firewall:\n", f"  firewall:\n{groups}"), encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["VmSubnett", "internet"], "did you mean `VmSubnet`"),
        (["VmSubnet", "nowhere"], "nothing in the estate is called `nowhere`"),
        (["VmSubnet", "internet", "--port", "x"], "`x` is not a port"),
        (["VmSubnet", "internet", "--port", "1", "--protocol", "icmp"], "ICMP has no ports"),
        (["VmSubnet", "github.com", "--unneeded"], "leave TO away"),
        (["internet", "--unneeded"], "FROM is a place of the estate"),
        (["VmSubnett", "--unneeded"], "did you mean `VmSubnet`"),
        (["VmSubnet"], "`VmSubnet` to where? Name FROM and TO, or neither"),
        (["nodes", "internet", "--svg", "a.svg"], "--svg draws the whole network"),
        (["--port", "443"], "--port and --protocol are about packets FROM one place TO another"),
    ],
)
def test_questions_that_cannot_be_read(run, words, message):
    result = run("reach", *words)

    assert result.code == 2
    assert message in result.err
