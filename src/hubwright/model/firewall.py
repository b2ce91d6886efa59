"""Azure Firewall, its policies and rules. Field names are azurerm's arguments."""

from dataclasses import field
from enum import StrEnum

from hubwright.lazy_dataclass import dataclass
from hubwright.model.origin import NOWHERE, Origin


class Action(StrEnum):
    """What a filter collection does with what its rules match."""

    ALLOW = "Allow"
    DENY = "Deny"


@dataclass(frozen=True, slots=True, kw_only=True)
class IpGroup:
    """`azurerm_ip_group`."""

    name: str
    cidrs: tuple[str, ...] = ()
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRule:
    """A rule of a network rule collection."""

    name: str
    protocols: tuple[str, ...]
    """Of `TCP`, `UDP`, `ICMP`, `Any`."""
    source_addresses: tuple[str, ...] = ()
    source_ip_groups: tuple[str, ...] = ()
    destination_addresses: tuple[str, ...] = ()
    """Addresses, prefixes, ranges, `*` or service tags."""
    destination_ip_groups: tuple[str, ...] = ()
    destination_fqdns: tuple[str, ...] = ()
    destination_ports: tuple[str, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationProtocol:
    """The protocol and port of an application rule: `Https` on 443, say."""

    type: str
    port: int

    def __str__(self) -> str:
        """Return `Https:443`."""
        return f"{self.type}:{self.port}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRule:
    """A rule of an application rule collection."""

    name: str
    protocols: tuple[ApplicationProtocol, ...]
    source_addresses: tuple[str, ...] = ()
    source_ip_groups: tuple[str, ...] = ()
    destination_fqdns: tuple[str, ...] = ()
    destination_fqdn_tags: tuple[str, ...] = ()
    destination_urls: tuple[str, ...] = ()
    web_categories: tuple[str, ...] = ()
    terminate_tls: bool = False
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NatRule:
    """A DNAT rule."""

    name: str
    protocols: tuple[str, ...]
    destination_address: str
    """An address, or the name of a public IP of the estate."""
    destination_ports: tuple[str, ...]
    translated_port: int
    translated_address: str | None = None
    """An address, or the name of a public IP of the estate."""
    translated_fqdn: str | None = None
    source_addresses: tuple[str, ...] = ()
    source_ip_groups: tuple[str, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkRuleCollection:
    """`network_rule_collection`; rules are taken top-down."""

    name: str
    priority: int
    action: Action
    rules: tuple[NetworkRule, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRuleCollection:
    """`application_rule_collection`; rules are taken top-down."""

    name: str
    priority: int
    action: Action
    rules: tuple[ApplicationRule, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NatRuleCollection:
    """`nat_rule_collection`; its only action is `Dnat`."""

    name: str
    priority: int
    rules: tuple[NatRule, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallPolicyRuleCollectionGroup:
    """`azurerm_firewall_policy_rule_collection_group`."""

    name: str
    firewall_policy: str
    priority: int
    nat_rule_collections: tuple[NatRuleCollection, ...] = ()
    network_rule_collections: tuple[NetworkRuleCollection, ...] = ()
    application_rule_collections: tuple[ApplicationRuleCollection, ...] = ()
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FirewallPolicy:
    """`azurerm_firewall_policy`."""

    name: str
    location: str
    sku: str
    """`Basic`, `Standard` or `Premium`."""
    base_policy: str | None = None
    """Name of the parent policy."""
    threat_intelligence_mode: str = "Alert"
    """`Off`, `Alert` or `Deny`."""
    threat_intelligence_allowlist_fqdns: tuple[str, ...] = ()
    threat_intelligence_allowlist_ip_addresses: tuple[str, ...] = ()
    dns_proxy_enabled: bool = False
    dns_servers: tuple[str, ...] = ()
    private_ip_ranges: tuple[str, ...] = ()
    """Destinations that are not source-translated; empty means Azure's default ranges."""
    intrusion_detection_mode: str = "Off"
    tls_certificate: str | None = None
    """For TLS inspection: the Key Vault secret of the intermediate CA, as `vault/name` or an id."""
    user_assigned_identity: str | None = None
    """Name of the identity that reads that secret."""
    insights_workspace: str | None = None
    """Name of the workspace that policy analytics writes to."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Firewall:
    """`azurerm_firewall` in a virtual network."""

    name: str
    location: str
    sku_tier: str
    """`Basic`, `Standard` or `Premium`."""
    virtual_network: str
    firewall_policy: str
    public_ips: tuple[str, ...]
    """Names of public IPs, one an `ip_configuration`, in order; the first carries the subnet."""
    management_public_ip: str | None = None
    zones: tuple[str, ...] = ()
    private_ip_address: int | None = None
    """Set by Azure: the first usable address of `AzureFirewallSubnet`."""
    resource_group_name: str = ""
    origin: Origin = field(default=NOWHERE, compare=False)

    @property
    def subnet(self) -> str:
        """Id of the firewall's own subnet."""
        return f"{self.virtual_network}/AzureFirewallSubnet"
