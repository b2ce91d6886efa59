"""The firewall with its public IPs and policies, and rules that were written by hand."""

from collections.abc import Iterator

from hubwright.model.firewall import (
    Action,
    ApplicationProtocol,
    ApplicationRule,
    ApplicationRuleCollection,
    Firewall,
    FirewallPolicy,
    FirewallPolicyRuleCollectionGroup,
    IpGroup,
    NatRule,
    NatRuleCollection,
    NetworkRule,
    NetworkRuleCollection,
)
from hubwright.model.platform import BastionHost
from hubwright.sources.design import schema_firewall as schema
from hubwright.sources.design.draft import Draft
from hubwright.sources.design.expand_identity import firewall_identity
from hubwright.sources.design.expand_network import bastion_of
from hubwright.sources.design.expand_platform import vault_name, workspace_name
from hubwright.sources.design.expand_public_ips import management_public_ip
from hubwright.sources.design.spans import Path


def bastion_hosts(draft: Draft) -> Iterator[BastionHost]:
    """Yield Bastion, if there is one."""
    section = bastion_of(draft)
    if section is None:
        return
    written = draft.design.hub.bastion is not None
    why = "" if written else "the jump box is reached through Bastion"
    path: Path = ("hub", "bastion") if written else ("jumpbox",)
    tunneling = section.sku != "Basic" if section.tunneling is None else section.tunneling
    if tunneling and section.sku == "Basic":
        message = "native clients need a Bastion of tier Standard, and this is Basic"
        draft.report("DESIGN010", message, ("hub", "bastion", "tunneling"))
    yield BastionHost(
        name=section.name or "bas-hub",
        virtual_network=draft.hub_name,
        sku=section.sku,
        public_ip=section.public_ip or "pip-bas-hub",
        zones=tuple(map(str, section.zones)),
        tunneling_enabled=tunneling,
        origin=draft.places.resource(path, {"tunneling_enabled": "tunneling"})
        if written
        else draft.origin(path, why),
    )


def policy_name(draft: Draft) -> str:
    """Return the name of the firewall's policy."""
    return draft.design.hub.firewall.policy.name or "afwp-hub"


def firewall(draft: Draft, names: tuple[str, ...]) -> Firewall:
    """Return the firewall; `names` are its public IPs."""
    section = draft.design.hub.firewall
    return Firewall(
        name=section.name or "afw-hub",
        location=draft.design.location,
        sku_tier=section.sku_tier,
        virtual_network=draft.hub_name,
        firewall_policy=policy_name(draft),
        public_ips=names,
        management_public_ip=management_public_ip(draft),
        zones=tuple(map(str, section.zones)),
        origin=draft.places.resource(("hub", "firewall")),
    )


_POLICY_KEYS = {
    "threat_intelligence_allowlist_fqdns": "threat_intelligence_allowlist.fqdns",
    "threat_intelligence_allowlist_ip_addresses": "threat_intelligence_allowlist.ip_addresses",
    "dns_proxy_enabled": "dns_proxy",
    "intrusion_detection_mode": "intrusion_detection",
    "tls_certificate": "tls_inspection.key_vault_secret",
    "insights_workspace": "policy_analytics",
    "sku": "policy.sku",
    "name": "policy.name",
    "base_policy": "policy.parent",
}


def policies(draft: Draft) -> Iterator[FirewallPolicy]:
    """Yield the parent policy, if there is one, and the firewall's own."""
    section = draft.design.hub.firewall
    parent = section.policy.parent
    tier = section.policy.sku or section.sku_tier
    if parent is not None:
        if parent.name == policy_name(draft):
            message = f"`{parent.name}` is its own parent"
            draft.report("DESIGN010", message, ("hub", "firewall", "policy", "parent", "name"))
        yield FirewallPolicy(
            name=parent.name,
            location=draft.design.location,
            sku=parent.sku or tier,
            threat_intelligence_mode=parent.threat_intelligence_mode,
            threat_intelligence_allowlist_fqdns=tuple(parent.threat_intelligence_allowlist.fqdns),
            threat_intelligence_allowlist_ip_addresses=tuple(
                parent.threat_intelligence_allowlist.ip_addresses
            ),
            dns_proxy_enabled=parent.dns_proxy,
            dns_servers=tuple(parent.dns_servers),
            private_ip_ranges=tuple(parent.private_ip_ranges),
            intrusion_detection_mode=parent.intrusion_detection,
            origin=draft.places.resource(("hub", "firewall", "policy", "parent"), _POLICY_KEYS),
        )
    basic = section.sku_tier == "Basic"
    detection = "Alert" if section.sku_tier == "Premium" and tier == "Premium" else "Off"
    yield FirewallPolicy(
        name=policy_name(draft),
        location=draft.design.location,
        sku=tier,
        base_policy=parent.name if parent else None,
        threat_intelligence_mode=section.threat_intelligence_mode or ("Alert" if basic else "Deny"),
        threat_intelligence_allowlist_fqdns=tuple(section.threat_intelligence_allowlist.fqdns),
        threat_intelligence_allowlist_ip_addresses=tuple(
            section.threat_intelligence_allowlist.ip_addresses
        ),
        dns_proxy_enabled=draft.dns_proxy,
        dns_servers=tuple(section.dns_servers),
        private_ip_ranges=tuple(section.private_ip_ranges),
        intrusion_detection_mode=section.intrusion_detection or detection,
        tls_certificate=_certificate(draft, tier),
        user_assigned_identity=firewall_identity(draft),
        insights_workspace=_insights(draft),
        origin=draft.places.resource(("hub", "firewall"), _POLICY_KEYS),
    )


