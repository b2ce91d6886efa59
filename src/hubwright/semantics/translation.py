"""
The addresses that a firewall translates to, and the destinations for which it does not.

Source: learn.microsoft.com/azure/firewall/snat-private-range (2023-08).
"""

from hubwright.model.address import RFC1918, RFC6598, AddressSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall
from hubwright.model.network import NicKind
from hubwright.semantics.assigned import address_of
from hubwright.semantics.assumptions import DEFAULTS, Assumptions


def private_ranges(
    estate: Estate, firewall: Firewall, assumptions: Assumptions = DEFAULTS
) -> AddressSet:
    """Return the destinations whose network-rule traffic keeps its source address."""
    policy = estate.firewall_policy_by_name.get(firewall.firewall_policy)
    default = RFC1918
    if assumptions.private_ranges == "rfc1918+rfc6598":
        default |= RFC6598
    if policy is None or not policy.private_ip_ranges:
        return default
    total = AddressSet()
    for text in policy.private_ip_ranges:
        if text == "255.255.255.255/32":
            return AddressSet()
        total |= default if text == "IANAPrivateRanges" else AddressSet.parse(text)
    return total


def public_addresses(estate: Estate, firewall: Firewall) -> tuple[int, ...]:
    """Return the firewall's public addresses, in the order of its IP configurations."""
    found = (address_of(estate, name) for name in firewall.public_ips)
    return tuple(address for address in found if address is not None)


def outbound_addresses(estate: Estate, firewall: Firewall) -> tuple[int, ...]:
    """
    Return the public addresses that the firewall's own outbound traffic may carry.

    A NAT gateway on the firewall's subnet takes all of it over
    (learn.microsoft.com/azure/firewall/integrate-with-nat-gateway, 2023-10).
    """
    return gateway_addresses(estate, firewall) or public_addresses(estate, firewall)


def gateway_addresses(estate: Estate, firewall: Firewall) -> tuple[int, ...]:
    """Return the public addresses of the NAT gateway on the firewall's subnet, if there is one."""
    subnet = estate.subnet_by_id.get(firewall.subnet)
    gateway = estate.nat_gateway_by_name.get((subnet and subnet.nat_gateway) or "")
    if gateway is None:
        return ()
    found = (address_of(estate, name) for name in gateway.public_ips)
    return tuple(address for address in found if address is not None)


def instance_addresses(estate: Estate, firewall: Firewall) -> tuple[int, ...]:
    """Return the addresses that the firewall's instances use as translated sources."""
    return tuple(
        nic.private_ip_address
        for nic in estate.network_interfaces
        if nic.kind is NicKind.FIREWALL and nic.owner == firewall.name != nic.name
    )
