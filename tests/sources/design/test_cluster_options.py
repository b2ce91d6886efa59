import pytest

from designs import read, refused, write
from hubwright.model.estate import Estate
from hubwright.model.network import NicKind

REGISTRY = "registry: {}\n"


def cluster_of(estate: Estate):
    return estate.kubernetes_clusters[0]


def test_the_defaults_are_those_that_one_would_choose():
    cluster = cluster_of(read(write()))

    assert cluster.automatic_upgrade_channel == "patch"
    assert cluster.node_os_upgrade_channel == "NodeImage"
    assert not cluster.run_command_enabled
    assert cluster.local_account_disabled
    assert cluster.azure_rbac_enabled
    assert (cluster.disk_driver_enabled, cluster.blob_driver_enabled) == (True, False)
    assert cluster.bootstrap_container_registry is None
    assert cluster.ingress is None


def test_what_is_written_is_what_comes_out():
    estate = read(
        write(
            cluster=(
                "upgrade_channel: none\n"
                "node_os_upgrade_channel: SecurityPatch\n"
                "run_command: true\n"
                "node_resource_group: rg-nodes\n"
                "storage_drivers: [blob]\n"
                'maintenance_window: {day: Friday, start: "22:30", hours: 5}\n'
            )
        ).replace(
            "user: {subnet: AksSubnet}",
            "user: {subnet: AksSubnet, labels: {b: two, a: one}, taints: [x=y:NoExecute], "
            "host_encryption: true, os_disk_type: Ephemeral}",
        )
    )
    cluster, pool = cluster_of(estate), estate.node_pools[1]

    assert cluster.automatic_upgrade_channel is None
    assert cluster.node_os_upgrade_channel == "SecurityPatch"
    assert cluster.run_command_enabled
    assert cluster.node_resource_group == "rg-nodes"
    assert (cluster.disk_driver_enabled, cluster.blob_driver_enabled) == (False, True)
    window = cluster.maintenance_window_auto_upgrade
    assert window is not None
    assert (window.day_of_week, window.start_time, window.duration) == ("Friday", "22:30", 5)
    assert pool.node_labels == (("a", "one"), ("b", "two"))
    assert pool.node_taints == ("x=y:NoExecute",)
    assert pool.host_encryption_enabled
    assert pool.os_disk_type == "Ephemeral"


def test_an_integrated_api_server_is_in_a_subnet_of_its_own_without_an_endpoints_route():
    estate = read(write("jumpbox: {}\n", cluster="api_server_subnet: OwnSubnet"))
    cluster, subnet = cluster_of(estate), estate.subnet_by_id["vnet-aks/OwnSubnet"]

    assert cluster.api_server_subnet == "vnet-aks/OwnSubnet"
    assert cluster.private_dns_zone == "private.westeurope.azmk8s.io"
    assert subnet.delegation == "Microsoft.ContainerService/managedClusters"
    nics = [nic for nic in estate.network_interfaces if nic.subnet == subnet.id]
    assert [nic.kind for nic in nics] == [NicKind.API_SERVER]
    assert ("private.westeurope.azmk8s.io", nics[0].private_ip_address) in {
        (record.zone, record.address) for record in estate.private_dns_a_records
    }
    group = estate.network_security_group_by_name["nsg-aks-OwnSubnet"]
    assert [(r.name, r.destination_port_ranges) for r in group.security_rules] == [
        ("AllowNodes", ("443", "4443")),
        ("AllowLoadBalancerProbes", ("9988",)),
    ]


def test_an_isolated_cluster_starts_from_the_registry_and_lets_nothing_out():
    estate = read(write(REGISTRY, cluster="outbound_type: none"))

    assert cluster_of(estate).bootstrap_container_registry == "acrbase"
    assert estate.rule_collection_groups == ()


def test_a_zone_of_the_platform_has_the_platforms_link_only():
    estate = read(write("key_vault: {}\n", cluster="private_dns_zone: system"))

    zone = next(z for z in estate.private_dns_zones if z.made_by_platform)
    links = [
        item.virtual_network
        for item in estate.private_dns_zone_virtual_network_links
        if item.private_dns_zone == zone.name
    ]
    assert (zone.name, zone.resource_group_name) == ("privatelink.westeurope.azmk8s.io", "")
    assert links == ["vnet-aks"]


