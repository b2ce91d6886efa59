"""Application gateways, gateways for containers, and their web application firewall."""

from collections.abc import Iterator

from hubwright.model.ingress import (
    ApplicationGateway,
    ApplicationLoadBalancer,
    WebApplicationFirewallPolicy,
)
from hubwright.sources.terraform.filters import PUBLIC_IP
from hubwright.sources.terraform.names import SUBNET
from hubwright.sources.terraform.values import Reader, View

GATEWAY = "azurerm_application_gateway"
POLICY = "azurerm_web_application_firewall_policy"
BALANCER = "azurerm_application_load_balancer"
FRONTEND = "azurerm_application_load_balancer_frontend"
ASSOCIATION = "azurerm_application_load_balancer_subnet_association"
SECURITY = "azurerm_application_load_balancer_security_policy"
TYPES = frozenset({GATEWAY, POLICY, BALANCER, FRONTEND, ASSOCIATION, SECURITY})


def policies(reader: Reader) -> Iterator[WebApplicationFirewallPolicy]:
    """Yield the policies of web application firewalls."""
    for view in reader.views(POLICY):
        sets = view.block("managed_rules").blocks("managed_rule_set")
        yield WebApplicationFirewallPolicy(
            name=reader.names.of(view.resource),
            mode=view.block("policy_settings").text("mode") or "Prevention",
            managed_rule_sets=tuple(
                (item.text("type") or "OWASP", item.text("version")) for item in sets
            ),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def gateways(reader: Reader) -> Iterator[ApplicationGateway]:
    """Yield the application gateways."""
    for view in reader.views(GATEWAY):
        frontends = view.blocks("frontend_ip_configuration")
        scale, sku = view.block("autoscale_configuration"), view.block("sku")
        least = scale.number("min_capacity") if scale.exists else sku.number("capacity")
        most = scale.number("max_capacity") if scale.exists else sku.number("capacity")
        yield ApplicationGateway(
            name=reader.names.of(view.resource),
            subnet=view.block("gateway_ip_configuration").target("subnet_id", SUBNET) or "",
            sku=sku.text("name"),
            public_ip=_first([item.target("public_ip_address_id", PUBLIC_IP) for item in frontends])
            or view.row_target("public_ip", PUBLIC_IP),
            private_ip_address=_first([item.text("private_ip_address") for item in frontends])
            or (str(told) if (told := view.row("private_ip_address")) else None),
            firewall_policy=view.target("firewall_policy_id", POLICY),
            min_capacity=least or 0,
            max_capacity=10 if most is None else most,
            zones=view.texts("zones"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def _first(found: list[str | None]) -> str | None:
    return next((item for item in found if item), None)


def balancers(reader: Reader) -> Iterator[ApplicationLoadBalancer]:
    """Yield the gateways for containers, with their frontends and subnet."""
    frontends = _by_owner(reader, FRONTEND)
    homes = _by_owner(reader, ASSOCIATION)
    shields = _by_owner(reader, SECURITY)
    for view in reader.views(BALANCER):
        name = reader.names.of(view.resource)
        home = next(iter(homes.get(name, ())), None)
        shield = next(iter(shields.get(name, ())), None)
        yield ApplicationLoadBalancer(
            name=name,
            subnet=(home.target("subnet_id", SUBNET) if home else None) or "",
            frontends=tuple(item.text("name") for item in frontends.get(name, ())),
            firewall_policy=shield.target("web_application_firewall_policy_id", POLICY)
            if shield
            else None,
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(subnet=home.origin("subnet_id")) if home else view.whole(),
        )


def _by_owner(reader: Reader, type_: str) -> dict[str, list[View]]:
    found: dict[str, list[View]] = {}
    for view in reader.views(type_):
        owner = view.target("application_load_balancer_id", BALANCER)
        if owner:
            found.setdefault(owner, []).append(view)
    return found
