"""Networks, subnets, routes and filters, inline and beside, in every major version."""

from hubwright.model.network import NextHopType
from plans import LATE, PlanFile, named, network, refers, subnet

TABLE = "azurerm_route_table"
GROUP = "azurerm_network_security_group"
ARM = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network"
DEFAULT = {
    "name": "default",
    "address_prefix": "0.0.0.0/0",
    "next_hop_type": "VirtualAppliance",
    "next_hop_in_ip_address": "10.0.0.4",
}
SSH = {
    "name": "ssh",
    "priority": 100,
    "direction": "Inbound",
    "access": "Allow",
    "protocol": "Tcp",
    "source_port_range": "*",
    "destination_port_range": "22",
    "source_address_prefixes": ["10.0.0.0/8", "192.168.0.0/16"],
    "destination_address_prefix": "*",
}


def test_inline_subnets_are_subnets():
    blocks = [
        {
            "name": "Work",
            "address_prefixes": ["10.0.1.0/24"],
            "security_group": LATE,
            "route_table_id": f"{ARM}/routeTables/rt-known",
        },
        {"name": "Old", "address_prefix": "10.0.2.0/24"},
    ]
    plan = PlanFile().add(
        "azurerm_virtual_network.v",
        network(subnet=blocks),
        {"subnet": [{"security_group": refers(f"{GROUP}.g.id")}, {}]},
    )
    plan.add(f"{GROUP}.g", named("nsg")).add("azurerm_public_ip.x", named("pip"))
    estate = plan.estate()
    work, old = estate.subnets

    assert (work.network_security_group, work.route_table) == ("nsg", "rt-known")
    assert str(old.address_prefixes[0]) == "10.0.2.0/24"
    assert work.origin.path == "azurerm_virtual_network.v.subnet[0]"


def test_a_subnet_that_its_network_lists_too_counts_once():
    known = {"name": "Work", "address_prefixes": ["10.0.1.0/24"], "id": "x"}
    plan = PlanFile().add("azurerm_virtual_network.v", network(subnet=[known]))
    plan.add("azurerm_subnet.work", subnet("Work", "10.0.1.0/24"))

    assert [s.origin.path for s in plan.estate().subnets] == ["azurerm_subnet.work"]


def test_a_reference_into_a_network_finds_its_inline_subnet():
    blocks = [{"name": name, "address_prefixes": [f"10.0.{n}.0/24"]} for n, name in enumerate("ab")]
    plan = PlanFile().add("azurerm_virtual_network.v", network(subnet=blocks))
    plan.variables["home"] = "b"
    plan.add(
        "azurerm_private_endpoint.p",
        named("pe", subnet_id=LATE, private_service_connection=[{"subresource_names": ["vault"]}]),
        {"subnet_id": refers("azurerm_virtual_network.v.subnet", "var.home")},
    )

    assert plan.estate().private_endpoints[0].subnet == "vnet/b"


def test_dns_servers_beside_their_network():
    plan = PlanFile().add("azurerm_virtual_network.v", network(dns_servers=LATE))
    plan.add(
        "azurerm_virtual_network_dns_servers.d",
        {"virtual_network_id": LATE, "dns_servers": ["10.0.0.4"]},
        {"virtual_network_id": refers("azurerm_virtual_network.v.id")},
    )
    found = plan.estate().virtual_networks[0]

    assert found.dns_servers == ("10.0.0.4",)
    assert found.origin.of("dns_servers").path.startswith("azurerm_virtual_network_dns_servers.d")


def test_routes_inline_and_beside_count_once():
    away = {**DEFAULT, "name": "away", "address_prefix": "10.9.0.0/16"}
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.add(f"{TABLE}.t", named("rt", route=[DEFAULT, away]))
    plan.add("azurerm_route.away", {**away, "route_table_name": "rt", "resource_group_name": "rg"})
    routes = plan.estate().route_table_by_name["rt"].routes

    assert [(r.name, r.origin.path) for r in routes] == [
        ("away", "azurerm_route.away"),
        ("default", f"{TABLE}.t.route[0]"),
    ]
    assert {r.next_hop_type for r in routes} == {NextHopType.VIRTUAL_APPLIANCE}


def test_a_public_ip_in_a_route_and_a_rule_is_its_symbol():
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.add("azurerm_public_ip.p", named("pip-afw", ip_address=LATE))
    plan.add(f"{TABLE}.t", named("rt"))
    plan.add(
        "azurerm_route.reply",
        {
            "name": "reply",
            "route_table_name": "rt",
            "resource_group_name": "rg",
            "address_prefix": LATE,
            "next_hop_type": "Internet",
        },
        {"address_prefix": refers("azurerm_public_ip.p.ip_address")},
    )
    plan.add(f"{GROUP}.g", named("nsg"))
    rule = {**SSH, "network_security_group_name": "nsg", "resource_group_name": "rg"}
    plan.add(
        "azurerm_network_security_rule.r",
        rule | {"source_address_prefixes": ["10.0.0.0/8", LATE]},
        {"source_address_prefixes": refers("azurerm_public_ip.p.ip_address")},
    )
    estate = plan.estate()

    assert estate.route_table_by_name["rt"].routes[0].address_prefix == "pip:pip-afw/32"
    assert estate.network_security_group_by_name["nsg"].security_rules[
        0
    ].source_address_prefixes == ("10.0.0.0/8", "pip:pip-afw")


