"""The fabric's text: effective routes as tables, dead ends, outbound access, peerings."""

from dataclasses import replace

from builders import change_subnet, estate, peered, route
from hubwright.engines.twin import fabric
from hubwright.engines.twin.wiring import Wiring
from hubwright.model.network import NextHopType, PublicIp, RouteTable
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumptions

DEFAULTS = Assumptions()


def table_of(wiring: Wiring, subnet: str, *, user_defined: bool = True) -> list[str]:
    number = wiring.tables[subnet, user_defined].number
    lines = fabric.routes(wiring).text.splitlines()
    return [line for line in lines if f" table {number} " in f"{line} "]


def test_a_subnets_table_holds_its_effective_routes():
    lines = table_of(Wiring(estate(), DEFAULTS), "aks/VmSubnet")

    assert "route add throw 10.1.0.0/16 table" in " ".join(lines)
    assert any("0.0.0.0/0" in x and "via 10.0.0.4" in x and "metric 100" in x for x in lines)


def test_a_losing_route_stays_visible_behind_the_winner():
    lines = table_of(Wiring(estate(), DEFAULTS), "aks/VmSubnet")

    assert any("0.0.0.0/0" in line and "192.0.2.1" in line and "800" in line for line in lines)


def test_private_endpoints_do_not_use_the_route_table():
    wiring = Wiring(estate(), DEFAULTS)
    lines = table_of(wiring, "aks/VmSubnet", user_defined=False)

    assert not any("10.0.0.4" in line for line in lines)
    assert wiring.table_of(wiring.endpoints[0]).user_defined is False


def test_a_next_hop_that_nobody_has_leads_nowhere():
    tables = (
        RouteTable(
            name="rt",
            routes=(route("d", "0.0.0.0/0", NextHopType.VIRTUAL_APPLIANCE, "10.0.0.99"),),
        ),
    )
    wiring = Wiring(assign(replace(estate(), route_tables=tables)), DEFAULTS)

    assert any(
        "0.0.0.0/0" in line and f"dev {fabric.NO_ROUTE}" in line
        for line in table_of(wiring, "aks/VmSubnet")
    )


def test_the_firewalls_own_traffic_is_not_sent_back_to_it():
    source = replace(
        estate(),
        route_tables=(
            RouteTable(
                name="loop",
                routes=(route("d", "0.0.0.0/0", NextHopType.VIRTUAL_APPLIANCE, "10.0.0.4"),),
            ),
        ),
    )
    looped = change_subnet(source, "hub/AzureFirewallSubnet", route_table="loop")
    lines = table_of(Wiring(looped, DEFAULTS), "hub/AzureFirewallSubnet")

    assert any("0.0.0.0/0" in line and f"dev {fabric.NO_ROUTE}" in line for line in lines)


def test_next_hop_none_leads_to_a_device_without_another_end():
    lines = table_of(Wiring(estate(), DEFAULTS), "hub/AzureBastionSubnet")

    assert any("172.16.0.0/12" in line and f"dev {fabric.NULL}" in line for line in lines)
    assert "blackhole" not in fabric.routes(Wiring(estate(), DEFAULTS)).text


def test_a_one_sided_peering_delivers_nothing():
    there, _ = peered("hub", "aks")
    wiring = Wiring(assign(replace(estate(), virtual_network_peerings=(there,))), DEFAULTS)
    hub = f"table {10000 + wiring.networks['hub']}"
    lines = [line for line in fabric.routes(wiring).text.splitlines() if hub in line]

    assert any("10.0.0.68/32" in line for line in lines)
    assert not any(" 10.1." in line for line in lines)


def test_balancers_spread_over_all_nodes():
    text = fabric.routes(Wiring(estate(), DEFAULTS)).text
    lines = [line for line in text.splitlines() if "10.1.15.250/32" in line]

    assert len(lines) == 2
    assert all(line.count("nexthop") == 6 for line in lines)


def chain(text: str, name: str) -> str:
    return text.partition(f"chain {name} {{")[2].partition("}\n\t")[0]


def test_only_subnets_with_outbound_access_reach_the_edge():
    wiring = Wiring(estate(), DEFAULTS)
    to_edge = chain(fabric.rules(wiring).text, "to_edge")
    nodes = wiring.tables["aks/AksSubnet", True].mark
    machines = wiring.tables["aks/VmSubnet", True].mark

    assert f"meta mark {{ {nodes:#x} }} accept" in to_edge
    assert f'meta mark {machines:#x} log prefix "drop:no_outbound:aks/VmSubnet"' in to_edge


def test_a_machine_with_its_own_public_ip_reaches_the_edge():
    base = estate()
    machine = replace(base.virtual_machines[0], public_ip="pip-vm")
    source = replace(
        base, virtual_machines=(machine,), public_ips=(*base.public_ips, PublicIp(name="pip-vm"))
    )
    wiring = Wiring(assign(source), DEFAULTS)
    mark = wiring.tables["aks/VmSubnet", True].mark
    address = "10.1.48.5"

    assert f"meta mark {mark:#x} ip saddr {address} accept" in fabric.rules(wiring).text


def test_the_receiving_side_of_a_peering_refuses_forwarded_packets():
    there, back = peered("hub", "aks")
    refusing = (there, replace(back, allow_forwarded_traffic=False))
    source = assign(replace(estate(), virtual_network_peerings=refusing))
    every = chain(fabric.rules(Wiring(source, DEFAULTS)).text, "peerings")
    new = chain(
        fabric.rules(Wiring(source, Assumptions(forwarded_traffic="new-flows"))).text, "peerings"
    )

    assert 'ip saddr != 10.0.0.0/16 log prefix "drop:peering:aks-to-hub" group 1 drop' in every
    assert every.count("drop:peering") == 1
    assert "tcp flags & (syn | ack) == syn" in new


def test_link_names_fit_the_kernel_and_are_unique():
    links = [item.link for item in Wiring(estate(), DEFAULTS).attachments]

    assert len(set(links)) == len(links)
    assert max(map(len, links)) <= 15
