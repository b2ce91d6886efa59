"""Sets of addresses in the words of an estate: subnets, machines, groups, names."""

from collections.abc import Iterator

from hubwright.engines.verify.places import public_space
from hubwright.model.address import ALL_ADDRESSES, AddressSet
from hubwright.model.estate import Estate
from hubwright.semantics.assigned import address_of
from hubwright.semantics.names import AZURE_DNS, INSTANCE_METADATA, INTERNET, site_address

FEW = 8
"""Single addresses and prefixes that are written out at most."""


def words(estate: Estate, addresses: AddressSet) -> tuple[str, ...]:
    """Return names for a set of addresses, wide ones first; what has no name as prefixes."""
    if addresses == ALL_ADDRESSES:
        return ("anywhere",)
    out: list[str] = []
    rest = addresses
    for name, known in _known(estate):
        if known and known <= rest:
            out.append(name)
            rest -= known
    for subnet in estate.subnets:
        rest -= AddressSet.of(
            pair
            for prefix in subnet.address_prefixes
            for pair in ((prefix.first, prefix.first + 3), (prefix.last, prefix.last))
        )
    prefixes = [str(prefix).removesuffix("/32") for prefix in rest.to_prefixes()]
    out += prefixes[:FEW]
    if len(prefixes) > FEW:
        out.append(f"{len(prefixes) - FEW} more prefixes")
    return tuple(dict.fromkeys(out))


def _known(estate: Estate) -> Iterator[tuple[str, AddressSet]]:
    """Yield what has a name, wide things first."""
    yield INTERNET, public_space(estate)
    for group in estate.ip_groups:
        yield (
            group.name,
            AddressSet.of(
                pair for cidr in group.cidrs for pair in AddressSet.parse(cidr).intervals
            ),
        )
    frontends = AddressSet.of(
        (address, address)
        for service in estate.kubernetes_services
        if (address := address_of(estate, service.frontend)) is not None
    )
    for subnet in estate.subnets:
        usable = AddressSet.of((p.first + 4, p.last - 1) for p in subnet.address_prefixes)
        yield subnet.id, usable - frontends
    for nic in estate.network_interfaces:
        yield nic.name, _one(nic.private_ip_address)
    for service in estate.kubernetes_services:
        address = address_of(estate, service.frontend)
        yield service.name, _one(address) if address is not None else AddressSet()
    for item in estate.public_ips:
        address = address_of(estate, item.name)
        yield item.name, _one(address) if address is not None else AddressSet()
    for name in _names(estate):
        yield name, _one(site_address(name))
    yield "Azure DNS", _one(AZURE_DNS)
    yield "instance metadata", _one(INSTANCE_METADATA)


def _names(estate: Estate) -> Iterator[str]:
    """Yield the names in network rules, for which addresses stand."""
    for group in estate.rule_collection_groups:
        for collection in group.network_rule_collections:
            for rule in collection.rules:
                yield from rule.destination_fqdns


def _one(address: int) -> AddressSet:
    return AddressSet(((address, address),))
