"""Azure DNS Private Resolver: its endpoints, forwarding rulesets and their links."""

from collections.abc import Iterator

from hubwright.model.dns_resolver import (
    PrivateDnsResolver,
    PrivateDnsResolverDnsForwardingRuleset,
    PrivateDnsResolverForwardingRule,
    PrivateDnsResolverInboundEndpoint,
    PrivateDnsResolverOutboundEndpoint,
    PrivateDnsResolverVirtualNetworkLink,
    TargetDnsServer,
)
from hubwright.semantics.names import DNS_PORT
from hubwright.sources.terraform.names import NETWORK, SUBNET
from hubwright.sources.terraform.values import UNKNOWN, Reader, View

RESOLVER = "azurerm_private_dns_resolver"
INBOUND = "azurerm_private_dns_resolver_inbound_endpoint"
OUTBOUND = "azurerm_private_dns_resolver_outbound_endpoint"
RULESET = "azurerm_private_dns_resolver_dns_forwarding_ruleset"
RULE = "azurerm_private_dns_resolver_forwarding_rule"
LINK = "azurerm_private_dns_resolver_virtual_network_link"
TYPES = frozenset({RESOLVER, INBOUND, OUTBOUND, RULESET, RULE, LINK})


def resolvers(reader: Reader) -> Iterator[PrivateDnsResolver]:
    """Yield the resolvers."""
    for view in reader.views(RESOLVER):
        yield PrivateDnsResolver(
            name=reader.names.of(view.resource),
            virtual_network=view.target("virtual_network_id", NETWORK) or "",
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(virtual_network=view.origin("virtual_network_id")),
        )


def inbound_endpoints(reader: Reader) -> Iterator[PrivateDnsResolverInboundEndpoint]:
    """Yield the inbound endpoints; an address that Azure has told of is kept."""
    for view in reader.views(INBOUND):
        block = view.block("ip_configurations")
        asked = block.raw("private_ip_address")
        yield PrivateDnsResolverInboundEndpoint(
            name=reader.names.of(view.resource),
            private_dns_resolver=view.target("private_dns_resolver_id", RESOLVER) or "",
            subnet=block.target("subnet_id", SUBNET) or "",
            private_ip_address=asked if isinstance(asked, str) and asked else None,
            origin=view.whole(
                subnet=block.origin("subnet_id"),
                private_ip_address=block.origin("private_ip_address"),
            ),
        )


def outbound_endpoints(reader: Reader) -> Iterator[PrivateDnsResolverOutboundEndpoint]:
    """Yield the outbound endpoints."""
    for view in reader.views(OUTBOUND):
        yield PrivateDnsResolverOutboundEndpoint(
            name=reader.names.of(view.resource),
            private_dns_resolver=view.target("private_dns_resolver_id", RESOLVER) or "",
            subnet=view.target("subnet_id", SUBNET) or "",
            origin=view.whole(subnet=view.origin("subnet_id")),
        )


def rulesets(reader: Reader) -> Iterator[PrivateDnsResolverDnsForwardingRuleset]:
    """Yield the forwarding rulesets."""
    argument = "private_dns_resolver_outbound_endpoint_ids"
    for view in reader.views(RULESET):
        yield PrivateDnsResolverDnsForwardingRuleset(
            name=reader.names.of(view.resource),
            private_dns_resolver_outbound_endpoints=view.targets(argument, OUTBOUND),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(private_dns_resolver_outbound_endpoints=view.origin(argument)),
        )


def rules(reader: Reader) -> Iterator[PrivateDnsResolverForwardingRule]:
    """Yield the forwarding rules."""
    for view in reader.views(RULE):
        blocks = view.blocks("target_dns_servers")
        servers = tuple(map(_server, blocks))
        if view.is_open("target_dns_servers") or not servers:
            at = view.origin("target_dns_servers").path
            servers = (TargetDnsServer(ip_address=f"{UNKNOWN}{at}"),)
        yield PrivateDnsResolverForwardingRule(
            name=reader.names.of(view.resource),
            dns_forwarding_ruleset=view.target("dns_forwarding_ruleset_id", RULESET) or "",
            domain_name=view.text("domain_name"),
            target_dns_servers=servers,
            enabled=view.flag("enabled"),
            origin=view.whole(dns_forwarding_ruleset=view.origin("dns_forwarding_ruleset_id")),
        )


def _server(block: View) -> TargetDnsServer:
    return TargetDnsServer(
        ip_address=block.address("ip_address") or f"{UNKNOWN}{block.origin('ip_address').path}",
        port=block.number("port") or DNS_PORT,
    )


def links(reader: Reader) -> Iterator[PrivateDnsResolverVirtualNetworkLink]:
    """Yield the networks that follow a ruleset."""
    for view in reader.views(LINK):
        yield PrivateDnsResolverVirtualNetworkLink(
            name=reader.names.of(view.resource),
            dns_forwarding_ruleset=view.target("dns_forwarding_ruleset_id", RULESET) or "",
            virtual_network=view.target("virtual_network_id", NETWORK) or "",
            origin=view.whole(virtual_network=view.origin("virtual_network_id")),
        )
