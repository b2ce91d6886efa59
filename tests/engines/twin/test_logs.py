"""Rows have the columns of Azure's tables."""

import json

import pytest

from hubwright.engines.twin.artefacts import RuleRef
from hubwright.engines.twin.logs import RowWriter
from hubwright.engines.twin.nflog import Event
from hubwright.model.estate import Estate
from hubwright.model.firewall import (
    FirewallPolicyRuleCollectionGroup,
    NatRule,
    NatRuleCollection,
)

PATH = {
    "policy": "afwp",
    "rule_collection_group": "rcg",
    "rule_collection": "rc",
    "rule": "web",
}
RULES = (
    RuleRef(index=1, kind="app", action="Allow", **PATH),
    RuleRef(index=1, kind="nat", action="DNAT", **PATH),
)
NAT = NatRule(
    name="web",
    protocols=("TCP",),
    destination_address="203.0.113.1",
    destination_ports=("80",),
    translated_address="10.1.0.250",
    translated_port=8080,
)
ESTATE = Estate(
    name="e",
    location="westeurope",
    rule_collection_groups=(
        FirewallPolicyRuleCollectionGroup(
            name="rcg",
            firewall_policy="afwp",
            priority=100,
            nat_rule_collections=(NatRuleCollection(name="rc", priority=100, rules=(NAT,)),),
        ),
    ),
)
WRITER = RowWriter(RULES, ESTATE)


def event(prefix: str, protocol: str = "TCP") -> Event:
    return Event(
        time=0,
        namespace="fw",
        group=2,
        prefix=prefix,
        protocol=protocol,
        source="198.51.100.10",
        source_port=10001,
        destination="203.0.113.1",
        destination_port=80,
    )


def access(**fields: object) -> str:
    line = {
        "time": "2026-11-23T13:00:00.000Z",
        "protocol": "HTTPS",
        "source": "10.1.0.4:10001",
        "port": 443,
        "name": "mcr.microsoft.com",
        "chain": "app:Allow:1",
    }
    return json.dumps({**line, **fields})


def test_a_translation_tells_where_to_and_has_no_action() -> None:
    row = WRITER.of_event(event("fw:nat:DNAT:1"))
    assert row is not None
    assert (row["Type"], row["TranslatedIp"], row["TranslatedPort"]) == (
        "AZFWNatRule",
        "10.1.0.250",
        8080,
    )
    assert "Action" not in row
    assert row["Rule"] == "web"


def test_threat_intelligence_has_its_own_table() -> None:
    row = WRITER.of_event(event("fw:ti:Deny:0"))
    assert row is not None
    assert (row["Type"], row["Action"]) == ("AZFWThreatIntel", "Deny")


def test_icmp_has_no_ports() -> None:
    row = WRITER.of_event(event("fw:default:Deny:0", "ICMP"))
    assert row is not None
    assert (row["SourcePort"], row["DestinationPort"]) == (0, 0)
    assert row["ActionReason"] == "Default Action"


def test_a_drop_outside_the_firewall_is_no_row() -> None:
    assert WRITER.of_event(event("drop:nsg x/y")) is None


def test_an_application_rule_names_the_fqdn_and_no_address() -> None:
    row = WRITER.of_access(access())
    assert row is not None
    assert row["TimeGenerated"] == "2026-11-23T13:00:00.000000Z"
    assert (row["Fqdn"], row["Action"], row["Rule"]) == ("mcr.microsoft.com", "Allow", "web")
    assert (row["SourceIp"], row["SourcePort"], row["DestinationPort"]) == ("10.1.0.4", 10001, 443)
    assert row["TargetUrl"] == ""
    assert "DestinationIp" not in row


def test_plain_http_has_a_url() -> None:
    row = WRITER.of_access(access(protocol="HTTP", name="example.com:80", path="/a", port=80))
    assert row is not None
    assert (row["Fqdn"], row["TargetUrl"]) == ("example.com", "example.com/a")


@pytest.mark.parametrize(
    ("chain", "reason"),
    [("deny:default", "Default Action"), ("deny:nosni", "SNI TLS extension was missing")],
)
def test_a_refusal_says_why(chain: str, reason: str) -> None:
    row = WRITER.of_access(access(chain=chain, name=None))
    assert row is not None
    assert (row["Action"], row["ActionReason"], row["Rule"]) == ("Deny", reason, "")


def test_a_name_that_threat_intelligence_knows_has_its_own_table() -> None:
    row = WRITER.of_access(access(chain="deny:threat", name="bad.example.com"))
    assert row is not None
    assert (row["Type"], row["Fqdn"], row["Action"]) == (
        "AZFWThreatIntel",
        "bad.example.com",
        "Deny",
    )


def test_a_broken_line_is_skipped() -> None:
    assert WRITER.of_access('{"time": ') is None
    assert WRITER.of_access("[1]") is None
