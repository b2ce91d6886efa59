from dataclasses import replace

import pytest

import builders
from builders import VAULT_ZONE, link
from hubwright.model.address import format_address, parse_address
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.firewall import FirewallPolicy
from hubwright.model.private_access import PrivateDnsZone, PrivateEndpoint
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumption, Assumptions
from hubwright.semantics.dns import (
    client_resolves,
    firewall_resolves,
    private_names,
    proxy_at,
    proxy_enabled,
    resolve,
    upstream,
)
from hubwright.semantics.names import site_address

NAME = "vault.vault.azure.net"
ALIAS = f"vault.{VAULT_ZONE}"
PRIVATE = (parse_address("10.1.48.4"),)
PUBLIC = (site_address(NAME),)
INHERITED = Assumptions(parent_dns="inherited")


def linked_to(*networks, **more):
    return builders.estate(
        private_dns_zone_virtual_network_links=tuple(link(n) for n in networks), **more
    )


def dns_servers(estate, *servers, network="aks"):
    networks = tuple(
        replace(item, dns_servers=servers) if item.name == network else item
        for item in estate.virtual_networks
    )
    return assign(replace(estate, virtual_networks=networks))


def policy(**more):
    values = {"name": "afwp-hub", "location": "westeurope", "sku": "Premium", **more}
    return FirewallPolicy(**values)


def firewall_of(estate, **changes):
    return assign(replace(estate, firewalls=(replace(estate.firewalls[0], **changes),)))


# Links and zones


def test_a_linked_zone_answers_with_the_private_address():
    answer = resolve(linked_to("aks"), "aks", NAME)
    assert answer.addresses == PRIVATE
    assert answer.chain == ((NAME, "CNAME", ALIAS), (ALIAS, "A", "10.1.48.4"))


def test_without_a_link_the_public_address_is_returned():
    answer = resolve(linked_to("aks"), "hub", NAME)
    assert answer.addresses == PUBLIC
    assert [kind for _, kind, _ in answer.chain] == ["CNAME", "A"]


def test_peering_does_not_share_links():
    estate = linked_to("hub")
    assert resolve(estate, "hub", NAME).addresses == PRIVATE
    assert resolve(estate, "aks", NAME).addresses == PUBLIC


def test_the_internet_knows_no_private_zone():
    assert resolve(linked_to("aks", "hub"), None, NAME).addresses == PUBLIC


def test_a_name_that_a_linked_zone_lacks_does_not_exist():
    estate = linked_to("aks")
    answer = resolve(estate, "aks", f"other.{VAULT_ZONE}")
    assert (answer.rcode, answer.addresses) == ("NXDOMAIN", ())
    assert VAULT_ZONE in answer.why


def test_a_zone_without_the_endpoints_record_gives_nxdomain_and_not_the_public_address():
    endpoint = replace(builders.estate().private_endpoints[0], private_dns_zones=())
    answer = resolve(linked_to("aks", private_endpoints=(endpoint,)), "aks", NAME)
    assert (answer.rcode, answer.chain) == ("NXDOMAIN", ((NAME, "CNAME", ALIAS),))


def test_a_link_may_fall_back_to_the_internet():
    endpoint = replace(builders.estate().private_endpoints[0], private_dns_zones=())
    estate = builders.estate(
        private_endpoints=(endpoint,),
        private_dns_zone_virtual_network_links=(link("aks", resolution_policy="NxDomainRedirect"),),
    )
    answer = resolve(estate, "aks", NAME)
    assert (answer.addresses, answer.why) == (PUBLIC, "public DNS")


def test_the_most_specific_zone_wins():
    endpoint = PrivateEndpoint(
        name="pe-acr",
        subnet="aks/VmSubnet",
        target="registry",
        subresource="registry",
        fqdns=("reg.azurecr.io", "reg.westeurope.data.azurecr.io"),
        private_dns_zones=("privatelink.azurecr.io",),
    )
    wide, narrow = "privatelink.azurecr.io", "westeurope.data.privatelink.azurecr.io"
    estate = builders.estate(
        private_endpoints=(endpoint,),
        private_dns_zones=(PrivateDnsZone(name=wide), PrivateDnsZone(name=narrow)),
        private_dns_zone_virtual_network_links=(link("aks", wide), link("aks", narrow)),
    )
    assert resolve(estate, "aks", "reg.azurecr.io").addresses == PRIVATE
    assert resolve(estate, "aks", "reg.westeurope.data.azurecr.io").rcode == "NXDOMAIN"
    one_zone = assign(replace(estate, private_dns_zone_virtual_network_links=(link("aks", wide),)))
    second = resolve(one_zone, "aks", "reg.westeurope.data.azurecr.io").addresses
    assert second == (parse_address("10.1.48.5"),)