def test_security_rules_take_one_or_many():
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.add(f"{GROUP}.g", named("nsg", security_rule=[SSH]))
    (rule,) = plan.estate().network_security_group_by_name["nsg"].security_rules

    assert rule.destination_port_ranges == ("22",)
    assert rule.source_address_prefixes == ("10.0.0.0/8", "192.168.0.0/16")
    assert rule.destination_address_prefixes == ("*",)


def test_associations_of_every_kind():
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.add("azurerm_subnet.work", subnet("Work", "10.0.1.0/24"))
    plan.add("azurerm_public_ip.p", named("pip-nat"))
    for kind, type_ in (
        ("network_security_group", GROUP),
        ("route_table", TABLE),
        ("nat_gateway", "azurerm_nat_gateway"),
    ):
        plan.add(f"{type_}.x", named(kind))
        plan.add(
            f"azurerm_subnet_{kind}_association.a",
            {"subnet_id": LATE, f"{kind}_id": LATE},
            {"subnet_id": refers("azurerm_subnet.work.id"), f"{kind}_id": refers(f"{type_}.x.id")},
        )
    plan.add(
        "azurerm_nat_gateway_public_ip_association.a",
        {"nat_gateway_id": LATE, "public_ip_address_id": LATE},
        {
            "nat_gateway_id": refers("azurerm_nat_gateway.x.id"),
            "public_ip_address_id": refers("azurerm_public_ip.p.id"),
        },
    )
    estate = plan.estate()
    found = estate.subnets[0]

    assert (found.network_security_group, found.route_table, found.nat_gateway) == (
        "network_security_group",
        "route_table",
        "nat_gateway",
    )
    assert estate.nat_gateways[0].public_ips == ("pip-nat",)


def test_an_association_that_the_plan_deletes_no_longer_counts():
    table = f"{ARM}/routeTables/rt"
    home = f"{ARM}/virtualNetworks/vnet/subnets/Work"
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    plan.add(f"{TABLE}.t", named("rt"), actions=("no-op",))
    plan.add(
        "azurerm_subnet.work",
        subnet("Work", "10.0.1.0/24", id=home, route_table_id=table),
        actions=("no-op",),
    )
    kept = plan.estate().subnets[0].route_table
    plan.add(
        "azurerm_subnet_route_table_association.a",
        {},
        actions=("delete",),
        before={"subnet_id": home, "route_table_id": table},
    )

    assert (kept, plan.estate().subnets[0].route_table) == ("rt", None)


def test_arguments_of_azurerm_3():
    plan = PlanFile("~> 3.0").add("azurerm_virtual_network.v", network())
    plan.add(
        "azurerm_subnet.work",
        subnet(
            "Work",
            "10.0.1.0/24",
            private_endpoint_network_policies_enabled=True,
            service_endpoints=["Microsoft.Storage"],
            default_outbound_access_enabled=None,
        ),
    )
    plan.add(f"{TABLE}.t", named("rt", disable_bgp_route_propagation=True))
    estate = plan.estate()
    found = estate.subnets[0]

    assert found.private_endpoint_network_policies == "Enabled"
    assert found.service_endpoints == ("Microsoft.Storage",)
    assert found.default_outbound_access_enabled
    assert not estate.route_table_by_name["rt"].bgp_route_propagation_enabled


def test_each_direction_of_a_peering():
    plan = PlanFile().add("azurerm_virtual_network.a", network("vnet-a"))
    plan.add("azurerm_virtual_network.b", network("vnet-b", address_space=["10.1.0.0/16"]))
    for near, far in ("ab", "ba"):
        plan.add(
            f"azurerm_virtual_network_peering.{near}",
            {
                "name": f"to-{far}",
                "virtual_network_name": f"vnet-{near}",
                "resource_group_name": "rg",
                "remote_virtual_network_id": LATE,
                "allow_forwarded_traffic": near == "a",
            },
            {"remote_virtual_network_id": refers(f"azurerm_virtual_network.{far}.id")},
        )
    found = plan.estate().virtual_network_peerings

    assert [(p.virtual_network, p.remote_virtual_network) for p in found] == [
        ("vnet-a", "vnet-b"),
        ("vnet-b", "vnet-a"),
    ]
    assert [p.allow_forwarded_traffic for p in found] == [True, False]
    assert all(p.allow_virtual_network_access for p in found)
