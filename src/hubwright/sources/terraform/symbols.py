"""Texts that stand for addresses which Azure has yet to assign."""

from hubwright.model.address import AddressError, Prefix, format_address
from hubwright.model.network import FIREWALL_SUBNET
from hubwright.semantics.assigned import PUBLIC_IP_SYMBOL, first_usable
from hubwright.sources.terraform.names import SUBNET
from hubwright.sources.terraform.plan import Resource
from hubwright.sources.terraform.settling import LATER
from hubwright.sources.terraform.values import Reader
from hubwright.sources.terraform.words import Path

_PUBLIC = ((), ("ip_address",))
_MACHINES = ("azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine")
_INTERFACE = "azurerm_network_interface"
_INBOUND = "azurerm_private_dns_resolver_inbound_endpoint"


class Symbols:
    """Gives the text that stands for the address of a resource of the plan."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._machines: dict[int, str] | None = None
        self.is_settling = False
        """Whether a text was given that has to be settled once addresses are assigned."""

    def __call__(self, resource: Resource, attribute: Path) -> str | None:
        """
        Return `pip:<name>` for a public IP, or the address that a firewall will have.

        None for what has no address, or one that cannot be told before an apply.
        """
        match resource.type:
            case "azurerm_public_ip" if attribute in _PUBLIC:
                address = resource.values.get("ip_address")
                if isinstance(address, str) and address:
                    return address
                return f"{PUBLIC_IP_SYMBOL}{self._reader.names.of(resource)}"
            case "azurerm_firewall" if not attribute or "private_ip_address" in attribute:
                return self._firewall(resource)
            case _:
                return self._static(resource) or self._later(resource, attribute)

    def _later(self, resource: Resource, attribute: Path) -> str | None:
        """Return the symbol for the address that a machine or endpoint will get."""
        if attribute and not any(str(part).startswith("private_ip_address") for part in attribute):
            return None
        owner = None
        if resource.type in {*_MACHINES, "azurerm_private_endpoint", _INBOUND}:
            owner = self._reader.names.of(resource)
        elif resource.type == _INTERFACE:
            owner = self._owners().get(id(resource))
        if owner is None:
            return None
        self.is_settling = True
        return f"{LATER}{owner}"

    def _owners(self) -> dict[int, str]:
        """Return the machine of each network interface."""
        if self._machines is None:
            self._machines = {}
            for view in self._reader.views(*_MACHINES):
                interface = view.resource_of_any("network_interface_ids")
                if interface is not None:
                    self._machines[id(interface)] = self._reader.names.of(view.resource)
        return self._machines

    def _firewall(self, resource: Resource) -> str | None:
        for block in self._reader.view(resource).blocks("ip_configuration"):
            known = block.values.get("private_ip_address")
            if isinstance(known, str) and known:
                return known
            subnet = block.resource_of("subnet_id", SUBNET, called=FIREWALL_SUBNET)
            if subnet is not None:
                return _first(subnet)
        return None

    @staticmethod
    def _static(resource: Resource) -> str | None:
        """Return an address that was asked for."""
        argument = "ip_configurations" if resource.type == _INBOUND else "ip_configuration"
        for block in resource.values.get(argument) or ():
            address = block.get("private_ip_address") if isinstance(block, dict) else None
            if isinstance(address, str) and address:
                return address
        return None


def _first(subnet: Resource) -> str | None:
    for text in subnet.values.get("address_prefixes") or ():
        try:
            return format_address(first_usable(Prefix.parse(text)))
        except AddressError:
            continue
    return None


def public_ip_name(text: str) -> str:
    """Return the name in `pip:<name>`; any other text as it is."""
    return text.removeprefix(PUBLIC_IP_SYMBOL)
