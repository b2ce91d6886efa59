"""
How a name resolves: private zones and their links, the firewall's proxy, the internet.

Sources: azure-docs private-dns-virtual-network-links.md, learn.microsoft.com
/azure/private-link/private-endpoint-dns, /azure/firewall/dns-settings (2022-10),
/azure/aks/private-clusters (2026-08-05).
"""

import re
from dataclasses import replace

from hubwright.catalogue.zones import private_zone
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address, parse_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall, FirewallPolicy
from hubwright.model.origin import NOWHERE, Origin
from hubwright.model.private_access import PrivateEndpoint
from hubwright.semantics.assigned import private_name
from hubwright.semantics.assumptions import DEFAULTS, Assumption, Assumptions
from hubwright.semantics.names import AZURE_DNS, site_address
from hubwright.semantics.services import api_server

_NAME = re.compile(r"(?=.{1,253}\Z)[a-z0-9_]([a-z0-9_-]{0,62})(\.[a-z0-9_]([a-z0-9_-]{0,62}))+\Z")
_LONGEST_CHAIN = 8
NOWHERE_DOMAINS = (".invalid", ".test", ".local", ".internal", ".localhost", ".example")
"""What public DNS never has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """The answer of a resolver, with the chain of aliases that led to it."""

    chain: tuple[tuple[str, str, str], ...] = ()
    """Records in order: owner, `CNAME` or `A`, target."""
    addresses: tuple[int, ...] = ()
    rcode: str = "NOERROR"
    """`NOERROR` or `NXDOMAIN`."""
    why: str = ""
    """Which zone or view answered."""
    unknown: str = ""
    """Set when nobody can say: the custom server that was asked."""
    assumptions: tuple[Assumption, ...] = ()
    server: int | None = None
    """Address of the server that the client asked; None on the internet."""
    origin: Origin = NOWHERE


def resolve(
    estate: Estate,
    virtual_network: str | None,
    name: str,
    assumptions: Assumptions = DEFAULTS,
) -> Resolution:
    """
    Answer as Azure DNS does in the context of a network, or as the internet does for None.

    The most specific linked private zone is authoritative: a name that it lacks does not exist,
    unless the link falls back to the internet. Zones that are not linked do not exist here.
    """
    del assumptions
    key = ("dns", virtual_network, name)
    if key not in estate.memo:
        estate.memo[key] = _resolve(estate, virtual_network, name.lower().rstrip("."))
    result: Resolution = estate.memo[key]
    return result


def _resolve(estate: Estate, virtual_network: str | None, name: str) -> Resolution:
    chain: list[tuple[str, str, str]] = []
    current = name
    linked = linked_zones(estate, virtual_network)
    for _ in range(_LONGEST_CHAIN):
        zone = max((z for z in linked if _inside(current, z)), key=len, default=None)
        if zone is not None:
            found = _zone_addresses(estate, zone, current)
            why = f"private zone {zone}"
            if found:
                chain += [(current, "A", format_address(address)) for address in found]
                return Resolution(chain=tuple(chain), addresses=found, why=why)
            if linked[zone] != "NxDomainRedirect":
                return Resolution(chain=tuple(chain), rcode="NXDOMAIN", why=f"{why} lacks it")
        alias = _public_alias(estate, current)
        if alias is None:
            break
        chain.append((current, "CNAME", alias))
        current = alias
    public = _public_address(estate, name, current)
    if public is None:
        return Resolution(chain=tuple(chain), rcode="NXDOMAIN", why="public DNS has no such name")
    chain.append((current, "A", format_address(public)))
    return Resolution(chain=tuple(chain), addresses=(public,), why="public DNS")


def servers(estate: Estate, virtual_network: str) -> tuple[str, ...]:
    """Return the servers that machines of a network ask; Azure DNS where none are set."""
    network = estate.virtual_network_by_name[virtual_network]
    return network.dns_servers or (format_address(AZURE_DNS),)


def proxy_at(estate: Estate, address: int, assumptions: Assumptions = DEFAULTS) -> Firewall | None:
    """Return the firewall whose DNS proxy listens on an address, if it is on."""
    for firewall in estate.firewalls:
        if firewall.private_ip_address == address and proxy_enabled(estate, firewall, assumptions):
            return firewall
    return None


def proxy_enabled(estate: Estate, firewall: Firewall, assumptions: Assumptions = DEFAULTS) -> bool:
    """
    Tell whether a firewall's DNS proxy runs: not in Basic, and by its own policy.

    Whether a parent's setting counts is the assumption `parent-dns`.
    """
    if firewall.sku_tier == "Basic":
        return False
    return any(p.dns_proxy_enabled for p in _counted(estate, firewall, assumptions))


def upstream(
    estate: Estate, firewall: Firewall, assumptions: Assumptions = DEFAULTS
) -> tuple[str, ...]:
    """
    Return the servers that a firewall itself asks; empty means Azure DNS in its network.

    The Basic tier has no servers of its own; a child's go before its parent's.
    Source: learn.microsoft.com/azure/firewall/features-by-sku (2025-09-18).
    """
    if firewall.sku_tier == "Basic":
        return ()
    counted = reversed(_counted(estate, firewall, assumptions))
    return next((policy.dns_servers for policy in counted if policy.dns_servers), ())


def _counted(
    estate: Estate, firewall: Firewall, assumptions: Assumptions
) -> tuple[FirewallPolicy, ...]:
    """Return the policies whose DNS settings count, the oldest first."""
    chain = estate.policy_chain(firewall.firewall_policy)
    return chain if assumptions.parent_dns == "inherited" else chain[-1:]


def _parent_dns(estate: Estate, firewall: Firewall) -> tuple[Assumption, ...]:
    """Name the assumption where a parent's DNS settings would change something."""
    modes = (Assumptions(parent_dns="own"), Assumptions(parent_dns="inherited"))
    settings = {
        (proxy_enabled(estate, firewall, mode), upstream(estate, firewall, mode)) for mode in modes
    }
    return (Assumption.PARENT_DNS,) if len(settings) > 1 else ()


