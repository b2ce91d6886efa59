"""Variables of `terraform/variables.private_access.tf`."""

from typing import Any

from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.estate import Estate
from hubwright.model.private_access import PrivateDnsZone

_NAME = frozenset({"name"})


def variables(estate: Estate) -> dict[str, Any]:
    """Return private endpoints, and zones with their links; what AKS makes is not among them."""
    return {
        "private_dns_zones": keyed(
            "private DNS zones",
            (zone for zone in estate.private_dns_zones if not zone.made_by_platform),
            lambda zone: zone.name,
            lambda zone: _zone(estate, zone),
        ),
        "private_endpoints": keyed(
            "private endpoints",
            (item for item in estate.private_endpoints if not item.made_by_platform),
            lambda item: item.name,
            lambda item: plain(item, without={"name", "made_by_platform"}),
        ),
    }


def _zone(estate: Estate, zone: PrivateDnsZone) -> dict[str, Any]:
    links = keyed(
        f"links of {zone.name}",
        (
            link
            for link in estate.private_dns_zone_virtual_network_links
            if link.private_dns_zone == zone.name
        ),
        lambda link: link.name,
        lambda link: plain(link, without={"name", "private_dns_zone"}),
    )
    return {
        **plain(zone, without={"name", "made_by_platform"}),
        "virtual_network_links": links,
    }
