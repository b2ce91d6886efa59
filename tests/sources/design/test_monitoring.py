import pytest

from designs import read, refused, write
from hubwright.catalogue.diagnostics import DIAGNOSTICS

AROUND = "storage: {}\nlog_analytics: {}\n"


def test_everything_that_logs_sends_to_the_workspace():
    estate = read(write("jumpbox: {}\nregistry: {}\nkey_vault: {}\n" + AROUND))

    settings = {item.target: item for item in estate.monitor_diagnostic_settings}
    assert {target.partition(":")[0] for target in settings} == set(DIAGNOSTICS) - {
        "application_gateway",
        "application_load_balancer",
        "nat_gateway",
    }
    firewall = settings["firewall:afw-hub"]
    assert firewall.log_analytics_destination_type == "Dedicated"
    assert all(category.startswith("AZFW") for category in firewall.log_categories)
    assert "kube-audit-admin" in settings["kubernetes_cluster:aks-base"].log_categories
    assert not settings["network_security_group:nsg-aks-VmSubnet"].metrics
    assert settings["storage_account:stbase"].log_categories == ()
    assert "StorageRead" in settings["storage_blob_service:stbase"].log_categories
    assert {item.log_analytics_workspace for item in settings.values()} == {"log-base"}


def test_every_network_has_a_flow_log():
    estate = read(write(AROUND + "monitoring: {flow_log_retention_days: 90}\n"))

    assert [
        (item.virtual_network, item.storage_account, item.retention_in_days)
        for item in estate.network_watcher_flow_logs
    ] == [("vnet-aks", "stbase", 90), ("vnet-hub", "stbase", 90)]


def test_without_a_workspace_nothing_is_watched():
    estate = read(write("storage: {}\n"))

    assert estate.monitor_diagnostic_settings == ()
    assert estate.network_watcher_flow_logs == ()
    assert estate.monitor_metric_alerts == ()
    assert estate.firewall_policies[0].insights_workspace is None


def test_what_is_turned_off_is_off():
    estate = read(
        write(
            AROUND + "monitoring: {diagnostic_settings: false, flow_logs: false, alerts: false}\n",
            hub="firewall: {policy_analytics: false}",
        )
    )

    assert estate.monitor_diagnostic_settings == ()
    assert estate.network_watcher_flow_logs == ()
    assert estate.monitor_metric_alerts == ()
    assert estate.firewall_policies[0].insights_workspace is None


def test_the_firewalls_throughput_is_measured_by_its_tier():
    standard = read(write(AROUND, hub="firewall: {sku_tier: Standard}"))
    premium = read(write(AROUND))

    def threshold(estate):
        return next(
            a.threshold for a in estate.monitor_metric_alerts if a.metric_name == "Throughput"
        )

    assert threshold(standard) == pytest.approx(24e9)
    assert threshold(premium) == pytest.approx(80e9)


def test_a_node_that_is_not_ready_raises_an_alarm():
    alert = next(
        a
        for a in read(write(AROUND)).monitor_metric_alerts
        if a.metric_name == "kube_node_status_condition"
    )

    assert alert.scope == "kubernetes_cluster:aks-base"
    assert alert.dimensions == (("status2", "NotReady"),)


def test_attacks_are_told_of_where_there_is_protection():
    estate = read(write(AROUND, hub="ddos_protection: true"))

    told = [a.scope for a in estate.monitor_metric_alerts if a.metric_name == "IfUnderDDoSAttack"]
    assert told == ["public_ip:pip-afw-hub-1"]
    assert {n.ddos_protection_plan for n in estate.virtual_networks} == {"ddos-base"}


def test_agents_have_rules_that_say_what_they_collect():
    estate = read(
        write(
            "jumpbox: {}\nagents: [{os: Windows}]\n" + AROUND,
            cluster="features: [container-insights, managed-prometheus]",
        )
    )

    assert {
        (item.name, item.log_analytics_workspace or item.monitor_workspace, item.targets)
        for item in estate.monitor_data_collection_rules
    } == {
        ("dcr-aks-base", "log-base", ("kubernetes_cluster:aks-base",)),
        ("dcr-aks-base-prometheus", "amw-base", ("kubernetes_cluster:aks-base",)),
        ("dcr-linux-machines", "log-base", ("linux_virtual_machine:vm-jumpbox",)),
        ("dcr-windows-machines", "log-base", ("windows_virtual_machine:vm-agent-1",)),
    }
    assert estate.kubernetes_clusters[0].log_analytics_workspace == "log-base"


def test_a_private_workspace_is_reached_by_a_scope_with_five_zones():
    estate = read(write("log_analytics: {private_link: true}\n"))

    endpoint = next(e for e in estate.private_endpoints if e.subresource == "azuremonitor")
    assert endpoint.target == "ampls-base"
    assert len(endpoint.private_dns_zones) == 5
    assert "westeurope.handler.control.monitor.azure.com" in endpoint.fqdns
    assert estate.monitor_private_link_scopes[0].linked_resources == (
        "log_analytics_workspace:log-base",
    )
    assert estate.log_analytics_workspaces[0].internet_ingestion_access_type == "Disabled"
    written = {record.zone for record in estate.private_dns_a_records}
    assert set(endpoint.private_dns_zones) <= written


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            "monitoring: {flow_logs: true}\n",
            "`flow_logs` is on, and there is no `storage` that takes them",
        ),
        (
            "monitoring: {diagnostic_settings: true}\n",
            "`diagnostic_settings` is on, and there is no `log_analytics` that takes them",
        ),
    ],
)
def test_what_is_watched_needs_a_place_to_go(more: str, message: str):
    assert refused(write(more)) == [("DESIGN007", message, more.strip())]
