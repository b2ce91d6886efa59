"""Private endpoints that nobody reaches, and services that are open or closed to everybody."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import HOSTS, cluster_subnets, nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.estate import Estate
from hubwright.model.flow import Stage, Trace
from hubwright.model.network import NetworkInterface, NicKind
from hubwright.model.platform import ContainerRegistry, KeyVault, StorageAccount
from hubwright.model.private_access import PrivateEndpoint

_PATH = (Stage.NSG, Stage.ROUTE, Stage.PEERING)
"""Stages that nobody closes on purpose here; names that lead elsewhere have rules of their own."""
_FIREWALL = (Stage.NETWORK_RULE, Stage.APPLICATION_RULE, Stage.DEFAULT)
"""Stages that close what is not needed, and should."""
Service = ContainerRegistry | KeyVault | StorageAccount


@rule("PE020", Severity.ERROR, "a private endpoint is not reached")
def unreached(case: Case) -> Iterator[Finding]:
    """Walk from a machine of every subnet to every address of every private endpoint."""
    estate = case.estate
    for endpoint in estate.private_endpoints:
        for client in _clients(estate):
            trace = _stopped(case, endpoint, client)
            if trace is None:
                continue
            blocker = trace.blocker
            subnet = estate.subnet_by_id[client.subnet]
            yield Finding(
                message=(
                    f"machines in `{subnet.name}` do not reach `{endpoint.target}` at its "
                    f"private endpoint `{endpoint.name}`"
                ),
                at=nearest(*((blocker[1].origin,) if blocker else ()), endpoint.origin),
                label=f"stopped here: {trace.decided_by}",
                causes=((endpoint.origin, f"`{endpoint.name}`"), (subnet.origin, "from here")),
                help=f"let `{subnet.name}` reach port 443 of `{endpoint.name}`",
                trace=trace,
            )


def _stopped(case: Case, endpoint: PrivateEndpoint, client: NetworkInterface) -> Trace | None:
    """Return the walk that shows that an endpoint is not reached, or None."""
    addresses = [n.private_ip_address for n in _addresses(case, endpoint)]
    walks = [case.tcp(client.name, address) for address in addresses]
    if _is_needed(case.estate, endpoint, client):
        walks += [case.https(client.name, name) for name in endpoint.fqdns]
    for trace in walks:
        if trace is None or trace.disposition.is_success or trace.unknowns:
            continue
        named = trace.flow.server_name is not None
        if named and not _aims_at(trace, addresses):
            continue
        if trace.decided_by in _PATH or (named and trace.decided_by in _FIREWALL):
            return trace
    return None


def _aims_at(trace: Trace, addresses: list[int]) -> bool:
    """Tell whether a name led to an endpoint; where it led elsewhere, that is the mistake."""
    packet = next((hop.packet for hop in trace.forward if hop.packet), None)
    return packet is not None and packet.destination_address in addresses


def _is_needed(estate: Estate, endpoint: PrivateEndpoint, client: NetworkInterface) -> bool:
    """Tell whether an endpoint serves a client: an API server those who work on the cluster."""
    workers = {m.name for m in estate.virtual_machines if m.purpose in ("jumpbox", "agent")}
    for cluster in estate.kubernetes_clusters:
        here = {subnet.id for subnet in cluster_subnets(estate, cluster)}
        if endpoint.target == cluster.name:
            return client.subnet in here or client.owner in workers
        if client.subnet not in here:
            continue
        if endpoint.subresource == "registry" and client.kind is NicKind.NODE:
            return True
        if endpoint.subresource == "vault" and "key-vault-csi" in cluster.features:
            return True
    return False


def _clients(estate: Estate) -> list[NetworkInterface]:
    """Return the first machine, node or pod of each subnet."""
    first: dict[str, NetworkInterface] = {}
    for nic in estate.network_interfaces:
        if nic.kind in HOSTS and nic.subnet in estate.subnet_by_id:
            first.setdefault(nic.subnet, nic)
    return list(first.values())


def _addresses(case: Case, endpoint: PrivateEndpoint) -> list[NetworkInterface]:
    return [
        nic
        for nic in case.estate.network_interfaces
        if nic.kind is NicKind.PRIVATE_ENDPOINT and nic.owner == endpoint.name
    ]


def _services(estate: Estate) -> tuple[Service, ...]:
    return (*estate.container_registries, *estate.key_vaults, *estate.storage_accounts)


@rule("PE021", Severity.ERROR, "a service is reached by nobody")
def closed_to_all(case: Case) -> Iterator[Finding]:
    """Find services without public access and without a private endpoint."""
    behind = {endpoint.target for endpoint in case.estate.private_endpoints}
    for service in _services(case.estate):
        if service.public_network_access_enabled or service.name in behind:
            continue
        yield Finding(
            message=f"nobody reaches `{service.name}`: no public access, no private endpoint",
            at=nearest(service.origin.of("public_network_access_enabled"), service.origin),
            label="public access is off",
            help="give it a private endpoint",
        )


@rule("PE022", Severity.WARNING, "a service is open to the internet")
def open_to_all(case: Case) -> Iterator[Finding]:
    """Find services that answer everybody, and have no private endpoint."""
    behind = {endpoint.target for endpoint in case.estate.private_endpoints}
    for service in _services(case.estate):
        if not service.public_network_access_enabled or service.name in behind:
            continue
        if isinstance(service, ContainerRegistry) and service.sku != "Premium":
            continue  # the lower tiers have no other way in
        action = getattr(
            service,
            "network_acls_default_action",
            getattr(service, "network_rules_default_action", "Allow"),
        )
        if action == "Deny":
            continue
        yield Finding(
            message=f"`{service.name}` answers the whole internet",
            at=nearest(service.origin.of("public_network_access_enabled"), service.origin),
            label="public access is on, and nothing is denied",
            help="turn public access off, and give it a private endpoint",
        )


@rule("PE023", Severity.WARNING, "a vault can be purged")
def purgeable(case: Case) -> Iterator[Finding]:
    """Find vaults without purge protection."""
    for vault in case.estate.key_vaults:
        if not vault.purge_protection_enabled:
            yield Finding(
                message=f"who deletes `{vault.name}` can delete its secrets for good",
                at=nearest(vault.origin.of("purge_protection_enabled"), vault.origin),
                label="no purge protection",
                help="turn purge protection on; it cannot be turned off again",
            )


@rule("PE024", Severity.ERROR, "a registry's tier lacks what is asked of it")
def registry_features(case: Case) -> Iterator[Finding]:
    """Find replicas of registries below Premium."""
    for registry in case.estate.container_registries:
        if registry.sku != "Premium" and registry.georeplications:
            yield Finding(
                message=(
                    f"registry `{registry.name}` is {registry.sku}: it has no replica in "
                    f"{', '.join(registry.georeplications)}"
                ),
                at=nearest(registry.origin.of("sku"), registry.origin),
                label=registry.sku,
                causes=((registry.origin.of("georeplications"), "replicas need Premium"),),
                help="make it Premium",
            )