def firewall_resolves(
    estate: Estate, firewall: Firewall, name: str, assumptions: Assumptions = DEFAULTS
) -> Resolution:
    """Answer as a firewall resolves a name for itself: its servers, or Azure DNS in its network."""
    custom = upstream(estate, firewall, assumptions)
    rests_on = _parent_dns(estate, firewall)
    if custom and custom != (format_address(AZURE_DNS),):
        unknown = f"DNS server {custom[0]} of {firewall.firewall_policy}"
        return Resolution(unknown=unknown, assumptions=rests_on)
    answer = resolve(estate, firewall.virtual_network, name, assumptions)
    return replace(answer, assumptions=rests_on) if rests_on else answer


def client_resolves(
    estate: Estate, virtual_network: str, name: str, assumptions: Assumptions = DEFAULTS
) -> Resolution:
    """
    Answer as a machine of a network gets it from the first server that it is told to ask.

    A firewall's proxy asks on in the context of the firewall's own network; a server that is
    neither Azure DNS nor a proxy of the estate is unknown.
    """
    server = servers(estate, virtual_network)[0]
    origin = estate.virtual_network_by_name[virtual_network].origin.of("dns_servers")
    address = parse_address(server)
    if address == AZURE_DNS:
        answer = resolve(estate, virtual_network, name, assumptions)
        via = f"Azure DNS for {virtual_network}"
    else:
        firewall = next((f for f in estate.firewalls if f.private_ip_address == address), None)
        if firewall is None:
            return Resolution(unknown=f"DNS server {server}", server=address, origin=origin)
        if proxy_at(estate, address, assumptions) is None:
            return Resolution(
                rcode="NXDOMAIN",
                why=f"{firewall.name} does not answer: its DNS proxy is off",
                server=address,
                assumptions=_parent_dns(estate, firewall),
                origin=origin,
            )
        answer = firewall_resolves(estate, firewall, name, assumptions)
        via = f"DNS proxy of {firewall.name}, Azure DNS for {firewall.virtual_network}"
    why = f"{via}: {answer.why}" if answer.why else via
    return replace(answer, why=why, server=address, origin=origin)


