"""What the network rules of a firewall point at, as far as addresses say it."""

from hubwright.engines.verify.places import public_space
from hubwright.model.address import AddressSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import NetworkRule
from hubwright.semantics.firewall_rules import addresses_in


def destinations(estate: Estate, rule: NetworkRule) -> tuple[AddressSet, tuple[str, ...]]:
    """Return a network rule's literal destinations, and the tags and names beside them."""
    total, tags = addresses_in(estate, rule.destination_addresses, rule.destination_ip_groups)
    return total, tuple(text.lower() for text in (*tags, *rule.destination_fqdns))


def reaches_everything(estate: Estate, rule: NetworkRule) -> bool:
    """Tell whether a rule's destinations hold the whole internet."""
    return public_space(estate) <= destinations(estate, rule)[0]
