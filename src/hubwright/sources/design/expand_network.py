"""Virtual networks, their subnets and peerings."""

from collections.abc import Iterator

from hubwright.catalogue.limits import SUBNET_LENGTHS
from hubwright.catalogue.ranges import AZURE_RESERVED
from hubwright.diagnostics.diagnostic import Label
from hubwright.model.address import Prefix
from hubwright.model.network import (
    BASTION_SUBNET,
    FIREWALL_MANAGEMENT_SUBNET,
    FIREWALL_SUBNET,
    NetworkDdosProtectionPlan,
    VirtualNetwork,
    VirtualNetworkPeering,
)
from hubwright.model.origin import Origin
from hubwright.sources.design.draft import HUB, Draft, Plot
from hubwright.sources.design.schema_network import Bastion, Direction, SubnetForm
from hubwright.sources.design.schema_network import Subnet as SubnetSection
from hubwright.sources.design.spans import Path

_CARVED_LENGTH = 26
_SMALLEST = 29
"""Source: learn.microsoft.com/azure/virtual-network/virtual-networks-faq (2025): /29 at least."""


def bastion_of(draft: Draft) -> Bastion | None:
    """Return the settings of Bastion, or None when there is none."""
    match draft.design.hub.bastion:
        case Bastion() as section:
            return section
        case True:
            return Bastion()
        case None if draft.design.jumpbox is not None:
            return Bastion()
        case _:
            return None


def plan_addresses(draft: Draft) -> None:
    """Fill `draft.plots`: hub first, then the spokes; note every clash in the address plan."""
    _carve(draft)
    for name, form in draft.design.hub.subnets.items():
        _add(draft, HUB, name, form, ("hub", "subnets", name))
    for key, spoke in draft.design.spokes.items():
        for name, form in spoke.subnets.items():
            _add(draft, key, name, form, ("spokes", key, "subnets", name))
    _check_spaces(draft)
    _check_subnets(draft)


def _add(draft: Draft, key: str, name: str, form: SubnetForm, path: Path) -> None:
    section = form if isinstance(form, SubnetSection) else SubnetSection(address_prefix=form)
    texts = list(section.address_prefixes or [])
    if section.address_prefix is not None:
        texts.insert(0, section.address_prefix)
    if not texts:
        draft.report(
            "DESIGN007",
            f"subnet `{name}` has no address prefix",
            path,
            "write `address_prefix: ...`",
            at_key=True,
        )
        return
    try:
        prefixes = tuple(Prefix.parse(text) for text in texts)
    except ValueError as error:
        draft.report("DESIGN006", str(error), path)
        return
    plot = Plot(
        network=key,
        virtual_network=draft.network_name(key),
        name=name,
        prefixes=prefixes,
        section=section,
        path=path,
    )
    draft.plots[plot.id] = plot


def _carve(draft: Draft) -> None:
    """Place the reserved subnets of the hub that the design does not write."""
    hub = draft.design.hub
    wanted: list[tuple[str, Path, str]] = [
        (FIREWALL_SUBNET, ("hub", "firewall"), "the firewall needs a subnet of this name")
    ]
    if bastion_of(draft) is not None:
        wanted.append((BASTION_SUBNET, ("hub", "bastion"), "Bastion needs a subnet of this name"))
    if has_management(draft):
        why = "the firewall's management interface needs a subnet of this name"
        wanted.append((FIREWALL_MANAGEMENT_SUBNET, ("hub", "firewall", "sku_tier"), why))
    used = [
        Prefix.parse(text)
        for form in hub.subnets.values()
        for text in _texts(form)
        if _parses(text)
    ]
    for name, path, why in wanted:
        if name in hub.subnets:
            continue
        prefix = _free(draft, used)
        if prefix is None:
            draft.report(
                "DESIGN009",
                f"the hub has no room for `{name}` (a /{_CARVED_LENGTH})",
                ("hub", "address_space"),
                "widen the hub's address space",
            )
            continue
        used.append(prefix)
        plot = Plot(
            network=HUB,
            virtual_network=draft.hub_name,
            name=name,
            prefixes=(prefix,),
            section=SubnetSection(address_prefix=str(prefix)),
            path=path,
            reason=why,
        )
        draft.plots[plot.id] = plot


def has_management(draft: Draft) -> bool:
    """Tell whether the firewall has a management interface: in Basic, or when it was asked for."""
    firewall = draft.design.hub.firewall
    asked = firewall.management_public_ip is not None
    return asked or firewall.sku_tier == "Basic"


def _texts(form: SubnetForm) -> list[str]:
    if not isinstance(form, SubnetSection):
        return [form]
    return [*(form.address_prefixes or []), *([form.address_prefix] if form.address_prefix else [])]


def _parses(text: str) -> bool:
    try:
        Prefix.parse(text)
    except ValueError:
        return False
    return True


