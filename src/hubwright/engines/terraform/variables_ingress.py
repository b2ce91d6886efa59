"""Variables of `terraform/variables.ingress.tf`."""

from typing import Any

from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.estate import Estate
from hubwright.model.ingress import WebApplicationFirewallPolicy

_NAME = frozenset({"name"})


def variables(estate: Estate) -> dict[str, Any]:
    """Return application gateways and their web application firewall."""
    return {
        "web_application_firewall_policies": keyed(
            "web application firewall policies",
            estate.web_application_firewall_policies,
            lambda item: item.name,
            _policy,
        ),
        "application_gateways": keyed(
            "application gateways",
            estate.application_gateways,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "application_load_balancers": keyed(
            "gateways for containers",
            estate.application_load_balancers,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
    }


def _policy(policy: WebApplicationFirewallPolicy) -> dict[str, Any]:
    sets = [{"type": type_, "version": version} for type_, version in policy.managed_rule_sets]
    return {**plain(policy, without=_NAME), "managed_rule_sets": sets}
