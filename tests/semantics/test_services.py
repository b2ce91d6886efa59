"""What public names of Azure's services let people do."""

from dataclasses import replace

import pytest

import builders
from asking import ask, http, https, nodes, seen
from builders import application_collection, application_rule, network_collection, network_rule
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.firewall import Action
from hubwright.model.flow import Disposition, Stage, Symptom
from hubwright.model.network import NetworkSecurityGroup, NextHopType, SecurityRule
from hubwright.model.platform import ContainerRegistry, KeyVault, StorageAccount
from hubwright.semantics.assigned import assign
from hubwright.semantics.services import api_server, authorized_addresses, owner, service_endpoint

VM = "vm-jumpbox"
ALL_NETWORK = (network_collection("n", 100, Action.ALLOW, network_rule("all")),)
ALL_NAMES = (application_collection("a", 100, Action.ALLOW, application_rule("all", "*")),)


# Service endpoints


def endpoints(*services, subnet_id="aks/VmSubnet", base=None, **more):
    return builders.change_subnet(
        base or builders.estate(), subnet_id, service_endpoints=services, **more
    )


@pytest.mark.parametrize(
    ("service", "name"),
    [
        ("Microsoft.Storage", "any.blob.core.windows.net"),
        ("Microsoft.Storage", "any.queue.core.windows.net"),
        ("Microsoft.Storage.Global", "any.file.core.windows.net"),
        ("Microsoft.KeyVault", "any.vault.azure.net"),
        ("Microsoft.ContainerRegistry", "any.azurecr.io"),
        ("Microsoft.ContainerRegistry", "any.westeurope.data.azurecr.io"),
        ("Microsoft.Sql", "any.database.windows.net"),
        ("microsoft.keyvault", "ANY.vault.azure.net"),
    ],
)
def test_a_service_endpoint_goes_past_the_firewall_with_the_private_source(service, name):
    trace = https(endpoints(service), VM, name)
    assert trace.disposition is Disposition.EXITS_NETWORK
    assert nodes(trace.forward) == [VM, "internet"]
    assert nodes(trace.reverse) == ["internet", VM]
    assert seen(trace) == ["10.1.48.5"]
    assert service in [step.rule for hop in trace.forward for step in hop.steps]


@pytest.mark.parametrize(
    "name", ["mcr.microsoft.com", "any.vault.azure.net", "blob.core.windows.net.evil.com"]
)
def test_a_service_endpoint_takes_its_own_service_only(name):
    assert "afw" in nodes(https(endpoints("Microsoft.Storage"), VM, name).forward)


def test_a_service_endpoint_serves_its_own_subnet_only():
    estate = endpoints("Microsoft.Storage")
    assert "afw" in nodes(https(estate, "aks-system-0", "any.blob.core.windows.net").forward)


def test_a_service_endpoint_works_in_a_private_subnet_without_any_route_table():
    estate = endpoints("Microsoft.Storage", route_table=None)
    assert https(estate, VM, "any.blob.core.windows.net").disposition.is_success
    assert not https(estate, VM, "mcr.microsoft.com").disposition.is_success


def test_security_groups_still_filter_what_a_service_endpoint_carries():
    deny = SecurityRule(name="no", priority=100, direction="Outbound", access="Deny")
    base = builders.estate(
        network_security_groups=(
            NetworkSecurityGroup(name="nsg"),
            NetworkSecurityGroup(name="closed", security_rules=(deny,)),
        )
    )
    # The name still resolves: its query goes to Azure DNS, which groups do not filter.
    networks = tuple(replace(n, dns_servers=()) for n in base.virtual_networks)
    base = assign(replace(base, virtual_networks=networks))
    estate = endpoints("Microsoft.Storage", base=base, network_security_group="closed")
    trace = https(estate, VM, "any.blob.core.windows.net")
    assert (trace.disposition, trace.decided_by) == (Disposition.DENIED_OUT, Stage.NSG)


def test_a_private_endpoint_is_not_a_matter_of_service_endpoints():
    trace = https(endpoints("Microsoft.KeyVault"), "aks-system-0", "vault.vault.azure.net")
    assert trace.server == "pe-vault"


def test_on_the_firewalls_subnet_the_service_sees_an_instance():
    base = builders.with_rules(application=ALL_NAMES)
    estate = endpoints("Microsoft.Storage", subnet_id="hub/AzureFirewallSubnet", base=base)
    trace = https(estate, VM, "any.blob.core.windows.net")
    assert trace.disposition is Disposition.EXITS_NETWORK
    assert nodes(trace.forward) == [VM, "afw", "internet"]
    assert nodes(trace.reverse) == ["internet", "afw", VM]
    assert sorted(seen(trace)) == ["10.0.0.5", "10.0.0.6"]


def test_a_service_endpoint_is_found_by_subnet_and_name():
    estate = endpoints("Microsoft.Storage", "Microsoft.KeyVault")
    assert service_endpoint(estate, "aks/VmSubnet", "x.vault.azure.net") == "Microsoft.KeyVault"
    assert service_endpoint(estate, "aks/VmSubnet", "x.azurecr.io") is None
    assert service_endpoint(estate, "aks/AksSubnet", "x.vault.azure.net") is None


# Public access


def unlinked(**changes):
    """The name resolves publicly: no zone is linked."""
    return builders.with_rules(
        application=ALL_NAMES,
        base=builders.estate(private_dns_zone_virtual_network_links=(), **changes),
    )


def test_a_service_with_public_access_off_answers_403_on_its_public_address():
    trace = https(unlinked(), VM, "vault.vault.azure.net")
    assert (trace.disposition, trace.symptom) == (Disposition.DENIED_IN, Symptom.FORBIDDEN)
    assert trace.decided_by is Stage.SERVICE


