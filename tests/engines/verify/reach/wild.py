"""Random estates made stranger: tags, categories, endpoints, overlays, and other assumptions."""

from dataclasses import replace
from random import Random

import random_estates
from hubwright.model.address import AddressSet, format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import ApplicationRule, NetworkRule
from hubwright.model.flow import Application, Flow
from hubwright.model.network import NextHopType, Route, SecurityRule
from hubwright.semantics.assigned import assign
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.names import site_address

NAMES = (
    *random_estates.SITES,
    "www.contoso.com",
    "a.b.microsoft.com",
    "vault.vault.azure.net",
    "blob.blob.core.windows.net",
    "vault.privatelink.vaultcore.azure.net",
    "other.privatelink.vaultcore.azure.net",
    "somebody.blob.core.windows.net",
    "example.vault.azure.net",
    "nothing.invalid",
)


def estate(seed: int) -> Estate:
    """A random estate; two of three are wild."""
    source = random_estates.estate(seed)
    if seed % 3 == 0:
        return source
    rng = Random(seed * 7919 + 1)
    changes = rng.sample((_tags, _groups, _endpoints, _overlay, _inspects, _public, _routes), 3)
    for change in changes:
        source = change(rng, source)
    if seed % 2:
        source = random_estates.with_resolvers(rng, source)
    return assign(source)


def assumptions(seed: int) -> Assumptions:
    """The defaults, or other answers to what sources leave open."""
    base = random_estates.assumptions(seed)
    if seed % 3 != 2:
        return base
    rng = Random(seed * 104729)
    return replace(
        base,
        dnat_match=rng.choice(("allow", "implicit-rule")),
        parent_dnat=rng.choice(("inherited", "own")),
        parent_dns=rng.choice(("own", "inherited")),
        https_destination=rng.choice(("kept", "reresolved")),
        private_ranges=rng.choice(("rfc1918+rfc6598", "rfc1918")),
        private_endpoint_route=rng.choice(("policy", "exact")),
        forwarded_traffic=rng.choice(("every-packet", "new-flows")),
        virtual_network_tag=rng.choice(("with-default-route", "without")),
        service_tags=(
            (("AzureMonitor", AddressSet.parse("198.18.128.0/17")),) if rng.random() < 0.4 else ()
        ),
        forwarding_alias=rng.choice(("followed", "asked")),
        forwarding_fallback=rng.choice(("skipped", "followed")),
    )


def _tags(rng: Random, source: Estate) -> Estate:
    """Some network rules go to a service tag, some come from a group that is not there."""

    def rule(item: NetworkRule) -> NetworkRule:
        if rng.random() < 0.35:
            tag = rng.choice(("AzureMonitor", "Sql.WestEurope"))
            item = replace(item, destination_addresses=(*item.destination_addresses, tag))
        if rng.random() < 0.15:
            item = replace(item, source_addresses=(), source_ip_groups=("ipg-absent",))
        return item

    def category(item: ApplicationRule) -> ApplicationRule:
        if rng.random() < 0.4:
            return replace(item, web_categories=("Gambling",))
        if rng.random() < 0.3:
            return replace(item, destination_urls=("www.contoso.com/path", "github.com/*"))
        return item

    return _rules(source, rule, category)


def _rules(source: Estate, network, application) -> Estate:
    groups = []
    for group in source.rule_collection_groups:
        nets = tuple(
            replace(c, rules=tuple(map(network, c.rules))) for c in group.network_rule_collections
        )
        apps = tuple(
            replace(c, rules=tuple(map(application, c.rules)))
            for c in group.application_rule_collections
        )
        groups.append(
            replace(group, network_rule_collections=nets, application_rule_collections=apps)
        )
    return replace(source, rule_collection_groups=tuple(groups))


def _inspects(rng: Random, source: Estate) -> Estate:
    """Some application rules inspect TLS, on a Premium firewall."""
    premium = tuple(replace(item, sku_tier="Premium") for item in source.firewalls)
    source = replace(source, firewalls=premium)
    return _rules(
        source, lambda item: item, lambda item: replace(item, terminate_tls=rng.random() < 0.5)
    )


def _groups(rng: Random, source: Estate) -> Estate:
    """Security groups with tags, source ports and every protocol."""
    groups = []
    for group in source.network_security_groups:
        extra = [
            SecurityRule(
                name=f"wild-{n}",
                priority=200 + n,
                direction=rng.choice(("Inbound", "Outbound")),
                access=rng.choice(("Allow", "Deny")),
                protocol=rng.choice(("*", "Tcp", "Icmp", "Udp")),
                source_port_ranges=(rng.choice(("*", "1024-65535", "50000-60000")),),
                destination_port_ranges=(rng.choice(("*", "443", "0-1023")),),
                source_address_prefixes=(rng.choice(("*", "Storage", "10.1.0.0/17", "Internet")),),
                destination_address_prefixes=(
                    rng.choice(("*", "AzurePlatformDNS", "AzureCloud", "10.2.0.0/16")),
                ),
            )
            for n in range(rng.randrange(1, 4))
        ]
        groups.append(replace(group, security_rules=(*group.security_rules, *extra)))
    return replace(source, network_security_groups=tuple(groups))


