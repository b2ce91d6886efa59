"""Security groups as nftables text."""

from dataclasses import replace

import pytest

from builders import change_subnet, estate
from hubwright.engines.twin import nsg_nft
from hubwright.model.network import (
    NetworkSecurityGroup,
    PrivateEndpointNetworkPolicies,
    SecurityRule,
)
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumptions

DEFAULTS = Assumptions()


def rule(**more) -> SecurityRule:
    values = {"name": "r", "priority": 100, "direction": "Inbound", "access": "Deny", **more}
    return SecurityRule(**values)


def with_rule(*rules: SecurityRule):
    groups = (NetworkSecurityGroup(name="nsg", security_rules=rules),)
    return assign(replace(estate(), network_security_groups=groups))


def text_of(source, name: str) -> str:
    return nsg_nft.table(source, source.network_interface_by_name[name], DEFAULTS)


def test_inbound_asks_the_subnets_group_first_and_outbound_the_interfaces():
    text = text_of(estate(), "aks-user-0")
    inbound, outbound = text.split("chain outbound {")
    own, subnets = "aks_test_agentpool_nsg", "nsg"

    inbound = inbound.split("chain inbound {")[1]
    assert inbound.index(f"jump inbound_{subnets}\n") < inbound.index(f"jump inbound_{own}")
    assert outbound.index(f"jump outbound_{own}") < outbound.index(f"jump outbound_{subnets}\n")


def test_inbound_comes_before_a_nodes_translation_and_outbound_after():
    text = text_of(estate(), "aks-user-0")

    assert "hook prerouting priority -150" in text
    assert "hook postrouting priority 150" in text


def test_a_denied_packet_names_its_rule():
    text = text_of(with_rule(rule(name="no-ssh", destination_port_ranges=("22",))), "vm-jumpbox")

    assert "th dport 22" in text
    assert 'log prefix "drop:nsg_in:nsg/no-ssh" group 1 drop' in text


@pytest.mark.parametrize(
    ("protocol", "ports", "expected"),
    [
        ("Tcp", ("80",), ["meta l4proto tcp th dport 80"]),
        ("*", ("80", "90-91"), ["meta l4proto { tcp, udp } th dport { 80, 90-91 }", "icmp log"]),
        ("Icmp", ("*",), ["meta l4proto icmp log"]),
        ("*", ("*",), ["\t\tlog prefix"]),
    ],
)
def test_icmp_has_no_ports(protocol, ports, expected):
    source = with_rule(rule(protocol=protocol, destination_port_ranges=ports))
    text = text_of(source, "vm-jumpbox")

    assert all(part in text for part in expected)


def test_an_unknown_service_tag_holds_nothing():
    source = with_rule(rule(name="tagged", source_address_prefixes=("Storage.WestEurope",)))

    assert "tagged" not in text_of(source, "vm-jumpbox")


def test_platform_addresses_are_filtered_by_their_tags_only():
    deny_all = rule(name="all", direction="Outbound")
    deny_dns = rule(
        name="dns", direction="Outbound", destination_address_prefixes=("AzurePlatformDNS",)
    )

    def platform(text: str) -> str:
        return text.partition("chain platform {")[2].partition("}\n")[0]

    assert "drop" not in platform(text_of(with_rule(deny_all), "vm-jumpbox"))
    assert "ip daddr 168.63.129.16" in platform(text_of(with_rule(deny_dns), "vm-jumpbox"))


def test_a_private_endpoint_is_filtered_only_where_its_subnet_says_so():
    source = estate()
    policies = PrivateEndpointNetworkPolicies.NSG
    filtered = change_subnet(source, "aks/VmSubnet", private_endpoint_network_policies=policies)

    assert text_of(source, "pe-vault") == ""
    assert "jump inbound_nsg" in text_of(filtered, "pe-vault")
    assert "jump outbound_nsg" not in text_of(filtered, "pe-vault")


def test_source_ports_do_not_count_at_a_private_endpoint():
    source = change_subnet(
        with_rule(rule(source_port_ranges=("1000",), protocol="Tcp")),
        "aks/VmSubnet",
        private_endpoint_network_policies=PrivateEndpointNetworkPolicies.ENABLED,
    )

    assert "sport 1000" in text_of(source, "vm-jumpbox")
    assert "sport" not in text_of(source, "pe-vault")


def test_an_interface_without_groups_has_no_table():
    assert text_of(estate(), "bastion") == ""