def _certificate(draft: Draft, tier: str) -> str | None:
    """Return the CA of TLS inspection: `vault/name`, or the id of a secret elsewhere."""
    section = draft.design.hub.firewall.tls_inspection
    if section is None:
        return None
    path: Path = ("hub", "firewall", "tls_inspection")
    if tier != "Premium" or draft.design.hub.firewall.sku_tier != "Premium":
        message = "TLS inspection needs a Premium firewall with a Premium policy"
        draft.report("DESIGN010", message, path, "write `sku_tier: Premium`", at_key=True)
    secret, vault = section.key_vault_secret, vault_name(draft)
    if "/" in secret:
        return secret
    if vault is None:
        message = f"there is no vault that holds `{secret[:80]}`"
        help_ = "write `key_vault: {}`, or the full id of the secret"
        draft.report("DESIGN007", message, (*path, "key_vault_secret"), help_)
        return None
    return f"{vault}/{secret}"


def _insights(draft: Draft) -> str | None:
    """Return the workspace of policy analytics, where it is on."""
    asked, workspace = draft.design.hub.firewall.policy_analytics, workspace_name(draft)
    if asked and workspace is None:
        message = "policy analytics has no workspace to write to"
        path: Path = ("hub", "firewall", "policy_analytics")
        draft.report("DESIGN007", message, path, "write `log_analytics: {}`")
    return None if asked is False else workspace


def ip_groups(draft: Draft) -> tuple[IpGroup, ...]:
    """Return the IP groups."""
    base: Path = ("hub", "firewall", "ip_groups")
    return tuple(
        IpGroup(
            name=name,
            cidrs=tuple(cidrs),
            origin=draft.places.resource((*base, name), {"cidrs": ""}),
        )
        for name, cidrs in draft.design.hub.firewall.ip_groups.items()
    )


def parent_groups(draft: Draft) -> Iterator[FirewallPolicyRuleCollectionGroup]:
    """Yield the groups of the parent policy."""
    parent = draft.design.hub.firewall.policy.parent
    if parent is not None:
        path: Path = ("hub", "firewall", "policy", "parent", "rule_collection_groups")
        yield from _groups(draft, parent.rule_collection_groups, parent.name, path)


def written_groups(draft: Draft) -> Iterator[FirewallPolicyRuleCollectionGroup]:
    """Yield the groups that were written by hand."""
    path: Path = ("hub", "firewall", "policy", "rule_collection_groups")
    sections = draft.design.hub.firewall.policy.rule_collection_groups
    yield from _groups(draft, sections, policy_name(draft), path)


def _groups(
    draft: Draft, sections: list[schema.RuleCollectionGroup], policy: str, path: Path
) -> Iterator[FirewallPolicyRuleCollectionGroup]:
    for n, section in enumerate(sections):
        at: Path = (*path, n)
        yield FirewallPolicyRuleCollectionGroup(
            name=section.name,
            firewall_policy=policy,
            priority=section.priority,
            nat_rule_collections=tuple(
                NatRuleCollection(
                    name=c.name,
                    priority=c.priority,
                    rules=tuple(
                        nat_rule(draft, rule, (*at, "nat_rule_collections", k, "rules", i))
                        for i, rule in enumerate(c.rules)
                    ),
                    origin=draft.places.resource((*at, "nat_rule_collections", k)),
                )
                for k, c in enumerate(section.nat_rule_collections)
            ),
            network_rule_collections=tuple(
                NetworkRuleCollection(
                    name=c.name,
                    priority=c.priority,
                    action=Action(c.action),
                    rules=tuple(
                        _network_rule(draft, rule, (*at, "network_rule_collections", k, "rules", i))
                        for i, rule in enumerate(c.rules)
                    ),
                    origin=draft.places.resource((*at, "network_rule_collections", k)),
                )
                for k, c in enumerate(section.network_rule_collections)
            ),
            application_rule_collections=tuple(
                ApplicationRuleCollection(
                    name=c.name,
                    priority=c.priority,
                    action=Action(c.action),
                    rules=tuple(
                        _application_rule(
                            draft, rule, (*at, "application_rule_collections", k, "rules", i)
                        )
                        for i, rule in enumerate(c.rules)
                    ),
                    origin=draft.places.resource((*at, "application_rule_collections", k)),
                )
                for k, c in enumerate(section.application_rule_collections)
            ),
            origin=draft.places.resource(at),
        )


