"""Private DNS zones, and their links to networks."""

from collections.abc import Iterator

from hubwright.model.origin import Origin
from hubwright.model.private_access import (
    PrivateDnsZone,
    PrivateDnsZoneVirtualNetworkLink,
    PrivateEndpoint,
)
from hubwright.sources.design.draft import HUB, Draft
from hubwright.sources.design.expand_endpoints import api_zone
from hubwright.sources.design.schema_private import Link
from hubwright.sources.design.spans import Path


def zones(draft: Draft, endpoints_: tuple[PrivateEndpoint, ...]) -> tuple[PrivateDnsZone, ...]:
    """Return the private DNS zones: what endpoints write to, then what only has links."""
    found: dict[str, Origin] = {}
    for endpoint in endpoints_:
        why = f"the records of `{endpoint.name}` stand in it"
        origin = Origin(
            source=endpoint.origin.source,
            path=endpoint.origin.path,
            span=endpoint.origin.span,
            derived=why,
        )
        for zone in endpoint.private_dns_zones:
            found.setdefault(zone, origin)
    for zone in draft.design.private_dns.links:
        found.setdefault(zone, draft.places.key(("private_dns", "links", zone)))
    platform = platform_zone(draft)
    return tuple(
        PrivateDnsZone(name=name, made_by_platform=name == platform, origin=origin)
        for name, origin in found.items()
    )


def platform_zone(draft: Draft) -> str | None:
    """Return the zone that AKS makes and links to the network of the nodes, and to no other."""
    cluster = draft.design.cluster
    if cluster is None or cluster.private_dns_zone != "system":
        return None
    return api_zone(draft)


def links(
    draft: Draft, zones_: tuple[PrivateDnsZone, ...]
) -> Iterator[PrivateDnsZoneVirtualNetworkLink]:
    """Yield each zone's links: wherever a resolver asks, unless the design says otherwise."""
    written = draft.design.private_dns.links
    for zone in zones_:
        forms = written.get(zone.name)
        if zone.made_by_platform:
            yield from _platform_link(draft, zone, forms is not None)
            continue
        if forms is None:
            yield from _derived_links(draft, zone)
            continue
        seen: set[str] = set()
        for n, form in enumerate(forms):
            path: Path = ("private_dns", "links", zone.name, n)
            section = form if isinstance(form, Link) else Link(virtual_network=form)
            key = draft.network_key(section.virtual_network)
            if key is None:
                known = draft.network_keys
                draft.unknown("network", section.virtual_network, known, path)
                continue
            if key in seen:
                message = f"`{zone.name}` is linked to `{key}` twice"
                draft.report("DESIGN010", message, path)
            seen.add(key)
            yield PrivateDnsZoneVirtualNetworkLink(
                name=section.name or f"link-{draft.network_name(key)}",
                private_dns_zone=zone.name,
                virtual_network=draft.network_name(key),
                resolution_policy=section.resolution_policy,
                origin=draft.places.value(path),
            )


def _platform_link(
    draft: Draft, zone: PrivateDnsZone, written: bool
) -> Iterator[PrivateDnsZoneVirtualNetworkLink]:
    """Yield the one link that AKS makes; nobody else's stand in a zone of the node group."""
    cluster = draft.design.cluster
    if written:
        message = f"`{zone.name}` is AKS's own, which links it to the network of the nodes"
        path: Path = ("private_dns", "links", zone.name)
        help_ = "write `private_dns_zone: own` for a zone that others are linked to"
        draft.report("DESIGN010", message, path, help_, at_key=True)
    if cluster is not None and cluster.spoke in draft.design.spokes:
        yield _link(draft, zone, cluster.spoke, "AKS links its zone to the network of the nodes")


def _derived_links(
    draft: Draft, zone: PrivateDnsZone
) -> Iterator[PrivateDnsZoneVirtualNetworkLink]:
    for key in draft.network_keys:
        yield _link(draft, zone, key, "machines of this network resolve through it")


def _link(
    draft: Draft, zone: PrivateDnsZone, key: str, why: str
) -> PrivateDnsZoneVirtualNetworkLink:
    name = draft.network_name(key)
    path: Path = ("hub",) if key == HUB else ("spokes", key)
    return PrivateDnsZoneVirtualNetworkLink(
        name=f"link-{name}",
        private_dns_zone=zone.name,
        virtual_network=name,
        origin=draft.origin(path, why),
    )
