"""HTTPS that gets from one network to another by a rule for public names."""

import pytest

from hubwright.engines.verify.case import Case
from hubwright.engines.verify.check import check
from hubwright.engines.verify.sideways import sideways
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.evaluate import evaluate
from hubwright.sources.design import read_design

DESIGN = """\
name: demo
location: westeurope
hub: {address_space: [10.0.0.0/16], firewall: {sku_tier: Premium}}
spokes:
  shop:
    address_space: [10.1.0.0/16]
    subnets:
      ShopSubnet: 10.1.0.0/24
      OtherSubnet: 10.1.1.0/24
  bank:
    address_space: [10.2.0.0/16]
    subnets:
      BankSubnet: 10.2.0.0/24
jumpbox: {subnet: shop/ShopSubnet}
agents: [{subnet: bank/BankSubnet}]
egress:
"""
WIDE = '{name: docs, from: ["*"], to: [docs.example.com]}'


def case_of(egress, text=DESIGN, assumptions=None):
    estate, problems = read_design("estate.yaml", text + egress)
    assert estate is not None, [item.message for item in problems]
    return Case(estate, assumptions or Assumptions())


def fqdns(rule):
    return f"  fqdns: [{rule}]\n"


def found(case):
    (firewall,) = case.estate.firewalls
    return [(x.line.name, x.source.name, x.target.name) for x in sideways(case, firewall)]


def test_a_rule_for_everybody_opens_each_network_to_the_others():
    case = case_of(fqdns(WIDE))

    assert found(case) == [("docs", "ShopSubnet", "BankSubnet")]
    assert [item.code for item in check(case.estate) if item.code == "AFW046"] == ["AFW046"]


def test_the_witness_arrives_at_the_other_network_with_an_allowed_name():
    case = case_of(fqdns(WIDE))
    (firewall,) = case.estate.firewalls
    (hit,) = sideways(case, firewall)

    assert evaluate(case.estate, hit.trace.flow) == hit.trace
    assert hit.trace.flow.server_name == "docs.example.com"
    assert hit.trace.servers == ("vm-agent-1",)
    assert "https-destination" in hit.trace.assumptions


def test_where_the_firewall_resolves_the_name_itself_nothing_is_open():
    assert (
        found(case_of(fqdns(WIDE), assumptions=Assumptions(https_destination="reresolved"))) == []
    )


@pytest.mark.parametrize(
    "rule",
    [
        WIDE.replace('["*"]', "[shop]"),
        WIDE.replace('["*"]', "[shop/ShopSubnet, 10.2.0.4]"),
        WIDE.replace("}", ', protocols: ["Http:80"]}'),
        WIDE.replace("}", ", action: Deny}"),
    ],
    ids=["one network", "one machine of another", "http", "deny"],
)
def test_narrow_or_harmless_rules_are_not_found(rule):
    assert found(case_of(fqdns(rule))) == []


@pytest.mark.parametrize(
    ("to", "expected"),
    [
        ("10.0.0.0/8", []),
        ("10.2.0.0/16", [("docs", "BankSubnet", "ShopSubnet")]),
    ],
)
def test_an_earlier_deny_closes_what_it_names(to, expected):
    deny = f"{{name: apart, from: [shop, bank], to: [{to}], ports: [443], action: Deny}}"

    assert found(case_of(f"{fqdns(WIDE)}  addresses: [{deny}]\n")) == expected


def test_networks_that_are_open_by_address_anyway_are_not_found():
    allow = "{name: both, from: [shop, bank], to: [10.0.0.0/8], ports: [443]}"

    assert found(case_of(f"{fqdns(WIDE)}  addresses: [{allow}]\n")) == []


def test_a_security_group_at_the_target_closes_it():
    group = (
        "{extra_rules: [{name: no-https, priority: 150, direction: Inbound, access: Deny, "
        "protocol: Tcp, destination_port_ranges: [443]}]}"
    )
    closed = DESIGN.replace(
        "BankSubnet: 10.2.0.0/24",
        f"BankSubnet: {{address_prefix: 10.2.0.0/24, network_security_group: {group}}}",
    )

    assert found(case_of(fqdns(WIDE), closed)) == [("docs", "BankSubnet", "ShopSubnet")]


def test_one_network_alone_has_no_other():
    text = DESIGN.replace("bank/BankSubnet", "shop/OtherSubnet")

    assert found(case_of(fqdns(WIDE), text)) == []


def test_inspected_https_is_sent_where_the_firewall_resolves_the_name_to():
    policy = """\
    tls_inspection: {key_vault_secret: firewall-ca}
    policy:
      rule_collection_groups:
        - name: shared
          priority: 150
          application_rule_collections:
            - name: shared
              priority: 100
              action: Allow
              rules:
                - name: docs
                  protocols: ["Https:443"]
                  source_addresses: ["*"]
                  destination_fqdns: [docs.example.com]
                  terminate_tls: %s
"""
    flow = "hub: {address_space: [10.0.0.0/16], firewall: {sku_tier: Premium}}\n"
    block = "hub:\n  address_space: [10.0.0.0/16]\n  firewall:\n    sku_tier: Premium\n"
    text = DESIGN.replace(flow, f"{block}{policy}").replace(
        "egress:\n", "key_vault: {private_endpoint: {subnet: shop/OtherSubnet}}\n"
    )

    assert found(case_of("", text % "true")) == []
    assert found(case_of("", text % "false")) == [("docs", "ShopSubnet", "BankSubnet")]
