from pathlib import Path

import pytest

from hubwright.model.address import Prefix, format_address
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.flow import Application, Flow, Symptom
from hubwright.model.network import NextHopType, Subnet
from hubwright.semantics.evaluate import evaluate
from hubwright.sources.design import REFERENCE, read_design

ROOT = Path(__file__).parents[3]

BASE = """\
name: base
location: westeurope
hub: {address_space: [10.0.0.0/16], firewall: {sku_tier: TIER}}
spokes:
  aks:
    address_space: [10.1.0.0/16]
    subnets: {AksSubnet: 10.1.0.0/20, VmSubnet: 10.1.16.0/24, AppGatewaySubnet: 10.1.17.0/24}
cluster:
  spoke: aks
  pools: {system: {mode: System, subnet: AksSubnet}}
"""


def read(text: str) -> Estate:
    estate, found = read_design("estate.yaml", text)
    assert estate is not None, [(item.code, item.message) for item in found]
    return estate


def base(more: str = "", tier: str = "Premium") -> Estate:
    return read(BASE.replace("TIER", tier) + more)


@pytest.fixture(scope="module")
def reference() -> Estate:
    return read(REFERENCE)


def subnet(estate: Estate, name: str) -> Subnet:
    return next(item for item in estate.subnets if item.name == name)


def cluster(estate: Estate) -> KubernetesCluster:
    return estate.kubernetes_clusters[0]


def test_firewall_and_bastion_get_the_first_subnets_of_the_hub(reference: Estate):
    assert subnet(reference, "AzureFirewallSubnet").address_prefixes == (
        Prefix.parse("10.0.0.0/26"),
    )
    assert subnet(reference, "AzureBastionSubnet").address_prefixes == (
        Prefix.parse("10.0.0.64/26"),
    )
    assert reference.firewalls[0].private_ip_address == Prefix.parse("10.0.0.4/32").network


def test_carved_subnets_keep_clear_of_written_ones():
    text = BASE.replace("TIER", "Standard").replace(
        "[10.0.0.0/16]", "[10.0.0.0/24], subnets: {Tools: 10.0.0.32/27}"
    )

    assert subnet(read(text), "AzureFirewallSubnet").address_prefixes == (
        Prefix.parse("10.0.0.64/26"),
    )


def test_every_subnet_of_workloads_sends_everything_to_the_firewall(reference: Estate):
    for name in ("AksSubnet", "PodSubnet", "VmSubnet"):
        table = reference.route_table_by_name[subnet(reference, name).route_table or ""]
        default = next(r for r in table.routes if r.address_prefix == "0.0.0.0/0")
        assert default.next_hop_type is NextHopType.VIRTUAL_APPLIANCE
        assert default.next_hop_in_ip_address == "10.0.0.4"
    for name in ("AppGatewaySubnet", "AzureFirewallSubnet", "AzureBastionSubnet"):
        assert subnet(reference, name).route_table is None


def test_replies_of_a_public_load_balancer_leave_by_a_route_for_each_firewall_address(
    reference: Estate,
):
    table = reference.route_table_by_name[subnet(reference, "AksSubnet").route_table or ""]
    to_internet = {
        r.address_prefix for r in table.routes if r.next_hop_type is NextHopType.INTERNET
    }

    assert to_internet == {f"pip:{name}/32" for name in reference.firewalls[0].public_ips}
    assert subnet(reference, "AksSubnet").default_outbound_access_enabled
    assert not subnet(reference, "PodSubnet").default_outbound_access_enabled


def test_without_a_public_load_balancer_every_subnet_is_private_and_shares_one_table():
    estate = base("workloads: {web: {port: 80}}\n")

    assert not any(item.default_outbound_access_enabled for item in estate.subnets)
    assert [table.name for table in estate.route_tables] == ["rt-aks"]