def test_a_service_with_public_access_on_answers():
    estate = unlinked(key_vaults=(KeyVault(name="vault", public_network_access_enabled=True),))
    assert https(estate, VM, "vault.vault.azure.net").disposition is Disposition.EXITS_NETWORK


def test_a_service_answers_403_without_a_private_endpoint_too():
    trace = https(unlinked(private_endpoints=()), VM, "vault.vault.azure.net")
    assert trace.symptom is Symptom.FORBIDDEN


def test_a_service_answers_403_by_a_service_endpoint_too():
    estate = endpoints("Microsoft.KeyVault", base=unlinked())
    assert https(estate, VM, "vault.vault.azure.net").symptom is Symptom.FORBIDDEN


def test_403_needs_http_to_be_seen():
    estate = builders.with_rules(network=ALL_NETWORK, base=unlinked())
    assert ask(estate, VM, "vault.vault.azure.net", 443).disposition is Disposition.EXITS_NETWORK


def test_the_firewall_refuses_before_the_service_does():
    base = builders.estate(private_dns_zone_virtual_network_links=())
    assert https(base, VM, "vault.vault.azure.net").symptom is Symptom.TLS_CLOSED


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("vault.vault.azure.net", "vault"),
        ("Reg.azurecr.io", "reg"),
        ("reg.westeurope.data.azurecr.io", "reg"),
        ("logs.blob.core.windows.net", "logs"),
        ("logs-secondary.table.core.windows.net", "logs"),
        ("other.vault.azure.net", None),
        ("vault.example.com", None),
        ("vault.vault.azure.net.evil.com", None),
    ],
)
def test_a_public_name_leads_to_the_service_of_that_name(name, found):
    estate = builders.estate(
        private_endpoints=(),
        container_registries=(ContainerRegistry(name="reg", location="westeurope"),),
        storage_accounts=(StorageAccount(name="logs"),),
    )
    item = owner(estate, name)
    assert (item and item.name) == found


# API servers

API = "test-1a2b3c4d.hcp.westeurope.azmk8s.io"


def public_cluster(*ranges, private=False, **changes):
    cluster = KubernetesCluster(
        name="aks-test",
        location="westeurope",
        dns_prefix="test",
        private_cluster_enabled=private,
        authorized_ip_ranges=ranges,
    )
    base = builders.estate(kubernetes_clusters=(cluster,), **changes)
    return builders.with_rules(application=ALL_NAMES, base=base)


def test_a_public_api_server_is_open_to_all_without_ranges():
    assert https(public_cluster(), "internet", API).disposition is Disposition.EXITS_NETWORK


def test_a_public_api_server_drops_what_is_in_no_authorized_range_silently():
    trace = https(public_cluster("192.0.2.0/24"), "internet", API)
    assert (trace.disposition, trace.symptom) == (Disposition.DENIED_IN, Symptom.TIMEOUT)
    assert trace.decided_by is Stage.SERVICE


def test_authorized_ranges_see_the_source_after_translation():
    everyone = ("pip-fw-1", "pip-fw-web", "pip-fw-shop")
    assert https(public_cluster(*everyone), "aks-system-0", API).disposition.is_success
    trace = https(public_cluster("10.1.0.0/16"), "aks-system-0", API)
    assert trace.decided_by is Stage.SERVICE


def test_authorizing_one_of_the_firewalls_addresses_is_not_enough():
    trace = https(public_cluster("pip-fw-1"), "aks-system-0", API)
    assert (trace.disposition, trace.decided_by) == (Disposition.DENIED_IN, Stage.SERVICE)
    assert [branch.disposition for branch in trace.branches] == [Disposition.EXITS_NETWORK]


def test_a_range_that_nobody_can_read_is_unknown_and_named():
    trace = https(public_cluster("pip-gone"), "internet", API)
    assert trace.disposition is Disposition.INSUFFICIENT_INFO
    assert trace.unknowns == ("authorized range pip-gone of aks-test",)


def test_authorized_ranges_do_not_apply_to_private_clusters():
    estate = public_cluster("192.0.2.0/24", private=True)
    assert authorized_addresses(estate, estate.kubernetes_clusters[0]) is None


def test_authorized_ranges_do_not_apply_to_somebody_elses_cluster():
    trace = https(public_cluster("192.0.2.0/24"), "internet", "x-1.hcp.westeurope.azmk8s.io")
    assert trace.disposition is Disposition.EXITS_NETWORK


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("test.hcp.westeurope.azmk8s.io", True),
        ("TEST-1a2b3c4d.hcp.westeurope.azmk8s.io", True),
        ("test-1a2b3c4d.hcp.northeurope.azmk8s.io", False),
        ("test2-1a2b3c4d.hcp.westeurope.azmk8s.io", False),
        ("test-1a2b3c4d.privatelink.westeurope.azmk8s.io", False),
    ],
)
def test_an_api_server_is_known_by_prefix_and_location(name, found):
    assert (api_server(public_cluster(), name) is not None) == found


def test_a_public_cluster_is_a_destination_by_its_own_name():
    trace = https(public_cluster(), "internet", "aks-test")
    assert trace.disposition is Disposition.EXITS_NETWORK


def test_a_cluster_behind_routes_reaches_a_public_api_server_through_the_firewall():
    estate = public_cluster()
    assert estate.subnet_by_id["aks/AksSubnet"].route_table == "rt-nodes"
    hops = [r.next_hop_type for r in estate.route_table_by_name["rt-nodes"].routes]
    assert hops[0] is NextHopType.VIRTUAL_APPLIANCE
    assert "afw" in nodes(https(estate, "aks-system-0", API).forward)
    assert http(estate, "aks-system-0", API).symptom is Symptom.HTTP_470