def test_names_are_read_whatever_their_case_and_final_dot():
    assert resolve(linked_to("aks"), "aks", "Vault.VAULT.azure.net.").addresses == PRIVATE


def test_other_names_are_public_everywhere():
    estate = builders.estate()
    for network in ("aks", "hub", None):
        answer = resolve(estate, network, "mcr.microsoft.com")
        assert answer.addresses == (site_address("mcr.microsoft.com"),)


@pytest.mark.parametrize("name", ["nothing.invalid", "host.local", "bad name.com", "-.com"])
def test_names_that_cannot_exist_do_not_resolve(name):
    assert resolve(builders.estate(), "aks", name).rcode == "NXDOMAIN"


def test_private_names_pair_each_name_with_its_own_address():
    assert private_names(builders.estate()) == ((NAME, PRIVATE[0]),)


# Who is asked


def test_azure_dns_answers_with_the_links_of_the_machines_own_network():
    estate = dns_servers(linked_to("aks"))
    assert client_resolves(estate, "aks", NAME).addresses == PRIVATE
    assert client_resolves(dns_servers(linked_to("hub")), "aks", NAME).addresses == PUBLIC


def test_the_firewalls_proxy_answers_with_the_links_of_its_own_network():
    assert client_resolves(linked_to("hub"), "aks", NAME).addresses == PRIVATE
    assert client_resolves(linked_to("aks"), "aks", NAME).addresses == PUBLIC


def test_an_answer_names_the_server_that_was_asked():
    estate = builders.estate()
    assert client_resolves(estate, "aks", NAME).server == parse_address("10.0.0.4")
    assert client_resolves(estate, "hub", NAME).server == parse_address("168.63.129.16")


def test_a_custom_server_is_unknown_and_named():
    answer = client_resolves(dns_servers(builders.estate(), "10.0.9.9"), "aks", NAME)
    assert answer.unknown == "DNS server 10.0.9.9"
    assert answer.addresses == ()


def test_the_first_of_several_servers_is_asked():
    estate = dns_servers(builders.estate(), "168.63.129.16", "10.0.9.9")
    assert client_resolves(estate, "aks", NAME).addresses == PRIVATE


def test_a_firewall_without_proxy_does_not_answer():
    estate = builders.estate(firewall_policies=(policy(),))
    answer = client_resolves(estate, "aks", NAME)
    assert (answer.addresses, answer.unknown) == ((), "")
    assert "its DNS proxy is off" in answer.why


def test_the_proxy_listens_on_the_firewalls_private_address_only():
    estate = builders.estate()
    assert proxy_at(estate, parse_address("10.0.0.4")) is estate.firewalls[0]
    assert proxy_at(estate, parse_address("10.0.0.5")) is None


def test_the_basic_tier_has_no_proxy_whatever_the_policy_says():
    estate = firewall_of(builders.estate(), sku_tier="Basic")
    assert not proxy_enabled(estate, estate.firewalls[0])
    assert client_resolves(estate, "aks", NAME).addresses == ()


# What a firewall asks


def test_a_firewall_asks_azure_dns_unless_told_otherwise():
    estate = linked_to("hub")
    assert firewall_resolves(estate, estate.firewalls[0], NAME).addresses == PRIVATE


def test_a_firewall_told_to_ask_azure_dns_asks_in_its_own_network():
    estate = linked_to("hub", firewall_policies=(policy(dns_servers=("168.63.129.16",)),))
    assert firewall_resolves(estate, estate.firewalls[0], NAME).addresses == PRIVATE


def test_a_firewall_with_its_own_server_is_unknown_and_named():
    estate = builders.estate(
        firewall_policies=(policy(dns_proxy_enabled=True, dns_servers=("10.0.9.9",)),)
    )
    answer = firewall_resolves(estate, estate.firewalls[0], NAME)
    assert answer.unknown == "DNS server 10.0.9.9 of afwp-hub"
    assert client_resolves(estate, "aks", NAME).unknown == answer.unknown