def test_an_internal_frontend_is_taken_from_the_top_of_the_node_subnet():
    estate = base(
        "workloads: {a: {port: 80}, b: {port: 80}, c: {port: 1, frontend: 10.1.15.249}}\n"
    )

    assert [service.frontend for service in estate.kubernetes_services] == [
        "10.1.15.250",
        "10.1.15.248",
        "10.1.15.249",
    ]


def test_each_workload_has_a_firewall_address_and_a_dnat_rule(reference: Estate):
    group = next(g for g in reference.rule_collection_groups if g.name == "workloads")
    rules = {
        rule.name: (rule.destination_address, rule.translated_address, rule.translated_port)
        for collection in group.nat_rule_collections
        for rule in collection.rules
    }

    assert rules == {
        "web": ("pip-afw-web", "pip-lb-web", 80),
        "shop": ("pip-afw-shop", "10.1.15.250", 80),
    }
    assert reference.firewalls[0].public_ips == ("pip-afw-hub-1", "pip-afw-web", "pip-afw-shop")


def test_a_workload_that_is_not_exposed_has_no_address_and_no_rule():
    estate = base("workloads: {web: {port: 80, expose: false}}\n")

    assert estate.firewalls[0].public_ips == ("pip-afw-hub-1",)
    assert "workloads" not in [group.name for group in estate.rule_collection_groups]


def test_basic_has_a_management_interface_and_no_dns_proxy():
    estate = base(tier="Basic")
    policy = estate.firewall_policies[0]

    assert estate.firewalls[0].management_public_ip == "pip-afw-hub-management"
    assert subnet(estate, "AzureFirewallManagementSubnet").route_table is None
    assert (policy.dns_proxy_enabled, policy.threat_intelligence_mode) == (False, "Alert")
    assert estate.virtual_network_by_name["vnet-aks"].dns_servers == ()


def test_spokes_ask_the_firewall_for_names_and_zones_are_linked_where_it_asks(reference: Estate):
    links = {
        (item.private_dns_zone, item.virtual_network)
        for item in reference.private_dns_zone_virtual_network_links
    }

    assert reference.virtual_network_by_name["vnet-aks"].dns_servers == ("10.0.0.4",)
    assert links == {
        (zone.name, network.name)
        for zone in reference.private_dns_zones
        for network in reference.virtual_networks
    }


def test_a_system_zone_is_linked_to_the_network_of_the_nodes_only():
    estate = base("  private_dns_zone: system\n")
    links = estate.private_dns_zone_virtual_network_links

    assert [(item.private_dns_zone, item.virtual_network) for item in links] == [
        ("privatelink.westeurope.azmk8s.io", "vnet-aks")
    ]
    assert cluster(estate).private_dns_zone == "System"


def test_without_a_zone_the_api_server_has_a_public_name():
    estate = base("  private_dns_zone: none\n")

    assert estate.private_dns_zones == ()
    assert cluster(estate).private_cluster_public_fqdn_enabled
    assert estate.private_endpoints[0].fqdns[0].endswith(".hcp.westeurope.azmk8s.io")


def test_the_public_name_of_a_private_api_server_leads_nodes_to_its_private_address():
    estate = base("  private_dns_zone: none\n")
    name = estate.private_endpoints[0].fqdns[0]
    flow = Flow(
        source="aks-system-0",
        destination=name,
        application=Application.HTTPS,
        server_name=name,
    )

    assert evaluate(estate, flow).symptom is Symptom.ANSWER


def test_a_public_cluster_lets_in_every_address_of_the_firewall():
    estate = base("  private: false\nworkloads: {web: {port: 80}}\n")

    assert cluster(estate).authorized_ip_ranges == ("pip-afw-hub-1", "pip-afw-web")
    assert estate.private_endpoints == ()


def test_pods_without_a_subnet_of_their_own_are_an_overlay():
    estate = base()

    assert (cluster(estate).network_plugin_mode, cluster(estate).pod_cidr) == (
        "overlay",
        "10.244.0.0/16",
    )