def nat_rule(draft: Draft, section: schema.NatRule, path: Path) -> NatRule:
    """Return a DNAT rule that was written by hand."""
    ends = draft.sources(section.source_addresses, (*path, "source_addresses"))
    return NatRule(
        name=section.name,
        protocols=tuple(section.protocols),
        destination_address=section.destination_address,
        destination_ports=tuple(map(str, section.destination_ports)),
        translated_port=section.translated_port,
        translated_address=section.translated_address,
        translated_fqdn=section.translated_fqdn,
        source_addresses=ends.addresses,
        source_ip_groups=_ip_groups(draft, section.source_ip_groups, ends.ip_groups, path),
        origin=draft.places.resource(path),
    )


def _network_rule(draft: Draft, section: schema.NetworkRule, path: Path) -> NetworkRule:
    ends = draft.sources(section.source_addresses, (*path, "source_addresses"))
    to = draft.destinations(section.destination_addresses, (*path, "destination_addresses"))
    if not (
        section.destination_addresses or section.destination_ip_groups or section.destination_fqdns
    ):
        _incomplete(draft, section.name, "destination", path)
    if not (section.source_addresses or section.source_ip_groups):
        _incomplete(draft, section.name, "source", path)
    groups = [*section.destination_ip_groups]
    return NetworkRule(
        name=section.name,
        protocols=tuple(section.protocols),
        source_addresses=ends.addresses,
        source_ip_groups=_ip_groups(draft, section.source_ip_groups, ends.ip_groups, path),
        destination_addresses=to.addresses,
        destination_ip_groups=_ip_groups(
            draft, groups, to.ip_groups, path, "destination_ip_groups"
        ),
        destination_fqdns=tuple(dict.fromkeys((*section.destination_fqdns, *to.fqdns))),
        destination_ports=tuple(map(str, section.destination_ports)),
        origin=draft.places.resource(path),
    )


def _application_rule(draft: Draft, section: schema.ApplicationRule, path: Path) -> ApplicationRule:
    ends = draft.sources(section.source_addresses, (*path, "source_addresses"))
    targets = (
        *section.destination_fqdns,
        *section.destination_fqdn_tags,
        *section.destination_urls,
        *section.web_categories,
    )
    if not targets:
        _incomplete(draft, section.name, "destination", path)
    if not (section.source_addresses or section.source_ip_groups):
        _incomplete(draft, section.name, "source", path)
    return ApplicationRule(
        name=section.name,
        protocols=protocols(section.protocols),
        source_addresses=ends.addresses,
        source_ip_groups=_ip_groups(draft, section.source_ip_groups, ends.ip_groups, path),
        destination_fqdns=tuple(section.destination_fqdns),
        destination_fqdn_tags=tuple(section.destination_fqdn_tags),
        destination_urls=tuple(section.destination_urls),
        web_categories=tuple(section.web_categories),
        terminate_tls=section.terminate_tls,
        origin=draft.places.resource(path),
    )


def _incomplete(draft: Draft, rule: str, what: str, path: Path) -> None:
    draft.report("DESIGN007", f"rule `{rule}` has no {what}", path, at_key=True)


def protocols(forms: list[schema.ProtocolForm]) -> tuple[ApplicationProtocol, ...]:
    """Return an application rule's protocols from `Https:443` or the long form."""
    pairs = [str(form).partition(":") for form in forms]
    return tuple(ApplicationProtocol(type=kind, port=int(port)) for kind, _, port in pairs)


def _ip_groups(
    draft: Draft,
    names: list[str],
    more: tuple[str, ...],
    path: Path,
    key: str = "source_ip_groups",
) -> tuple[str, ...]:
    known = draft.design.hub.firewall.ip_groups
    for n, name in enumerate(names):
        if name not in known:
            draft.unknown("IP group", name, known, (*path, key, n))
    return tuple(dict.fromkeys((*names, *more)))
