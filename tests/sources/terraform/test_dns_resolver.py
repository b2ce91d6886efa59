"""A Private Resolver in a first plan: ids and addresses are known only after apply."""

from hubwright.model.address import format_address
from hubwright.model.dns_resolver import TargetDnsServer
from hubwright.model.network import NicKind
from hubwright.semantics.dns import client_resolves
from plans import LATE, PlanFile, named, network, refers, subnet

ZONE = "contoso.azure"
DELEGATION = [
    {"name": "d", "service_delegation": [{"name": "Microsoft.Network/dnsResolvers", "actions": []}]}
]
ENDPOINT = "azurerm_private_dns_resolver_inbound_endpoint.in"
ADDRESS = refers(f"{ENDPOINT}.ip_configurations[0].private_ip_address")


def plan(**endpoint) -> PlanFile:
    found = PlanFile()
    found.add("azurerm_virtual_network.hub", network("hub"))
    found.add(
        "azurerm_virtual_network.asks",
        network("asks", address_space=["10.1.0.0/16"], dns_servers=LATE),
        {"dns_servers": ADDRESS},
    )
    found.add("azurerm_virtual_network.follows", network("follows", address_space=["10.2.0.0/16"]))
    for name, prefix in (("in", "10.0.2.0/28"), ("out", "10.0.2.16/28")):
        values = subnet(f"dns-{name}", prefix, "hub", delegation=DELEGATION)
        found.add(f"azurerm_subnet.{name}", values)
    found.add(
        "azurerm_private_dns_resolver.r",
        named("resolver", virtual_network_id=LATE),
        {"virtual_network_id": refers("azurerm_virtual_network.hub.id")},
    )
    found.add(
        ENDPOINT,
        {
            "name": "in",
            "private_dns_resolver_id": LATE,
            "ip_configurations": [
                {"subnet_id": LATE, "private_ip_allocation_method": "Dynamic", **endpoint}
            ],
        },
        {
            "private_dns_resolver_id": refers("azurerm_private_dns_resolver.r.id"),
            "ip_configurations": [{"subnet_id": refers("azurerm_subnet.in.id")}],
        },
    )
    found.add(
        "azurerm_private_dns_resolver_outbound_endpoint.out",
        {"name": "out", "private_dns_resolver_id": LATE, "subnet_id": LATE},
        {
            "private_dns_resolver_id": refers("azurerm_private_dns_resolver.r.id"),
            "subnet_id": refers("azurerm_subnet.out.id"),
        },
    )
    found.add(
        "azurerm_private_dns_resolver_dns_forwarding_ruleset.s",
        named("ruleset", private_dns_resolver_outbound_endpoint_ids=LATE),
        {
            "private_dns_resolver_outbound_endpoint_ids": refers(
                "azurerm_private_dns_resolver_outbound_endpoint.out.id"
            )
        },
    )
    _rules(found)
    found.add("azurerm_private_dns_zone.z", named(ZONE))
    found.add(
        "azurerm_private_dns_zone_virtual_network_link.l",
        {"name": "l", "virtual_network_id": LATE, "private_dns_zone_name": ZONE},
        {"virtual_network_id": refers("azurerm_virtual_network.hub.id")},
    )
    return found.add(
        "azurerm_private_dns_a_record.a",
        {"name": "own", "records": ["10.0.1.40"], "zone_name": ZONE},
    )


def _rules(found: PlanFile) -> None:
    ruleset = refers("azurerm_private_dns_resolver_dns_forwarding_ruleset.s.id")
    found.add(
        "azurerm_private_dns_resolver_virtual_network_link.follows",
        {"name": "follows", "dns_forwarding_ruleset_id": LATE, "virtual_network_id": LATE},
        {
            "dns_forwarding_ruleset_id": ruleset,
            "virtual_network_id": refers("azurerm_virtual_network.follows.id"),
        },
    )
    found.add(
        "azurerm_private_dns_resolver_forwarding_rule.azure",
        {
            "name": "azure",
            "dns_forwarding_ruleset_id": LATE,
            "domain_name": f"{ZONE}.",
            "target_dns_servers": [{"ip_address": LATE, "port": 53}],
        },
        {
            "dns_forwarding_ruleset_id": ruleset,
            "target_dns_servers": [{"ip_address": ADDRESS}],
        },
    )
    found.add(
        "azurerm_private_dns_resolver_forwarding_rule.corp",
        {
            "name": "corp",
            "dns_forwarding_ruleset_id": LATE,
            "domain_name": "corp.contoso.com.",
            "enabled": False,
            "target_dns_servers": [{"ip_address": "10.9.0.4", "port": 5353}],
        },
        {"dns_forwarding_ruleset_id": ruleset},
    )