def test_a_registry_has_one_private_name_for_each_region():
    estate = base("registry: {name: shopregistry, georeplications: [northeurope]}\n")
    endpoint = next(e for e in estate.private_endpoints if e.target == "shopregistry")

    assert endpoint.fqdns == (
        "shopregistry.azurecr.io",
        "shopregistry.westeurope.data.azurecr.io",
        "shopregistry.northeurope.data.azurecr.io",
    )
    assert endpoint.subnet == "vnet-aks/VmSubnet"


def test_features_let_out_what_the_catalogue_says(reference: Estate):
    group = next(g for g in reference.rule_collection_groups if g.name == "platform")
    collections = {c.name: c for c in group.application_rule_collections}
    policy = collections["aks-azure-policy"]

    assert {"aks-base", "aks-azure-policy", "egress-fqdns"} <= set(collections)
    assert "data.policy.core.windows.net" in policy.rules[0].destination_fqdns
    assert policy.rules[0].source_addresses == ("10.1.0.0/20", "10.1.16.0/20")
    assert policy.origin.span is not None
    assert "azure-policy" in REFERENCE.splitlines()[policy.origin.span.line - 1]


def test_the_catalogue_can_be_left_out():
    assert base("egress: {catalogue: false}\n").rule_collection_groups == ()


def test_egress_reads_subnets_networks_groups_and_tags():
    text = BASE.replace("TIER", "Premium, ip_groups: {offices: [192.0.2.0/24]}") + (
        "egress:\n"
        "  addresses:\n"
        "    - {name: a, from: [aks/AksSubnet, offices], to: [hub, example.com, AzureMonitor]}\n"
        "    - {name: b, from: [aks], to: [10.9.0.0/16], action: Deny}\n"
        "  tags:\n"
        "    - {name: c, from: [aks], to: [WindowsUpdate]}\n"
    )
    group = next(g for g in read(text).rule_collection_groups if g.name == "platform")
    deny, allow = group.network_rule_collections[:2]

    assert (deny.name, deny.rules[0].source_addresses) == (
        "egress-addresses-deny",
        ("10.1.0.0/16",),
    )
    assert allow.rules[0].source_ip_groups == ("offices",)
    assert allow.rules[0].destination_addresses == ("10.0.0.0/16", "AzureMonitor")
    assert allow.rules[0].destination_fqdns == ("example.com",)
    assert group.application_rule_collections[-1].rules[0].destination_fqdn_tags == (
        "WindowsUpdate",
    )


def test_machines_take_ssh_from_bastion_only(reference: Estate):
    group = reference.network_security_group_by_name["nsg-aks-VmSubnet"]

    assert [
        (rule.access, rule.source_address_prefixes, rule.destination_port_ranges)
        for rule in group.security_rules
    ] == [("Allow", ("10.0.0.64/26",), ("22",)), ("Deny", ("*",), ("22",))]


def test_a_public_frontend_is_open_to_the_firewall_and_shut_to_the_internet(reference: Estate):
    rules = reference.network_security_group_by_name["nsg-aks-AksSubnet"].security_rules

    assert [rule.access for rule in rules] == ["Allow", "Deny"]
    assert rules[0].source_address_prefixes == (
        "pip:pip-afw-hub-1",
        "pip:pip-afw-shop",
        "pip:pip-afw-web",
    )
    assert rules[1].source_address_prefixes == ("Internet",)
    assert {rule.destination_address_prefixes for rule in rules} == {("pip:pip-lb-web",)}