def _free(draft: Draft, used: list[Prefix]) -> Prefix | None:
    """Return the lowest free prefix of the hub."""
    size = 1 << (32 - _CARVED_LENGTH)
    for space in draft.address_space(HUB):
        at = -(-space.first // size) * size
        while at + size - 1 <= space.last:
            candidate = Prefix(at, _CARVED_LENGTH)
            clash = next((other for other in used if other.overlaps(candidate)), None)
            if clash is None:
                return candidate
            at = max(at + size, -(-(clash.last + 1) // size) * size)
    return None


def _check_spaces(draft: Draft) -> None:
    """Azure refuses to peer overlapping networks, and to peer the hub with two that overlap."""
    seen: list[tuple[Prefix, str, Path]] = []
    for key in draft.network_keys:
        base: Path = ("hub",) if key == HUB else ("spokes", key)
        for n, prefix in enumerate(draft.address_space(key)):
            path: Path = (*base, "address_space", n)
            for reserved in AZURE_RESERVED:
                if reserved.overlaps(prefix):
                    message = f"`{prefix}` of `{key}` overlaps {reserved}, which Azure reserves"
                    draft.report("DESIGN009", message, path, "use a private range: `10.0.0.0/8`")
            for other, other_key, other_path in seen:
                if other.overlaps(prefix):
                    draft.report(
                        "DESIGN009",
                        f"`{prefix}` of `{key}` overlaps `{other}` of `{other_key}`",
                        path,
                        "peered networks need address spaces of their own",
                        (Label(draft.places.value(other_path), f"`{other_key}` has it"),),
                    )
            seen.append((prefix, key, path))


def _check_subnets(draft: Draft) -> None:
    by_network: dict[str, list[tuple[Prefix, Plot]]] = {}
    for plot in draft.plots.values():
        spaces = draft.address_space(plot.network)
        longest = SUBNET_LENGTHS.get(plot.name, _SMALLEST)
        for prefix in plot.prefixes:
            if not any(space.covers(prefix) for space in spaces):
                draft.report(
                    "DESIGN009",
                    f"subnet `{plot.name}` ({prefix}) lies outside `{plot.network}`'s space",
                    plot.path,
                    f"the address space is {', '.join(map(str, spaces))}",
                )
            if prefix.length > longest:
                draft.report(
                    "DESIGN009",
                    f"subnet `{plot.name}` ({prefix}) is too small",
                    plot.path,
                    f"Azure wants at least a /{longest} here",
                )
            by_network.setdefault(plot.network, []).append((prefix, plot))
    for entries in by_network.values():
        _check_overlap(draft, entries)


def _check_overlap(draft: Draft, entries: list[tuple[Prefix, Plot]]) -> None:
    """Sweep by first address, so that many subnets take no quadratic time."""
    widest: tuple[Prefix, Plot] | None = None
    for prefix, plot in sorted(entries, key=lambda pair: (pair[0].first, pair[0].length)):
        if widest is not None and widest[0].overlaps(prefix):
            later, earlier = (plot, widest[1])
            draft.report(
                "DESIGN009",
                f"subnet `{later.name}` ({prefix}) overlaps `{earlier.name}` ({widest[0]})",
                later.path,
                None,
                (Label(draft.places.value(earlier.path), f"`{earlier.name}` is here"),),
            )
        if widest is None or prefix.last > widest[0].last:
            widest = (prefix, plot)


def ddos_plan(draft: Draft) -> str | None:
    """Return the name of the DDoS protection plan, where there is one."""
    form = draft.design.hub.ddos_protection
    if isinstance(form, str):
        return form
    return f"ddos-{draft.design.name}" if form else None


def ddos_plans(draft: Draft) -> Iterator[NetworkDdosProtectionPlan]:
    """Yield the DDoS protection plan."""
    name = ddos_plan(draft)
    if name is not None:
        yield NetworkDdosProtectionPlan(
            name=name, origin=draft.places.value(("hub", "ddos_protection"))
        )


def virtual_networks(draft: Draft) -> tuple[VirtualNetwork, ...]:
    """Return the hub's network and the spokes', in order."""
    return tuple(_network(draft, key) for key in draft.network_keys)


def _network(draft: Draft, key: str) -> VirtualNetwork:
    design = draft.design
    path: Path = ("hub",) if key == HUB else ("spokes", key)
    section = design.hub if key == HUB else design.spokes[key]
    servers = section.dns_servers
    if servers is None:
        servers = "firewall" if draft.dns_proxy else "azure"
    if isinstance(servers, str) and servers not in {"firewall", "azure"}:
        draft.report(
            "DESIGN006",
            f"`{servers[:80]}` are no DNS servers",
            (*path, "dns_servers"),
            "write `firewall`, `azure`, or a list of addresses",
        )
    addresses = (
        tuple(servers)
        if isinstance(servers, list)
        else (draft.firewall_address,) * (servers == "firewall")
    )
    return VirtualNetwork(
        name=draft.network_name(key),
        location=design.location,
        address_space=draft.address_space(key),
        dns_servers=addresses,
        ddos_protection_plan=ddos_plan(draft),
        origin=draft.places.resource(path),
    )


def peerings(draft: Draft) -> Iterator[VirtualNetworkPeering]:
    """Yield both directions of each spoke's peering with the hub, the spoke's first."""
    for key, spoke in draft.design.spokes.items():
        there, back = spoke.peering.to_hub, spoke.peering.from_hub
        pair = (
            (there, "to_hub", f"peer-{key}-to-hub", key, HUB),
            (back, "from_hub", f"peer-hub-to-{key}", HUB, key),
        )
        for form, direction, name, near, far in pair:
            if form is False:
                continue
            section = form if isinstance(form, Direction) else Direction()
            yield VirtualNetworkPeering(
                name=section.name or name,
                virtual_network=draft.network_name(near),
                remote_virtual_network=draft.network_name(far),
                allow_virtual_network_access=section.allow_virtual_network_access,
                allow_forwarded_traffic=section.allow_forwarded_traffic,
                allow_gateway_transit=section.allow_gateway_transit,
                use_remote_gateways=section.use_remote_gateways,
                origin=_peering_origin(draft, ("spokes", key, "peering", direction)),
            )


def _peering_origin(draft: Draft, path: Path) -> Origin:
    written = draft.places.has(path)
    why = "" if written else "every spoke is peered with the hub, both ways"
    return draft.places.resource(path, derived=why)
