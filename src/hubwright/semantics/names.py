"""
Placeholder addresses for what has none before deployment.

Public IPs get addresses of 203.0.113.0/24, sites on the internet addresses of 198.18.0.0/15, the
internet's own client 198.51.100.10: all reserved for documentation and benchmarks (RFC 5737, RFC
2544), so none can be mistaken for Azure's.
"""

from zlib import crc32

from hubwright.model.address import Prefix, parse_address

INTERNET = "internet"
"""Name of the client, and of every site, on the internet."""
INTERNET_CLIENT = parse_address("198.51.100.10")
SITES = Prefix.parse("198.18.0.0/15")
SITE = SITES.first + 1
"""Stands for the address of any name on the internet."""
AZURE_DNS = parse_address("168.63.129.16")
"""The host's virtual address: DNS, DHCP, agent and probes; never subject to routes.
Source: learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16."""
DNS_PORT = 53
INSTANCE_METADATA = parse_address("169.254.169.254")
_PUBLIC_IPS = Prefix.parse("203.0.113.0/24")
_MORE_PUBLIC_IPS = Prefix.parse("233.252.0.0/24")


def site_address(name: str) -> int:
    """Return the address that stands for an internet name; two names may share one."""
    return SITES.network + 1 + crc32(name.lower().encode()) % (SITES.size - 2)


def public_ip_placeholders(names: tuple[str, ...] | list[str]) -> dict[str, int]:
    """Return an address for each public IP, in order; at most 508 (two documentation blocks)."""
    pool = [*range(_PUBLIC_IPS.network + 1, _PUBLIC_IPS.last)]
    pool += range(_MORE_PUBLIC_IPS.network + 1, _MORE_PUBLIC_IPS.last)
    return dict(zip(names, pool, strict=False))


DEFAULT_OUTBOUND = parse_address("198.51.100.200")
"""Stands for the address that Azure lends to a machine without explicit outbound access."""
CLUSTER_OUTBOUND = parse_address("198.51.100.201")
"""Stands for the outbound address that AKS makes when it is not told to use routes."""