def test_everything_finds_what_it_refers_to():
    estate = plan().estate()
    (endpoint,) = estate.private_dns_resolver_inbound_endpoints
    (out,) = estate.private_dns_resolver_outbound_endpoints
    (ruleset,) = estate.dns_forwarding_rulesets
    (link,) = estate.dns_forwarding_virtual_network_links
    azure, corp = estate.dns_forwarding_rules

    assert estate.private_dns_resolvers[0].virtual_network == "hub"
    assert (endpoint.private_dns_resolver, endpoint.subnet) == ("resolver", "hub/dns-in")
    assert (out.private_dns_resolver, out.subnet) == ("resolver", "hub/dns-out")
    assert ruleset.private_dns_resolver_outbound_endpoints == ("out",)
    assert (link.dns_forwarding_ruleset, link.virtual_network) == ("ruleset", "follows")
    assert azure.target_dns_servers == (TargetDnsServer(ip_address="10.0.2.4"),)
    assert (azure.enabled, azure.dns_forwarding_ruleset) == (True, "ruleset")
    assert (corp.enabled, corp.target_dns_servers[0].port) == (False, 5353)
    assert estate.unknowns == ()


def test_an_endpoint_gets_an_address_and_networks_ask_it():
    estate = plan().estate()
    (nic,) = (n for n in estate.network_interfaces if n.kind is NicKind.DNS_RESOLVER)

    assert format_address(nic.private_ip_address) == "10.0.2.4"
    assert estate.virtual_network_by_name["asks"].dns_servers == ("10.0.2.4",)
    for name in ("asks", "follows"):
        answer = client_resolves(estate, name, f"own.{ZONE}")
        assert [format_address(address) for address in answer.addresses] == ["10.0.1.40"]


def test_an_address_that_was_asked_for_is_kept():
    estate = plan(private_ip_address="10.0.2.9").estate()

    assert estate.virtual_network_by_name["asks"].dns_servers == ("10.0.2.9",)
    assert estate.dns_forwarding_rules[0].target_dns_servers[0].ip_address == "10.0.2.9"


def test_an_id_that_is_known_leads_to_the_same():
    found = plan()
    network_id = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network"
    found.add(
        "azurerm_private_dns_resolver_virtual_network_link.hub",
        {
            "name": "hub",
            "dns_forwarding_ruleset_id": f"{network_id}/dnsForwardingRulesets/ruleset",
            "virtual_network_id": f"{network_id}/virtualNetworks/hub",
        },
    )
    links = found.estate().dns_forwarding_virtual_network_links

    assert [(link.dns_forwarding_ruleset, link.virtual_network) for link in links] == [
        ("ruleset", "follows"),
        ("ruleset", "hub"),
    ]


def test_what_a_plan_does_not_tell_of_a_target_stays_unknown():
    found = plan()
    found.add(
        "azurerm_private_dns_resolver_forwarding_rule.late",
        {
            "name": "late",
            "dns_forwarding_ruleset_id": LATE,
            "domain_name": "late.contoso.com.",
            "target_dns_servers": LATE,
        },
        {
            "dns_forwarding_ruleset_id": refers(
                "azurerm_private_dns_resolver_dns_forwarding_ruleset.s.id"
            )
        },
    )
    answer = client_resolves(found.estate(), "follows", "a.late.contoso.com")

    assert answer.unknown.startswith("DNS server unknown:")
