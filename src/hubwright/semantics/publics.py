"""Interfaces with a public IP of their own: of machines and application gateways."""

from collections.abc import Iterator

from hubwright.model.estate import Estate
from hubwright.model.ingress import ApplicationGateway
from hubwright.model.network import NetworkInterface
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.semantics.assigned import address_of


def own_public_ip(estate: Estate, interface: str) -> str | None:
    """Return the name of the public IP that an interface has to itself, or None."""
    return next((owner.public_ip for owner in _owners(estate) if owner.name == interface), None)


def public_interfaces(estate: Estate) -> Iterator[tuple[NetworkInterface, int]]:
    """Yield interfaces with a public IP of their own, and its address."""
    for owner in _owners(estate):
        nic = estate.network_interface_by_name.get(owner.name)
        address = address_of(estate, owner.public_ip) if owner.public_ip else None
        if nic is not None and address is not None:
            yield nic, address


def _owners(estate: Estate) -> tuple[LinuxVirtualMachine | ApplicationGateway, ...]:
    return (*estate.virtual_machines, *estate.application_gateways)
