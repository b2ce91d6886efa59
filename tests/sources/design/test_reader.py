from collections.abc import Callable
from pathlib import Path

import pytest

from hubwright.diagnostics.diagnostic import Diagnostic
from hubwright.errors import UsageError
from hubwright.model.estate import Estate
from hubwright.sources.design import REFERENCE, load_design, read_design

SMALL = """\
name: small
location: westeurope
hub:
  address_space: [10.0.0.0/16]
spokes:
  aks:
    address_space: [10.1.0.0/16]
    subnets:
      AksSubnet: 10.1.0.0/20
      VmSubnet: 10.1.16.0/24
cluster:
  spoke: aks
  pools:
    system: {mode: System, subnet: AksSubnet}
"""


def problems(text: str) -> list[Diagnostic]:
    estate, found = read_design("estate.yaml", text)
    assert (estate is None) == bool(found)
    return found


def only(text: str) -> Diagnostic:
    found = problems(text)
    assert len(found) == 1, [(item.code, item.message) for item in found]
    return found[0]


def place(item: Diagnostic) -> tuple[int, int, int]:
    span = item.primary.origin.span
    assert span is not None
    return span.line, span.column, span.end_column


def read(text: str) -> Estate:
    estate, found = read_design("estate.yaml", text)
    assert estate is not None, [(item.code, item.message) for item in found]
    return estate


def test_the_small_design_is_valid():
    assert read(SMALL).kubernetes_clusters[0].name == "aks-small"


def test_a_syntax_error_has_its_line_and_column():
    item = only("name: x\nhub: {address_space: [10.0.0.0/16}\n")

    assert item.code == "DESIGN001"
    assert place(item)[0] == 2


def test_an_empty_file_is_one_error():
    assert only("# nothing\n").code == "DESIGN001"


def test_a_duplicate_key_names_both_lines():
    item = only(SMALL + "name: other\n")

    assert item.code == "DESIGN002"
    assert "line 1" in item.message
    assert place(item) == (15, 1, 5)
    assert item.labels[1].origin.span is not None
    assert item.labels[1].origin.span.line == 1


def test_a_yaml_trap_is_an_error_with_a_fix():
    found = problems(SMALL.replace("spoke: aks\n", "spoke: aks\n  private: yes\n"))

    assert found[0].code == "DESIGN003"
    assert place(found[0]) == (13, 12, 15)


def test_an_unknown_key_gets_a_suggestion():
    item = only(SMALL.replace("spoke: aks\n", "spoke: aks\n  outbound_typ: none\n"))

    assert (item.code, item.help) == ("DESIGN004", "did you mean `outbound_type`?")
    assert place(item) == (13, 3, 15)


def test_a_wrong_type_is_said_in_plain_words():
    item = only(SMALL.replace("subnet: AksSubnet", "subnet: AksSubnet, count: three"))

    assert (item.code, item.message) == (
        "DESIGN005",
        "`system.count` must be a whole number, not `three`",
    )


def test_a_version_without_quotes_is_told_to_be_quoted():
    text = SMALL.replace("spoke: aks\n", "spoke: aks\n  kubernetes_version: 1.30\n")

    assert only(text).help == 'quote it: "1.30"'


def test_a_wrong_choice_gets_a_suggestion():
    item = only(SMALL.replace("mode: System", "mode: system"))

    assert item.code == "DESIGN006"
    assert item.help == "did you mean `System`?"
    assert place(item) == (14, 20, 26)


def test_a_missing_key_points_at_the_mapping_that_lacks_it():
    found = problems(SMALL.replace("    address_space: [10.1.0.0/16]\n", ""))

    assert [item.code for item in found] == ["DESIGN007"]
    assert place(found[0]) == (6, 3, 6)


def test_an_unknown_subnet_gets_a_suggestion():
    item = only(SMALL.replace("subnet: AksSubnet", "subnet: AksSubent"))

    assert (item.code, item.help) == ("DESIGN008", "did you mean `AksSubnet`?")
    assert place(item) == (14, 36, 45)


def test_overlapping_subnets_point_at_both():
    item = only(SMALL.replace("10.1.16.0/24", "10.1.15.0/24"))

    assert item.code == "DESIGN009"
    assert place(item)[0] == 10
    assert item.labels[1].origin.span is not None
    assert item.labels[1].origin.span.line == 9


CLASHES: list[tuple[str, Callable[[str], str], str]] = [
    ("DESIGN009", lambda t: t.replace("10.1.16.0/24", "10.9.0.0/24"), "outside"),
    ("DESIGN009", lambda t: t.replace("[10.0.0.0/16]", "[10.1.0.0/17]"), "overlaps"),
    ("DESIGN009", lambda t: t.replace("[10.0.0.0/16]", "[10.0.0.0/28]"), "no room"),
    ("DESIGN009", lambda t: t + "  service_cidr: 172.30.0.0/16\n", "reserves"),
    ("DESIGN009", lambda t: t + "  service_cidr: 10.1.0.0/16\n", "overlaps"),
    ("DESIGN009", lambda t: t + "  dns_service_ip: 172.17.0.10\n", "cannot be used"),
    ("DESIGN009", lambda t: t + "jumpbox: {private_ip_address: 10.1.16.2}\n", "not a free"),
    ("DESIGN006", lambda t: t.replace("10.1.16.0/24", "10.1.16.1/24"), "host bits"),
    ("DESIGN006", lambda t: t + "storage: {name: Not-Possible}\n", "not a possible name"),
    ("DESIGN006", lambda t: t + "  features: [azure-polcy]\n", "not a feature"),
    ("DESIGN006", lambda t: t + "workloads: {web: {port: 70000}}\n", "at most 65535"),
    ("DESIGN010", lambda t: t.replace("mode: System", "mode: User"), "mode: System"),
    ("DESIGN008", lambda t: t.replace("spoke: aks", "spoke: ask"), "no spoke"),
    ("DESIGN008", lambda t: t + "public_ips: {pip-nobody: {zones: [1]}}\n", "no public IP"),
    (
        "DESIGN009",
        lambda t: t.replace("spokes:", "  subnets: {AzureFirewallSubnet: 10.0.0.0/27}\nspokes:"),
        "too small",
    ),
    (
        "DESIGN010",
        lambda t: t + "workloads:\n  a: {port: 80, public_ip: p}\n  b: {port: 80, public_ip: p}\n",
        "p:80",
    ),
    (
        "DESIGN008",
        lambda t: t + "egress: {fqdns: [{name: x, from: [aks/Nowhere], to: [example.com]}]}\n",
        "no subnet",
    ),
    (
        "DESIGN006",
        lambda t: t + "egress: {fqdns: [{name: x, from: [aks], to: [a.*.com]}]}\n",
        "star",
    ),
]


