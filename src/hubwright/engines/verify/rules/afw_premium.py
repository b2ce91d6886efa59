"""What a firewall's policy leaves off, and what it is asked to do without the means."""

from collections.abc import Iterator

from hubwright.catalogue.skus import Feature, has
from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.places import nearest
from hubwright.engines.verify.registry import Finding, rule
from hubwright.semantics.firewall import application_rules

_NEVER = "0.0.0.0/0"
"""As a private range: nothing is translated.
Source: learn.microsoft.com/azure/firewall/snat-private-range (2025)."""


@rule("AFW034", Severity.WARNING, "a Premium firewall looks for no attacks")
def no_intrusion_detection(case: Case) -> Iterator[Finding]:
    """Find Premium policies without intrusion detection."""
    estate = case.estate
    for firewall in estate.firewalls:
        policy = estate.firewall_policy_by_name.get(firewall.firewall_policy)
        if policy is None or not has(firewall.sku_tier, Feature.IDPS):
            continue
        chain = estate.policy_chain(policy.name)
        if not has(policy.sku, Feature.IDPS) or any(
            item.intrusion_detection_mode != "Off" for item in chain
        ):
            continue
        yield Finding(
            message=f"`{firewall.name}` is Premium, and looks for no attacks",
            at=nearest(policy.origin.of("intrusion_detection_mode"), policy.origin),
            label="intrusion detection is off",
            help="set it to `Alert`, and to `Deny` once false alarms are excluded",
        )


@rule("AFW035", Severity.ERROR, "TLS inspection without a certificate")
def no_authority(case: Case) -> Iterator[Finding]:
    """Find rules that inspect TLS in policies that have no CA for it."""
    estate = case.estate
    for firewall in estate.firewalls:
        chain = estate.policy_chain(firewall.firewall_policy)
        if not chain or any(item.tls_certificate for item in chain):
            continue
        for placed in application_rules(estate, firewall):
            if not placed.rule.terminate_tls:
                continue
            yield Finding(
                message=(
                    f"rule `{placed.rule.name}` inspects TLS, and `{chain[-1].name}` has no "
                    "certificate for it"
                ),
                at=nearest(placed.origin.of("terminate_tls"), placed.origin),
                label="Azure refuses the rule",
                causes=((chain[-1].origin, "no intermediate CA"),),
                help="give the policy an intermediate CA from a vault, and an identity to read it",
            )


@rule("AFW036", Severity.ERROR, "the firewall translates nothing, and the internet cannot answer")
def never_translates(case: Case) -> Iterator[Finding]:
    """Find policies whose private ranges hold the whole internet."""
    estate = case.estate
    for firewall in estate.firewalls:
        policy = estate.firewall_policy_by_name.get(firewall.firewall_policy)
        if policy is None or _NEVER not in policy.private_ip_ranges:
            continue
        if firewall.management_public_ip is not None:
            continue  # forced tunnelling: what translates comes behind it
        yield Finding(
            message=f"`{firewall.name}` sends private source addresses to the internet",
            at=nearest(policy.origin.of("private_ip_ranges"), policy.origin),
            label=f"{_NEVER} is never translated",
            notes=("application rules still translate; network rules lose every answer",),
            help="list your own ranges only",
        )


@rule("AFW037", Severity.WARNING, "a network with public addresses is outside the DDoS plan")
def outside_plan(case: Case) -> Iterator[Finding]:
    """Find networks with public addresses that the estate's own DDoS plan does not protect."""
    estate = case.estate
    if not any(network.ddos_protection_plan for network in estate.virtual_networks):
        return
    exposed = {firewall.virtual_network for firewall in estate.firewalls if firewall.public_ips}
    exposed |= {b.virtual_network for b in estate.bastion_hosts if b.public_ip}
    exposed |= {
        gateway.subnet.partition("/")[0]
        for gateway in estate.application_gateways
        if gateway.public_ip
    }
    for network in estate.virtual_networks:
        if network.name not in exposed or network.ddos_protection_plan:
            continue
        yield Finding(
            message=f"public addresses of `{network.name}` are not under the DDoS plan",
            at=nearest(network.origin.of("ddos_protection_plan"), network.origin),
            label="no plan",
            help="put the network under the plan; one serves many networks",
        )
