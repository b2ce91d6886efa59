"""Web application firewalls in front of clusters: missing, or only watching."""

from collections.abc import Iterator

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.estate import Estate, by_name
from hubwright.model.ingress import ApplicationGateway, ApplicationLoadBalancer

Gateway = ApplicationGateway | ApplicationLoadBalancer


def _gateways(estate: Estate) -> tuple[Gateway, ...]:
    return (*estate.application_gateways, *estate.application_load_balancers)


@rule("AKS034", Severity.WARNING, "a gateway has no web application firewall")
def no_web_firewall(case: Case) -> Iterator[Finding]:
    """Find gateways in front of clusters without a web application firewall policy."""
    for gateway in _gateways(case.estate):
        if gateway.firewall_policy is not None:
            continue
        tier = gateway.sku if isinstance(gateway, ApplicationGateway) else ""
        plain = bool(tier) and not tier.startswith("WAF")
        yield Finding(
            message=f"`{gateway.name}` lets requests in that no web application firewall looks at",
            at=nearest(
                gateway.origin.of("firewall_policy"), gateway.origin.of("sku"), gateway.origin
            ),
            label=f"no policy, and tier {tier}" if plain else "no policy",
            help="use `WAF_v2` with a policy" if plain else "give it a policy in mode Prevention",
        )


@rule("AKS035", Severity.WARNING, "a web application firewall only watches")
def only_watches(case: Case) -> Iterator[Finding]:
    """Find web application firewall policies of gateways in mode Detection."""
    estate = case.estate
    for gateway in _gateways(estate):
        policy = by_name(estate.web_application_firewall_policies, gateway.firewall_policy or "")
        if policy is None or policy.mode != "Detection":
            continue
        yield Finding(
            message=f"`{policy.name}` lets attacks on `{gateway.name}` through: it only logs them",
            at=nearest(policy.origin.of("mode"), policy.origin),
            label="Detection",
            causes=((gateway.origin, f"in front of `{gateway.name}`"),),
            help="set mode `Prevention` once false alarms are excluded",
        )