def test_the_basic_tier_asks_azure_dns_whatever_the_policy_says():
    estate = builders.estate(firewall_policies=(policy(dns_servers=("10.0.9.9",)),))
    estate = firewall_of(estate, sku_tier="Basic")
    assert upstream(estate, estate.firewalls[0]) == ()


# Parent policies


def child_of(**parent):
    return builders.estate(
        firewall_policies=(policy(base_policy="parent"), policy(name="parent", **parent))
    )


def test_a_child_does_not_inherit_the_parents_proxy_by_default():
    estate = child_of(dns_proxy_enabled=True)
    answer = client_resolves(estate, "aks", NAME)
    assert (answer.addresses, answer.assumptions) == ((), (Assumption.PARENT_DNS,))


def test_a_child_inherits_the_parents_proxy_in_the_other_mode():
    answer = client_resolves(child_of(dns_proxy_enabled=True), "aks", NAME, INHERITED)
    assert (answer.addresses, answer.assumptions) == (PRIVATE, (Assumption.PARENT_DNS,))


def test_a_child_inherits_the_parents_servers_in_the_other_mode_only():
    estate = child_of(dns_servers=("10.0.9.9",))
    firewall = estate.firewalls[0]
    assert upstream(estate, firewall) == ()
    assert upstream(estate, firewall, INHERITED) == ("10.0.9.9",)


def test_a_childs_own_servers_go_before_the_parents():
    estate = builders.estate(
        firewall_policies=(
            policy(base_policy="parent", dns_servers=("10.0.8.8",)),
            policy(name="parent", dns_servers=("10.0.9.9",)),
        )
    )
    assert upstream(estate, estate.firewalls[0], INHERITED) == ("10.0.8.8",)


def test_without_a_parent_nothing_is_assumed_about_one():
    assert client_resolves(builders.estate(), "aks", NAME).assumptions == ()


# API servers

API_ZONE = "privatelink.westeurope.azmk8s.io"
API_NAME = f"test-1a2b3c4d.{API_ZONE}"
PUBLIC_API_NAME = "test-1a2b3c4d.hcp.westeurope.azmk8s.io"


def with_api(*, links=("aks",), **cluster):
    endpoint = PrivateEndpoint(
        name="pe-api",
        subnet="aks/AksSubnet",
        target="aks-test",
        subresource="management",
        fqdns=(API_NAME,),
        private_dns_zones=(API_ZONE,),
    )
    return builders.estate(
        kubernetes_clusters=(
            KubernetesCluster(name="aks-test", location="westeurope", dns_prefix="test", **cluster),
        ),
        private_endpoints=(endpoint,),
        private_dns_zones=(PrivateDnsZone(name=API_ZONE),),
        private_dns_zone_virtual_network_links=tuple(link(n, API_ZONE) for n in links),
    )


def test_a_private_api_server_resolves_where_its_zone_is_linked():
    estate = with_api()
    assert resolve(estate, "aks", API_NAME).addresses == (parse_address("10.1.0.4"),)
    assert resolve(estate, "hub", API_NAME).rcode == "NXDOMAIN"
    assert resolve(estate, None, API_NAME).rcode == "NXDOMAIN"


def test_nodes_that_ask_the_hub_do_not_find_an_api_server_linked_to_the_spoke_only():
    assert client_resolves(with_api(), "aks", API_NAME).rcode == "NXDOMAIN"
    both = with_api(links=("aks", "hub"))
    assert client_resolves(both, "aks", API_NAME).addresses == (parse_address("10.1.0.4"),)


def test_a_private_clusters_public_name_leads_to_the_private_address_where_it_is_on():
    on = with_api(private_cluster_public_fqdn_enabled=True)
    assert resolve(on, None, PUBLIC_API_NAME).addresses == (parse_address("10.1.0.4"),)
    assert resolve(with_api(), None, PUBLIC_API_NAME).rcode == "NXDOMAIN"


def test_a_public_clusters_api_server_and_others_are_public():
    estate = with_api(private_cluster_enabled=False)
    for name in (PUBLIC_API_NAME, "somebody-1a2b3c4d.hcp.westeurope.azmk8s.io"):
        shown = [format_address(a) for a in resolve(estate, "aks", name).addresses]
        assert shown == [format_address(site_address(name))]
