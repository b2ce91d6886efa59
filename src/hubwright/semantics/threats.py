"""What a firewall's threat intelligence denies, by a feed that was given."""

from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.flow import Packet
from hubwright.semantics.assumptions import Assumptions
from hubwright.semantics.firewall import fqdn_matches
from hubwright.semantics.firewall_rules import addresses_in


def threat_mode(estate: Estate, firewall: Firewall) -> str:
    """Return the threat intelligence mode in force: the strictest along the policy's ancestors."""
    modes = [p.threat_intelligence_mode for p in estate.policy_chain(firewall.firewall_policy)]
    mode = max(modes, key=("Off", "Alert", "Deny").index, default="Off")
    return "Alert" if firewall.sku_tier == "Basic" and mode == "Deny" else mode


def threat_address(
    estate: Estate, firewall: Firewall, packet: Packet, assumptions: Assumptions
) -> int | None:
    """Return the address for which threat intelligence denies a packet, or None."""
    if not assumptions.threat_feed_addresses or threat_mode(estate, firewall) != "Deny":
        return None
    allowed = tuple(
        text
        for policy in estate.policy_chain(firewall.firewall_policy)
        for text in policy.threat_intelligence_allowlist_ip_addresses
    )
    free = addresses_in(estate, allowed, ())[0]
    for address in (packet.source_address, packet.destination_address):
        if address in assumptions.threat_feed_addresses and address not in free:
            return address
    return None


def threat_name(estate: Estate, firewall: Firewall, name: str, assumptions: Assumptions) -> bool:
    """Tell whether threat intelligence denies a name."""
    if name.lower() not in assumptions.threat_feed_fqdns:
        return False
    if threat_mode(estate, firewall) != "Deny":
        return False
    return not any(
        fqdn_matches(pattern, name)
        for policy in estate.policy_chain(firewall.firewall_policy)
        for pattern in policy.threat_intelligence_allowlist_fqdns
    )
