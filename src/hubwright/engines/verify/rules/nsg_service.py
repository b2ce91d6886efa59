"""Network security groups around services: API servers, gateways, and nodes among themselves."""

from collections.abc import Iterator
from itertools import pairwise

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest, node_subnets
from hubwright.engines.verify.registry import Finding, rule
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import PortSet
from hubwright.model.cluster import KubernetesCluster
from hubwright.model.estate import Estate
from hubwright.model.flow import Packet, Stage
from hubwright.model.network import NetworkInterface, NicKind, SecurityRule, Subnet
from hubwright.semantics import nsg

KUBELET = 10250
"""Port of the kubelet, which logs, exec and metrics use.
Source: learn.microsoft.com/troubleshoot/azure/azure-kubernetes (2026)."""


@dataclass(frozen=True, slots=True)
class _Need:
    """What a group must let in: from whom, on which ports."""

    tag: str
    low: int
    high: int
    what: str


_API_PROBES = _Need("azureloadbalancer", 9988, 9988, "9988 from AzureLoadBalancer")
_GATEWAY = (
    _Need("gatewaymanager", 65200, 65535, "65200-65535 from GatewayManager"),
    _Need("azureloadbalancer", 1, 65535, "everything from AzureLoadBalancer"),
)
"""Source: learn.microsoft.com/azure/application-gateway/configuration-infrastructure (2025)."""


def _lets_in(estate: Estate, group: str, need: _Need) -> tuple[bool, SecurityRule | None]:
    """Tell whether the first rule that speaks of a tag and these ports allows them."""
    wanted = PortSet.parse_all((f"{need.low}-{need.high}",))
    for item in nsg.ordered_rules(estate, group, "Inbound"):
        named = {text.lower() for text in item.source_address_prefixes}
        if not named & {need.tag, "*", "0.0.0.0/0"} or item.protocol not in ("*", "Tcp"):
            continue
        ports = PortSet.parse_all(item.destination_port_ranges)
        if item.access == "Allow" and not wanted - ports:
            return True, item
        if item.access == "Deny" and ports.overlaps(wanted):
            return False, item
    return False, None


@rule("NSG020", Severity.ERROR, "a group keeps nodes from their API server's subnet")
def api_server_ports(case: Case) -> Iterator[Finding]:
    """Ask the groups between nodes and an integrated API server about the ports it needs."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        home = estate.subnet_by_id.get(cluster.api_server_subnet or "")
        if home is None:
            continue
        for subnet in node_subnets(estate, cluster):
            for port in (443, 4443):
                yield from _closed(case, cluster, subnet, home, port)
        group = home.network_security_group
        if group is not None:
            allowed, item = _lets_in(estate, group, _API_PROBES)
            if not allowed:
                yield _no_probes(cluster, home, group, item)


def _closed(
    case: Case, cluster: KubernetesCluster, subnet: Subnet, home: Subnet, port: int
) -> Iterator[Finding]:
    packet = Packet(
        source_address=subnet.address_prefixes[0].first + 4,
        source_port=49152,
        destination_address=home.address_prefixes[0].first + 4,
        destination_port=port,
        protocol="TCP",
    )
    sides = (
        (subnet, "Outbound", subnet.network_security_group),
        (home, "Inbound", home.network_security_group),
    )
    for where, direction, group in sides:
        verdict = nsg.evaluate(case.estate, group, direction, where.id, packet, case.assumptions)
        if verdict.allowed is not False or verdict.rule is None:
            continue
        yield Finding(
            message=(
                f"`{group}` keeps nodes of `{cluster.name}` in `{subnet.name}` from port {port} of "
                "their API server"
            ),
            at=nearest(verdict.rule.origin, where.origin),
            label=f"`{verdict.rule.name}` denies it",
            causes=((where.origin, f"on `{where.name}`"),),
            notes=("nodes reach the API server on 443, and its tunnel on 4443",),
            help="allow 443 and 4443 from the node subnets before it",
        )


def _no_probes(
    cluster: KubernetesCluster, home: Subnet, group: str, item: SecurityRule | None
) -> Finding:
    return Finding(
        message=f"`{group}` keeps Azure's probes from the API server of `{cluster.name}`",
        at=nearest(*((item.origin,) if item else ()), home.origin),
        label=f"`{item.name}` denies it" if item else "nothing allows it",
        causes=((home.origin, f"on `{home.name}`"),),
        help=f"allow {_API_PROBES.what}",
    )


@rule("NSG021", Severity.ERROR, "Application Gateway's group lacks rules that it needs")
def gateway_group(case: Case) -> Iterator[Finding]:
    """Compare the group of each gateway's subnet with what Azure manages it by."""
    estate = case.estate
    for gateway in estate.application_gateways:
        subnet = estate.subnet_by_id.get(gateway.subnet)
        group = subnet.network_security_group if subnet else None
        if subnet is None or group is None:
            continue
        missing = [need.what for need in _GATEWAY if not _lets_in(estate, group, need)[0]]
        if missing:
            yield Finding(
                message=f"`{group}` does not let in what `{gateway.name}` needs: "
                f"{'; '.join(missing)}",
                at=nearest(subnet.origin.of("network_security_group"), subnet.origin),
                label=f"on `{subnet.name}`",
                causes=((gateway.origin, f"`{gateway.name}`"),),
                help="add rules for these",
            )


@rule("NSG022", Severity.ERROR, "a group parts the nodes of a cluster")
def parted_nodes(case: Case) -> Iterator[Finding]:
    """Walk from node to node, to the kubelet."""
    for cluster in case.estate.kubernetes_clusters:
        nodes = _nodes(case.estate, cluster)
        for one, other in pairwise(nodes):
            trace = case.tcp(one.name, other.private_ip_address, KUBELET)
            if trace is None or trace.decided_by is not Stage.NSG:
                continue
            blocker = trace.blocker
            if trace.disposition.is_success or blocker is None:
                continue
            yield Finding(
                message=(
                    f"nodes of `{cluster.name}` cannot reach each other's kubelet: "
                    f"`{blocker[1].rule}` denies it"
                ),
                at=nearest(blocker[1].origin, cluster.origin),
                label=f"denies port {KUBELET} between nodes",
                notes=(
                    "logs, exec and port-forward time out, and the metrics server sees nothing",
                ),
                help="allow the node subnets to reach each other before it",
                trace=trace,
            )
            break


def _nodes(estate: Estate, cluster: KubernetesCluster) -> list[NetworkInterface]:
    pools = {pool.name for pool in estate.node_pools if pool.cluster == cluster.name}
    return [
        nic for nic in estate.network_interfaces if nic.kind is NicKind.NODE and nic.owner in pools
    ]
