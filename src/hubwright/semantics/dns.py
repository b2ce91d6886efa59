"""
How a name resolves: private zones and their links, forwarding rules, proxies, the internet.

Sources: azure-docs private-dns-virtual-network-links.md, learn.microsoft.com
/azure/private-link/private-endpoint-dns, /azure/firewall/dns-settings (2022-10),
/azure/aks/private-clusters (2026-08-05).
"""

from dataclasses import replace

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address
from hubwright.model.dns_resolver import PrivateDnsResolverForwardingRule
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall, FirewallPolicy
from hubwright.model.origin import NOWHERE, Origin
from hubwright.semantics.assumptions import DEFAULTS, Assumption, Assumptions
from hubwright.semantics.forwarding import (
    Silence,
    address_in,
    inbound_at,
    leaving_from,
    rule_for,
    silence_of,
)
from hubwright.semantics.names import AZURE_DNS, DNS_PORT
from hubwright.semantics.public_dns import public_address, public_alias
from hubwright.semantics.routes import reachable_networks

_LONGEST_CHAIN = 8


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
    is_silent: bool = False
    """Whether the client gets no answer at all: a server is off, or queries go round."""
    is_circle: bool = False
    """Whether forwarding rules lead the query back to where it was."""
    virtual_network: str | None = None
    """The network in whose context Azure DNS answered in the end; None on the internet."""
    assumptions: tuple[Assumption, ...] = ()
    server: int | None = None
    """Address of the server that the client asked; None on the internet."""
    origin: Origin = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """Who answers a query: Azure DNS in the context of a network, or a firewall's proxy."""

    virtual_network: str
    via: str
    """How it is told."""
    firewall: Firewall | None = None


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
    forwards = bool(estate.dns_forwarding_rules)
    key = ("dns", virtual_network, name, assumptions if forwards else None)
    if key not in estate.memo:
        lowered = name.lower().rstrip(".")
        estate.memo[key] = _resolve(estate, virtual_network, lowered, assumptions, ())
    result: Resolution = estate.memo[key]
    return result


Path = tuple[tuple[str | None, str], ...]
"""Where a query has been: networks in whose context Azure DNS was asked, and for which name."""


def _resolve(
    estate: Estate, virtual_network: str | None, name: str, assumptions: Assumptions, path: Path
) -> Resolution:
    """Answer as Azure DNS: private zones first, then forwarding rules, then the internet."""
    if (virtual_network, name) in path:
        networks = " -> ".join(str(network) for network, _ in (*path, (virtual_network, name)))
        why = f"the query goes round in a circle: {networks}"
        return Resolution(rcode="SERVFAIL", why=why, is_silent=True, is_circle=True)
    path = (*path, (virtual_network, name))
    chain: list[tuple[str, str, str]] = []
    rests_on: tuple[Assumption, ...] = ()
    current = name
    linked = linked_zones(estate, virtual_network)

    def told(answer: Resolution) -> Resolution:
        return replace(
            answer,
            chain=(*chain, *answer.chain),
            assumptions=tuple(dict.fromkeys((*rests_on, *answer.assumptions))),
            virtual_network=answer.virtual_network or virtual_network,
        )

    for _ in range(_LONGEST_CHAIN):
        zone = max((z for z in linked if _inside(current, z)), key=len, default=None)
        if zone is not None:
            found = _zone_addresses(estate, zone, current)
            why = f"private zone {zone}"
            if found:
                chain += [(current, "A", format_address(address)) for address in found]
                return told(Resolution(addresses=found, why=why))
            if linked[zone] != "NxDomainRedirect":
                return told(Resolution(rcode="NXDOMAIN", why=f"{why} lacks it"))
        rule = rule_for(estate, virtual_network, current)
        if rule is not None:
            more, applies = _applies(assumptions, is_alias=current != name, is_back=bool(zone))
            rests_on = (*rests_on, *more)
            if applies:
                server = target_of(estate, rule, assumptions)
                answer = _from(estate, server, current, assumptions, path)
                via = f"rule {rule.name} of {rule.dns_forwarding_ruleset}"
                return told(replace(answer, why=f"{via}: {answer.why}" if answer.why else via))
        alias = public_alias(estate, current)
        if alias is None:
            break
        chain.append((current, "CNAME", alias))
        current = alias
    public = public_address(estate, name, current)
    if public is None:
        return told(Resolution(rcode="NXDOMAIN", why="public DNS has no such name"))
    chain.append((current, "A", format_address(public)))
    return told(Resolution(addresses=(public,), why="public DNS"))


def _applies(
    assumptions: Assumptions, *, is_alias: bool, is_back: bool
) -> tuple[tuple[Assumption, ...], bool]:
    """Return what it rests on whether a matching forwarding rule is followed, and whether it is."""
    more: list[Assumption] = []
    applies = True
    if is_alias:
        more.append(Assumption.FORWARDING_ALIAS)
        applies = assumptions.forwarding_alias == "followed"
    if is_back:
        more.append(Assumption.FORWARDING_FALLBACK)
        applies = applies and assumptions.forwarding_fallback == "followed"
    return tuple(more), applies


