"""The side column: private DNS zones with their links, and services outside every network."""

from collections.abc import Iterator, Sequence

from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.model.platform import ContainerRegistry, KeyVault, StorageAccount
from hubwright.surfaces.report.canvas import Box

LINE = 36
HEAD = 34
NOWHERE = Box(0, 0, 0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A zone or a service: its name, and a line on it."""

    glyph: str
    title: str
    detail: str
    is_caution: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """A titled list; `boxes` has one box an entry, once it is placed."""

    title: str
    glyph: str
    entries: tuple[Entry, ...]
    box: Box = NOWHERE
    boxes: tuple[Box, ...] = ()


def panels(estate: Estate) -> tuple[Panel, ...]:
    """Return the panels that have something to say."""
    zones = Panel("Private DNS zones", "dns", tuple(_zones(estate)))
    services = Panel("Platform services", "vault", tuple(_services(estate)))
    return tuple(panel for panel in (zones, services) if panel.entries)


def _zones(estate: Estate) -> Iterator[Entry]:
    for zone in estate.private_dns_zones:
        links = [
            link.virtual_network
            for link in estate.private_dns_zone_virtual_network_links
            if link.private_dns_zone == zone.name
        ]
        detail = f"linked to {', '.join(links)}" if links else "linked to no network"
        yield Entry(glyph="dns", title=zone.name, detail=detail, is_caution=not links)


def _services(estate: Estate) -> Iterator[Entry]:
    for registry in estate.container_registries:
        yield _service("registry", "registry", registry)
    for vault in estate.key_vaults:
        yield _service("vault", "key vault", vault)
    for account in estate.storage_accounts:
        yield _service("storage", "storage", account)
    for workspace in estate.log_analytics_workspaces:
        yield Entry(
            glyph="logs",
            title=workspace.name,
            detail=f"log analytics, {workspace.retention_in_days} days",
        )


def _service(glyph: str, kind: str, item: ContainerRegistry | KeyVault | StorageAccount) -> Entry:
    public = item.public_network_access_enabled
    access = "public access on" if public else "private access only"
    return Entry(glyph=glyph, title=item.name, detail=f"{kind}, {access}", is_caution=public)


def place_panels(some: Sequence[Panel], room: Box) -> tuple[tuple[Panel, ...], float]:
    """Return the panels in place and their lower edge; the last one closes a small gap below."""
    out: list[Panel] = []
    y: float = room.y
    for n, panel in enumerate(some):
        h: float = HEAD + LINE * len(panel.entries) + 4
        if n == len(some) - 1 and 0 < room.bottom - y - h < LINE * 1.5:
            h = room.bottom - y
        boxes = tuple(
            Box(room.x + 12, y + HEAD + LINE * at, room.w - 24, LINE - 4)
            for at in range(len(panel.entries))
        )
        out.append(Panel(panel.title, panel.glyph, panel.entries, Box(room.x, y, room.w, h), boxes))
        y += h + 14
    return tuple(out), y - 14
