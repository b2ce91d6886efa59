"""The firewall and its policy: tiers, threat intelligence, management subnet, parents."""

from collections.abc import Iterator

from hubwright.catalogue import skus
from hubwright.catalogue.skus import Feature
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.model.address import format_address
from hubwright.model.estate import Estate
from hubwright.model.firewall import Firewall, FirewallPolicy
from hubwright.model.network import FIREWALL_MANAGEMENT_SUBNET
from hubwright.model.origin import Origin
from hubwright.semantics.assigned import address_of
from hubwright.semantics.dns import proxy_at
from hubwright.semantics.firewall import (
    application_rules,
    nat_rules,
    network_rules,
)
from hubwright.semantics.threats import threat_mode


def _policies(estate: Estate) -> Iterator[tuple[Firewall, FirewallPolicy]]:
    for firewall in estate.firewalls:
        policy = estate.firewall_policy_by_name.get(firewall.firewall_policy)
        if policy is not None:
            yield firewall, policy


@rule("AFW008", Severity.ERROR, "the policy's tier does not fit the firewall's")
def tier_mismatch(case: Case) -> Iterator[Finding]:
    """Compare the tier of each firewall with that of its policy."""
    for firewall, policy in _policies(case.estate):
        if skus.policy_fits(policy.sku, firewall.sku_tier):
            continue
        yield Finding(
            message=(
                f"`{firewall.name}` is {firewall.sku_tier} and cannot take policy "
                f"`{policy.name}`, which is {policy.sku}"
            ),
            at=nearest(policy.origin.of("sku"), firewall.origin.of("sku_tier"), policy.origin),
            label=policy.sku,
            causes=((firewall.origin.of("sku_tier"), firewall.sku_tier),),
            notes=(
                "Basic takes Basic; Standard takes Standard; Premium takes Standard and Premium",
            ),
            help=f"make the policy {firewall.sku_tier}",
        )


@rule("AFW009", Severity.ERROR, "the firewall's tier lacks a feature that is used")
def missing_feature(case: Case) -> Iterator[Finding]:
    """Compare what policy and rules use with what the tier has."""
    for firewall, policy in _policies(case.estate):
        if not skus.policy_fits(policy.sku, firewall.sku_tier):
            continue
        tier = min((firewall.sku_tier, policy.sku), key=skus.rank)
        for feature, origin, what in _used(case.estate, firewall, policy):
            if skus.has(tier, feature):
                continue
            yield Finding(
                message=f"{what} needs {feature}, which {tier} does not have",
                at=nearest(origin, policy.origin),
                label=f"needs {skus.LOWEST_TIER[feature]}",
                causes=((firewall.origin.of("sku_tier"), firewall.sku_tier),),
                help=f"use tier {skus.LOWEST_TIER[feature]} or do without it",
            )


def _used(
    estate: Estate, firewall: Firewall, policy: FirewallPolicy
) -> Iterator[tuple[Feature, Origin, str]]:
    settings = (
        (policy.dns_proxy_enabled, Feature.DNS_PROXY, "dns_proxy_enabled"),
        (bool(policy.dns_servers), Feature.CUSTOM_DNS, "dns_servers"),
        (
            policy.threat_intelligence_mode == "Deny",
            Feature.THREAT_DENY,
            "threat_intelligence_mode",
        ),
        (policy.intrusion_detection_mode != "Off", Feature.IDPS, "intrusion_detection_mode"),
    )
    for used, feature, argument in settings:
        if used:
            yield feature, policy.origin.of(argument), f"policy `{policy.name}`"
    for placed in network_rules(estate, firewall):
        if placed.rule.destination_fqdns:
            origin = placed.origin.of("destination_fqdns")
            yield Feature.NETWORK_FQDN, origin, f"network rule `{placed.rule.name}`"
    for item in application_rules(estate, firewall):
        what = f"application rule `{item.rule.name}`"
        if item.rule.web_categories:
            yield Feature.WEB_CATEGORIES, item.origin.of("web_categories"), what
        if item.rule.destination_urls:
            yield Feature.URLS, item.origin.of("destination_urls"), what
        if item.rule.terminate_tls:
            yield Feature.TLS_INSPECTION, item.origin.of("terminate_tls"), what
    for entry in nat_rules(estate, firewall):
        if address_of(estate, entry.rule.destination_address) == firewall.private_ip_address:
            origin = entry.origin.of("destination_address")
            yield Feature.PRIVATE_DNAT, origin, f"DNAT rule `{entry.rule.name}`"


