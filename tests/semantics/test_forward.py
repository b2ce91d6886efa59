"""The way out: security groups in order, outbound access, load balancers, overlays."""

from dataclasses import replace

import pytest

import builders
from asking import ask, http, https, nodes, ping, rules_of, seen
from builders import network_collection, network_rule
from hubwright.model.address import format_address
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.firewall import Action
from hubwright.model.flow import Disposition, Stage, Symptom
from hubwright.model.network import (
    NatGateway,
    NetworkInterface,
    NetworkSecurityGroup,
    NicKind,
    PublicIp,
    SecurityRule,
)
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.semantics.assigned import assign
from hubwright.semantics.names import CLUSTER_OUTBOUND, DEFAULT_OUTBOUND

VM = "vm-jumpbox"
ALL = (network_collection("n", 100, Action.ALLOW, network_rule("all", protocols=("Any",))),)


def deny(name, direction):
    return NetworkSecurityGroup(
        name=name,
        security_rules=(SecurityRule(name="no", priority=100, direction=direction, access="Deny"),),
    )


def with_groups(estate, *groups, vm=None):
    """The estate with these groups; `vm` is the one on the machine's own interface."""
    estate = replace(estate, network_security_groups=(NetworkSecurityGroup(name="nsg"), *groups))
    estate = assign(estate)
    nics = tuple(
        replace(nic, network_security_group=vm) if nic.name == VM else nic
        for nic in estate.network_interfaces
    )
    return replace(estate, network_interfaces=nics)


# Security groups


def test_outbound_the_interfaces_group_is_asked_before_the_subnets():
    estate = with_groups(builders.estate(), NetworkSecurityGroup(name="own"), vm="own")
    trace = ask(estate, VM, "aks-system-0", 22)
    assert rules_of(trace.forward)[:2] == ["own/AllowVnetOutBound", "nsg/AllowVnetOutBound"]


def test_inbound_the_subnets_group_is_asked_before_the_interfaces():
    estate = with_groups(builders.estate(), NetworkSecurityGroup(name="own"), vm="own")
    trace = ask(estate, "aks-system-0", VM, 22)
    assert rules_of(trace.forward)[-2:] == ["nsg/AllowVnetInBound", "own/AllowVnetInBound"]


@pytest.mark.parametrize(
    ("direction", "disposition"),
    [("Outbound", Disposition.DENIED_OUT), ("Inbound", Disposition.DENIED_IN)],
)
def test_both_groups_must_allow(direction, disposition):
    estate = with_groups(builders.estate(), deny("own", direction), vm="own")
    source, target = (VM, "aks-system-0") if direction == "Outbound" else ("aks-system-0", VM)
    trace = ask(estate, source, target, 22)
    assert (trace.disposition, trace.decided_by) == (disposition, Stage.NSG)
    assert trace.blocker[1].rule == "own/no"


def test_traffic_within_a_subnet_is_filtered_too():
    estate = with_groups(builders.estate(), deny("own", "Inbound"))
    estate = builders.change_subnet(estate, "aks/AksSubnet", network_security_group="own")
    assert ask(estate, "aks-system-0", "aks-system-1", 22).disposition is Disposition.DENIED_IN


@pytest.mark.parametrize(
    ("policies", "denied"),
    [
        ("Disabled", False),
        ("RouteTableEnabled", False),
        ("NetworkSecurityGroupEnabled", True),
        ("Enabled", True),
    ],
)
def test_a_group_filters_an_endpoint_only_where_its_policy_is_on(policies, denied):
    estate = with_groups(builders.estate(), deny("own", "Inbound"))
    estate = builders.change_subnet(
        estate,
        "aks/VmSubnet",
        network_security_group="own",
        private_endpoint_network_policies=policies,
    )
    trace = https(estate, "aks-system-0", "vault.vault.azure.net")
    assert (trace.disposition is Disposition.DENIED_IN) == denied


