"""The firewall below the application layer, as nftables text."""

from dataclasses import replace

from builders import dnat, estate, network_collection, network_rule, with_rules
from hubwright.engines.twin import nft_text as nft
from hubwright.engines.twin.firewall_nft import FirewallText
from hubwright.engines.twin.wiring import Wiring
from hubwright.model.address import AddressSet
from hubwright.model.firewall import Action, NatRuleCollection
from hubwright.model.network import NatGateway, PublicIp
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumptions


def text_of(source, assumptions: Assumptions | None = None) -> FirewallText:
    return FirewallText(Wiring(source, assumptions or Assumptions()), source.firewalls[0])


def ruleset(source, assumptions: Assumptions | None = None) -> str:
    return "".join(document.text for document in text_of(source, assumptions).rulesets())


def chain(text: str, name: str) -> str:
    return text.partition(f"chain {name} {{\n")[2].partition("\t}\n")[0]


def test_network_rules_keep_azures_order_across_collections():
    source = with_rules(
        network=[
            network_collection("later", 300, Action.ALLOW, network_rule("b")),
            network_collection("first", 100, Action.DENY, network_rule("a")),
        ]
    )
    lines = [line for line in ruleset(source).splitlines() if "network_rules" in line]
    refs = {ref.index: ref.rule for ref in text_of(source).refs() if ref.kind == "net"}

    assert "fw:net:Deny:0" in lines[1]
    assert "fw:net:Allow:1" in lines[2]
    assert refs == {0: "a", 1: "b"}


def test_any_with_ports_is_tcp_and_udp_and_without_is_everything():
    with_ports = with_rules(
        network=[
            network_collection(
                "c", 100, Action.ALLOW, network_rule(protocols=("Any",), destination_ports=("53",))
            )
        ]
    )
    without = with_rules(
        network=[network_collection("c", 100, Action.ALLOW, network_rule(protocols=("Any",)))]
    )

    assert "network_rules meta l4proto { tcp, udp } th dport 53" in ruleset(with_ports)
    assert "network_rules ct mark set" in ruleset(without)


def test_icmp_rules_have_no_ports():
    source = with_rules(
        network=[
            network_collection(
                "c", 100, Action.ALLOW, network_rule(protocols=("ICMP",), destination_ports=("7",))
            )
        ]
    )

    assert "network_rules meta l4proto icmp ct mark" in ruleset(source)


def test_a_rule_with_an_unknown_tag_only_is_left_out():
    source = with_rules(
        network=[
            network_collection(
                "c", 100, Action.ALLOW, network_rule(destination_addresses=("AzureCloud",))
            )
        ]
    )

    assert "fw:net" not in ruleset(source)


def test_dnat_is_allowed_at_once_unless_assumed_otherwise():
    forward = chain(ruleset(estate()), "forward")
    implicit = chain(ruleset(estate(), Assumptions(dnat_match="implicit-rule")), "forward")

    assert "jump network_rules" not in forward
    assert implicit.index("ct status dnat jump network_rules") < implicit.index(
        "ct status dnat accept"
    )


def test_dnat_rules_translate_in_order():
    lines = chain(ruleset(estate()), "nat_rules")

    assert 'log prefix "fw:nat:DNAT:0" group 2 dnat to 203.0.113.4:80' in lines
    assert 'log prefix "fw:nat:DNAT:1" group 2 dnat to 10.1.15.250:80' in lines


def test_the_basic_tier_does_not_translate_its_private_address():
    rules = [NatRuleCollection(name="n", priority=100, rules=(dnat("a", "10.0.0.4", "10.1.0.4"),))]
    source = with_rules(nat=rules)
    basic = replace(source, firewalls=(replace(source.firewalls[0], sku_tier="Basic"),))

    assert "fw:nat" in ruleset(source)
    assert "fw:nat" not in ruleset(assign(basic))


def test_every_public_address_takes_its_turn():
    snat = chain(ruleset(estate()), "source_nat")

    assert (
        'oifname "pub" snat to numgen inc mod 3 map '
        "{ 0 : 203.0.113.1, 1 : 203.0.113.3, 2 : 203.0.113.2 }"
    ) in snat
    assert "{ 0 : 10.0.0.5, 1 : 10.0.0.6 }" in snat


