"""The way back: answers, and the asymmetric routing that loses them."""

from dataclasses import replace

import pytest

import builders
from asking import ask, http, nodes, seen
from builders import network_collection, network_rule, route
from hubwright.model.firewall import Action
from hubwright.model.flow import Disposition, Stage, Symptom
from hubwright.model.network import (
    NatGateway,
    NetworkSecurityGroup,
    NextHopType,
    PublicIp,
    RouteTable,
    SecurityRule,
)
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.semantics.assigned import assign

APPLIANCE = NextHopType.VIRTUAL_APPLIANCE


def with_routes(estate, *routes):
    """The estate with other routes on the subnets of nodes and pods."""
    tables = tuple(
        replace(table, routes=routes) if table.name == "rt-nodes" else table
        for table in estate.route_tables
    )
    return assign(replace(estate, route_tables=tables))


def test_a_client_that_enters_by_the_balancers_own_address_gets_no_answer():
    """The trap: the answer follows the default route to a firewall that never saw the request."""
    trace = ask(builders.estate(), "internet", "pip-lb-web", 80)
    assert (trace.disposition, trace.decided_by) == (Disposition.ASYMMETRIC, Stage.STATE)
    assert trace.symptom is Symptom.TIMEOUT
    assert nodes(trace.reverse)[-1] == "afw"
    assert "never saw the request" in trace.blocker[1].detail


def test_without_a_default_route_to_the_firewall_the_balancer_answers_directly():
    estate = with_routes(builders.estate())
    for subnet_id in ("aks/AksSubnet", "aks/PodSubnet"):
        estate = builders.change_subnet(estate, subnet_id, network_security_group=None)
    trace = ask(estate, "internet", "pip-lb-web", 80)
    assert trace.disposition is Disposition.ACCEPTED
    assert seen(trace) == ["10.1.0.4", "10.1.0.5", "10.1.0.6", "10.1.0.7", "10.1.0.8", "10.1.0.9"]


def test_dnat_to_the_public_balancer_needs_host_routes_for_the_firewalls_addresses():
    estate = with_routes(builders.estate(), builders.default_route())
    trace = http(estate, "internet", "web")
    assert trace.disposition is Disposition.ASYMMETRIC


def test_a_host_route_for_one_public_ip_is_not_enough_when_the_firewall_has_three():
    estate = with_routes(
        builders.estate(),
        builders.default_route(),
        route("fw-web", "pip:pip-fw-web/32", NextHopType.INTERNET),
    )
    trace = http(estate, "internet", "web")
    assert trace.disposition is Disposition.ASYMMETRIC
    assert [branch.disposition for branch in trace.branches] == [Disposition.ACCEPTED]


def test_host_routes_do_not_work_in_a_private_subnet():
    estate = builders.change_subnet(
        builders.estate(), "aks/AksSubnet", default_outbound_access_enabled=False
    )
    trace = http(estate, "internet", "web")
    assert (trace.disposition, trace.decided_by) == (Disposition.ASYMMETRIC, Stage.ROUTE)
    assert "private subnet" in trace.blocker[1].detail


def test_host_routes_work_in_a_private_subnet_with_a_nat_gateway():
    estate = builders.estate(
        public_ips=(*builders.estate().public_ips, PublicIp(name="pip-nat")),
        nat_gateways=(NatGateway(name="nat", public_ips=("pip-nat",)),),
    )
    estate = builders.change_subnet(
        estate, "aks/AksSubnet", default_outbound_access_enabled=False, nat_gateway="nat"
    )
    assert http(estate, "internet", "web").disposition is Disposition.ACCEPTED


def test_dnat_to_the_internal_balancer_needs_no_host_route():
    estate = with_routes(builders.estate(), builders.default_route())
    assert http(estate, "internet", "shop").disposition is Disposition.ACCEPTED


def test_a_route_for_the_firewalls_subnet_may_lead_answers_to_another_instance():
    estate = with_routes(
        builders.estate(),
        builders.default_route(),
        route("hub", "10.0.0.0/26", APPLIANCE, builders.FIREWALL_IP),
    )
    trace = http(estate, "internet", "shop")
    assert (trace.disposition, trace.decided_by) == (Disposition.ASYMMETRIC, Stage.STATE)
    assert "another instance" in trace.blocker[1].detail


def test_a_machine_with_a_public_ip_behind_a_default_route_cannot_be_reached_directly():
    estate = builders.estate(
        public_ips=(*builders.estate().public_ips, PublicIp(name="pip-vm")),
        virtual_machines=(
            LinuxVirtualMachine(name="vm-jumpbox", subnet="aks/VmSubnet", public_ip="pip-vm"),
        ),
    )
    assert ask(estate, "internet", "pip-vm", 22).disposition is Disposition.ASYMMETRIC
    allow = SecurityRule(name="ssh", priority=100, direction="Inbound", access="Allow")
    direct = builders.change_subnet(estate, "aks/VmSubnet", route_table=None)
    direct = assign(
        replace(
            direct,
            network_security_groups=(NetworkSecurityGroup(name="nsg", security_rules=(allow,)),),
        )
    )
    trace = ask(direct, "internet", "pip-vm", 22)
    assert (trace.disposition, trace.server) == (Disposition.ACCEPTED, "vm-jumpbox")


def hairpin(*, back):
    """VmSubnet sends to the nodes through the firewall; the nodes answer so only with `back`."""
    estate = builders.with_rules(
        network=(network_collection("n", 100, Action.ALLOW, network_rule("all")),)
    )
    there = RouteTable(
        name="there", routes=(route("nodes", "10.1.0.0/20", APPLIANCE, builders.FIREWALL_IP),)
    )
    again = RouteTable(
        name="again", routes=(route("vms", "10.1.48.0/24", APPLIANCE, builders.FIREWALL_IP),)
    )
    estate = assign(replace(estate, route_tables=(*estate.route_tables, there, again)))
    estate = builders.change_subnet(estate, "aks/VmSubnet", route_table="there")
    return builders.change_subnet(estate, "aks/AksSubnet", route_table="again" if back else None)


@pytest.mark.parametrize(
    ("back", "disposition"), [(True, Disposition.ACCEPTED), (False, Disposition.ASYMMETRIC)]
)
def test_a_flow_inspected_one_way_only_is_asymmetric(back, disposition):
    trace = ask(hairpin(back=back), "vm-jumpbox", "aks-system-0", 22)
    assert trace.disposition is disposition


def test_the_other_direction_of_a_one_way_inspection_is_asymmetric_too():
    """The answer of the inspected subnet meets a firewall that never saw the request."""
    trace = ask(hairpin(back=False), "aks-system-0", "vm-jumpbox", 22)
    assert (trace.disposition, trace.decided_by) == (Disposition.ASYMMETRIC, Stage.STATE)


def test_answers_are_not_filtered_by_security_groups():
    deny = SecurityRule(name="no-in", priority=100, direction="Inbound", access="Deny")
    base = builders.estate(
        network_security_groups=(
            NetworkSecurityGroup(name="nsg"),
            NetworkSecurityGroup(name="closed", security_rules=(deny,)),
        )
    )
    estate = builders.change_subnet(base, "aks/VmSubnet", network_security_group="closed")
    assert ask(estate, "vm-jumpbox", "aks-system-0", 22).disposition is Disposition.ACCEPTED
    assert ask(estate, "aks-system-0", "vm-jumpbox", 22).disposition is Disposition.DENIED_IN