@pytest.mark.parametrize("address", ["168.63.129.16", "169.254.169.254"])
def test_platform_addresses_pass_groups_routes_and_firewall(address):
    estate = with_groups(builders.estate(), deny("own", "Outbound"), vm="own")
    trace = ask(estate, VM, address, 80)
    assert (trace.disposition, trace.server) == (Disposition.EXITS_NETWORK, "azure")
    assert nodes(trace.forward) == [VM]


def test_a_deny_of_the_platform_dns_tag_stops_name_resolution():
    rule = SecurityRule(
        name="no-dns",
        priority=100,
        direction="Outbound",
        access="Deny",
        destination_address_prefixes=("AzurePlatformDNS",),
    )
    estate = with_groups(
        builders.estate(), NetworkSecurityGroup(name="own", security_rules=(rule,)), vm="own"
    )
    trace = ask(estate, VM, "168.63.129.16", 53, protocol="UDP")
    assert trace.disposition is Disposition.DENIED_OUT


# Outbound access, without a firewall in the way


def direct(**changes):
    """The machine's subnet has no route table: Azure's own default route leads out."""
    return builders.change_subnet(builders.estate(**changes), "aks/VmSubnet", route_table=None)


def test_a_private_subnet_has_no_way_out():
    trace = ask(direct(), VM, "8.8.8.8")
    assert (trace.disposition, trace.decided_by) == (Disposition.NO_ROUTE, Stage.ROUTE)
    assert "private subnet" in trace.blocker[1].detail


def test_default_outbound_access_lends_an_address():
    estate = builders.change_subnet(direct(), "aks/VmSubnet", default_outbound_access_enabled=True)
    assert seen(ask(estate, VM, "8.8.8.8")) == [format_address(DEFAULT_OUTBOUND)]


def with_public_ip(**changes):
    base = builders.estate()
    return direct(
        public_ips=(*base.public_ips, PublicIp(name="pip-vm"), PublicIp(name="pip-nat")),
        virtual_machines=(LinuxVirtualMachine(name=VM, subnet="aks/VmSubnet", public_ip="pip-vm"),),
        nat_gateways=(NatGateway(name="nat", public_ips=("pip-nat",)),),
        **changes,
    )


def test_an_own_public_ip_goes_before_default_outbound_access():
    estate = builders.change_subnet(
        with_public_ip(), "aks/VmSubnet", default_outbound_access_enabled=True
    )
    wanted = estate.public_ip_by_name["pip-vm"].ip_address
    assert seen(ask(estate, VM, "8.8.8.8")) == [wanted]


def test_a_nat_gateway_goes_before_an_own_public_ip():
    estate = builders.change_subnet(with_public_ip(), "aks/VmSubnet", nat_gateway="nat")
    wanted = estate.public_ip_by_name["pip-nat"].ip_address
    assert seen(ask(estate, VM, "8.8.8.8")) == [wanted]


def test_a_route_to_the_firewall_goes_before_a_nat_gateway():
    estate = builders.change_subnet(
        builders.with_rules(network=ALL, base=with_public_ip()),
        "aks/VmSubnet",
        nat_gateway="nat",
        route_table="rt",
    )
    assert nodes(ask(estate, VM, "8.8.8.8", 22).forward) == [VM, "afw", "internet"]


def test_a_nat_gateway_carries_no_icmp():
    estate = builders.change_subnet(with_public_ip(), "aks/VmSubnet", nat_gateway="nat")
    trace = ping(estate, VM, "8.8.8.8")
    assert (trace.disposition, trace.decided_by) == (Disposition.NO_ROUTE, Stage.TRANSLATION)
    assert ask(estate, VM, "8.8.8.8", 53, protocol="UDP").disposition.is_success


@pytest.mark.parametrize(
    ("outbound_type", "success"),
    [("loadBalancer", True), ("managedNATGateway", True), ("userDefinedRouting", False)],
)
def test_nodes_leave_by_what_the_cluster_makes_for_them(outbound_type, success):
    cluster = replace(builders.estate().kubernetes_clusters[0], outbound_type=outbound_type)
    estate = builders.estate(kubernetes_clusters=(cluster,))
    estate = builders.change_subnet(
        estate, "aks/AksSubnet", route_table=None, default_outbound_access_enabled=False
    )
    trace = ask(estate, "aks-system-0", "8.8.8.8")
    assert trace.disposition.is_success == success
    assert seen(trace) == ([format_address(CLUSTER_OUTBOUND)] if success else [])


