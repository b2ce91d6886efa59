"""A picture of an estate as a Mermaid flowchart, for pull requests and Markdown pages."""

from collections.abc import Iterator
from dataclasses import field

from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate
from hubwright.surfaces.report import contents
from hubwright.surfaces.report.contents import Item, Network, Row
from hubwright.surfaces.report.exposures import exposures

_CLASSES = (
    "classDef firewall fill:#fff4ec,stroke:#c2410c,color:#1a2129",
    "classDef service fill:#f2edfb,stroke:#6b3fb5,color:#1a2129",
    "classDef item fill:#f3f6f9,stroke:#cbd6e1,color:#1a2129",
    "classDef outside fill:#eaf3fb,stroke:#9cc3e6,color:#1a2129",
)
_PLAIN = frozenset(" .,:/()+_-*")


def draw_estate(estate: Estate) -> str:
    """
    Return a flowchart of an estate, without the fence around it.

    Networks and subnets are subgraphs; edges are peerings, what the firewall lets in, and the
    links of private DNS zones. The same estate gives the same text.
    """
    chart = _Chart()
    chart.add("flowchart TB")
    chart.add(f"  internet(({_label('Internet')})):::outside")
    for network in contents.networks(estate):
        _network(chart, estate, network)
    _zones(chart, estate)
    for line in _edges(chart, estate):
        chart.add(f"  {line}")
    for line in _CLASSES:
        chart.add(f"  {line}")
    return "\n".join(chart.lines) + "\n"


@dataclass(slots=True)
class _Chart:
    """The lines so far, and the identifiers given to what they name."""

    lines: list[str] = field(default_factory=list[str])
    ids: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, line: str) -> None:
        self.lines.append(line)

    def id_of(self, kind: str, key: str) -> str:
        """Return the identifier of a thing; Mermaid's keywords can never be one."""
        return self.ids.setdefault(f"{kind} {key}", f"{kind}{len(self.ids)}")

    def known(self, kind: str, key: str) -> str | None:
        """Return the identifier of a thing that has been drawn."""
        return self.ids.get(f"{kind} {key}")


def escape(text: str) -> str:
    """Return a text for a quoted label: all but letters, digits and a few signs as entities."""
    return "".join(
        letter
        if letter in _PLAIN or (letter.isascii() and letter.isalnum())
        else f"#{ord(letter)};"
        for letter in text
    )


def _label(*lines: str) -> str:
    return '"' + "<br/>".join(escape(line) for line in lines if line) + '"'


def _network(chart: _Chart, estate: Estate, network: Network) -> None:
    value = network.network
    space = ", ".join(str(prefix) for prefix in value.address_space)
    chart.add(f"  subgraph {chart.id_of('net', value.name)}[{_label(value.name, space)}]")
    chart.add("    direction TB")
    for row in network.rows:
        _row(chart, estate, row)
    chart.add("  end")


def _row(chart: _Chart, estate: Estate, row: Row) -> None:
    badges = ", ".join(badge.text for badge in row.badges)
    chart.add(
        f"    subgraph {chart.id_of('sub', row.key)}[{_label(row.title, row.detail, badges)}]"
    )
    for item in row.items:
        chart.add(f"      {_item(chart, estate, row, item)}")
    if not row.items:
        chart.add(f"      {chart.id_of('none', row.key)}[{_label('empty')}]:::item")
    chart.add("    end")


def _item(chart: _Chart, estate: Estate, row: Row, item: Item) -> str:
    if item.glyph == "firewall":
        firewall = next((f for f in estate.firewalls if f.name in item.names), None)
        tier = f"Azure Firewall {firewall.sku_tier}" if firewall else ""
        label = _label(item.title, tier, item.detail)
        return f"{chart.id_of('afw', item.title)}[{label}]:::firewall"
    if item.glyph == "balancer":
        label = _label(item.title, item.detail)
        return f"{chart.id_of('svc', item.names[0])}{{{{{label}}}}}:::service"
    name = chart.id_of("item", f"{row.key} {item.title} {item.names}")
    return f"{name}[{_label(item.title, item.detail)}]:::item"


def _zones(chart: _Chart, estate: Estate) -> None:
    if not estate.private_dns_zones:
        return
    chart.add(f"  subgraph {chart.id_of('dns', '')}[{_label('Private DNS zones')}]")
    for zone in estate.private_dns_zones:
        chart.add(f"    {chart.id_of('zone', zone.name)}[{_label(zone.name)}]:::item")
    chart.add("  end")


def _edges(chart: _Chart, estate: Estate) -> Iterator[str]:
    for firewall in estate.firewalls:
        afw = chart.known("afw", firewall.name)
        if afw is None:
            continue
        shown = [_public_ip(estate, name) for name in firewall.public_ips]
        yield f"internet --- |{_label(*shown)}| {afw}" if shown else f"internet --- {afw}"
        for rule in exposures(estate, firewall.firewall_policy):
            aim = chart.known("svc", rule.place) or chart.known("sub", rule.place)
            if aim is not None:
                yield f"{afw} --> |{_label(rule.name, rule.public)}| {aim}"
    yield from _peerings(chart, estate)
    for link in estate.private_dns_zone_virtual_network_links:
        zone = chart.known("zone", link.private_dns_zone)
        network = chart.known("net", link.virtual_network)
        if zone is not None and network is not None:
            yield f"{zone} -.- {network}"


def _public_ip(estate: Estate, name: str) -> str:
    known = estate.public_ip_by_name.get(name)
    return f"{name} {known.ip_address}" if known and known.ip_address else name


def _peerings(chart: _Chart, estate: Estate) -> Iterator[str]:
    """Yield one edge a pair of networks; one with an arrow where only one side is peered."""
    ends = [(p.virtual_network, p.remote_virtual_network) for p in estate.virtual_network_peerings]
    done: set[tuple[str, str]] = set()
    for here, there in ends:
        one, other = chart.known("net", here), chart.known("net", there)
        if one is None or other is None or (here, there) in done:
            continue
        done |= {(here, there), (there, here)}
        whole = (there, here) in ends
        arrow, label = ("<-->", "peering") if whole else ("-.->", "one side only")
        yield f"{one} {arrow} |{_label(label)}| {other}"
