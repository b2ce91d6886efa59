"""Where in the picture a hop of a walk is."""

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, format_address, parse_address
from hubwright.model.flow import Hop, Stage, Step
from hubwright.semantics.assigned import address_of
from hubwright.semantics.locate import subnet_holding
from hubwright.semantics.names import AZURE_DNS, INTERNET
from hubwright.surfaces.report.canvas import Box
from hubwright.surfaces.report.layout import Layout, Pill, firewall_item
from hubwright.surfaces.report.rows import PlacedItem, PlacedRow
from hubwright.surfaces.report.wires import peerings


@dataclass(frozen=True, slots=True)
class Place:
    """A box, and the row that it is in, if it is in one."""

    box: Box
    row: PlacedRow | None = None
    item: PlacedItem | None = None


def find(layout: Layout, hop: Hop) -> Place | None:
    """Return the place of a hop; None when the picture does not show it."""
    if hop.kind == "load balancer":
        return _balancer(layout, hop)
    if hop.node == INTERNET:
        return Place(layout.cloud)
    return _named(layout, hop.node) or _addressed(layout, hop.node)


def _named(layout: Layout, node: str) -> Place | None:
    card = layout.card
    if card is not None and node in firewall_item(layout.estate, card.firewall).names:
        return Place(card.box, card.subnet)
    for row in layout.rows():
        for item in row.items:
            if node in item.item.names:
                return Place(item.box, row, item)
    for row in layout.rows():
        if node in (row.row.key, row.row.title):
            return Place(row.box, row)
    return None


def _addressed(layout: Layout, node: str) -> Place | None:
    """Return the place of a bare address: who has it, or the subnet that it lies in."""
    try:
        address = parse_address(node)
    except AddressError:
        return None
    if address == AZURE_DNS:
        panel = next((p for p in layout.side if p.glyph == "dns"), None)
        return Place(panel.box) if panel else None
    for nic in layout.estate.network_interfaces:
        if nic.private_ip_address == address:
            return _named(layout, nic.name)
    subnet = subnet_holding(layout.estate, address)
    return _named(layout, subnet.id) if subnet else None


def _balancer(layout: Layout, hop: Hop) -> Place | None:
    """Return the frontend that a packet is addressed to."""
    if hop.packet is None:
        return None
    rules = {step.rule for step in hop.steps}
    found = [
        Place(item.box, row, item)
        for row in layout.rows()
        if row.row.is_cluster
        for item in row.items
        if hop.packet.destination_address in item.item.addresses
    ]
    named = [p for p in found if p.item and any(_service(p.item) == rule for rule in rules)]
    return next(iter(named or found), None)


def _service(placed: PlacedItem) -> str:
    return placed.item.names[0].rpartition("/")[2]


def pill_between(layout: Layout, one: Hop, other: Hop) -> Pill | None:
    """Return the firewall's public IP that a packet between it and the internet carries."""
    if layout.card is None or INTERNET not in (one.node, other.node) or other.packet is None:
        return None
    if firewall_item(layout.estate, layout.card.firewall).names[0] not in (one.node, other.node):
        return None
    carried = (other.packet.source_address, other.packet.destination_address)
    for pill in layout.card.pills:
        if address_of(layout.estate, pill.name) in carried:
            return pill
    return None


def stop_box(layout: Layout, hop: Hop, step: Step) -> Box | None:
    """Return what a walk is stopped by: a badge of the subnet, a peering, or the place itself."""
    place = find(layout, hop)
    if step.stage is Stage.PEERING:
        for line in peerings(layout):
            if step.rule in line.names:
                return line.tag
    if place is None:
        return None
    if place.row is not None and step.stage in (Stage.NSG, Stage.ROUTE):
        name = step.rule.partition("/")[0]
        for placed in place.row.badges:
            if placed.badge.text == name and placed.badge.css in ("nsg", "routes"):
                return placed.box
    return place.box


def shown_packet(hop: Hop) -> str:
    """Return the addresses that a hop's packet carries, for a list."""
    if hop.packet is None:
        return ""
    if hop.packet.protocol == "ICMP":
        ends = (hop.packet.source_address, hop.packet.destination_address)
        return " → ".join(format_address(end) for end in ends) + " icmp"
    return str(hop.packet).replace(" -> ", " → ")