def test_private_addresses_are_not_routed_on_the_internet():
    estate = builders.change_subnet(direct(), "aks/VmSubnet", default_outbound_access_enabled=True)
    assert ask(estate, "internet", "10.1.48.5", 22).disposition is Disposition.NO_ROUTE


def test_a_public_address_is_closed_until_a_group_opens_it():
    estate = builders.change_subnet(with_public_ip(), "aks/VmSubnet", network_security_group=None)
    trace = ask(estate, "internet", "pip-vm", 22)
    assert (trace.disposition, trace.decided_by) == (Disposition.DENIED_IN, Stage.NSG)
    assert ask(estate, "aks-system-0", VM, 22).disposition is Disposition.ACCEPTED


# Load balancers


def test_the_article_flow_by_the_public_load_balancer():
    """Flow 1: the firewall's public IP, the public balancer, a node, a pod; and back."""
    estate = builders.estate()
    trace = http(estate, "internet", "web")
    assert trace.disposition is Disposition.ACCEPTED
    assert nodes(trace.forward) == [
        "internet",
        "afw",
        "kubernetes",
        "aks-system-0",
        "pod-user-0",
    ]
    assert nodes(trace.reverse) == ["pod-user-0", "aks-system-0", "afw", "internet"]
    packets = [str(hop.packet) for hop in trace.forward]
    pip, balancer = (estate.public_ip_by_name[n].ip_address for n in ("pip-fw-web", "pip-lb-web"))
    client = "198.51.100.10:49152"
    assert packets[0] == packets[1] == f"{client} -> {pip}:80 tcp"
    assert packets[2].endswith(f":49152 -> {balancer}:80 tcp")
    assert packets[3] == packets[2]
    assert packets[4] == "10.1.0.4:49152 -> 10.1.16.7:8080 tcp"
    assert str(trace.reverse[-1].packet) == f"{pip}:80 -> {client} tcp"
    assert trace.servers == ("pod-user-0", "pod-user-1", "pod-user-2")
    assert seen(trace) == [f"10.1.0.{n}" for n in range(4, 10)]
    assert trace.branches == ()


def test_the_article_flow_by_the_internal_load_balancer():
    """Flow 2: the firewall's public IP, the internal balancer, a node, a pod; and back."""
    trace = http(builders.estate(), "internet", "shop")
    assert trace.disposition is Disposition.ACCEPTED
    assert nodes(trace.forward) == [
        "internet",
        "afw",
        "kubernetes-internal",
        "aks-system-0",
        "pod-user-0",
    ]
    assert nodes(trace.reverse) == ["pod-user-0", "aks-system-0", "afw", "internet"]
    assert str(trace.forward[2].packet) == "10.0.0.5:49152 -> 10.1.15.250:80 tcp"
    assert str(trace.forward[4].packet) == "10.1.0.4:49152 -> 10.1.16.7:8080 tcp"
    assert trace.assumptions == ("dnat-match", "firewall-instances", "threat-feed")


def test_a_node_behind_a_public_frontend_sees_the_frontend_and_the_clients_source():
    """Floating IP: the group that AKS keeps allows `Internet` to the frontend's address."""
    trace = http(builders.estate(), "internet", "web")
    node = trace.forward[3]
    assert "aks-test-agentpool-nsg/k8s-azure-lb-allow-web" in rules_of((node,))


def test_a_subnets_group_that_names_nodes_instead_of_the_frontend_does_not_open_it():
    allow = SecurityRule(
        name="to-nodes",
        priority=100,
        direction="Inbound",
        access="Allow",
        destination_address_prefixes=("10.1.0.0/20",),
    )
    close = SecurityRule(name="close", priority=200, direction="Inbound", access="Deny")
    estate = builders.estate(
        network_security_groups=(NetworkSecurityGroup(name="nsg", security_rules=(allow, close)),)
    )
    trace = http(estate, "internet", "web")
    assert (trace.decided_by, trace.blocker[1].rule) == (Stage.NSG, "nsg/close")