def private_names(estate: Estate) -> tuple[tuple[str, int], ...]:
    """Return each endpoint's name with the private address that it should have."""
    out: list[tuple[str, int]] = []
    for endpoint in estate.private_endpoints:
        nics = [nic for nic in estate.network_interfaces if nic.owner == endpoint.name]
        for fqdn, nic in zip(endpoint.fqdns, nics, strict=False):
            out.append((fqdn.lower(), nic.private_ip_address))
    return tuple(out)


def _inside(name: str, zone: str) -> bool:
    return name == zone or name.endswith(f".{zone}")


def linked_zones(estate: Estate, virtual_network: str | None) -> dict[str, str]:
    """Return the private zones that a network is linked to, with each link's policy."""
    zones = {zone.name for zone in estate.private_dns_zones}
    return {
        link.private_dns_zone: link.resolution_policy
        for link in estate.private_dns_zone_virtual_network_links
        if link.virtual_network == virtual_network and link.private_dns_zone in zones
    }


def _zone_addresses(estate: Estate, zone: str, name: str) -> tuple[int, ...]:
    relative = name.removesuffix(zone).rstrip(".") or "@"
    return tuple(
        record.address
        for record in estate.private_dns_a_records
        if record.zone == zone and record.name.lower() == relative
    )


def _public_alias(estate: Estate, name: str) -> str | None:
    """Return the privatelink alias that the service publishes for a name with an endpoint."""
    for endpoint in _endpoints_by_name(estate).get(name, ()):
        for zone in sorted(_published_zones(estate, endpoint), key=len, reverse=True):
            alias = private_name(name, zone)
            if alias is not None and alias != name:
                return alias
    return None


def _endpoints_by_name(estate: Estate) -> dict[str, list[PrivateEndpoint]]:
    key = "endpoints-by-name"
    if key not in estate.memo:
        found: dict[str, list[PrivateEndpoint]] = {}
        for endpoint in estate.private_endpoints:
            for fqdn in endpoint.fqdns:
                found.setdefault(fqdn.lower(), []).append(endpoint)
        estate.memo[key] = found
    result: dict[str, list[PrivateEndpoint]] = estate.memo[key]
    return result


def _published_zones(estate: Estate, endpoint: PrivateEndpoint) -> tuple[str, ...]:
    """
    Return the zones that the service's public alias leads to, whatever the zone group says.

    The public name of an API server is no alias: it has the private address itself.
    Source: learn.microsoft.com/azure/aks/private-clusters (2026-08-05).
    """
    if endpoint.subresource == "management":
        return endpoint.private_dns_zones
    known = private_zone(endpoint.subresource, estate.cloud, estate.location)
    return endpoint.private_dns_zones if known is None else (known,)


def _public_address(estate: Estate, asked: str, name: str) -> int | None:
    """Return the public address behind a name: the service's own, whichever alias was asked."""
    if not _NAME.match(name) or name.endswith(NOWHERE_DOMAINS):
        return None
    if name.endswith(".azmk8s.io"):
        return _api_address(estate, name)
    for endpoint in estate.private_endpoints:
        for fqdn in endpoint.fqdns:
            zones = _published_zones(estate, endpoint)
            if name in {private_name(fqdn, zone) for zone in zones}:
                return site_address(fqdn)
    return site_address(asked)


def _api_address(estate: Estate, name: str) -> int | None:
    """
    Return where an API server's name leads on the internet.

    A private cluster's private name does not exist there; its public name, if it is on, leads to
    the private address. Names that are not of this estate lead to somebody's public cluster.
    Source: learn.microsoft.com/azure/aks/private-clusters (2026-08-05).
    """
    if ".privatelink." in name or ".private." in name:
        return None
    cluster = api_server(estate, name)
    if cluster is None or not cluster.private_cluster_enabled:
        return site_address(name)
    if not cluster.private_cluster_public_fqdn_enabled:
        return None
    owned = [
        nic.private_ip_address
        for endpoint in estate.private_endpoints
        if endpoint.target == cluster.name and endpoint.subresource == "management"
        for nic in estate.network_interfaces
        if nic.owner == endpoint.name
    ]
    return owned[0] if owned else None
