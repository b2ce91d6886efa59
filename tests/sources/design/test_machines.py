import pytest

from designs import read, refused, write
from hubwright.model.estate import Estate

AROUND = "storage: {}\nlog_analytics: {}\n"
POOL = "{kind: managed-pool, subnet: aks/OwnSubnet, organization_url: https://dev.azure.com/contoso"


def collections(estate: Estate) -> dict[str, set[str]]:
    """Return the sources of every application rule collection that the catalogue asked for."""
    return {
        collection.name: {s for rule in collection.rules for s in rule.source_addresses}
        for group in estate.rule_collection_groups
        for collection in group.application_rule_collections
    }


def test_the_jump_box_is_signed_in_to_with_entra_watched_and_without_a_public_address():
    machine = read(write("jumpbox: {}\n" + AROUND)).virtual_machines[0]

    assert machine.purpose == "jumpbox"
    assert machine.public_ip is None
    assert machine.entra_login_enabled
    assert machine.azure_monitor_agent_enabled
    assert machine.boot_diagnostics_storage_account == "stbase"


def test_without_a_workspace_and_an_account_it_does_without():
    machine = read(write("jumpbox: {}\n")).virtual_machines[0]

    assert not machine.azure_monitor_agent_enabled
    assert machine.boot_diagnostics_storage_account is None


def test_agents_are_of_every_kind():
    estate = read(
        write(
            "agents: [{}, {kind: vm, os: Windows}, {kind: scale-set, instances: 2}, "
            f"{POOL}}}]\n"
        )
    )

    assert [(m.name, m.os_type, m.purpose) for m in estate.virtual_machines] == [
        ("vm-agent-1", "Linux", "agent"),
        ("vm-agent-2", "Windows", "agent"),
    ]
    assert [(s.name, s.instances) for s in estate.virtual_machine_scale_sets] == [
        ("vmss-agents-3", 2)
    ]
    pool = estate.managed_devops_pools[0]
    assert (pool.name, pool.subnet) == ("mdp-base-4", "vnet-aks/OwnSubnet")
    assert not any(m.entra_login_enabled for m in estate.virtual_machines)


def test_a_managed_pool_has_its_subnet_delegated_and_may_join_the_network():
    estate = read(write(f"agents: [{POOL}}}]\n"))

    subnet = estate.subnet_by_id["vnet-aks/OwnSubnet"]
    assert subnet.delegation == "Microsoft.DevOpsInfrastructure/pools"
    assert subnet.route_table == "rt-aks"
    me = "service_principal:DevOpsInfrastructure"
    assert {
        (item.role_definition_name, item.scope)
        for item in estate.role_assignments
        if item.principal == me
    } == {
        ("Reader", "virtual_network:vnet-aks"),
        ("Network Contributor", "virtual_network:vnet-aks"),
    }


def test_each_machine_may_fetch_what_it_needs_and_no_other_may():
    estate = read(write(f"jumpbox: {{}}\nagents: [{POOL}, tools: false}}]\n" + AROUND))

    found = collections(estate)
    assert found["managed-devops-pool"] == {"10.1.19.0/27"}
    assert found["entra-login"] == found["azure-monitor-agent"] == {"10.1.16.0/24"}
    assert "azure-devops-agent" not in found
    assert "pipeline-tools" not in found


def test_windows_machines_take_rdp_from_bastion_only():
    estate = read(write("jumpbox: {os: Windows}\n"))

    group = estate.network_security_group_by_name["nsg-aks-VmSubnet"]
    assert [(r.name, r.destination_port_ranges) for r in group.security_rules] == [
        ("AllowSshFromBastion", ("22",)),
        ("AllowRdpFromBastion", ("3389",)),
        ("DenySsh", ("22",)),
        ("DenyRdp", ("3389",)),
    ]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            "agents: [{kind: pool}]\n",
            ("DESIGN006", "`pool` is no kind of agent", "agents: [{kind: pool}]"),
        ),
        (
            "jumpbox: {os: Windows, name: a-name-that-is-long}\n",
            (
                "DESIGN006",
                "`a-name-that-is-long` is too long for a Windows machine",
                "jumpbox: {os: Windows, name: a-name-that-is-long}",
            ),
        ),
        (
            "jumpbox: {azure_monitor_agent: true}\n",
            (
                "DESIGN007",
                "the Azure Monitor agent has no workspace to send to",
                "jumpbox: {azure_monitor_agent: true}",
            ),
        ),
        (
            "jumpbox: {boot_diagnostics: true}\n",
            (
                "DESIGN007",
                "there is no storage account for boot diagnostics",
                "jumpbox: {boot_diagnostics: true}",
            ),
        ),
        (
            f"agents: [{POOL}, maximum_concurrency: 40}}]\n",
            (
                "DESIGN009",
                "`OwnSubnet` has 27 addresses; the pool wants 45",
                f"agents: [{POOL}, maximum_concurrency: 40}}]",
            ),
        ),
        (
            f"agents: [{POOL}}}, {POOL}}}]\n",
            (
                "DESIGN010",
                "`OwnSubnet` is wanted by two resources that each need it alone",
                f"agents: [{POOL}}}, {POOL}}}]",
            ),
        ),
    ],
)
def test_what_a_machine_cannot_be(more: str, expected: tuple[str, str, str]):
    assert expected in refused(write(more))