def test_written_rules_replace_derived_ones_and_extra_rules_join_them():
    rule = "{name: x, priority: 150, direction: Inbound, access: Deny}"
    vm = "VmSubnet: 10.1.16.0/24"
    long = "VmSubnet: {address_prefix: 10.1.16.0/24, network_security_group: {%s: [%s]}}"
    text = BASE.replace("TIER", "Premium") + "jumpbox: {}\n"

    only = read(text.replace(vm, long % ("rules", rule)))
    more = read(text.replace(vm, long % ("extra_rules", rule)))

    def names(estate: Estate) -> list[str]:
        group = estate.network_security_group_by_name["nsg-aks-VmSubnet"]
        return [item.name for item in group.security_rules]

    assert names(only) == ["x"]
    assert names(more) == ["AllowSshFromBastion", "x", "DenySsh"]


def test_insecure_choices_are_readable_so_that_check_can_speak():
    text = (
        BASE.replace("TIER", "Premium, dns_proxy: false, threat_intelligence_mode: 'Off'")
        .replace("10.1.16.0/24,", "{address_prefix: 10.1.16.0/24, route_table: false},")
        .replace(
            "AksSubnet: 10.1.0.0/20",
            "AksSubnet: {address_prefix: 10.1.0.0/20, network_security_group: false}",
        )
        + "  local_accounts: true\n"
        + "key_vault: {name: base-vault, public_network_access: true, private_endpoint: false}\n"
        + "jumpbox: {public_ip: true}\n"
    )
    estate = read(text)

    assert not estate.firewall_policies[0].dns_proxy_enabled
    assert subnet(estate, "VmSubnet").route_table is None
    assert subnet(estate, "AksSubnet").network_security_group is None
    assert estate.key_vaults[0].public_network_access_enabled
    assert estate.virtual_machines[0].public_ip == "pip-vm-jumpbox"


def test_every_resource_knows_its_line_or_why_it_is_there(reference: Estate):
    for resource in reference.resources():
        assert resource.origin.span is not None, resource
        assert resource.origin.source == "estate.yaml"
    table = reference.route_table_by_name["rt-aks"]
    assert table.origin.derived
    assert not cluster(reference).origin.derived


def test_arguments_are_located_by_their_azurerm_names(reference: Estate):
    pool = next(item for item in reference.node_pools if item.name == "user")
    lines = REFERENCE.splitlines()

    span = pool.origin.of("node_count").span

    assert span is not None
    assert lines[span.line - 1][span.column - 1 : span.end_column - 1] == "3"
    assert pool.origin.of("vm_size") is pool.origin
    assert "node_count" in pool.origin.fields


def test_a_given_public_address_is_kept():
    estate = base("public_ips: {pip-afw-hub-1: {ip_address: 20.1.2.3}}\n")

    assert estate.public_ip_by_name["pip-afw-hub-1"].ip_address == "20.1.2.3"


def test_agents_may_fetch_what_they_need():
    estate = base("agents: [{}]\n")
    group = next(g for g in estate.rule_collection_groups if g.name == "platform")

    collection = next(
        c for c in group.application_rule_collections if c.name == "azure-devops-agent"
    )
    assert collection.rules[0].source_addresses == ("10.1.16.0/24",)


@pytest.mark.parametrize(
    "path", sorted((ROOT / "estates").glob("*/estate.yaml")), ids=lambda path: path.parent.name
)
def test_every_example_reads_and_its_firewall_is_where_routes_send_traffic(path: Path):
    estate = read(path.read_text())
    address = format_address(estate.firewalls[0].private_ip_address or 0)

    hops = {r.next_hop_in_ip_address for t in estate.route_tables for r in t.routes} - {None}

    assert hops == {address}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("mode: System,", "mode: System, count: 0,", "the system pool `system` may have no node"),
        (
            "10.0.0.0/16",
            "127.0.0.0/16",
            "`127.0.0.0/16` of `hub` overlaps 127.0.0.0/8, which Azure reserves",
        ),
    ],
)
def test_what_azure_refuses_is_refused_here(old: str, new: str, message: str):
    text = BASE.replace("TIER", "Premium")
    assert old in text

    estate, found = read_design("estate.yaml", text.replace(old, new, 1))

    assert estate is None
    assert message in [item.message for item in found]