def test_a_machine_of_the_spoke_reaches_the_internal_load_balancer_directly():
    trace = http(builders.estate(), VM, "10.1.15.250")
    assert trace.disposition is Disposition.ACCEPTED
    assert "afw" not in nodes(trace.forward)


def test_a_frontend_takes_only_its_services_ports():
    trace = ask(builders.estate(), VM, "10.1.15.250", 81)
    assert (trace.disposition, trace.decided_by) == (
        Disposition.NEIGHBOR_UNREACHABLE,
        Stage.LOAD_BALANCER,
    )


def test_services_that_share_a_frontend_are_told_apart_by_port():
    base = builders.estate()
    shop = base.kubernetes_services[0]
    second = replace(shop, name="api", port=8443, target_port=9443)
    estate = builders.estate(kubernetes_services=(*base.kubernetes_services, second))
    trace = ask(estate, VM, "10.1.15.250", 8443)
    assert trace.forward[-1].packet.destination_port == 9443


def test_a_balancer_without_nodes_answers_nobody():
    estate = builders.estate(node_pools=())
    trace = ask(estate, "internet", "pip-lb-web", 80)
    assert trace.decided_by is Stage.LOAD_BALANCER


# Overlay


def overlay(**changes):
    cluster = KubernetesCluster(
        name="aks-test",
        location="westeurope",
        dns_prefix="test",
        network_plugin_mode="overlay",
        pod_cidr="192.168.0.0/16",
    )
    pools = tuple(replace(pool, pod_subnet=None) for pool in builders.estate().node_pools)
    return builders.estate(kubernetes_clusters=(cluster,), node_pools=pools, **changes)


def test_a_pod_of_an_overlay_leaves_with_its_nodes_address():
    trace = ask(overlay(), "pod-user-1", VM, 22)
    assert trace.disposition is Disposition.ACCEPTED
    assert nodes(trace.forward) == ["overlay-pod-user-1", "aks-user-1", VM]
    assert nodes(trace.reverse) == [VM, "aks-user-1", "overlay-pod-user-1"]
    assert seen(trace) == ["10.1.0.8"]


def test_rules_of_the_firewall_see_a_pod_of_an_overlay_as_its_node():
    rule = network_rule("nodes", source_addresses=("10.1.0.0/20",))
    collection = network_collection("n", 100, Action.ALLOW, rule)
    estate = builders.with_rules(network=(collection,), base=overlay())
    assert ask(estate, "pod-user-0", "8.8.8.8", 22).disposition is Disposition.EXITS_NETWORK


def test_a_pod_of_an_overlay_is_refused_by_name_like_its_node():
    trace = https(overlay(), "pod-user-0", "evil.com")
    assert (trace.disposition, trace.symptom) == (Disposition.DENIED_IN, Symptom.TLS_CLOSED)


def test_an_overlay_has_no_pod_interfaces_and_its_nodes_serve():
    estate = overlay()
    assert not [n for n in estate.network_interfaces if n.kind is NicKind.POD]
    trace = http(estate, "internet", "shop")
    assert trace.disposition is Disposition.ACCEPTED
    assert trace.servers[0] == "aks-system-0"


def test_names_of_overlay_pods_mean_nothing_in_a_cluster_without_overlay():
    nic = builders.estate().network_interface_by_name["pod-user-0"]
    assert isinstance(nic, NetworkInterface)
    assert format_address(nic.private_ip_address) == "10.1.16.7"


def test_a_public_frontend_is_closed_where_no_group_opens_its_nodes():
    """Nodes of a cluster that is not in the estate have no group of AKS's own."""
    estate = builders.estate(kubernetes_clusters=())
    estate = builders.change_subnet(estate, "aks/AksSubnet", network_security_group=None)
    trace = ask(estate, "internet", "pip-lb-web", 80)
    assert (trace.disposition, trace.decided_by) == (Disposition.DENIED_IN, Stage.NSG)
    assert ask(estate, VM, "10.1.15.250", 80).disposition is Disposition.ACCEPTED
