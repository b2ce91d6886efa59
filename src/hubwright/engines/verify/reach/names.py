"""
Host names, told apart as far as it matters where they lead and who answers to them.

Names are taken to have a dot, as host names on the internet have. What resolves by a pattern is a
set; what an estate knows by name is asked for by name.
"""

from collections.abc import Iterable, Iterator

from hubwright.catalogue.zones import public_suffix
from hubwright.engines.verify.space import ANY_NAME, NameSet
from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.semantics import dns, services
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.names import site_address

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
    probe = dns.firewall_resolves(estate, firewall, "hubwright.invalid", assumptions)
    if probe.unknown:
        return (Leads(ANY_NAME, unknown=probe.unknown),)
    out: list[Leads] = []
    rest = ANY_NAME
    for name in known:
        answer = dns.firewall_resolves(estate, firewall, name, assumptions)
        own = answer.addresses == (site_address(name),)
        out.append(Leads(NameSet.parse(name), answer.addresses, is_own_site=own))
        rest -= NameSet.parse(name)
    redirected = NameSet()
    linked = dns.linked_zones(estate, firewall.virtual_network)
    for zone in sorted(linked, key=len, reverse=True):
        below = rest & NameSet.parse_all((zone, f"*.{zone}"))
        rest -= below
        if linked[zone] == "NxDomainRedirect":
            redirected |= below
        else:
            out.append(Leads(below))
    rest |= redirected
    nowhere = rest & NameSet.parse_all(f"*{domain}" for domain in dns.NOWHERE_DOMAINS)
    out.append(Leads(nowhere))
    rest -= nowhere
    api = rest & API_SERVERS
    out.append(Leads(api, unknown="whether the API server of that name is private"))
    out.append(Leads(rest - api, is_own_site=True))
    return tuple(item for item in out if item.names)
