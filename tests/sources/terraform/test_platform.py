"""Machines, services with private endpoints, private DNS."""

from typing import Any

import pytest

from hubwright.model.address import format_address
from plans import LATE, PlanFile, named, network, refers, subnet

ARM = "/subscriptions/s/resourceGroups/rg/providers"


def base() -> PlanFile:
    plan = PlanFile().add("azurerm_virtual_network.v", network())
    return plan.add("azurerm_subnet.work", subnet("Work", "10.0.1.0/24"))


@pytest.mark.parametrize(("type_", "system"), [("linux", "Linux"), ("windows", "Windows")])
def test_a_machine_with_its_interface(type_, system):
    plan = base().add("azurerm_network_security_group.g", named("nsg"))
    plan.add("azurerm_public_ip.p", named("pip-vm"))
    block = {
        "name": "main",
        "subnet_id": LATE,
        "private_ip_address": "10.0.1.9",
        "public_ip_address_id": LATE,
    }
    plan.add(
        "azurerm_network_interface.n",
        named("nic", ip_configuration=[block]),
        {
            "ip_configuration": [
                {
                    "subnet_id": refers("azurerm_subnet.work.id"),
                    "public_ip_address_id": refers("azurerm_public_ip.p.id"),
                }
            ]
        },
    )
    plan.add(
        "azurerm_network_interface_security_group_association.a",
        {"network_interface_id": LATE, "network_security_group_id": LATE},
        {
            "network_interface_id": refers("azurerm_network_interface.n.id"),
            "network_security_group_id": refers("azurerm_network_security_group.g.id"),
        },
    )
    machine = f"azurerm_{type_}_virtual_machine.m"
    plan.add(
        machine,
        named("vm", size="Standard_B2s", network_interface_ids=LATE),
        {"network_interface_ids": refers("azurerm_network_interface.n.id")},
    )
    plan.add(
        "azurerm_virtual_machine_extension.e",
        {"name": "x", "type": "AzureMonitorLinuxAgent", "virtual_machine_id": LATE},
        {"virtual_machine_id": refers(f"{machine}.id")},
    )
    (found,) = plan.estate().virtual_machines

    assert (found.os_type, found.subnet, found.size) == (system, "vnet/Work", "Standard_B2s")
    assert (found.private_ip_address, found.public_ip) == ("10.0.1.9", "pip-vm")
    assert (found.network_security_group, found.azure_monitor_agent_enabled) == ("nsg", True)


def test_a_machine_whose_subnet_cannot_be_told_is_said_to_be_left_out():
    plan = base().add(
        "azurerm_linux_virtual_machine.m",
        named("vm", network_interface_ids=LATE),
        {"network_interface_ids": refers("local.interfaces")},
    )
    estate = plan.estate()

    assert estate.virtual_machines == ()
    assert plan.codes() == [("TF012", "azurerm_linux_virtual_machine.m.network_interface_ids")]
    assert [item.name for item in estate.unknowns] == [
        "unknown:azurerm_linux_virtual_machine.m.network_interface_ids"
    ]


def endpoint(plan: PlanFile, subresource: str, target: Any, **rest: Any) -> PlanFile:
    connection = {"name": "c", "subresource_names": [subresource] if subresource else []}
    late = isinstance(target, dict)
    connection |= {"private_connection_resource_id": LATE if late else target}
    return plan.add(
        "azurerm_private_endpoint.p",
        named("pe", subnet_id=LATE, private_service_connection=[connection]) | rest,
        {
            "subnet_id": refers("azurerm_subnet.work.id"),
            "private_service_connection": [
                {"private_connection_resource_id": target} if late else {}
            ],
            "private_dns_zone_group": [
                {"private_dns_zone_ids": refers("azurerm_private_dns_zone.z.id")}
            ],
        },
    )


def test_the_names_of_a_registry_follow_from_its_regions():
    plan = base().add(
        "azurerm_container_registry.r",
        named("Shop", sku="Premium", georeplications=[{"location": "North Europe"}]),
    )
    endpoint(plan, "registry", refers("azurerm_container_registry.r.id"))
    (found,) = plan.estate().private_endpoints

    assert found.target == "Shop"
    assert found.fqdns == (
        "shop.azurecr.io",
        "shop.westeurope.data.azurecr.io",
        "shop.northeurope.data.azurecr.io",
    )


def test_an_endpoint_of_something_outside_of_the_plan():
    vault = f"{ARM}/Microsoft.KeyVault/vaults/elsewhere"
    (found,) = endpoint(base(), "vault", vault).estate().private_endpoints

    assert (found.target, found.fqdns) == (vault, ("elsewhere.vault.azure.net",))


def test_names_that_azure_has_told_are_taken():
    told = [{"fqdn": "x.vault.azure.net", "ip_addresses": ["10.0.1.5"]}]
    vault = f"{ARM}/Microsoft.KeyVault/vaults/elsewhere"
    (found,) = endpoint(base(), "vault", vault, custom_dns_configs=told).estate().private_endpoints

    assert found.fqdns == ("x.vault.azure.net",)


