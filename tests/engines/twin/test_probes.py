"""Which questions a twin is asked."""

from dataclasses import replace

from builders import VAULT_ZONE, estate, link
from hubwright.catalogue.egress import AZURE_DNS_EXIT_CODE
from hubwright.engines.twin.probes import asymmetric_probes, probes, without_firewall_routes
from hubwright.model.flow import Application, Disposition
from hubwright.model.network import NextHopType
from hubwright.model.private_access import PrivateDnsZone, PrivateEndpoint
from hubwright.semantics.assigned import assign
from hubwright.semantics.evaluate import evaluate

API = "test-1234.privatelink.westeurope.azmk8s.io"
API_ZONE = "privatelink.westeurope.azmk8s.io"


def with_api(*, linked: bool = True):
    base = estate()
    endpoint = PrivateEndpoint(
        name="pe-api",
        subnet="aks/AksSubnet",
        target="aks-test",
        subresource="management",
        fqdns=(API,),
        private_dns_zones=(API_ZONE,),
    )
    links = (link("hub", API_ZONE), link("aks", API_ZONE)) if linked else ()
    return assign(
        replace(
            base,
            private_endpoints=(*base.private_endpoints, endpoint),
            private_dns_zones=(*base.private_dns_zones, PrivateDnsZone(name=API_ZONE)),
            private_dns_zone_virtual_network_links=(
                *base.private_dns_zone_virtual_network_links,
                *links,
            ),
        )
    )


def by_name(found):
    return {probe.name: probe for probe in found}


def test_both_flows_of_the_article_are_asked():
    found = by_name(probes(estate()))

    flow = found["flow 1: internet -> web (public load balancer)"].flow
    assert (flow.source, flow.destination_port) == ("internet", 80)
    assert flow.application is Application.HTTP
    assert "flow 2: internet -> shop (internal load balancer)" in found


def test_names_are_unique():
    names = [probe.name for probe in probes(with_api())]

    assert len(set(names)) == len(names)


def test_bootstrap_checks_carry_their_exit_codes():
    found = by_name(probes(with_api()))

    assert found["bootstrap user: outbound"].expect_exit_code == 50
    assert found["bootstrap system: api-server"].expect_exit_code == 51
    assert found["bootstrap user: api-server"].flow.destination == API
    assert found["bootstrap user: sign-in"].expect_exit_code is None


def test_an_unresolvable_api_server_is_another_exit_code():
    by_proxy = with_api(linked=False)
    networks = tuple(replace(item, dns_servers=()) for item in by_proxy.virtual_networks)
    by_azure = assign(replace(by_proxy, virtual_networks=networks))

    assert by_name(probes(by_proxy))["bootstrap user: api-server"].expect_exit_code == 52
    found = by_name(probes(by_azure))["bootstrap user: api-server"]
    assert found.expect_exit_code == AZURE_DNS_EXIT_CODE


def test_an_allowed_and_denied_names_are_asked_from_node_pod_and_machine():
    found = by_name(probes(estate()))
    for start in ("aks-user-0", "pod-user-0", "vm-jumpbox"):
        assert f"egress: {start} -> https mcr.microsoft.com" in found
        assert f"egress: {start} -> http www.example.com" in found
        assert f"egress: {start} -> www.example.com:4444" in found
    nameless = found["egress: vm-jumpbox -> https without a server name"].flow
    assert nameless.server_name is None


def test_private_endpoints_are_asked_by_name_from_spoke_hub_and_internet():
    found = by_name(probes(estate()))
    for start in ("aks-user-0", "vm-jumpbox", "bastion", "internet"):
        assert f"private endpoint: {start} -> vault.vault.azure.net" in found
    assert VAULT_ZONE in {zone.name for zone in estate().private_dns_zones}


def test_every_probe_is_a_question_that_the_evaluator_can_answer():
    source = with_api()

    assert all(evaluate(source, probe.flow).disposition for probe in probes(source))


def test_without_the_routes_back_answers_are_lost():
    source = estate()
    broken = without_firewall_routes(source)
    assert broken is not None
    (probe,) = asymmetric_probes(broken)

    assert evaluate(source, probe.flow).disposition.is_success
    assert evaluate(broken, probe.flow).disposition is Disposition.ASYMMETRIC


def test_only_the_routes_to_the_firewalls_addresses_are_removed():
    broken = without_firewall_routes(estate())
    assert broken is not None
    kinds = [route.next_hop_type for table in broken.route_tables for route in table.routes]

    assert kinds == [NextHopType.VIRTUAL_APPLIANCE, NextHopType.VIRTUAL_APPLIANCE]
    assert without_firewall_routes(broken) is None
