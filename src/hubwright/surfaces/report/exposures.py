"""Which workloads the firewall lets in: its DNAT rules and where they lead."""

from collections.abc import Iterator

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import NatRule
from hubwright.semantics.assigned import address_of
from hubwright.semantics.locate import subnet_holding
from hubwright.surfaces.report.contents import service_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """A DNAT rule: from a public address of the firewall to a place."""

    name: str
    public: str
    """`203.0.113.2:80`, or the public IP's name where it has no address yet."""
    target: str
    """`10.1.15.250:80`, a public IP's name, or a name to resolve."""
    place: str
    """Key of a service's frontend or id of a subnet; "" when the estate does not hold it."""


def exposures(estate: Estate, policy: str) -> tuple[Exposure, ...]:
    """Return the DNAT rules of a policy and its parents, in the order Azure takes them."""
    return tuple(
        Exposure(
            name=rule.name,
            public=f"{_shown(estate, rule.destination_address)}:{','.join(rule.destination_ports)}",
            target=f"{_shown(estate, _target(rule))}:{rule.translated_port}",
            place=_place(estate, rule),
        )
        for rule in _rules(estate, policy)
    )


def _rules(estate: Estate, policy: str) -> Iterator[NatRule]:
    for ancestor in estate.policy_chain(policy):
        for group in estate.groups_of(ancestor.name):
            for collection in sorted(group.nat_rule_collections, key=lambda item: item.priority):
                yield from collection.rules


def _target(rule: NatRule) -> str:
    return rule.translated_address or rule.translated_fqdn or ""


def _shown(estate: Estate, text: str) -> str:
    address = address_of(estate, text)
    return text if address is None else format_address(address)


def _place(estate: Estate, rule: NatRule) -> str:
    address = address_of(estate, rule.translated_address or "")
    if address is None:
        return ""
    for service in estate.kubernetes_services:
        same = address_of(estate, service.frontend) == address
        if same and service.port == rule.translated_port:
            return service_key(service)
    for service in estate.kubernetes_services:
        if address_of(estate, service.frontend) == address:
            return service_key(service)
    subnet = subnet_holding(estate, address)
    return subnet.id if subnet else ""