@pytest.mark.parametrize(
    ("argument", "value", "expression"),
    [
        ("private_dns_zone_id", LATE, refers("azurerm_private_dns_zone.z.id")),
        ("private_dns_zone_name", "privatelink.vaultcore.azure.net", {}),
    ],
)
def test_zone_groups_links_and_records_by_id_or_by_name(argument, value, expression):
    plan = base()
    plan.add("azurerm_private_dns_zone.z", named("privatelink.vaultcore.azure.net"))
    plan.add(
        "azurerm_private_dns_zone_virtual_network_link.l",
        {"name": "link", "virtual_network_id": LATE, argument: value},
        {"virtual_network_id": refers("azurerm_virtual_network.v.id"), argument: expression},
    )
    other = "private_dns_zone_id" if argument.endswith("id") else "zone_name"
    plan.add(
        "azurerm_private_dns_a_record.a",
        {"name": "own", "records": ["10.0.1.40", "10.0.1.41"], other: value},
        {other: expression},
    )
    vault = f"{ARM}/Microsoft.KeyVault/vaults/elsewhere"
    endpoint(plan, "vault", vault, private_dns_zone_group=[{"private_dns_zone_ids": LATE}])
    estate = plan.estate()
    (link,) = estate.private_dns_zone_virtual_network_links

    assert link.private_dns_zone == "privatelink.vaultcore.azure.net"
    assert [(r.name, format_address(r.address)) for r in estate.private_dns_a_records] == [
        ("own", "10.0.1.40"),
        ("own", "10.0.1.41"),
        ("elsewhere", "10.0.1.4"),
    ]


def test_what_services_leave_open_by_default():
    plan = base().add("azurerm_key_vault.v", named("vault", sku_name="standard"))
    plan.add("azurerm_storage_account.s", named("store", account_replication_type="GRS"))
    plan.add("azurerm_container_registry.r", named("reg", sku="Basic"))
    estate = plan.estate()

    assert estate.key_vaults[0].public_network_access_enabled
    assert estate.key_vaults[0].network_acls_default_action == "Allow"
    assert not estate.key_vaults[0].purge_protection_enabled
    assert estate.storage_accounts[0].shared_access_key_enabled
    assert estate.container_registries[0].public_network_access_enabled


def test_bastion_is_in_the_network_of_its_subnet():
    plan = base().add("azurerm_subnet.b", subnet("AzureBastionSubnet", "10.0.2.0/26"))
    plan.add(
        "azurerm_bastion_host.b",
        named("bas", ip_configuration=[{"name": "c", "subnet_id": LATE}]),
        {"ip_configuration": [{"subnet_id": refers("azurerm_subnet.b.id")}]},
    )
    (found,) = plan.estate().bastion_hosts

    assert (found.virtual_network, found.sku) == ("vnet", "Basic")


def dnat(plan: PlanFile, target: str) -> PlanFile:
    rule = {
        "name": "ssh",
        "protocols": ["TCP"],
        "source_addresses": ["192.0.2.0/24"],
        "destination_address": "20.1.1.1",
        "destination_ports": ["2222"],
        "translated_address": LATE,
        "translated_port": 22,
    }
    plan.add("azurerm_firewall_policy.p", named("afwp"))
    return plan.add(
        "azurerm_firewall_policy_rule_collection_group.g",
        {
            "name": "g",
            "priority": 100,
            "firewall_policy_id": LATE,
            "nat_rule_collection": [{"name": "nat", "priority": 100, "rule": [rule]}],
        },
        {
            "firewall_policy_id": refers("azurerm_firewall_policy.p.id"),
            "nat_rule_collection": [{"rule": [{"translated_address": refers(target)}]}],
        },
    )


@pytest.mark.parametrize(
    "target",
    [
        "azurerm_network_interface.n.private_ip_address",
        "azurerm_network_interface.n.ip_configuration[0].private_ip_address",
        "azurerm_linux_virtual_machine.m.private_ip_address",
    ],
)
def test_a_rule_leads_to_the_address_that_a_machine_will_get(target):
    plan = base().add(
        "azurerm_network_interface.n",
        named("nic", ip_configuration=[{"name": "main", "subnet_id": LATE}]),
        {"ip_configuration": [{"subnet_id": refers("azurerm_subnet.work.id")}]},
    )
    plan.add(
        "azurerm_linux_virtual_machine.m",
        named("vm", network_interface_ids=[LATE]),
        {"network_interface_ids": refers("azurerm_network_interface.n.id")},
    )
    (group,) = dnat(plan, target).estate().rule_collection_groups

    assert group.nat_rule_collections[0].rules[0].translated_address == "10.0.1.4"
    assert plan.codes() == []


def test_a_rule_leads_to_the_address_of_an_endpoint():
    vault = f"{ARM}/Microsoft.KeyVault/vaults/elsewhere"
    plan = endpoint(base(), "vault", vault)
    target = "azurerm_private_endpoint.p.private_service_connection[0].private_ip_address"
    (group,) = dnat(plan, target).estate().rule_collection_groups

    assert group.nat_rule_collections[0].rules[0].translated_address == "10.0.1.4"