def test_private_ranges_keep_their_source_and_a_policy_replaces_them():
    base = estate()
    policy = replace(base.firewall_policies[0], private_ip_ranges=("10.0.0.0/8",))
    own = ruleset(assign(replace(base, firewall_policies=(policy,))))
    always = replace(policy, private_ip_ranges=("255.255.255.255/32",))
    never_kept = ruleset(assign(replace(base, firewall_policies=(always,))))

    assert "100.64.0.0/10" in chain(ruleset(base), "source_nat")
    assert "ip daddr 10.0.0.0/8 accept" in chain(own, "source_nat")
    assert "ip daddr" not in chain(never_kept, "source_nat")


def test_a_nat_gateway_takes_over_what_goes_out():
    base = estate()
    source = replace(
        base,
        public_ips=(*base.public_ips, PublicIp(name="pip-nat")),
        nat_gateways=(NatGateway(name="nat", public_ips=("pip-nat",)),),
        subnets=tuple(
            replace(s, nat_gateway="nat") if s.name == "AzureFirewallSubnet" else s
            for s in base.subnets
        ),
    )

    assert 'oifname "pub" snat to 203.0.113.5\n' in ruleset(assign(source))


def test_an_answer_on_the_other_leg_is_dropped_and_so_is_what_began_unseen():
    text = chain(ruleset(estate()), "connections")

    assert "ct state invalid" in text
    assert 'ct mark & 0x3 == 0x1 iifname "priv" log prefix "drop:asym:afw"' in text
    assert "nf_conntrack_tcp_loose=0" in text_of(estate()).settings().text


def test_handing_over_to_envoy_fails_closed():
    lines = chain(ruleset(estate()), "to_envoy").splitlines()

    assert "tproxy to :15001" in lines[0]
    assert lines[1].endswith("drop")


def test_threat_intelligence_spares_the_allowlist_and_needs_deny():
    feed = Assumptions(threat_feed_addresses=AddressSet.parse("198.18.0.0/31"))
    base = estate()
    policy = base.firewall_policies[0]
    spared = replace(policy, threat_intelligence_allowlist_ip_addresses=("198.18.0.0",))
    alerting = replace(policy, threat_intelligence_mode="Alert")

    def threats(item) -> str:
        return chain(ruleset(assign(replace(base, firewall_policies=(item,))), feed), "threats")

    assert "ip daddr 198.18.0.0/31" in threats(policy)
    assert "ip daddr 198.18.0.1 " in threats(spared)
    assert "drop" not in threats(alerting)


def test_the_dns_proxy_is_reached_only_where_it_is_on():
    base = estate()
    off = replace(base.firewall_policies[0], dns_proxy_enabled=False)

    assert "th dport 53 accept" in ruleset(base)
    assert "th dport 53 accept" not in ruleset(assign(replace(base, firewall_policies=(off,))))


def test_its_own_way_out_follows_its_effective_routes():
    lines = text_of(estate()).addresses().text

    assert "route add 0.0.0.0/0 via 192.0.2.254 dev pub" in lines
    assert "route add 10.1.0.0/16 via 10.0.0.1 dev priv" in lines


def test_a_large_policy_is_cut_into_transactions_that_a_rootless_socket_takes():
    rules = [
        network_rule(f"r{n}", destination_addresses=(f"198.18.{n // 250}.{n % 250}",))
        for n in range(3000)
    ]
    source = with_rules(network=[network_collection("c", 100, Action.ALLOW, *rules)])
    documents = text_of(source).rulesets()

    assert max(len(document.text) for document in documents) < 200_000
    assert sum(document.text.count("fw:net:Allow") for document in documents) == 3000
    assert len({document.name for document in documents}) == len(documents) > 4


def test_a_long_prefix_is_cut():
    text = nft.log("drop:nsg_in:" + "x" * 100, nft.DROPS)

    assert len(text.split('"')[1]) == 64
