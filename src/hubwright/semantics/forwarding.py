"""
Azure DNS Private Resolver: who listens where, which rule a query follows, and whether it arrives.

Sources: azure-docs dns-private-resolver-overview.md (2022-12-06) for the order: private zones of
the network first, then the rules of rulesets linked to it, the longest suffix of them, then Azure
DNS; private-resolver-endpoints-rulesets.md (2023-03-29) for rules, targets and loops. A rule's
targets are asked in order, the next one where one does not respond. Networks that are linked to a
ruleset need no peering with its outbound endpoint.
"""

from collections.abc import Iterator

from hubwright.catalogue.zones import is_reserved
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, parse_address
from hubwright.model.dns_resolver import PrivateDnsResolverForwardingRule
from hubwright.model.estate import Estate
from hubwright.model.flow import Packet
from hubwright.model.network import NetworkInterface, NicKind
from hubwright.semantics import nsg
from hubwright.semantics.assigned import first_usable
from hubwright.semantics.assumptions import Assumption, Assumptions
from hubwright.semantics.names import DNS_PORT

_CLIENT_PORT = 49152


@dataclass(frozen=True, slots=True)
class Silence:
    """Why a server gives no answer, or what it hangs on whether it does."""

    why: str = ""
    unknown: str = ""
    assumptions: tuple[Assumption, ...] = ()


def inbound_at(estate: Estate, address: int) -> NetworkInterface | None:
    """Return the interface of the inbound endpoint that listens on an address."""
    for nic in estate.network_interfaces:
        if nic.private_ip_address == address and nic.kind is NicKind.DNS_RESOLVER:
            return nic
    return None


def domain_of(rule: PrivateDnsResolverForwardingRule) -> str:
    """Return a rule's domain as names are written here; "" stands for every name."""
    return rule.domain_name.strip(".").lower()


def rules_of(estate: Estate, virtual_network: str) -> tuple[PrivateDnsResolverForwardingRule, ...]:
    """Return the enabled rules that queries of a network follow, the longest domain first."""
    if not estate.dns_forwarding_rules:
        return ()
    key = ("forwarding-rules", virtual_network)
    if key not in estate.memo:
        linked = {
            link.dns_forwarding_ruleset
            for link in estate.dns_forwarding_virtual_network_links
            if link.virtual_network == virtual_network
        }
        rules = [
            rule
            for rule in estate.dns_forwarding_rules
            if rule.enabled and rule.dns_forwarding_ruleset in linked
        ]
        estate.memo[key] = tuple(sorted(rules, key=lambda rule: -len(domain_of(rule))))
    result: tuple[PrivateDnsResolverForwardingRule, ...] = estate.memo[key]
    return result


def rule_for(
    estate: Estate, virtual_network: str | None, name: str
) -> PrivateDnsResolverForwardingRule | None:
    """Return the rule that a name follows in a network: the longest suffix; `.` is every name."""
    if virtual_network is None:
        return None
    for rule in rules_of(estate, virtual_network):
        domain = domain_of(rule)
        if name == domain or name.endswith(f".{domain}") or (not domain and not is_reserved(name)):
            return rule
    return None


def leaving_from(
    estate: Estate, rule: PrivateDnsResolverForwardingRule
) -> Iterator[tuple[str, int]]:
    """Yield network and an address of each outbound endpoint from which a rule's queries leave."""
    outbound = {item.name: item for item in estate.private_dns_resolver_outbound_endpoints}
    for ruleset in estate.dns_forwarding_rulesets:
        if ruleset.name != rule.dns_forwarding_ruleset:
            continue
        for name in ruleset.private_dns_resolver_outbound_endpoints:
            subnet = estate.subnet_by_id.get(outbound[name].subnet) if name in outbound else None
            if subnet is not None and subnet.address_prefixes:
                yield subnet.virtual_network, first_usable(subnet.address_prefixes[0])


def silence_of(
    estate: Estate, nic: NetworkInterface, source: int, assumptions: Assumptions
) -> Silence | None:
    """
    Return why an inbound endpoint does not get the queries of a sender, or None: it does.

    The sender, a firewall or an outbound endpoint, is Azure's own: no group filters what leaves
    it, and the peering delivers it.
    """
    group = estate.subnet_by_id[nic.subnet].network_security_group
    if group is None:
        return None
    query = Packet(
        source_address=source,
        source_port=_CLIENT_PORT,
        destination_address=nic.private_ip_address,
        destination_port=DNS_PORT,
        protocol="UDP",
    )
    verdict = nsg.evaluate(estate, group, "Inbound", nic.subnet, query, assumptions)
    if verdict.allowed is None:
        return Silence(unknown=", ".join(verdict.unknowns))
    if verdict.allowed:
        return None
    rule = verdict.rule.name if verdict.rule else group
    return Silence(f"{nic.name} does not answer: {group}/{rule} denies it")


def address_in(text: str) -> int | None:
    """Return the address that a text is; None for what only an apply tells."""
    try:
        return parse_address(text)
    except AddressError:
        return None
