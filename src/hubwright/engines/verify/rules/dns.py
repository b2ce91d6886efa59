"""Names: private zones linked where a resolver asks, and servers that answer."""

from collections.abc import Iterator

from hubwright.catalogue.egress import AZURE_DNS_EXIT_CODE
from hubwright.catalogue.zones import private_zone
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import HOSTS, nearest, node_subnets
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.address import format_address, parse_address
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate, by_name
from hubwright.model.flow import Disposition, Trace
from hubwright.model.network import NetworkInterface
from hubwright.model.private_access import PrivateEndpoint
from hubwright.semantics.assigned import private_name
from hubwright.semantics.dns import client_resolves, private_names, proxy_at, servers
from hubwright.semantics.names import AZURE_DNS

_ANSWERED = (Disposition.ACCEPTED, Disposition.EXITS_NETWORK, Disposition.INSUFFICIENT_INFO)


def clients(estate: Estate) -> dict[str, NetworkInterface]:
    """Return each network in which machines live -> the first of them; machines before nodes."""
    found = [nic for nic in estate.network_interfaces if nic.kind in HOSTS]
    found.sort(key=lambda nic: HOSTS.index(nic.kind))
    out: dict[str, NetworkInterface] = {}
    for nic in found:
        out.setdefault(nic.virtual_network, nic)
    return out


def _cluster_of(estate: Estate, endpoint: PrivateEndpoint) -> KubernetesCluster | None:
    if endpoint.subresource != "management":
        return None
    return by_name(estate.kubernetes_clusters, endpoint.target)


def _own_zone(estate: Estate, endpoint: PrivateEndpoint, fqdn: str) -> str | None:
    """Return the zone of the estate in which a name's record stands."""
    have = {zone.name for zone in estate.private_dns_zones}
    fitting = (z for z in endpoint.private_dns_zones if z in have and private_name(fqdn, z))
    return max(fitting, key=len, default=None)


def _unlinked(
    case: Case, endpoint: PrivateEndpoint
) -> Iterator[tuple[str, str, str, str, Trace | None]]:
    """Yield zone, asking network, client network, name and walk where a name is not private."""
    estate = case.estate
    wanted = dict(private_names(estate))
    told: set[tuple[str, str]] = set()
    for network, nic in clients(estate).items():
        for fqdn in endpoint.fqdns:
            zone = _own_zone(estate, endpoint, fqdn)
            answer = client_resolves(estate, network, fqdn, case.assumptions)
            asking = answer.virtual_network
            if answer.unknown or answer.is_silent or asking is None:
                continue
            if (
                zone is None
                or (zone, asking) in told
                or wanted.get(fqdn.lower()) in answer.addresses
            ):
                continue
            told.add((zone, asking))
            yield zone, asking, network, fqdn, case.https(nic.name, fqdn)


@rule("DNS001", Severity.ERROR, "a private zone is not linked where a resolver asks")
def zone_not_linked(case: Case) -> Iterator[Finding]:
    """Resolve every endpoint's names from every network with machines."""
    told: set[tuple[str, str]] = set()
    for endpoint in case.estate.private_endpoints:
        if endpoint.subresource == "management":
            continue
        for zone, asking, network, fqdn, trace in _unlinked(case, endpoint):
            if (zone, asking) in told:
                continue
            told.add((zone, asking))
            via = "" if asking == network else f", which asks for `{network}`"
            item = by_name(case.estate.private_dns_zones, zone)
            yield Finding(
                message=f"`{zone}` is not linked to `{asking}`{via}: {fqdn} is not private there",
                at=nearest(item.origin, endpoint.origin) if item else endpoint.origin,
                label=f"no link to `{asking}`",
                causes=((endpoint.origin, "this endpoint's names stand in it"),),
                help=f"link the zone to `{asking}`",
                trace=trace,
            )


@rule("DNS002", Severity.ERROR, "the API server's zone is not linked where a resolver asks")
def api_zone_not_linked(case: Case) -> Iterator[Finding]:
    """Resolve the API server's name from every network with machines."""
    estate = case.estate
    for endpoint in estate.private_endpoints:
        cluster = _cluster_of(estate, endpoint)
        if cluster is None or _system_behind_custom(estate, cluster):
            continue
        homes = {subnet.virtual_network for subnet in node_subnets(estate, cluster)}
        for zone, asking, network, _, trace in _unlinked(case, endpoint):
            code = 52 if asking != network else AZURE_DNS_EXIT_CODE
            via = "" if asking == network else f", which asks for `{network}`"
            item = by_name(estate.private_dns_zones, zone)
            yield Finding(
                message=(
                    f"the API server of `{cluster.name}` has no name in `{network}`: its zone is "
                    f"not linked to `{asking}`{via}"
                ),
                at=nearest(
                    item.origin if item else endpoint.origin,
                    cluster.origin.of("private_dns_zone"),
                    cluster.origin,
                ),
                label=f"no link to `{asking}`",
                notes=(f"nodes exit with code {code}",) if network in homes else (),
                help=f"link `{zone}` to `{asking}`",
                trace=trace,
            )


def _system_behind_custom(estate: Estate, cluster: KubernetesCluster) -> bool:
    """Tell whether a cluster leaves its zone to Azure while its nodes ask another server."""
    if not cluster.private_cluster_enabled or cluster.private_dns_zone.lower() != "system":
        return False
    azure = (format_address(AZURE_DNS),)
    return any(servers(estate, s.virtual_network) != azure for s in node_subnets(estate, cluster))


