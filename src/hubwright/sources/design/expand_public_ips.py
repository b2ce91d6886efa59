"""Public IPs: the firewall's, Bastion's, the load balancers', and the rest."""

from collections.abc import Iterator

from hubwright.lazy_dataclass import dataclass
from hubwright.model.network import NatGateway, PublicIp
from hubwright.model.origin import Origin
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_ingress import firewall_entry, gateway_public_ip
from hubwright.sources.design.expand_machines import Seat, machine_public_ip
from hubwright.sources.design.expand_network import bastion_of, has_management
from hubwright.sources.design.schema_machines import Machine
from hubwright.sources.design.spans import Path

Zones = tuple[str, ...]
_LB_ZONES: Zones = ("1", "2", "3")


@dataclass(frozen=True, slots=True)
class Exposure:
    """A workload's public IPs."""

    workload: str
    public_ip: str | None
    """Of the firewall; None: it is not exposed."""
    path: Path


def exposures(draft: Draft) -> tuple[Exposure, ...]:
    """Return the firewall's public IP of each workload."""
    return tuple(
        Exposure(
            name,
            (workload.public_ip or f"pip-afw-{name}") if workload.expose else None,
            ("workloads", name),
        )
        for name, workload in draft.design.workloads.items()
    )


def firewall_public_ips(draft: Draft) -> dict[str, Origin]:
    """Return the firewall's public IPs in the order of its IP configurations."""
    firewall = draft.design.hub.firewall
    path: Path = ("hub", "firewall", "public_ips")
    found: dict[str, Origin] = {}
    match firewall.public_ips:
        case int(count):
            why = "the firewall needs public addresses for what leaves"
            for n in range(count):
                found[f"pip-afw-hub-{n + 1}"] = draft.origin(path, why)
        case names:
            for n, name in enumerate(names):
                if name in found:
                    draft.report("DESIGN010", f"`{name}` stands twice", (*path, n))
                found[name] = draft.places.value((*path, n))
    for exposure in exposures(draft):
        if exposure.public_ip is not None:
            why = f"`{exposure.workload}` has an address of the firewall to itself"
            found.setdefault(exposure.public_ip, draft.origin(exposure.path, why))
    entry = firewall_entry(draft)
    if entry is not None:
        why = "the application gateway has an address of the firewall to itself"
        found.setdefault(entry[0], draft.origin(entry[1], why))
    return found


def management_public_ip(draft: Draft) -> str | None:
    """Return the public IP of the management interface, where there is one."""
    name = draft.design.hub.firewall.management_public_ip
    return (name or "pip-afw-hub-management") if has_management(draft) else None


def public_ips(
    draft: Draft,
    seats: tuple[Seat, ...],
    nat_gateways: tuple[NatGateway, ...],
) -> tuple[PublicIp, ...]:
    """Return every public IP: the firewall's, Bastion's, the load balancers', and the rest."""
    zones: Zones = tuple(map(str, draft.design.hub.firewall.zones))
    found: dict[str, tuple[Origin, Zones]] = {
        name: (origin, zones) for name, origin in firewall_public_ips(draft).items()
    }
    for name, origin, its_zones in _other_public_ips(draft, seats, nat_gateways):
        if name in found:
            draft.report_at("DESIGN010", f"public IP `{name}` is used twice", origin)
        found[name] = (origin, its_zones)
    known = draft.design.public_ips
    for name in known:
        if name not in found:
            draft.unknown("public IP", name, found, ("public_ips", name))
    return tuple(_public_ip(draft, name, *rest) for name, rest in found.items())


def _public_ip(draft: Draft, name: str, origin: Origin, zones: Zones) -> PublicIp:
    section = draft.design.public_ips.get(name)
    if section is None:
        return PublicIp(name=name, zones=zones, origin=origin)
    return PublicIp(
        name=name,
        ip_address=section.ip_address,
        zones=zones if section.zones is None else tuple(map(str, section.zones)),
        origin=draft.places.resource(("public_ips", name)),
    )


def _other_public_ips(
    draft: Draft,
    seats: tuple[Seat, ...],
    nat_gateways: tuple[NatGateway, ...],
) -> Iterator[tuple[str, Origin, Zones]]:
    zones: Zones = tuple(map(str, draft.design.hub.firewall.zones))
    management = management_public_ip(draft)
    if management is not None:
        why = "the firewall's management interface has its own"
        yield management, draft.origin(("hub", "firewall"), why), zones
    bastion = bastion_of(draft)
    if bastion is not None:
        why = "Bastion is reached at it"
        its_zones = tuple(map(str, bastion.zones))
        yield bastion.public_ip or "pip-bas-hub", draft.origin(("hub", "bastion"), why), its_zones
    shared: set[str] = set()
    for name, workload in draft.design.workloads.items():
        if workload.load_balancer == "public":
            why = f"the public load balancer's address of `{name}`"
            frontend = workload.frontend or f"pip-lb-{name}"
            if frontend not in shared:
                yield frontend, draft.origin(("workloads", name), why), _LB_ZONES
            shared.add(frontend)
    for seat in seats:
        section = seat.section
        own = machine_public_ip(section, seat.name) if isinstance(section, Machine) else None
        if own is not None:
            yield own, draft.places.value((*seat.path, "public_ip")), ()
    gateway = gateway_public_ip(draft)
    if gateway is not None:
        why = "version 2 of the application gateway has one"
        path: Path = ("application_gateway",)
        yield gateway, draft.origin(path, why), _LB_ZONES
    for nat in nat_gateways:
        for public in nat.public_ips:
            yield public, nat.origin, ()
