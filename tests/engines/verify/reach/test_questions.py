"""The questions that every estate is asked, against what single walks say."""

from dataclasses import replace

import builders
from hubwright.engines.verify.reach import Reach
from hubwright.engines.verify.reach.matrix import Matrix
from hubwright.engines.verify.reach.questions import callers, exposures, holes
from hubwright.engines.verify.space import Verdict
from hubwright.model.address import AddressSet
from hubwright.model.flow import Disposition
from hubwright.model.network import NextHopType, RouteTable
from hubwright.semantics.assigned import address_of


def test_exposures_are_the_workloads_behind_their_dnat_rules():
    estate = builders.estate()

    found = exposures(Reach(estate))

    assert {item.server.split("-")[0] for item in found} == {"pod"}
    assert all(item.crossed == ("afw",) and item.is_translated for item in found)
    asked = AddressSet.of(
        pair for item in found for cube in item.cubes for pair in cube.destination.intervals
    )
    expected = [address_of(estate, name) for name in ("pip-fw-shop", "pip-fw-web")]
    assert asked == AddressSet.of((address, address) for address in expected)
    assert {str(cube.ports) for item in found for cube in item.cubes} == {"80"}


def test_an_open_dnat_rule_exposes_a_machine():
    rule = builders.dnat("ssh", "pip-fw-1", "10.1.48.5", 22)
    collection = builders.NatRuleCollection(name="nat", priority=100, rules=(rule,))
    estate = builders.with_rules(nat=[collection])

    (found,) = exposures(Reach(estate))

    assert found.server == "vm-jumpbox"
    assert [str(cube.ports) for cube in found.cubes] == ["22"]


def test_callers_of_a_public_api_server_are_those_in_its_ranges():
    clusters = tuple(
        replace(item, private_cluster_enabled=False, authorized_ip_ranges=("198.51.100.0/24",))
        for item in builders.estate().kubernetes_clusters
    )
    reach = Reach(builders.estate(kubernetes_clusters=clusters))

    found = {item.network: item for item in callers(reach, reach.estate.kubernetes_clusters[0])}

    assert set(found) == {"hub", "aks", "internet"}
    assert found["internet"].name.verdict is Verdict.PROVED
    assert found["internet"].port.verdict is Verdict.REFUTED
    assert found["aks"].port.verdict is Verdict.REFUTED


def test_holes_are_routes_to_nothing_and_to_nobody():
    hole = builders.route("hole", "20.0.0.0/8", NextHopType.NONE)
    nobody = builders.route("box", "21.0.0.0/8", NextHopType.VIRTUAL_APPLIANCE, "10.0.0.77")
    tables = (
        RouteTable(name="rt", routes=(builders.default_route(), hole, nobody)),
        *builders.estate().route_tables[1:],
    )

    found = holes(Reach(builders.estate(route_tables=tables)))

    by_detail = {item.detail: item for item in found if not item.is_answer}
    nothing = next(item for text, item in by_detail.items() if "rt/hole" in text)
    missing = next(item for text, item in by_detail.items() if "rt/box" in text)
    assert nothing.disposition is Disposition.NULL_ROUTED
    assert missing.disposition is Disposition.NO_ROUTE
    assert all(cube.destination <= AddressSet.parse("20.0.0.0/8") for cube in nothing.cubes)


def test_networks_reach_each_other_as_the_rules_say():
    matrix = Matrix(Reach(builders.estate()))

    assert ("hub", "aks") in matrix.pairs
    assert ("aks", "hub") in matrix.pairs
    destinations = [cube.destination for cube in matrix.cubes("hub", "aks")]
    space = AddressSet.parse("10.1.0.0/16")
    assert destinations
    assert all(item <= space for item in destinations)


def two_spokes():
    networks = (
        *builders.estate().virtual_networks,
        replace(
            builders.estate().virtual_networks[1],
            name="other",
            address_space=builders.prefix("10.2.0.0/16"),
        ),
    )
    subnets = (
        *builders.estate().subnets,
        builders.subnet("other", "VmSubnet", "10.2.0.0/24", route_table="rt"),
    )
    peerings = (*builders.peered("hub", "aks"), *builders.peered("hub", "other"))
    return builders.estate(
        virtual_networks=networks, subnets=subnets, virtual_network_peerings=peerings
    )


def test_an_application_rule_for_everybody_joins_spokes_by_its_name():
    """HTTPS that is not inspected goes to the address that the client chose."""
    matrix = Matrix(Reach(two_spokes()))

    found = [cube for cube in matrix.cubes("other", "aks") if "443" in str(cube.ports)]

    assert found
    assert all("mcr.microsoft.com" in str(cube.names) for cube in found)
    assert all(None not in cube.names for cube in found)


def test_spokes_that_no_rule_joins_are_no_pair():
    matrix = Matrix(Reach(builders.with_rules(base=two_spokes())))

    assert ("other", "aks") not in matrix.pairs
    assert ("aks", "other") not in matrix.pairs
    assert ("hub", "other") in matrix.pairs
