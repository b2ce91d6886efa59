"""Azure DNS Private Resolver. Field names are azurerm's arguments."""

from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin

DNS_RESOLVER_DELEGATION = "Microsoft.Network/dnsResolvers"
"""What the subnet of an inbound or outbound endpoint is delegated to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDnsResolver:
    """`azurerm_private_dns_resolver`."""

    name: str
    virtual_network: str
    """The network in whose context its inbound endpoints answer."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDnsResolverInboundEndpoint:
    """`azurerm_private_dns_resolver_inbound_endpoint`: an address that answers DNS."""

    name: str
    private_dns_resolver: str
    subnet: str
    """Subnet id."""
    private_ip_address: str | None = None
    """None: Azure assigns it (`private_ip_allocation_method` is `Dynamic`)."""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDnsResolverOutboundEndpoint:
    """`azurerm_private_dns_resolver_outbound_endpoint`: where forwarded queries leave from."""

    name: str
    private_dns_resolver: str
    subnet: str
    """Subnet id."""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDnsResolverDnsForwardingRuleset:
    """`azurerm_private_dns_resolver_dns_forwarding_ruleset`."""

    name: str
    private_dns_resolver_outbound_endpoints: tuple[str, ...]
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDnsServer:
    """One `target_dns_servers` block of a forwarding rule."""

    ip_address: str
    port: int = 53


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDnsResolverForwardingRule:
    """`azurerm_private_dns_resolver_forwarding_rule`."""

    name: str
    dns_forwarding_ruleset: str
    domain_name: str
    """With a dot at its end; `.` stands for every name."""
    target_dns_servers: tuple[TargetDnsServer, ...]
    enabled: bool = True
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivateDnsResolverVirtualNetworkLink:
    """`azurerm_private_dns_resolver_virtual_network_link`: a network that follows a ruleset."""

    name: str
    dns_forwarding_ruleset: str
    virtual_network: str
    origin: Origin = field(default=NOWHERE, compare=False)
