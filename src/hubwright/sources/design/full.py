"""A design with everything that follows from it written out."""

from typing import Any

import yaml

from hubwright.errors import UsageError
from hubwright.model.estate import Estate
from hubwright.sources.design.expand import expand
from hubwright.sources.design.full_cluster import (
    cluster_section,
    gateways,
    identities,
    workloads,
)
from hubwright.sources.design.full_network import (
    Section,
    firewall_section,
    given,
    numbers,
    subnets,
)
from hubwright.sources.design.full_platform import links, machines, monitoring, services
from hubwright.sources.design.reader import parse
from hubwright.sources.design.scalars import resolve
from hubwright.sources.design.schema import Design

_HEADER = """\
# Everything that follows from the design, written out: a change in one place no longer carries over
# to others. Only roles, diagnostic settings, alerts and flow logs still follow from what is here.
"""


def full(estate_text: str) -> str:
    """
    Return the same design with everything derived written out: it reads as the same estate.

    Raises:
        UsageError: the text is not a valid design; `check` says why.
    """
    reading = parse("estate.yaml", estate_text)
    if reading.design is None or reading.problems:
        raise UsageError("the design has errors; `hubwright check` shows them")
    estate, problems = expand(reading.design, reading.places)
    if problems:
        raise UsageError("the design has errors; `hubwright check` shows them")
    return _HEADER + "\n" + _text(_design(reading.design, estate))


class _Dumper(yaml.SafeDumper):
    """Writes text that this package reads back: leaves in one line, doubtful scalars quoted."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        del indentless
        super().increase_indent(flow=flow, indentless=False)


def _text_node(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    del dumper
    style = None if resolve(value) == value else '"'
    return yaml.ScalarNode("tag:yaml.org,2002:str", value, style=style)


def _list_node(dumper: yaml.SafeDumper, value: list[Any]) -> yaml.SequenceNode:
    is_leaf = all(not isinstance(item, (list, dict)) for item in value)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=is_leaf)


_Dumper.add_representer(str, _text_node)
_Dumper.add_representer(list, _list_node)


def _text(section: Section) -> str:
    parts = [
        yaml.dump({key: value}, Dumper=_Dumper, sort_keys=False, width=100, allow_unicode=True)
        for key, value in section.items()
    ]
    return "\n".join(parts)


def _design(design: Design, estate: Estate) -> Section:
    out: Section = {"name": design.name, "location": design.location, "cloud": design.cloud}
    if design.tags:
        out["tags"] = dict(design.tags)
    out["resource_groups"] = _groups(design, estate)
    out["hub"] = _hub(estate)
    if design.spokes:
        out["spokes"] = {key: _spoke(estate, n + 1) for n, key in enumerate(design.spokes)}
    for cluster in estate.kubernetes_clusters:
        out["cluster"] = cluster_section(design, estate, cluster)
    out |= machines(design, estate)
    out |= identities(design, estate)
    out |= gateways(estate)
    out |= services(estate)
    out["monitoring"] = monitoring(design, estate)
    out["private_dns"] = {"links": links(estate)}
    if estate.kubernetes_services:
        out["workloads"] = workloads(estate)
    out["egress"] = {"catalogue": False}
    out["public_ips"] = {
        item.name: given(ip_address=item.ip_address) | {"zones": numbers(item.zones)}
        for item in estate.public_ips
    }
    if design.intents:
        out["intents"] = [
            item.model_dump(by_alias=True, exclude_none=True) for item in design.intents
        ]
    return out


def _groups(design: Design, estate: Estate) -> Section:
    """Return the group of each network by its key: that of the network itself."""
    keys = ("hub", *design.spokes)
    return {
        key: network.resource_group_name
        for key, network in zip(keys, estate.virtual_networks, strict=True)
    }


def _hub(estate: Estate) -> Section:
    network = estate.virtual_networks[0]
    bastion = next(iter(estate.bastion_hosts), None)
    return {
        "name": network.name,
        "address_space": [str(prefix) for prefix in network.address_space],
        "dns_servers": list(network.dns_servers) or "azure",
        "ddos_protection": network.ddos_protection_plan or False,
        "subnets": subnets(estate, network.name),
        "firewall": firewall_section(estate),
        "bastion": bastion is not None
        and given(
            name=bastion.name,
            sku=bastion.sku,
            public_ip=bastion.public_ip,
            zones=numbers(bastion.zones),
            tunneling=bastion.tunneling_enabled,
        ),
    }


def _spoke(estate: Estate, index: int) -> Section:
    network = estate.virtual_networks[index]
    directions: Section = {"to_hub": False, "from_hub": False}
    for peering in estate.virtual_network_peerings:
        ends = (peering.virtual_network, peering.remote_virtual_network)
        if network.name not in ends:
            continue
        directions["to_hub" if ends[0] == network.name else "from_hub"] = {
            "name": peering.name,
            "allow_virtual_network_access": peering.allow_virtual_network_access,
            "allow_forwarded_traffic": peering.allow_forwarded_traffic,
            "allow_gateway_transit": peering.allow_gateway_transit,
            "use_remote_gateways": peering.use_remote_gateways,
        }
    return {
        "name": network.name,
        "address_space": [str(prefix) for prefix in network.address_space],
        "dns_servers": list(network.dns_servers) or "azure",
        "peering": directions,
        "subnets": subnets(estate, network.name),
    }