@rule("AFW010", Severity.WARNING, "threat intelligence is off")
def threat_off(case: Case) -> Iterator[Finding]:
    """Find policies under which the firewall does not look at known bad addresses."""
    for firewall, policy in _policies(case.estate):
        if threat_mode(case.estate, firewall) != "Off":
            continue
        best = "Alert" if firewall.sku_tier == "Basic" else "Deny"
        yield Finding(
            message=f"threat intelligence of `{policy.name}` is off",
            at=nearest(policy.origin.of("threat_intelligence_mode"), policy.origin),
            label="Off",
            help=f"set it to `{best}`",
        )


@rule("AFW020", Severity.INFO, "the firewall's DNS proxy is off")
def proxy_off(case: Case) -> Iterator[Finding]:
    """Find firewalls that could answer DNS and do not; AFW004 and DNS005 tell of what breaks."""
    estate = case.estate
    for firewall, policy in _policies(estate):
        if "Basic" in (firewall.sku_tier, policy.sku):
            continue
        vip = firewall.private_ip_address
        if vip is None or proxy_at(estate, vip, case.assumptions) is not None:
            continue
        named = any(placed.rule.destination_fqdns for placed in network_rules(estate, firewall))
        asked = any(format_address(vip) in n.dns_servers for n in estate.virtual_networks)
        if named or asked:
            continue
        yield Finding(
            message=f"the DNS proxy of `{firewall.name}` is off",
            at=nearest(policy.origin.of("dns_proxy_enabled"), policy.origin),
            label="off",
            notes=("rules cannot name hosts outside HTTP and TLS, and no question is logged",),
            help="turn the DNS proxy on and make the firewall the DNS server of the spokes",
        )


@rule("AFW021", Severity.INFO, "threat intelligence only alerts")
def threat_alerts(case: Case) -> Iterator[Finding]:
    """Find firewalls that let known bad traffic pass although their tier could deny it."""
    for firewall, policy in _policies(case.estate):
        if threat_mode(case.estate, firewall) != "Alert":
            continue
        tier = min((firewall.sku_tier, policy.sku), key=skus.rank)
        if not skus.has(tier, Feature.THREAT_DENY):
            continue
        yield Finding(
            message=f"threat intelligence of `{policy.name}` writes known bad traffic down only",
            at=nearest(policy.origin.of("threat_intelligence_mode"), policy.origin),
            label="Alert",
            help="set `threat_intelligence_mode` to `Deny`",
        )


@rule("AFW012", Severity.ERROR, "the firewall's management address or subnet is missing")
def management(case: Case) -> Iterator[Finding]:
    """Find Basic firewalls, and firewalls with a management address, without its subnet."""
    estate = case.estate
    for firewall in estate.firewalls:
        wanted = skus.needs_management_subnet(firewall.sku_tier)
        if not wanted and firewall.management_public_ip is None:
            continue
        name = f"{firewall.virtual_network}/{FIREWALL_MANAGEMENT_SUBNET}"
        missing: list[str] = []
        if name not in estate.subnet_by_id:
            missing.append(f"subnet `{FIREWALL_MANAGEMENT_SUBNET}`")
        if firewall.management_public_ip is None:
            missing.append("a management public IP")
        if missing:
            why = "Basic always has one" if wanted else "its management address needs it"
            yield Finding(
                message=f"`{firewall.name}` lacks {' and '.join(missing)}",
                at=nearest(
                    firewall.origin.of("sku_tier" if wanted else "management_public_ip"),
                    firewall.origin,
                ),
                label=why,
                help=f"add {' and '.join(missing)} (a /26 or larger)",
            )


@rule("AFW014", Severity.ERROR, "a policy does not fit its parent")
def parent_mismatch(case: Case) -> Iterator[Finding]:
    """Compare region and threat intelligence of each policy with its parent's."""
    modes = ("Off", "Alert", "Deny")
    for policy in case.estate.firewall_policies:
        parent = case.estate.firewall_policy_by_name.get(policy.base_policy or "")
        if parent is None:
            continue
        if policy.location != parent.location:
            yield Finding(
                message=(
                    f"policy `{policy.name}` is in {policy.location}, its parent "
                    f"`{parent.name}` in {parent.location}"
                ),
                at=nearest(policy.origin.of("location"), policy.origin),
                label=policy.location,
                causes=((parent.origin.of("location"), parent.location),),
                help="put both into one region; a firewall elsewhere may use them",
            )
        mine, theirs = policy.threat_intelligence_mode, parent.threat_intelligence_mode
        if modes.index(mine) < modes.index(theirs):
            yield Finding(
                message=(
                    f"policy `{policy.name}` is laxer than its parent: threat intelligence {mine} "
                    f"under {theirs}"
                ),
                at=nearest(policy.origin.of("threat_intelligence_mode"), policy.origin),
                label=mine,
                causes=((parent.origin.of("threat_intelligence_mode"), theirs),),
                help=f"set it to `{theirs}` or stricter",
            )
