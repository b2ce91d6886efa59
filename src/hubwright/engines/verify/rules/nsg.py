"""Network security groups: too open, incomplete, or where Azure allows none."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import hosts, nearest, node_subnets, workload_subnets
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.rules.route_return import enter
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import PortSet
from hubwright.model.estate import Estate
from hubwright.model.flow import Disposition, Packet, Stage, Trace
from hubwright.model.network import (
    BASTION_SUBNET,
    FIREWALL_MANAGEMENT_SUBNET,
    FIREWALL_SUBNET,
    GATEWAY_SUBNET,
    SecurityRule,
    Subnet,
)
from hubwright.model.origin import Origin
from hubwright.semantics import nsg
from hubwright.semantics.firewall import nat_rules
from hubwright.semantics.names import INTERNET, INTERNET_CLIENT

_ADMIN = {22: "SSH", 3389: "RDP"}
_EVERYWHERE = {"*", "0.0.0.0/0", "internet", "any"}


@rule("NSG001", Severity.ERROR, "SSH or RDP is open to the internet")
def open_admin(case: Case) -> Iterator[Finding]:
    """Ask every group, of subnets and of machines, about SSH and RDP from the internet."""
    estate, told = case.estate, set[tuple[str, str]]()
    for subnet, group, place, origin in _guarded(estate):
        for port, name in _ADMIN.items():
            verdict = nsg.evaluate(
                estate, group, "Inbound", subnet.id, _knock(estate, subnet, port), case.assumptions
            )
            item = verdict.rule
            if not verdict.allowed or item is None or item in nsg.DEFAULT_RULES:
                continue
            if (group or "", item.name) in told or not _from_everywhere(item):
                continue
            told.add((group or "", item.name))
            yield Finding(
                message=f"`{group}` opens {name} of `{place}` to the internet",
                at=nearest(item.origin.of("source_address_prefixes"), item.origin, origin),
                label=f"`{item.name}` takes port {port} from {item.source_address_prefixes[0]}",
                causes=((origin, f"on `{place}`"),),
                help="reach machines through Bastion, and take the rule away",
                trace=_knocking(case, subnet, port),
            )


def _guarded(estate: Estate) -> Iterator[tuple[Subnet, str | None, str, Origin]]:
    """Yield each subnet of workloads and each machine with its group, name and origin."""
    for subnet in workload_subnets(estate):
        yield subnet, subnet.network_security_group, subnet.name, subnet.origin
    for machine in estate.virtual_machines:
        home = estate.subnet_by_id.get(machine.subnet)
        if home is not None and machine.network_security_group is not None:
            yield home, machine.network_security_group, machine.name, machine.origin


def _from_everywhere(item: SecurityRule) -> bool:
    return any(text.lower() in _EVERYWHERE for text in item.source_address_prefixes)


def _knock(estate: Estate, subnet: Subnet, port: int) -> Packet:
    found = hosts(estate, subnet.id)
    address = found[0].private_ip_address if found else subnet.address_prefixes[0].first + 4
    return Packet(
        source_address=INTERNET_CLIENT,
        source_port=49152,
        destination_address=address,
        destination_port=port,
        protocol="TCP",
    )


def _knocking(case: Case, subnet: Subnet, port: int) -> Trace | None:
    """Walk in from the internet, where a machine of the subnet has a public address."""
    for machine in case.estate.virtual_machines:
        if machine.subnet == subnet.id and machine.public_ip:
            return case.tcp(INTERNET, machine.public_ip, port)
    return None


@dataclass(frozen=True, slots=True)
class _Need:
    """Traffic that a group must let pass, by tag."""

    direction: str
    tags: tuple[str, ...]
    ports: tuple[int, ...]
    what: str


_BASTION = (
    _Need("Inbound", ("Internet",), (443,), "443 from Internet"),
    _Need("Inbound", ("GatewayManager",), (443,), "443 from GatewayManager"),
    _Need("Inbound", ("AzureLoadBalancer",), (443,), "443 from AzureLoadBalancer"),
    _Need("Inbound", ("VirtualNetwork",), (8080, 5701), "8080, 5701 from VirtualNetwork"),
    _Need("Outbound", ("VirtualNetwork",), (22, 3389), "22, 3389 to VirtualNetwork"),
    _Need("Outbound", ("AzureCloud", "Internet"), (443,), "443 to AzureCloud"),
    _Need("Outbound", ("VirtualNetwork",), (8080, 5701), "8080, 5701 to VirtualNetwork"),
)


def _allowed(estate: Estate, group: str, need: _Need, port: int) -> bool:
    """Tell whether the first rule that speaks of a tag and a port allows it."""
    return _first(estate, group, need, port)[0]


def _first(estate: Estate, group: str, need: _Need, port: int) -> tuple[bool, SecurityRule | None]:
    for item in nsg.ordered_rules(estate, group, need.direction):
        prefixes = (
            item.source_address_prefixes
            if need.direction == "Inbound"
            else item.destination_address_prefixes
        )
        named = {text.lower() for text in prefixes}
        wanted = {tag.lower() for tag in need.tags} | {"*", "0.0.0.0/0"}
        literal = "Internet" in need.tags and not named & {
            "gatewaymanager",
            "azureloadbalancer",
            "virtualnetwork",
        }
        if not named & wanted and not (literal and item.access == "Allow"):
            continue
        if item.protocol not in ("*", "Tcp"):
            continue
        if port in PortSet.parse_all(item.destination_port_ranges):
            return item.access == "Allow", item
    return False, None


@rule("NSG002", Severity.ERROR, "Bastion's group lacks rules that Bastion needs")
def bastion_group(case: Case) -> Iterator[Finding]:
    """Compare the group on AzureBastionSubnet with Bastion's list."""
    estate = case.estate
    for subnet in estate.subnets:
        group = estate.network_security_group_by_name.get(subnet.network_security_group or "")
        if subnet.name != BASTION_SUBNET or group is None:
            continue
        missing = [
            need.what
            for need in _BASTION
            if not all(_allowed(estate, group.name, need, port) for port in need.ports)
        ]
        if not missing:
            continue
        yield Finding(
            message=f"`{group.name}` does not let pass what Bastion needs: {'; '.join(missing)}",
            at=nearest(subnet.origin.of("network_security_group"), group.origin, subnet.origin),
            label="on AzureBastionSubnet",
            help="add rules for these, or take the group off this subnet",
        )


