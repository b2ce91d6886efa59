"""
Host names, told apart as far as it matters where they lead and who answers to them.

Names are taken to have a dot, as host names on the internet have. What resolves by a pattern is a
set; what an estate knows by name is asked for by name.
"""

from collections.abc import Iterable, Iterator

from hubwright.catalogue.zones import public_suffix, reserved_domains
from hubwright.engines.verify.space import ANY_NAME, NameSet
from hubwright.lazy_dataclass import dataclass
from hubwright.model.dns_resolver import PrivateDnsResolverForwardingRule
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.semantics import dns, services
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.forwarding import Silence, domain_of, rules_of
from hubwright.semantics.names import site_address
from hubwright.semantics.public_dns import NOWHERE_DOMAINS

API_SERVERS = NameSet.parse("*.azmk8s.io")


@dataclass(frozen=True, slots=True)
class Leads:
    """Where a firewall's own look-up of names leads."""

    names: NameSet
    addresses: tuple[int, ...] = ()
    """Empty where the names do not exist."""
    is_own_site: bool = False
    """Whether each name leads to the internet's own address of it."""
    unknown: str = ""


def known_names(estate: Estate) -> tuple[str, ...]:
    """Return the names that an estate says something about, sorted."""
    names = {
        f"{record.name}.{record.zone}" if record.name != "@" else record.zone
        for record in estate.private_dns_a_records
    }
    names |= {fqdn for endpoint in estate.private_endpoints for fqdn in endpoint.fqdns}
    for name in tuple(names):
        for network in (None, *(item.name for item in estate.virtual_networks)):
            chain = dns.resolve(estate, network, name).chain
            names |= {alias for _, kind, alias in chain if kind == "CNAME"}
    names |= set(_service_names(estate))
    for subnet in estate.subnets:
        for endpoint in subnet.service_endpoints:
            names |= {f"example.{domain}" for domain in services.endpoint_domains(endpoint)}
    return tuple(sorted({name.lower() for name in names}))


def _service_names(estate: Estate) -> Iterator[str]:
    """Yield the public names of the estate's own services."""
    registries, vaults, blobs = (
        public_suffix(word, estate.cloud) for word in ("registry", "vault", "blob")
    )
    for registry in estate.container_registries:
        yield f"{registry.name}.{registries}"
        for location in (registry.location, *registry.georeplications):
            yield f"{registry.name}.{location.replace(' ', '').lower()}.data.{registries}"
    for vault in estate.key_vaults:
        yield f"{vault.name}.{vaults}"
    for account in estate.storage_accounts:
        for kind in ("blob", "file", "queue", "table", "dfs", "web"):
            yield f"{account.name}.{str(blobs).replace('blob', kind, 1)}"
    for cluster in estate.kubernetes_clusters:
        region = cluster.location.replace(" ", "").lower()
        yield f"{cluster.dns_prefix}.hcp.{region}.azmk8s.io"


def leads(
    estate: Estate, firewall: Firewall, known: Iterable[str], assumptions: Assumptions
) -> tuple[Leads, ...]:
    """Return where a firewall's look-ups lead, for every name with a dot; the sets are disjoint."""
    out: list[Leads] = []
    rest = ANY_NAME
    for name in known:
        answer = dns.firewall_resolves(estate, firewall, name, assumptions)
        own = answer.addresses == (site_address(name),)
        leads_to = Leads(NameSet.parse(name), answer.addresses, own, answer.unknown)
        out.append(leads_to)
        rest -= NameSet.parse(name)
    out += _View(estate, assumptions).of_firewall(firewall, rest, ())
    return _together(out)


def _together(found: Iterable[Leads]) -> tuple[Leads, ...]:
    """Return the same with one item for all names that lead to the same."""
    sets: dict[tuple[tuple[int, ...], bool, str], NameSet] = {}
    for item in found:
        if item.names:
            key = (item.addresses, item.is_own_site, item.unknown)
            sets[key] = sets[key] | item.names if key in sets else item.names
    return tuple(
        Leads(names, addresses, own, unknown) for (addresses, own, unknown), names in sets.items()
    )


@dataclass(frozen=True, slots=True)
class _View:
    """Where names lead that the estate does not know one by one, as `semantics.dns` answers."""

    estate: Estate
    assumptions: Assumptions

    def of_firewall(
        self, firewall: Firewall, names: NameSet, path: tuple[str, ...]
    ) -> Iterator[Leads]:
        """Yield where names lead that a firewall looks up."""
        found = dns.upstream_of(self.estate, firewall, self.assumptions)
        yield from self._of(found, names, path)

    def _of(
        self, found: dns.Server | Silence, names: NameSet, path: tuple[str, ...]
    ) -> Iterator[Leads]:
        """Yield where names lead that a server is asked for."""
        if isinstance(found, Silence):
            yield Leads(names, unknown=found.unknown)
        elif found.firewall is not None:
            yield from self.of_firewall(found.firewall, names, path)
        else:
            yield from self.of_network(found.virtual_network, names, path)

    def of_network(self, network: str, names: NameSet, path: tuple[str, ...]) -> Iterator[Leads]:
        """Yield where names lead that Azure DNS is asked for in the context of a network."""
        if network in path or not names:
            yield Leads(names)
            return
        path = (*path, network)
        rest, redirected = names, NameSet()
        linked = dns.linked_zones(self.estate, network)
        for zone in sorted(linked, key=len, reverse=True):
            below = rest & NameSet.parse_all((zone, f"*.{zone}"))
            rest -= below
            if linked[zone] == "NxDomainRedirect":
                redirected |= below
            else:
                yield Leads(below)
        if self.assumptions.forwarding_fallback == "followed":
            rest, redirected = rest | redirected, NameSet()
        for rule in rules_of(self.estate, network):
            below = rest & _names_of(rule)
            rest -= below
            found = dns.target_of(self.estate, rule, self.assumptions) if below else Silence()
            yield from self._of(found, below, path)
        yield from self._public(rest | redirected)

    def _public(self, rest: NameSet) -> Iterator[Leads]:
        nowhere = rest & NameSet.parse_all(f"*{domain}" for domain in NOWHERE_DOMAINS)
        yield Leads(nowhere)
        rest -= nowhere
        api = rest & API_SERVERS
        yield Leads(api, unknown="whether the API server of that name is private")
        yield Leads(rest - api, is_own_site=True)


def _names_of(rule: PrivateDnsResolverForwardingRule) -> NameSet:
    domain = domain_of(rule)
    if domain:
        return NameSet.parse_all((domain, f"*.{domain}"))
    return ANY_NAME - NameSet.parse_all(
        name for domain in reserved_domains() for name in (domain, f"*.{domain}")
    )