@pytest.mark.parametrize(
    ("cluster", "more", "code", "message", "line"),
    [
        (
            "private: false\napi_server_subnet: OwnSubnet",
            "",
            "DESIGN010",
            "a public cluster has no private API server to put into a subnet",
            "api_server_subnet: OwnSubnet",
        ),
        (
            "api_server_subnet: AksSubnet",
            "",
            "DESIGN010",
            "`AksSubnet` holds nodes or pods, and API servers need it alone",
            "api_server_subnet: AksSubnet",
        ),
        (
            "outbound_type: none",
            "",
            "DESIGN007",
            "nodes have no registry to start from",
            "outbound_type: none",
        ),
        (
            "outbound_type: none",
            "registry: {sku: Standard, private_endpoint: false}\n",
            "DESIGN010",
            "nodes start from a cache in a Premium registry, and this is Standard",
            "registry: {sku: Standard, private_endpoint: false}",
        ),
        (
            "outbound_type: none\nfeatures: [flux]",
            REGISTRY,
            "DESIGN010",
            "`flux` does not work in a network isolated cluster",
            "features: [flux]",
        ),
        (
            "outbound_type: none\nnode_os_upgrade_channel: Unmanaged",
            REGISTRY,
            "DESIGN010",
            "nodes that start from a registry cannot update themselves from the internet",
            "node_os_upgrade_channel: Unmanaged",
        ),
        (
            "private_dns_zone: system",
            "private_dns: {links: {privatelink.westeurope.azmk8s.io: [hub]}}\n",
            "DESIGN010",
            (
                "`privatelink.westeurope.azmk8s.io` is AKS's own, which links it to the network of "
                "the nodes"
            ),
            "private_dns: {links: {privatelink.westeurope.azmk8s.io: [hub]}}",
        ),
        (
            "features: [defender]",
            "",
            "DESIGN007",
            "`defender` has no workspace to send to",
            "features: [defender]",
        ),
        (
            "network_plugin: kubenet\ningress: application-gateway",
            "",
            "DESIGN010",
            "`application-gateway` reaches pods by their own addresses, and kubenet has none",
            "ingress: application-gateway",
        ),
    ],
)
def test_what_a_cluster_cannot_be(cluster: str, more: str, code: str, message: str, line: str):
    assert (code, message, line) in refused(write(more, cluster=cluster))


def test_the_pool_that_the_cluster_is_made_with_takes_no_taints():
    text = write().replace(
        "system: {mode: System, subnet: AksSubnet}",
        "system: {mode: System, subnet: AksSubnet, taints: [a=b:NoSchedule]}",
    )

    assert [message for _, message, _ in refused(text)] == [
        "pool `system` is the one that the cluster is made with: it takes no taints"
    ]


@pytest.mark.parametrize(
    ("hub", "more", "message"),
    [
        (
            "firewall: {sku_tier: Standard, tls_inspection: {key_vault_secret: ca}}",
            "key_vault: {}\n",
            "TLS inspection needs a Premium firewall with a Premium policy",
        ),
        (
            "firewall: {tls_inspection: {key_vault_secret: ca}}",
            "",
            "there is no vault that holds `ca`",
        ),
        (
            "firewall: {policy_analytics: true}",
            "",
            "policy analytics has no workspace to write to",
        ),
        (
            "bastion: {sku: Basic, tunneling: true}",
            "",
            "native clients need a Bastion of tier Standard, and this is Basic",
        ),
        ("", "registry: {sku: Basic, data_endpoint: true}\n", "`data_endpoint` needs a Premium"),
    ],
)
def test_what_the_hub_and_the_services_cannot_be(hub: str, more: str, message: str):
    assert [m for _, m, _ in refused(write(more, hub=hub)) if m.startswith(message)]


def test_an_autoscaled_pool_starts_between_its_limits():
    text = write().replace(
        "{mode: System, subnet: AksSubnet}",
        "{mode: System, subnet: AksSubnet, count: 3, min: 2, max: 5}",
    )
    text = text.replace("{subnet: AksSubnet}", "{subnet: AksSubnet, count: 3, min: 4, max: 9}")

    assert [pool.node_count for pool in read(text).node_pools] == [2, 4]
