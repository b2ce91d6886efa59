"""Rules on names, where networks ask Private Resolvers: right estates and wrong ones."""

from dataclasses import replace

import pytest

from hubwright.engines.verify.check import check
from hubwright.engines.verify.reach import Reach
from hubwright.engines.verify.reach.ask import senders
from hubwright.engines.verify.reach.naming import resolves
from hubwright.engines.verify.space import Verdict
from hubwright.model.estate import Estate
from hubwright.model.network import Subnet
from hubwright.semantics import ends
from hubwright.semantics.assigned import assign
from semantics.test_forwarding import INBOUND, NAME, denying, estate, policies, rule


def found(source: Estate, *families: str) -> list[tuple[str, str]]:
    return [(f.code, f.message) for f in check(source) if f.code.startswith(families or ("DNS",))]


ASKS = {"aks": (INBOUND,)}


@pytest.mark.parametrize(
    "source",
    [
        estate(servers=ASKS),
        estate(rule("vault.azure.net.", INBOUND)),
        estate(rule("privatelink.vaultcore.azure.net.", INBOUND)),
        estate(servers={"aks": ("10.0.0.4",)}, firewall_policies=policies(INBOUND)),
    ],
    ids=["custom server", "forwarded", "alias forwarded", "proxy asks the endpoint"],
)
def test_a_spoke_without_links_that_asks_by_a_resolver_is_no_finding(source):
    assert found(source) == []


def test_without_the_rule_the_zone_is_missed_where_the_spoke_asks():
    ((code, message),) = found(estate())
    assert (code, "not linked to `aks`" in message) == ("DNS001", True)


def test_a_zone_that_the_endpoints_network_lacks_is_told_of_that_network():
    ((code, message),) = found(estate(zones=("aks",), servers=ASKS), "DNS001")
    assert code == "DNS001"
    assert "not linked to `hub`, which asks for `aks`" in message


def test_a_group_that_drops_queries_is_found():
    assert [code for code, _ in found(estate(servers=ASKS, nsg=denying()))] == ["DNS006"]


def test_a_wildcard_that_leads_back_goes_round():
    source = estate(rule(".", INBOUND), follows=("hub", "aks"))
    messages = [message for code, message in found(source) if code == "DNS007"]
    assert len(messages) == 2
    assert all("for every name go round" in message for message in messages)


def test_a_domain_of_a_zone_does_not_go_round():
    source = estate(rule("privatelink.vaultcore.azure.net.", INBOUND), follows=("hub",))
    assert found(source, "DNS007") == []


def test_endpoints_need_subnets_of_their_own_in_the_network_of_their_resolver():
    source = estate()

    def moved(**changes: object) -> Estate:
        def one(item: Subnet) -> Subnet:
            return replace(item, **changes) if item.name == "dns-out" else item

        return replace(source, subnets=tuple(map(one, source.subnets)))

    (outbound,) = source.private_dns_resolver_outbound_endpoints
    shared = replace(
        source,
        private_dns_resolver_outbound_endpoints=(replace(outbound, subnet="hub/dns-in"),),
    )
    elsewhere = replace(
        source,
        private_dns_resolvers=(replace(source.private_dns_resolvers[0], virtual_network="aks"),),
    )
    families = ("ADDR020", "ADDR021", "DNS008")

    assert found(source, *families) == []
    assert [c for c, _ in found(assign(moved(delegation=None)), *families)] == ["ADDR021"]
    assert [c for c, _ in found(assign(shared), *families)] == ["ADDR020"]
    assert [c for c, _ in found(assign(elsewhere), *families)] == ["DNS008", "DNS008"]


@pytest.mark.parametrize(
    ("source", "verdict"),
    [
        (estate(servers=ASKS), Verdict.PROVED),
        (estate(servers=ASKS, nsg=denying()), Verdict.REFUTED),
        (estate(servers=ASKS, zones=()), Verdict.REFUTED),
        (estate(rule("vault.azure.net.", "10.9.0.4")), Verdict.UNKNOWN),
    ],
)
def test_a_claim_that_a_name_resolves_holds_the_queries_too(source, verdict):
    reach = Reach(source)
    sender = ends.sender(source, "aks-system-0")
    assert sender is not None
    assert list(senders(reach, sender))
    assert resolves(reach, sender, NAME).verdict is verdict