@rule("NSG003", Severity.ERROR, "a group where Azure allows none")
def forbidden_group(case: Case) -> Iterator[Finding]:
    """Find groups on the firewall's and the gateway's own subnets."""
    for subnet in case.estate.subnets:
        if subnet.name not in (FIREWALL_SUBNET, FIREWALL_MANAGEMENT_SUBNET, GATEWAY_SUBNET):
            continue
        if subnet.network_security_group is None:
            continue
        yield Finding(
            message=f"`{subnet.name}` cannot have a network security group",
            at=nearest(subnet.origin.of("network_security_group"), subnet.origin),
            label=f"`{subnet.network_security_group}`",
            help="take it off this subnet",
        )


@rule("NSG004", Severity.WARNING, "a group denies the load balancer's probes")
def denies_probes(case: Case) -> Iterator[Finding]:
    """Ask the groups of node subnets about probes of the load balancer."""
    estate, told = case.estate, set[str]()
    need = _Need("Inbound", ("AzureLoadBalancer",), (), "probes")
    for cluster in estate.kubernetes_clusters:
        services = [s for s in estate.kubernetes_services if s.cluster == cluster.name]
        for subnet in node_subnets(estate, cluster) if services else ():
            group = subnet.network_security_group
            if group is None or group in told:
                continue
            for service in services:
                allowed, item = _first(estate, group, need, service.port)
                if allowed or item is None:
                    continue
                told.add(group)
                yield Finding(
                    message=(
                        f"`{group}` denies the load balancer's probes: `{service.name}` of "
                        f"`{cluster.name}` has no healthy node"
                    ),
                    at=nearest(item.origin, subnet.origin.of("network_security_group")),
                    label=f"rule `{item.name}` denies AzureLoadBalancer",
                    causes=((subnet.origin, f"on `{subnet.name}`"),),
                    help="allow AzureLoadBalancer before it",
                )
                break


@rule("NSG005", Severity.WARNING, "a subnet with machines has no group")
def no_group(case: Case) -> Iterator[Finding]:
    """Find workload subnets without a network security group."""
    for subnet in workload_subnets(case.estate):
        if subnet.network_security_group is None and hosts(case.estate, subnet.id):
            yield Finding(
                message=f"`{subnet.name}` has no network security group",
                at=nearest(subnet.origin.of("network_security_group"), subnet.origin),
                label="everything that reaches it is let in",
                help="put a group on it",
            )


@rule("NSG006", Severity.ERROR, "a group denies what DNAT lets in")
def denies_exposed(case: Case) -> Iterator[Finding]:
    """Walk into every DNAT rule, and see whether a group stops it."""
    for firewall in case.estate.firewalls:
        for placed in nat_rules(case.estate, firewall):
            trace = enter(case, placed.rule)
            stopped = (Disposition.DENIED_IN, Disposition.DENIED_OUT)
            if trace is None or trace.decided_by is not Stage.NSG:
                continue
            blocker = trace.blocker
            if trace.disposition not in stopped or blocker is None:
                continue
            name = blocker[1].rule
            yield Finding(
                message=f"`{name}` denies what DNAT rule `{placed.rule.name}` lets in",
                at=nearest(blocker[1].origin, placed.origin),
                label=f"denies port {placed.rule.translated_port}",
                causes=((placed.origin, f"`{placed.rule.name}`"),),
                help="allow the workload's port before it",
                trace=trace,
            )