def _endpoints(rng: Random, source: Estate) -> Estate:
    """Service endpoints, on the firewall's subnet as well."""
    services = ("Microsoft.Storage", "Microsoft.KeyVault")
    return replace(
        source,
        subnets=tuple(
            replace(item, service_endpoints=tuple(rng.sample(services, rng.randrange(1, 3))))
            if rng.random() < 0.5
            else item
            for item in source.subnets
        ),
    )


def _overlay(rng: Random, source: Estate) -> Estate:
    """Pods behind their nodes' addresses; a cluster that brings its own way out."""
    outbound = rng.choice(("userDefinedRouting", "loadBalancer"))
    clusters = tuple(
        replace(item, network_plugin_mode="overlay", outbound_type=outbound)
        for item in source.kubernetes_clusters
    )
    pools = tuple(replace(item, pod_subnet=None) for item in source.node_pools)
    return replace(source, kubernetes_clusters=clusters, node_pools=pools)


def _public(rng: Random, source: Estate) -> Estate:
    """A public cluster with authorized ranges, services with public access."""
    clusters = tuple(
        replace(
            item,
            private_cluster_enabled=False,
            authorized_ip_ranges=(rng.choice(("pip-fw-1", "198.51.100.0/24")),),
        )
        for item in source.kubernetes_clusters
    )
    vaults = tuple(
        replace(item, public_network_access_enabled=rng.random() < 0.5)
        for item in source.key_vaults
    )
    return replace(source, kubernetes_clusters=clusters, key_vaults=vaults)


def _routes(rng: Random, source: Estate) -> Estate:
    """Routes to a tag, to a gateway and to a machine; a NAT gateway behind the firewall."""
    tables = []
    for table in source.route_tables:
        more = [
            Route(name="tag", address_prefix="AzureMonitor", next_hop_type=NextHopType.INTERNET)
        ]
        more.append(
            Route(
                name="onprem",
                address_prefix="192.168.0.0/16",
                next_hop_type=rng.choice((NextHopType.VIRTUAL_NETWORK_GATEWAY, NextHopType.NONE)),
            )
        )
        more.append(
            Route(
                name="box",
                address_prefix="198.18.0.0/20",
                next_hop_type=NextHopType.VIRTUAL_APPLIANCE,
                next_hop_in_ip_address=rng.choice(("10.1.32.4", "10.0.0.4")),
            )
        )
        kept = [item for item in more if rng.random() < 0.5]
        tables.append(replace(table, routes=(*table.routes, *kept)))
    subnets = tuple(
        replace(item, nat_gateway="nat")
        if item.name == "AzureFirewallSubnet" and rng.random() < 0.5
        else item
        for item in source.subnets
    )
    return replace(source, route_tables=tuple(tables), subnets=subnets)


def flows(source: Estate, seed: int, count: int) -> list[Flow]:
    """Flows like those of the other random tests, and flows of anything to anywhere."""
    rng = Random(seed * 31 + 5)
    usual = random_estates.flows(source, seed, count // 2)
    return usual + [_flow(rng, source) for _ in range(count - len(usual))]


def _flow(rng: Random, source: Estate) -> Flow:
    name = rng.choice(NAMES)
    targets = [format_address(n.private_ip_address) for n in source.network_interfaces]
    targets += [item.name for item in source.public_ips if item.name != "pip-nat"]
    targets += [service.frontend for service in source.kubernetes_services]
    place = rng.choices(("known", "site", "any", "platform", "special"), (45, 30, 15, 4, 6))[0]
    match place:
        case "known":
            target = rng.choice(targets)
        case "site":
            target = format_address(site_address(name))
        case "platform":
            target = rng.choice(("168.63.129.16", "169.254.169.254"))
        case "special":
            target = rng.choice(("192.168.1.1", "198.18.3.3", "198.18.200.1", "198.51.100.10"))
        case _:
            target = format_address(rng.randrange(1 << 24, 223 << 24))
    protocol = rng.choices(("TCP", "UDP", "ICMP"), (80, 12, 8))[0]
    application = rng.choice(tuple(Application)) if protocol == "TCP" else Application.NONE
    port = rng.choice((22, 53, 80, 443, 443, 1433, 8080, 9000, 500, rng.randrange(65536)))
    return Flow(
        source=_source(rng, source),
        destination=target,
        protocol=protocol,
        destination_port=0 if protocol == "ICMP" else port,
        application=application,
        server_name=name if rng.random() < 0.85 and protocol == "TCP" else None,
        source_port=rng.choice((49152, 1000, 55000)),
    )


def _source(rng: Random, source: Estate) -> str:
    kind = rng.random()
    if kind < 0.15:
        return "internet"
    if kind < 0.2:
        return format_address(rng.choice((20 << 24, 52 << 24, (198 << 24) + (51 << 16) + 7)) + 5)
    subnets = [item for item in source.subnets if "/Azure" not in item.id]
    home = rng.choice(subnets).address_prefixes[0]
    if kind < 0.5:
        return format_address(rng.randrange(home.first + 4, home.last))
    if kind < 0.6:
        return rng.choice(["pod-system-0", "pod-user-1"])
    names = [n.name for n in source.network_interfaces if n.kind.value in ("node", "pod", "vm")]
    return rng.choice([*names, "bastion"])
