"""Firewalls, with policies and without, and what is behind their rules."""

from typing import Any

from hubwright.model.address import format_address
from plans import LATE, PlanFile, named, network, refers, subnet

GROUP = "azurerm_firewall_policy_rule_collection_group"


def hub(**firewall: Any) -> PlanFile:
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.add("azurerm_subnet.afw", subnet("AzureFirewallSubnet", "10.0.0.64/26"))
    plan.add("azurerm_public_ip.p", named("pip-afw", ip_address=LATE, zones=["1", "2"]))
    block = {"name": "main", "subnet_id": LATE, "public_ip_address_id": LATE}
    refs = {
        "subnet_id": refers("azurerm_subnet.afw.id"),
        "public_ip_address_id": refers("azurerm_public_ip.p.id"),
    }
    policy = firewall.pop("policy", False)
    values = named("afw", sku_name="AZFW_VNet", sku_tier="Standard", ip_configuration=[block])
    expressions: dict[str, Any] = {"ip_configuration": [refs]}
    if policy:
        values["firewall_policy_id"] = LATE
        expressions["firewall_policy_id"] = refers("azurerm_firewall_policy.p.id")
        plan.add("azurerm_firewall_policy.p", named("afwp", dns=[{"proxy_enabled": True}]))
    return plan.add("azurerm_firewall.f", values | firewall, expressions)


def test_a_firewall_with_its_policy():
    plan = hub(policy=True, threat_intel_mode="Alert")
    (firewall,), (policy,) = plan.estate().firewalls, plan.estate().firewall_policies

    assert plan.estate().hub == "vnet"
    assert (firewall.firewall_policy, firewall.public_ips) == ("afwp", ("pip-afw",))
    assert format_address(firewall.private_ip_address or 0) == "10.0.0.68"
    assert (policy.sku, policy.threat_intelligence_mode) == ("Standard", "Alert")
    assert policy.dns_proxy_enabled


def test_the_address_of_a_firewall_is_known_where_routes_and_servers_refer_to_it():
    plan = hub(policy=True)
    address = refers("azurerm_firewall.f.ip_configuration[0].private_ip_address")
    plan.add(
        "azurerm_route_table.t",
        named(
            "rt",
            route=[
                {
                    "name": "d",
                    "address_prefix": "0.0.0.0/0",
                    "next_hop_type": "VirtualAppliance",
                    "next_hop_in_ip_address": LATE,
                }
            ],
        ),
        {"route": [{"next_hop_in_ip_address": address}]},
    )
    plan.add(
        "azurerm_virtual_network_dns_servers.d",
        {"virtual_network_id": LATE, "dns_servers": [LATE]},
        {"virtual_network_id": refers("azurerm_virtual_network.v.id"), "dns_servers": address},
    )
    estate = plan.estate()

    assert estate.route_table_by_name["rt"].routes[0].next_hop_in_ip_address == "10.0.0.68"
    assert estate.virtual_networks[0].dns_servers == ("10.0.0.68",)
    assert plan.codes() == []


