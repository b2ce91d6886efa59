"""What firewall rules let out that nothing needs, and names that are everybody's."""

from collections.abc import Iterator

from hubwright.catalogue.egress import FEATURES, required
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import cluster_subnets, implied_features, nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.address import PortSet
from hubwright.model.estate import Estate
from hubwright.model.firewall import Action, ApplicationRule, NetworkRule
from hubwright.semantics.firewall import (
    Placed,
    application_rules,
    network_rules,
    sources,
)

EVERYBODYS = (
    "blob.core.windows.net",
    "file.core.windows.net",
    "queue.core.windows.net",
    "table.core.windows.net",
    "dfs.core.windows.net",
    "web.core.windows.net",
    "core.windows.net",
    "azurecr.io",
    "vault.azure.net",
    "database.windows.net",
    "documents.azure.com",
    "servicebus.windows.net",
    "azurewebsites.net",
    "azureedge.net",
    "trafficmanager.net",
    "cloudapp.azure.com",
    "amazonaws.com",
    "storage.googleapis.com",
    "blob.core.chinacloudapi.cn",
    "blob.core.usgovcloudapi.net",
    "githubusercontent.com",
    "ngrok.io",
)
"""
Domains in which anybody can have a name of his own, so that data can leave to it.

Source: learn.microsoft.com/azure/aks/outbound-rules-control-egress (2026-06-18), and the services'
own pages on names.
"""
EVERYBODYS_TAGS = frozenset(
    {
        "azurecontainerregistry",
        "storage",
        "sql",
        "azurecosmosdb",
        "azurekeyvault",
        "servicebus",
        "eventhub",
        "appservice",
    }
)
"""Service tags that hold the services of every customer."""
_TUNNEL = (("UDP", 1194), ("TCP", 9000))
"""Ports of the tunnels before Konnectivity."""
_OPTIONAL = (
    "gpu",
    "windows",
    "azure-policy",
    "defender",
    "container-insights",
    "extensions",
    "marketplace",
)
"""Features whose hosts nothing else needs, so that an allow-list without them is too wide."""


@rule("AFW030", Severity.ERROR, "an FQDN tag with another protocol than HTTPS")
def tag_protocol(case: Case) -> Iterator[Finding]:
    """Find FQDN tags in application rules of other protocols and ports."""
    for firewall in case.estate.firewalls:
        for placed in application_rules(case.estate, firewall):
            item = placed.rule
            wrong = [str(p) for p in item.protocols if (p.type, p.port) != ("Https", 443)]
            if not item.destination_fqdn_tags or not wrong:
                continue
            yield Finding(
                message=(
                    f"application rule `{item.name}` has FQDN tag "
                    f"{item.destination_fqdn_tags[0]} on {', '.join(wrong)}"
                ),
                at=nearest(placed.origin.of("protocols"), placed.origin),
                label="FQDN tags are for Https:443 only",
                help="set its protocol to `Https:443`",
            )


def _wild(name: str) -> bool:
    return name.startswith("*") and name.lstrip("*").lstrip(".").lower() in EVERYBODYS


@rule("AFW031", Severity.WARNING, "data can leave to anybody's account")
def exfiltration(case: Case) -> Iterator[Finding]:
    """Find wildcards and service tags that stand for the services of every customer."""
    estate = case.estate
    needed = _needed_names(estate)
    for firewall in estate.firewalls:
        for placed in application_rules(estate, firewall):
            names = [name for name in placed.rule.destination_fqdns if _wild(name)]
            if placed.action is Action.ALLOW and names:
                yield _leak(placed, "destination_fqdns", names, needed)
        for item in network_rules(estate, firewall):
            tags = [
                text
                for text in item.rule.destination_addresses
                if text.lower().partition(".")[0] in EVERYBODYS_TAGS
            ]
            if item.action is Action.ALLOW and tags:
                yield _leak(item, "destination_addresses", tags, set())


def _leak(
    placed: Placed[ApplicationRule] | Placed[NetworkRule],
    argument: str,
    found: list[str],
    needed: set[str],
) -> Finding:
    known = all(name in needed for name in found)
    why = "; Microsoft names no narrower one" if known else ""
    return Finding(
        message=(
            f"rule `{placed.rule.name}` lets data out to anybody's account: {', '.join(found[:3])}"
        ),
        at=nearest(placed.origin.of(argument), placed.origin),
        label=f"holds the accounts of every customer{why}",
        help="name your own accounts, or reach them by private endpoints",
        severity=Severity.INFO if known else None,
    )


def _needed_names(estate: Estate) -> set[str]:
    """Return the destinations that the catalogue asks for, for anything."""
    return {
        name
        for item in required(tuple(FEATURES), estate.location, estate.cloud)
        for name in item.destinations
    }


@rule("AFW032", Severity.INFO, "a rule allows what no feature of the cluster needs")
def unneeded(case: Case) -> Iterator[Finding]:
    """Find hosts of features that are not on, allowed to clusters."""
    estate = case.estate
    for cluster in estate.kubernetes_clusters:
        used = required(
            cluster.features, cluster.location, estate.cloud, cluster.private_cluster_enabled
        )
        wanted = {name.lower() for item in used for name in item.destinations}
        extra: dict[str, str] = {}
        known = (*cluster.features, *implied_features(estate, cluster))
        for feature in _OPTIONAL:
            if feature in known:
                continue
            for item in required((feature,), cluster.location, estate.cloud):
                if item.feature == feature:
                    extra.update(
                        {n.lower(): feature for n in item.destinations if n.lower() not in wanted}
                    )
        for firewall in estate.firewalls:
            for placed in application_rules(estate, firewall):
                hit = [n for n in placed.rule.destination_fqdns if n.lower() in extra]
                spaces = [p for s in cluster_subnets(estate, cluster) for p in s.address_prefixes]
                source = sources(estate, placed.rule)
                if not hit or placed.action is not Action.ALLOW:
                    continue
                if not any(p.first in source for p in spaces):
                    continue
                feature = extra[hit[0].lower()]
                yield Finding(
                    message=(
                        f"rule `{placed.rule.name}` allows {hit[0]} to `{cluster.name}`, which "
                        f"does not have {feature}"
                    ),
                    at=nearest(placed.origin.of("destination_fqdns"), placed.origin),
                    label=f"for {feature} only",
                    help=f"remove it, or add `{feature}` to the cluster's features",
                )


@rule("AFW033", Severity.WARNING, "a rule opens ports that AKS no longer uses")
def old_tunnel(case: Case) -> Iterator[Finding]:
    """Find network rules for the tunnels before Konnectivity."""
    for firewall in case.estate.firewalls:
        for placed in network_rules(case.estate, firewall):
            if placed.action is not Action.ALLOW:
                continue
            ports = PortSet.parse_all(placed.rule.destination_ports or ("*",))
            hit = [
                f"{protocol} {port}"
                for protocol, port in _TUNNEL
                if protocol in placed.rule.protocols and str(ports) == str(port)
            ]
            if hit:
                yield Finding(
                    message=f"network rule `{placed.rule.name}` opens {hit[0]}, which AKS no "
                    "longer uses",
                    at=nearest(placed.origin.of("destination_ports"), placed.origin),
                    label="for the tunnel before Konnectivity",
                    help="remove the rule",
                )