def _from(
    estate: Estate, found: Server | Silence, name: str, assumptions: Assumptions, path: Path = ()
) -> Resolution:
    """Return the answer of a server, or say why there is none; `path` is for queries under way."""
    if isinstance(found, Silence):
        return Resolution(
            rcode="NOERROR" if found.unknown else "NXDOMAIN",
            why=found.why,
            unknown=found.unknown,
            is_silent=not found.unknown,
            assumptions=found.assumptions,
        )
    if found.firewall is not None:
        answer = firewall_resolves(estate, found.firewall, name, assumptions, path)
    elif path:
        name = name.lower().rstrip(".")
        answer = _resolve(estate, found.virtual_network, name, assumptions, path)
    else:
        answer = resolve(estate, found.virtual_network, name, assumptions)
    between = ", " if found.firewall is not None else ": "
    return replace(answer, why=f"{found.via}{between}{answer.why}" if answer.why else found.via)


def target_of(
    estate: Estate, rule: PrivateDnsResolverForwardingRule, assumptions: Assumptions
) -> Server | Silence:
    """Return the first target of a forwarding rule that responds, or why none does."""
    found: Server | Silence = Silence(f"{rule.name} does not answer: it has no target")
    for target in rule.target_dns_servers:
        address = address_in(target.ip_address)
        sender = next(leaving_from(estate, rule), None)
        if address is None or sender is None:
            return Silence(
                unknown=f"DNS server {target.ip_address}"
                if address is None
                else f"where queries of {rule.dns_forwarding_ruleset} leave from"
            )
        found = server_at(estate, address, assumptions, sender, target.port)
        if isinstance(found, Server) or found.unknown:
            break
    return found


def upstream_of(estate: Estate, firewall: Firewall, assumptions: Assumptions) -> Server | Silence:
    """Return whom a firewall asks: Azure DNS in its network, or an inbound endpoint."""
    network = firewall.virtual_network
    custom = upstream(estate, firewall, assumptions)
    if not custom or custom[0] == format_address(AZURE_DNS):
        return Server(virtual_network=network, via=f"Azure DNS for {network}")
    address = address_in(custom[0])
    if address is None or inbound_at(estate, address) is None:
        return Silence(unknown=f"DNS server {custom[0]} of {firewall.firewall_policy}")
    nics = [n.private_ip_address for n in estate.network_interfaces if n.owner == firewall.name]
    return server_at(estate, address, assumptions, (network, nics[-1] if nics else 0))


def server_at(
    estate: Estate,
    address: int,
    assumptions: Assumptions,
    sender: tuple[str, int] | None = None,
    port: int = DNS_PORT,
) -> Server | Silence:
    """
    Return who answers DNS at an address: an inbound endpoint, or a firewall's proxy.

    Whether a machine's queries get there is for others to tell; `sender` is a network and an
    address of a firewall or an outbound endpoint, whose queries are looked at here.
    """
    firewall = next((f for f in estate.firewalls if f.private_ip_address == address), None)
    inbound = inbound_at(estate, address)
    if firewall is None and inbound is None:
        return Silence(unknown=f"DNS server {format_address(address)}")
    if port != DNS_PORT:
        return Silence(f"{format_address(address)} does not answer on port {port}")
    home = firewall.virtual_network if firewall else inbound.virtual_network if inbound else ""
    if sender is not None and home not in reachable_networks(estate, sender[0]):
        shown = format_address(address)
        return Silence(unknown=f"whether queries from {sender[0]} reach DNS server {shown}")
    if inbound is not None:
        silence = silence_of(estate, inbound, sender[1], assumptions) if sender else None
        via = f"inbound endpoint {inbound.name}, Azure DNS for {home}"
        return silence or Server(virtual_network=home, via=via)
    if proxy_at(estate, address, assumptions) is None and firewall is not None:
        why = f"{firewall.name} does not answer: its DNS proxy is off"
        return Silence(why, assumptions=_parent_dns(estate, firewall))
    return Server(
        virtual_network=home,
        via=f"DNS proxy of {firewall.name if firewall else ''}",
        firewall=firewall,
    )


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
    estate: Estate,
    firewall: Firewall,
    name: str,
    assumptions: Assumptions = DEFAULTS,
    path: Path = (),
) -> Resolution:
    """
    Answer as a firewall resolves a name for itself: its servers, or Azure DNS in its network.

    Of its servers, an inbound endpoint of the estate is known. `path` is for queries under way.
    """
    found = upstream_of(estate, firewall, assumptions)
    answer = _from(estate, found, name, assumptions, path)
    together = dict.fromkeys((*_parent_dns(estate, firewall), *answer.assumptions))
    return replace(answer, assumptions=tuple(together))


def client_resolves(
    estate: Estate, virtual_network: str, name: str, assumptions: Assumptions = DEFAULTS
) -> Resolution:
    """
    Answer as a machine of a network gets it from the first server that it is told to ask.

    A firewall's proxy asks on in the context of the firewall's own network, an inbound endpoint
    in that of its own; a server that is none of these nor Azure DNS is unknown.
    """
    server = servers(estate, virtual_network)[0]
    origin = estate.virtual_network_by_name[virtual_network].origin.of("dns_servers")
    address = address_in(server)
    if address is None:
        answer = Resolution(unknown=f"DNS server {server}")
    elif address == AZURE_DNS:
        via = f"Azure DNS for {virtual_network}"
        azure = Server(virtual_network=virtual_network, via=via)
        answer = _from(estate, azure, name, assumptions)
    else:
        answer = _from(estate, server_at(estate, address, assumptions), name, assumptions)
    return replace(answer, server=address, origin=origin)


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