@pytest.mark.parametrize(("code", "change", "words"), CLASHES)
def test_what_azure_would_refuse_is_an_error(code: str, change: Callable[[str], str], words: str):
    found = problems(change(SMALL))

    assert [item.code for item in found] == [code]
    assert words in found[0].message


def test_equal_priorities_in_a_group_are_reported_at_the_second():
    rule = (
        "{name: r, protocols: [TCP], source_addresses: [aks], "
        "destination_addresses: [10.9.0.1], destination_ports: [443]}"
    )
    groups = "".join(
        f"            - {{name: {name}, priority: 200, action: Allow, rules: [{rule}]}}\n"
        for name in ("one", "two")
    )
    text = SMALL.replace(
        "spokes:",
        "  firewall:\n    policy:\n      rule_collection_groups:\n        - name: mine\n"
        f"          priority: 300\n          network_rule_collections:\n{groups}spokes:",
    )

    item = only(text)

    assert item.code == "DESIGN010"
    assert "`one` and `two` share priority 200" in item.message
    assert place(item) == (12, 37, 40)


def test_every_error_of_a_file_is_reported_at_once_in_the_order_of_lines():
    text = (
        SMALL.replace("westeurope", "West Europe")
        .replace("10.1.16.0/24", "10.1.300.0/24")
        .replace("mode: System", "mode: Sytem")
        + "  features: [nothing-like-it]\nworkloads: {web: {load_balancer: public}}\ncolour: red\n"
    )

    found = problems(text)

    assert [item.code for item in found] == [
        "DESIGN006",
        "DESIGN006",
        "DESIGN006",
        "DESIGN006",
        "DESIGN007",
        "DESIGN004",
    ]
    assert [place(item)[0] for item in found] == [2, 10, 14, 15, 16, 17]


def test_errors_of_meaning_are_reported_beside_errors_of_form():
    text = SMALL.replace("10.1.16.0/24", "10.9.0.0/24") + "colour: red\n"

    assert [item.code for item in problems(text)] == ["DESIGN009", "DESIGN004"]


def test_what_was_written_wrongly_is_not_reported_missing_as_well():
    text = SMALL.replace("AksSubnet: 10.1.0.0/20", "AksSubnet: 10.1.0.0/99")

    assert [item.code for item in problems(text)] == ["DESIGN006"]


def test_an_alias_stands_for_its_value():
    text = SMALL.replace("[10.1.0.0/16]", "&space [10.1.0.0/16]").replace(
        "system: {mode: System, subnet: AksSubnet}",
        "system: &pool {mode: System, subnet: AksSubnet}\n    more: *pool",
    )

    assert [pool.name for pool in read(text).node_pools] == ["system", "more"]


def test_aliases_that_multiply_are_refused():
    rows = "".join(f"  - &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
    found = problems(f"tags:\n  - &a0 x\n{rows}")

    assert [item.message for item in found] == ["aliases expand to too much"]


def test_deep_nesting_is_refused():
    assert "levels deep" in only("[" * 50_000).message


def test_a_column_counts_characters_behind_text_that_is_not_ascii():
    item = only(SMALL + 'tags: {"größe": é, x: 1}\n')

    assert place(item) == (15, 23, 24)


def test_a_byte_order_mark_is_passed_over():
    assert read("\ufeff" + SMALL) == read(SMALL)


def test_a_file_that_is_not_utf_8_is_a_diagnostic(tmp_path: Path):
    path = tmp_path / "estate.yaml"
    path.write_bytes(b"name: a\nlocation: \xff\n")

    estate, found = load_design(path)

    assert estate is None
    assert place(found[0]) == (2, 11, 12)


def test_a_missing_file_and_a_directory_are_the_callers_mistake(tmp_path: Path):
    with pytest.raises(UsageError, match="there is no file"):
        load_design(tmp_path / "nothing.yaml")
    with pytest.raises(UsageError, match="is a directory"):
        load_design(tmp_path)


def test_twice_the_text_makes_twice_the_steps():
    """Counts events instead of seconds: time grows with the text, not with its square."""
    import cProfile
    import pstats

    def steps(rules: int) -> int:
        entries = "".join(
            f"    - {{name: r{n}, from: [aks/AksSubnet], to: [h{n}.example.com]}}\n"
            for n in range(rules)
        )
        text = f"{SMALL}egress:\n  fqdns:\n{entries}"
        profile = cProfile.Profile()
        profile.runcall(read, text)
        return pstats.Stats(profile).total_calls  # type: ignore[attr-defined]

    read(REFERENCE)
    once, twice = steps(200), steps(400)

    assert twice < 2.2 * once
