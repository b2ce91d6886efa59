"""Azure Firewall, firewall policies and their rule collection groups, IP groups."""

from collections.abc import Collection, Iterator

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
from hubwright.model.network import FIREWALL_SUBNET
from hubwright.semantics.assigned import PUBLIC_IP_SYMBOL
from hubwright.sources.terraform.filters import PUBLIC_IP
from hubwright.sources.terraform.names import SUBNET
from hubwright.sources.terraform.network import place
from hubwright.sources.terraform.roles import IDENTITY
from hubwright.sources.terraform.values import Reader, View

FIREWALL = "azurerm_firewall"
POLICY = "azurerm_firewall_policy"
GROUP = "azurerm_firewall_policy_rule_collection_group"
IP_GROUP = "azurerm_ip_group"
WORKSPACE = "azurerm_log_analytics_workspace"
TYPES = frozenset({FIREWALL, POLICY, GROUP, IP_GROUP})


def firewalls(reader: Reader, subnets: Collection[str]) -> Iterator[Firewall]:
    """
    Yield the firewalls that are in a virtual network.

    Args:
        reader: The plan.
        subnets: Ids of the subnets that are known.
    """
    for view in reader.views(FIREWALL):
        configurations = view.blocks("ip_configuration")
        if view.blocks("virtual_hub") or not configurations:
            reader.warn(
                "TF012",
                f"`{view.resource}` is in no virtual network, so nothing is said of it",
                view.origin("virtual_hub" if view.blocks("virtual_hub") else ""),
                "firewalls of Virtual WAN hubs are not modelled",
            )
            continue
        management = view.block("management_ip_configuration")
        name = reader.names.of(view.resource)
        network = _network(configurations)
        if f"{network}/{FIREWALL_SUBNET}" not in subnets:
            view.leave_out("ip_configuration", "its subnet")
            continue
        yield Firewall(
            name=name,
            location=place(view),
            sku_tier=view.text("sku_tier"),
            virtual_network=network,
            firewall_policy=view.target("firewall_policy_id", POLICY) or name,
            public_ips=_public_ips(configurations),
            management_public_ip=management.target("public_ip_address_id", PUBLIC_IP)
            if management.exists
            else None,
            zones=view.texts("zones"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(
                firewall_policy=view.origin("firewall_policy_id"),
                public_ips=view.origin("ip_configuration"),
            ),
        )


def _network(configurations: list[View]) -> str:
    """Return the network of a firewall: that of the subnet in its first IP configuration."""
    for block in configurations:
        subnet = block.target("subnet_id", SUBNET, called=FIREWALL_SUBNET)
        if subnet:
            return subnet.rpartition("/")[0] or subnet
    return ""


def _public_ips(configurations: list[View]) -> tuple[str, ...]:
    """
    Return the names of a firewall's public IPs.

    Azure takes a public IP once: where as many candidates are left as there are configurations
    of a dynamic block, they are its public IPs, whichever is which.
    """
    late = [block for block in configurations if block.is_unknown("public_ip_address_id")]
    shared = [block.candidates("public_ip_address_id", PUBLIC_IP) for block in late]
    pool = list({id(item): item for found in shared for item in found}.values())
    if len(late) > 1 and len(pool) == len(late) and any(len(found) > 1 for found in shared):
        names = [late[0].reader.names.of(item) for item in pool]
        known = [
            b.target("public_ip_address_id", PUBLIC_IP) for b in configurations if b not in late
        ]
        return tuple(dict.fromkeys([*(name for name in known if name), *names]))
    found = [block.target("public_ip_address_id", PUBLIC_IP) for block in configurations]
    return tuple(dict.fromkeys(name for name in found if name))


def policies(reader: Reader) -> Iterator[FirewallPolicy]:
    """Yield the firewall policies."""
    for view in reader.views(POLICY):
        dns, allow = view.block("dns"), view.block("threat_intelligence_allowlist")
        detection = view.block("intrusion_detection")
        yield FirewallPolicy(
            name=reader.names.of(view.resource),
            location=place(view),
            sku=view.text("sku"),
            base_policy=view.target("base_policy_id", POLICY),
            threat_intelligence_mode=view.text("threat_intelligence_mode"),
            threat_intelligence_allowlist_fqdns=allow.texts("fqdns"),
            threat_intelligence_allowlist_ip_addresses=allow.texts("ip_addresses"),
            dns_proxy_enabled=dns.flag("proxy_enabled"),
            dns_servers=dns.texts("servers"),
            private_ip_ranges=view.texts("private_ip_ranges"),
            intrusion_detection_mode=detection.text("mode"),
            tls_certificate=_certificate(view),
            user_assigned_identity=_identity(view),
            insights_workspace=_workspace(view),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(
                base_policy=view.origin("base_policy_id"),
                dns_proxy_enabled=dns.origin("proxy_enabled") if dns.exists else view.origin(),
                dns_servers=dns.origin("servers") if dns.exists else view.origin(),
                intrusion_detection_mode=detection.origin("mode")
                if detection.exists
                else view.origin(),
            ),
        )


def _certificate(view: View) -> str | None:
    """Return the secret of the inspecting authority, as `vault/name` where its id tells that."""
    block = view.block("tls_certificate")
    told = view.row("tls_certificate")
    if isinstance(told, str) and (block.exists or view.is_open("tls_certificate")):
        return told
    if not block.exists:
        return None
    written = block.raw("key_vault_secret_id")
    if isinstance(written, str) and "//" in written:
        host, _, path = written.split("//")[1].partition("/")
        pieces = path.split("/")
        return f"{host.partition('.')[0]}/{pieces[1]}" if len(pieces) > 1 else written
    return block.target("key_vault_secret_id", "azurerm_key_vault") or block.text("name")


def _identity(view: View) -> str | None:
    block = view.block("identity")
    if view.is_open("identity"):
        return view.row_target("user_assigned_identity", IDENTITY)
    return next(iter(block.targets("identity_ids", IDENTITY)), None) if block.exists else None


def _workspace(view: View) -> str | None:
    block = view.block("insights")
    if view.is_open("insights"):
        return view.row_target("insights_workspace", WORKSPACE)
    if not block.exists or block.raw("enabled") is False:
        return None
    return block.target("default_log_analytics_workspace_id", WORKSPACE)


def ip_groups(reader: Reader) -> Iterator[IpGroup]:
    """Yield the IP groups."""
    for view in reader.views(IP_GROUP):
        yield IpGroup(
            name=reader.names.of(view.resource),
            cidrs=view.texts("cidrs"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def rule_collection_groups(reader: Reader) -> Iterator[FirewallPolicyRuleCollectionGroup]:
    """Yield the rule collection groups of policies."""
    for view in reader.views(GROUP):
        policy = view.target("firewall_policy_id", POLICY)
        if policy is None:
            continue
        yield FirewallPolicyRuleCollectionGroup(
            name=view.text("name") or str(view.resource),
            firewall_policy=policy,
            priority=view.number("priority") or 0,
            nat_rule_collections=tuple(
                NatRuleCollection(
                    name=block.text("name"),
                    priority=block.number("priority") or 0,
                    rules=tuple(nat_rule(rule) for rule in block.blocks("rule")),
                    origin=block.whole(),
                )
                for block in view.blocks("nat_rule_collection")
            ),
            network_rule_collections=tuple(
                NetworkRuleCollection(
                    name=block.text("name"),
                    priority=block.number("priority") or 0,
                    action=action(block),
                    rules=tuple(network_rule(rule) for rule in block.blocks("rule")),
                    origin=block.whole(),
                )
                for block in view.blocks("network_rule_collection")
            ),
            application_rule_collections=tuple(
                ApplicationRuleCollection(
                    name=block.text("name"),
                    priority=block.number("priority") or 0,
                    action=action(block),
                    rules=tuple(_application_rule(rule) for rule in block.blocks("rule")),
                    origin=block.whole(),
                )
                for block in view.blocks("application_rule_collection")
            ),
            origin=view.whole(firewall_policy=view.origin("firewall_policy_id")),
        )


def action(view: View) -> Action:
    """Return what a collection does with what its rules match."""
    return Action.DENY if view.text("action").lower() == "deny" else Action.ALLOW


def nat_rule(view: View, destination: str | None = None) -> NatRule:
    """Return a DNAT rule; public IPs of the plan by their names."""
    address = destination or view.address("destination_address") or ""
    translated = view.address("translated_address")
    return NatRule(
        name=view.text("name"),
        protocols=view.texts("protocols"),
        destination_address=address.removeprefix(PUBLIC_IP_SYMBOL),
        destination_ports=view.texts("destination_ports"),
        translated_port=view.number("translated_port") or 0,
        translated_address=translated.removeprefix(PUBLIC_IP_SYMBOL) if translated else None,
        translated_fqdn=view.text("translated_fqdn") or None,
        source_addresses=view.texts("source_addresses"),
        source_ip_groups=view.targets("source_ip_groups", IP_GROUP),
        origin=view.whole(),
    )


def network_rule(view: View) -> NetworkRule:
    """Return a network rule."""
    return NetworkRule(
        name=view.text("name"),
        protocols=view.texts("protocols"),
        source_addresses=view.texts("source_addresses"),
        source_ip_groups=view.targets("source_ip_groups", IP_GROUP),
        destination_addresses=view.texts("destination_addresses"),
        destination_ip_groups=view.targets("destination_ip_groups", IP_GROUP),
        destination_fqdns=view.texts("destination_fqdns"),
        destination_ports=view.texts("destination_ports"),
        origin=view.whole(),
    )


def _application_rule(view: View) -> ApplicationRule:
    return ApplicationRule(
        name=view.text("name"),
        protocols=protocols(view, "protocols"),
        source_addresses=view.texts("source_addresses"),
        source_ip_groups=view.targets("source_ip_groups", IP_GROUP),
        destination_fqdns=view.texts("destination_fqdns"),
        destination_fqdn_tags=view.texts("destination_fqdn_tags"),
        destination_urls=view.texts("destination_urls"),
        web_categories=view.texts("web_categories"),
        terminate_tls=view.flag("terminate_tls"),
        origin=view.whole(),
    )


def protocols(view: View, argument: str) -> tuple[ApplicationProtocol, ...]:
    """Return the protocols of an application rule."""
    return tuple(
        ApplicationProtocol(type=block.text("type"), port=block.number("port") or 0)
        for block in view.blocks(argument)
    )