def test_rules_of_a_policy_point_at_their_arguments():
    plan = hub(policy=True).add("azurerm_ip_group.g", named("offices", cidrs=["192.0.2.0/24"]))
    network_rule = {
        "name": "ntp",
        "protocols": ["UDP"],
        "source_addresses": ["10.0.0.0/8"],
        "destination_addresses": ["*"],
        "destination_ports": ["123"],
    }
    application = {
        "name": "web",
        "source_ip_groups": [LATE],
        "destination_fqdns": ["example.com"],
        "protocols": [{"type": "Https", "port": 443}],
    }
    nat = {
        "name": "in",
        "protocols": ["TCP"],
        "source_addresses": ["*"],
        "destination_address": LATE,
        "destination_ports": ["80"],
        "translated_address": "10.0.1.9",
        "translated_port": 8080,
    }
    plan.add(
        f"{GROUP}.g",
        {
            "name": "main",
            "priority": 300,
            "firewall_policy_id": LATE,
            "network_rule_collection": [
                {"name": "net", "priority": 200, "action": "Allow", "rule": [network_rule]}
            ],
            "application_rule_collection": [
                {"name": "app", "priority": 300, "action": "Deny", "rule": [application]}
            ],
            "nat_rule_collection": [
                {"name": "nat", "priority": 100, "action": "Dnat", "rule": [nat]}
            ],
        },
        {
            "firewall_policy_id": refers("azurerm_firewall_policy.p.id"),
            "application_rule_collection": [
                {"rule": [{"source_ip_groups": refers("azurerm_ip_group.g.id")}]}
            ],
            "nat_rule_collection": [
                {"rule": [{"destination_address": refers("azurerm_public_ip.p.ip_address")}]}
            ],
        },
    )
    (group,) = plan.estate().groups_of("afwp")
    ntp = group.network_rule_collections[0].rules[0]
    web = group.application_rule_collections[0]

    assert ntp.origin.of("destination_addresses").path == (
        f"{GROUP}.g.network_rule_collection[0].rule[0].destination_addresses"
    )
    assert (web.action, web.rules[0].source_ip_groups) == ("Deny", ("offices",))
    assert str(web.rules[0].protocols[0]) == "Https:443"
    assert group.nat_rule_collections[0].rules[0].destination_address == "pip-afw"


def test_classic_collections_become_a_policy_named_for_the_firewall():
    plan = hub(threat_intel_mode="Deny", dns_servers=["10.9.9.9"])
    shared = {"azure_firewall_name": "afw", "resource_group_name": "rg", "action": "Allow"}
    plan.add(
        "azurerm_firewall_network_rule_collection.n",
        shared
        | {
            "name": "net",
            "priority": 200,
            "rule": [
                {
                    "name": "ntp",
                    "protocols": ["UDP"],
                    "source_addresses": ["*"],
                    "destination_addresses": ["*"],
                    "destination_ports": ["123"],
                }
            ],
        },
    )
    plan.add(
        "azurerm_firewall_application_rule_collection.a",
        shared
        | {
            "name": "app",
            "priority": 300,
            "rule": [
                {
                    "name": "web",
                    "source_addresses": ["*"],
                    "target_fqdns": ["example.com"],
                    "fqdn_tags": [],
                    "protocol": [{"type": "Https", "port": 443}],
                }
            ],
        },
    )
    plan.add(
        "azurerm_firewall_nat_rule_collection.d",
        shared
        | {
            "name": "nat",
            "priority": 100,
            "action": "Dnat",
            "rule": [
                {
                    "name": "in",
                    "protocols": ["TCP"],
                    "source_addresses": ["*"],
                    "destination_addresses": [LATE],
                    "destination_ports": ["80"],
                    "translated_address": "10.0.1.9",
                    "translated_port": 80,
                }
            ],
        },
        {"rule": [{"destination_addresses": refers("azurerm_public_ip.p.ip_address")}]},
    )
    estate = plan.estate()
    (policy,), (group,) = estate.firewall_policies, estate.rule_collection_groups

    assert estate.firewalls[0].firewall_policy == policy.name == group.firewall_policy == "afw"
    assert (policy.threat_intelligence_mode, policy.dns_servers) == ("Deny", ("10.9.9.9",))
    assert "carries its settings" in policy.origin.derived
    assert group.network_rule_collections[0].rules[0].name == "ntp"
    assert group.application_rule_collections[0].rules[0].destination_fqdns == ("example.com",)
    assert group.nat_rule_collections[0].rules[0].destination_address == "pip-afw"


def test_a_firewall_of_a_virtual_hub_is_said_to_be_left_out():
    plan = hub(policy=True, virtual_hub=[{"virtual_hub_id": "x"}])

    assert plan.estate().firewalls == ()
    assert ("TF012", "azurerm_firewall.f.virtual_hub") in plan.codes()
