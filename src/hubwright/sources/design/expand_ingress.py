"""Application gateways in front of the cluster, with their web application firewall."""

from collections.abc import Iterator

from hubwright.model.address import format_address, parse_address
from hubwright.model.ingress import (
    ApplicationGateway,
    ApplicationLoadBalancer,
    WebApplicationFirewallPolicy,
)
from hubwright.sources.design.draft import Draft, Plot
from hubwright.sources.design.expand_delegations import Special, containers_of, gateway_of
from hubwright.sources.design.expand_homes import is_usable
from hubwright.sources.design.schema_ingress import ApplicationGateway as Section
from hubwright.sources.design.schema_ingress import WafForm, WafPolicy
from hubwright.sources.design.spans import Path

_KEPT_AT_TOP = 5
"""The private frontend is taken this many below the subnet's last address."""


def application_gateway_name(draft: Draft) -> str:
    """Return the name of the application gateway."""
    found = gateway_of(draft)
    return (found[0].name if found else None) or f"agw-{draft.design.name}"


def containers_name(draft: Draft) -> str:
    """Return the name of Application Gateway for Containers."""
    found = containers_of(draft)
    return (found[0].name if found else None) or f"alb-{draft.design.name}"


def gateway_name(draft: Draft) -> str | None:
    """Return the name of the gateway that the cluster's ingress controller drives, if one is."""
    cluster = draft.design.cluster
    match cluster and cluster.ingress:
        case "application-gateway" if gateway_of(draft):
            return application_gateway_name(draft)
        case "application-gateway-for-containers" if containers_of(draft):
            return containers_name(draft)
        case _:
            return None


def _plot(specials: tuple[Special, ...], purpose: str) -> Plot | None:
    return next((special.plot for special in specials if special.purpose == purpose), None)


def frontend_address(draft: Draft, plot: Plot) -> str:
    """Return the private frontend of the application gateway in its subnet."""
    found = gateway_of(draft)
    asked = found[0].private_ip_address if found else None
    if asked is None:
        return format_address(plot.prefixes[0].last - _KEPT_AT_TOP)
    if not is_usable(plot, parse_address(asked)):
        message = f"{asked} is not a free address of `{plot.name}`"
        draft.report("DESIGN009", message, ("application_gateway", "private_ip_address"))
    return asked


def gateway_public_ip(draft: Draft) -> str | None:
    """Return the name of the application gateway's own public IP."""
    found = gateway_of(draft)
    if found is None or found[0].public_ip is False:
        return None
    form = found[0].public_ip
    return form if isinstance(form, str) else f"pip-{application_gateway_name(draft)}"


def firewall_entry(draft: Draft) -> tuple[str, Path] | None:
    """Return the firewall's public IP for the application gateway, where it has one."""
    found = gateway_of(draft)
    if found is None or not found[0].behind_firewall or not found[0].expose:
        return None
    section, path = found
    return section.firewall_public_ip or f"pip-afw-{application_gateway_name(draft)}", path


def application_gateways(
    draft: Draft, specials: tuple[Special, ...]
) -> Iterator[ApplicationGateway]:
    """Yield the application gateway."""
    found, plot = gateway_of(draft), _plot(specials, "application-gateway")
    if found is None or plot is None:
        return
    section, path = found
    _check_gateway(draft, section)
    name = application_gateway_name(draft)
    why = "" if path[0] == "application_gateway" else "the cluster's ingress controller drives it"
    yield ApplicationGateway(
        name=name,
        subnet=plot.id,
        sku=section.sku,
        public_ip=gateway_public_ip(draft),
        private_ip_address=frontend_address(draft, plot),
        firewall_policy=waf_name(section.waf, name),
        min_capacity=section.min_capacity,
        max_capacity=section.max_capacity,
        zones=tuple(map(str, section.zones)),
        origin=draft.origin(path, why)
        if why
        else draft.places.resource(path, {"firewall_policy": "waf"}),
    )


def _check_gateway(draft: Draft, section: Section) -> None:
    base: Path = ("application_gateway",)
    if (section.waf is False) == (section.sku == "WAF_v2"):
        message = f"`sku: {section.sku}` and `waf` contradict each other"
        help_ = "WAF_v2 takes a policy, Standard_v2 takes `waf: false`"
        draft.report("DESIGN010", message, (*base, "sku"), help_)
    if section.public_ip is False and not section.behind_firewall:
        message = "nobody reaches the gateway from outside: no public IP, and no firewall before it"
        draft.report("DESIGN010", message, (*base, "public_ip"), "write `behind_firewall: true`")
    if section.firewall_public_ip and not section.behind_firewall:
        message = "the gateway has an address of the firewall and is not behind it"
        draft.report("DESIGN010", message, (*base, "firewall_public_ip"))
    if section.min_capacity > section.max_capacity:
        message = f"`min_capacity` {section.min_capacity} is above {section.max_capacity}"
        draft.report("DESIGN010", message, (*base, "min_capacity"))


def load_balancers(
    draft: Draft, specials: tuple[Special, ...]
) -> Iterator[ApplicationLoadBalancer]:
    """Yield Application Gateway for Containers."""
    found, plot = containers_of(draft), _plot(specials, "containers")
    if found is None or plot is None:
        return
    section, path = found
    name = containers_name(draft)
    written = path[0] == "application_gateway_for_containers"
    yield ApplicationLoadBalancer(
        name=name,
        subnet=plot.id,
        frontends=tuple(section.frontends),
        firewall_policy=waf_name(section.waf, name),
        origin=draft.places.resource(path, {"firewall_policy": "waf"})
        if written
        else draft.origin(path, "the cluster's ingress controller drives it"),
    )


def waf_name(form: WafForm, gateway: str) -> str | None:
    """Return the name of a gateway's web application firewall policy."""
    if form is False:
        return None
    return (form.name if isinstance(form, WafPolicy) else None) or f"waf-{gateway}"


def waf_policies(draft: Draft) -> Iterator[WebApplicationFirewallPolicy]:
    """Yield the web application firewall policies of both gateways."""
    pairs = (
        (gateway_of(draft), application_gateway_name(draft)),
        (containers_of(draft), containers_name(draft)),
    )
    for found, gateway in pairs:
        if found is None or found[0].waf is False:
            continue
        section, path = found
        form = section.waf
        policy = form if isinstance(form, WafPolicy) else WafPolicy()
        at: Path = (*path, "waf")
        why = "requests of the internet are checked before they reach a pod"
        yield WebApplicationFirewallPolicy(
            name=waf_name(form, gateway) or "",
            mode=policy.mode,
            managed_rule_sets=tuple((item.type, item.version) for item in policy.rule_sets),
            origin=draft.places.resource(at, {"managed_rule_sets": "rule_sets"})
            if isinstance(form, WafPolicy)
            else draft.origin(path, why),
        )