@rule("DNS004", Severity.ERROR, "Azure keeps the API server's zone, but nodes ask another server")
def system_zone(case: Case) -> Iterator[Finding]:
    """Find clusters with a System zone whose nodes do not ask Azure DNS directly."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        if not _system_behind_custom(estate, cluster):
            continue
        networks = dict.fromkeys(s.virtual_network for s in node_subnets(estate, cluster))
        network = next(iter(networks))
        item = estate.virtual_network_by_name[network]
        asked = servers(estate, network)[0]
        endpoint = next(
            (e for e in estate.private_endpoints if _cluster_of(estate, e) is cluster), None
        )
        nic = clients(estate).get(network)
        fqdn = endpoint.fqdns[0] if endpoint and endpoint.fqdns else None
        trace = case.https(nic.name, fqdn) if nic and fqdn else None
        failed = trace is not None and not trace.disposition.is_success
        if trace is not None and not failed:
            continue
        yield Finding(
            message=(
                f"nodes of `{cluster.name}` cannot resolve their API server: its zone is linked to "
                f"`{network}` only, and they ask {asked}"
            ),
            at=nearest(cluster.origin.of("private_dns_zone"), cluster.origin),
            label="System: Azure links it to the nodes' network alone",
            causes=((nearest(item.origin.of("dns_servers"), item.origin), f"asks {asked}"),),
            notes=("nodes exit with code 52",),
            help="use a zone of your own, and link it to the network of the DNS server",
            trace=trace,
        )


def _recorded(estate: Estate, endpoint: PrivateEndpoint, fqdn: str, zone: str | None) -> bool:
    """Tell whether a name's record stands in the zone that its public alias leads to."""
    own = _own_zone(estate, endpoint, fqdn)
    if own is None or zone is None or endpoint.subresource == "management":
        return own is not None
    return own == zone or own.endswith(f".{zone}")


@rule("DNS003", Severity.ERROR, "a private endpoint's name has no private record")
def no_record(case: Case) -> Iterator[Finding]:
    """Find endpoints without a zone of the estate that holds their names."""
    estate = case.estate
    for endpoint in estate.private_endpoints:
        cluster = _cluster_of(estate, endpoint)
        if cluster is not None and cluster.private_dns_zone.lower() in ("system", "none"):
            continue
        zone = private_zone(endpoint.subresource, estate.cloud, estate.location)
        lost = [f for f in endpoint.fqdns if not _recorded(estate, endpoint, f, zone)]
        if not lost:
            continue
        trace = None
        for nic in clients(estate).values():
            walk = case.https(nic.name, lost[0])
            if walk is not None and not walk.disposition.is_success:
                trace = walk
                break
        written = ", ".join(endpoint.private_dns_zones)
        yield Finding(
            message=f"{lost[0]} keeps its public address: endpoint `{endpoint.name}` has no zone",
            at=nearest(endpoint.origin.of("private_dns_zones"), endpoint.origin),
            label=f"writes to {written}" if written else "no private DNS zone",
            help=f"give it the zone `{zone}`" if zone else "give it its private DNS zone",
            trace=trace,
        )


@rule("DNS005", Severity.ERROR, "a network asks a firewall that does not answer")
def dead_server(case: Case) -> Iterator[Finding]:
    """Find networks whose DNS server is a firewall without DNS proxy."""
    estate = case.estate
    for network in estate.virtual_networks:
        for firewall in estate.firewalls:
            vip = firewall.private_ip_address
            if vip is None or servers(estate, network.name)[0] != format_address(vip):
                continue
            if proxy_at(estate, vip, case.assumptions) is not None:
                continue
            policy = estate.firewall_policy_by_name.get(firewall.firewall_policy)
            nic = clients(estate).get(network.name)
            yield Finding(
                message=(
                    f"`{network.name}` asks {firewall.name} for names, but its DNS proxy is off"
                ),
                at=nearest(network.origin.of("dns_servers"), network.origin),
                label=format_address(vip),
                causes=(
                    ((nearest(policy.origin.of("dns_proxy_enabled"), policy.origin), "off"),)
                    if policy
                    else ()
                ),
                help="turn the DNS proxy on, or let the network ask Azure",
                trace=case.https(nic.name, "mcr.microsoft.com") if nic else None,
            )


@rule("DNS006", Severity.ERROR, "a network asks a server that its questions do not reach")
def unreachable_server(case: Case) -> Iterator[Finding]:
    """Find networks whose custom DNS server lies behind a route or rule that loses questions."""
    estate = case.estate
    own = {firewall.private_ip_address for firewall in estate.firewalls}
    for network, nic in clients(estate).items():
        server = servers(estate, network)[0]
        if server == format_address(AZURE_DNS) or parse_address(server) in own:
            continue
        trace = case.udp(nic.name, server, 53)
        if trace is None or trace.disposition in _ANSWERED:
            continue
        origin = estate.virtual_network_by_name[network].origin
        yield Finding(
            message=f"questions of `{network}` to its DNS server {server} are lost",
            at=nearest(origin.of("dns_servers"), origin),
            label="asked first",
            help=f"allow UDP 53 to {server} in a network rule, or let the network ask the firewall",
            trace=trace,
        )
