"""What sources leave open about Azure, as named switches: every answer says which it rests on."""

from dataclasses import field
from enum import StrEnum

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressSet


class Assumption(StrEnum):
    """Names of assumptions, as they are printed with an answer."""

    DNAT_MATCH = "dnat-match"
    PARENT_DNAT = "parent-dnat"
    PARENT_DNS = "parent-dns"
    HTTPS_DESTINATION = "https-destination"
    PRIVATE_RANGES = "private-ranges"
    PRIVATE_ENDPOINT_ROUTE = "private-endpoint-route"
    FORWARDED_TRAFFIC = "forwarded-traffic"
    VIRTUAL_NETWORK_TAG = "virtual-network-tag"
    THREAT_FEED = "threat-feed"
    INFRASTRUCTURE_RULES = "infrastructure-rules"
    FIREWALL_INSTANCES = "firewall-instances"
    PUBLIC_ADDRESSES = "public-addresses"
    FQDN_TAG = "fqdn-tag"
    NETWORK_FQDN = "network-fqdn"
    FORWARDING_ALIAS = "forwarding-alias"
    FORWARDING_FALLBACK = "forwarding-fallback"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumptions:
    """
    One mode for each open question. The defaults are those of `docs/concepts/assumptions.md`.

    Sources: learn.microsoft.com/azure/firewall/rule-processing (2026-03-23),
    /azure/firewall/firewall-faq (2023), /azure/firewall/snat-private-range,
    /azure/private-link/disable-private-endpoint-network-policy.
    """

    dnat_match: str = "allow"
    """`allow`: a DNAT match is final (2026 text). `implicit-rule`: an explicit network deny on
    the translated tuple overrides it (text up to 2023)."""
    parent_dnat: str = "inherited"
    """`inherited` (rule processing page, 2026) or `own` (policy overview, 2023)."""
    parent_dns: str = "own"
    """`own`: a child policy does not inherit the parent's DNS proxy (known issue, 2025);
    `inherited` (DNS settings page, 2022)."""
    https_destination: str = "kept"
    """`kept`: HTTPS that is not inspected goes to the address the client chose (2026);
    `reresolved`: the firewall resolves the SNI again (2021)."""
    private_ranges: str = "rfc1918+rfc6598"
    """Default ranges without source translation: `rfc1918+rfc6598` (2023) or `rfc1918`."""
    private_endpoint_route: str = "policy"
    """`policy`: a route overrides an endpoint's /32 only where the endpoint's subnet has route
    policies on; `exact`: a /32 route overrides it anyway (inspection page, scenario 2)."""
    forwarded_traffic: str = "every-packet"
    """`every-packet`: a peering without forwarded traffic drops every packet whose source is not
    in the peer; `new-flows`: replies pass."""
    virtual_network_tag: str = "with-default-route"
    """`with-default-route`: the VirtualNetwork tag holds 0.0.0.0/0 where a user-defined default
    route exists; `without`."""
    forwarding_alias: str = "followed"
    """`followed`: forwarding rules of a ruleset apply to each alias on the way, as private zones
    do; `asked`: only to the name that was asked for."""
    forwarding_fallback: str = "skipped"
    """`skipped`: a link's fallback to the internet asks the internet; `followed`: forwarding rules
    that match the name come before."""
    threat_feed_addresses: AddressSet = field(default_factory=AddressSet)
    """Addresses that threat intelligence knows as bad; empty: it matches nothing."""
    threat_feed_fqdns: frozenset[str] = frozenset()
    """Names that threat intelligence knows as bad, lower case."""
    infrastructure_fqdns: tuple[str, ...] = ()
    """Names that the built-in infrastructure collection allows (`*.` wildcards); empty: none."""
    service_tags: tuple[tuple[str, AddressSet], ...] = ()
    """Contents of service tags, where a list was given; others stay unknown."""

    def service_tag(self, name: str) -> AddressSet | None:
        """Return a tag's addresses, or None where no list was given."""
        lowered = name.lower()
        return next((value for tag, value in self.service_tags if tag.lower() == lowered), None)


DEFAULTS = Assumptions()
