"""The firewall in a design, and rules written by hand with azurerm's argument names."""

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from hubwright.catalogue.limits import DNAT_PORT
from hubwright.sources.design.fields import (
    BY_KIND,
    LIST,
    MAPPING,
    NUMBER,
    TEXT,
    Address,
    AddressOrPrefix,
    AddressRange,
    DomainName,
    FirewallName,
    GroupPriority,
    Ports,
    ResourceName,
    RuleName,
    Section,
    Zone,
    refuse,
)

Tier = Literal["Basic", "Standard", "Premium"]
ThreatMode = Literal["Off", "Alert", "Deny"]
NetworkProtocol = Literal["TCP", "UDP", "ICMP", "Any"]


def _protocol(text: str) -> str:
    kind, _, port = text.partition(":")
    if kind not in {"Http", "Https", "Mssql"} or not (port.isascii() and port.isdigit()):
        raise refuse(f"`{text}` is not a protocol and port", "write `Https:443` or `Http:80`")
    if not 1 <= int(port[:9]) <= 64000:
        raise refuse(f"port `{port}` is out of range", "application rules take ports 1 to 64000")
    return text


def _fqdn(text: str) -> str:
    star = text.startswith("*")
    rest = text.removeprefix("*").removeprefix("." if star else "")
    if text == "*":
        return text
    if "*" in rest:
        raise refuse(f"`{text}` has a star that is not the first character")
    labels = rest.split(".")
    usable = all(
        part and len(part) <= 63 and part.replace("-", "").replace("_", "").isalnum()
        for part in labels
    )
    if not usable or not rest.isascii():
        raise refuse(f"`{text[:80]}` is not a domain name")
    return text


ProtocolText = Annotated[str, AfterValidator(_protocol)]
TargetFqdn = Annotated[str, AfterValidator(_fqdn)]


class ApplicationProtocol(Section):
    """The long form of `Https:443`."""

    type: Literal["Http", "Https", "Mssql"]
    port: int = Field(ge=1, le=64000)

    def __str__(self) -> str:
        """Return `Https:443`."""
        return f"{self.type}:{self.port}"


ProtocolForm = Annotated[
    Annotated[ProtocolText, TEXT] | Annotated[ApplicationProtocol, MAPPING], BY_KIND
]


class NetworkRule(Section):
    """A network rule."""

    name: RuleName
    protocols: list[NetworkProtocol] = Field(min_length=1)
    source_addresses: list[str] = Field(default=[])
    source_ip_groups: list[str] = Field(default=[])
    destination_addresses: list[str] = Field(default=[])
    destination_ip_groups: list[str] = Field(default=[])
    destination_fqdns: list[str] = Field(default=[])
    destination_ports: list[Ports] = Field(min_length=1)


class ApplicationRule(Section):
    """An application rule."""

    name: RuleName
    protocols: list[ProtocolForm] = Field(min_length=1)
    source_addresses: list[str] = Field(default=[])
    source_ip_groups: list[str] = Field(default=[])
    destination_fqdns: list[TargetFqdn] = Field(default=[])
    destination_fqdn_tags: list[str] = Field(default=[])
    destination_urls: list[str] = Field(default=[])
    web_categories: list[str] = Field(default=[])
    terminate_tls: bool = False


class NatRule(Section):
    """A DNAT rule."""

    name: RuleName
    protocols: list[Literal["TCP", "UDP"]] = Field(min_length=1)
    source_addresses: list[str] = Field(default=[])
    source_ip_groups: list[str] = Field(default=[])
    destination_address: str = Field(description="A public IP of the firewall, or an address.")
    destination_ports: list[Ports] = Field(min_length=1, max_length=1)
    translated_address: str | None = None
    translated_fqdn: DomainName | None = None
    translated_port: int = Field(ge=1, le=65535)

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if (self.translated_address is None) == (self.translated_fqdn is None):
            raise refuse(
                f"DNAT rule `{self.name}` must have one of `translated_address` and "
                "`translated_fqdn`"
            )
        last = str(self.destination_ports[0]).rpartition("-")[2]
        if last == "*" or int(last) > DNAT_PORT.value:
            raise refuse(
                f"DNAT rule `{self.name}` listens on `{self.destination_ports[0]}`",
                f"DNAT takes ports 1 to {DNAT_PORT.value}",
            )
        return self


class NetworkRuleCollection(Section):
    """A collection of network rules."""

    name: RuleName
    priority: GroupPriority
    action: Literal["Allow", "Deny"]
    rules: list[NetworkRule] = Field(min_length=1)


class ApplicationRuleCollection(Section):
    """A collection of application rules."""

    name: RuleName
    priority: GroupPriority
    action: Literal["Allow", "Deny"]
    rules: list[ApplicationRule] = Field(min_length=1)


class NatRuleCollection(Section):
    """A collection of DNAT rules."""

    name: RuleName
    priority: GroupPriority
    action: Literal["Dnat"] = "Dnat"
    rules: list[NatRule] = Field(min_length=1)


class RuleCollectionGroup(Section):
    """A rule collection group."""

    name: RuleName
    priority: GroupPriority
    nat_rule_collections: list[NatRuleCollection] = Field(default=[])
    network_rule_collections: list[NetworkRuleCollection] = Field(default=[])
    application_rule_collections: list[ApplicationRuleCollection] = Field(default=[])


class Allowlist(Section):
    """What threat intelligence leaves alone."""

    fqdns: list[TargetFqdn] = Field(default=[])
    ip_addresses: list[AddressRange] = Field(default=[])


class ParentPolicy(Section):
    """The parent of the firewall's policy."""

    name: ResourceName
    sku: Tier | None = Field(default=None, description="Default: that of the firewall's policy.")
    threat_intelligence_mode: ThreatMode = "Alert"
    threat_intelligence_allowlist: Allowlist = Allowlist()
    dns_proxy: bool = False
    dns_servers: list[Address] = Field(default=[])
    private_ip_ranges: list[AddressOrPrefix] = Field(default=[])
    intrusion_detection: ThreatMode = "Off"
    rule_collection_groups: list[RuleCollectionGroup] = Field(default=[])


class TlsInspection(Section):
    """TLS inspection, which needs the Premium tier and an intermediate CA of yours."""

    key_vault_secret: str = Field(
        min_length=1,
        max_length=300,
        description="The CA in the design's vault by name, or the full id of its secret.",
    )
    identity: ResourceName | None = Field(
        default=None, description="The identity that reads it; default `id-<policy>`."
    )


class Policy(Section):
    """The firewall's policy."""

    name: ResourceName | None = Field(default=None, description="Default `afwp-hub`.")
    sku: Tier | None = Field(default=None, description="Default: the firewall's tier.")
    parent: ParentPolicy | None = None
    rule_collection_groups: list[RuleCollectionGroup] = Field(default=[])


PublicIps = Annotated[
    Annotated[int, Field(ge=1, le=250), NUMBER]
    | Annotated[list[ResourceName], Field(min_length=1, max_length=250), LIST],
    BY_KIND,
]


class Firewall(Section):
    """Azure Firewall and its policy's settings."""

    name: FirewallName | None = Field(default=None, description="Default `afw-hub`.")
    sku_tier: Tier = "Premium"
    zones: list[Zone] = Field(default=[1, 2, 3])
    public_ips: PublicIps = Field(
        default=1, description="How many for egress, or their names. Workloads add their own."
    )
    management_public_ip: ResourceName | None = Field(
        default=None, description="Basic has one: default `pip-afw-hub-management`."
    )
    threat_intelligence_mode: ThreatMode | None = Field(
        default=None, description="Default Deny; Alert for Basic, which cannot deny."
    )
    threat_intelligence_allowlist: Allowlist = Allowlist()
    dns_proxy: bool | None = Field(
        default=None, description="Default true, except in Basic, which has none."
    )
    dns_servers: list[Address] = Field(default=[], max_length=15)
    private_ip_ranges: list[AddressOrPrefix] = Field(
        default=[], description="Destinations without source translation; default Azure's."
    )
    intrusion_detection: ThreatMode | None = Field(
        default=None, description="Default Alert in Premium, Off otherwise."
    )
    tls_inspection: TlsInspection | None = None
    policy_analytics: bool | None = Field(
        default=None,
        description="Insights on rules and flows. Default: true while there is `log_analytics`.",
    )
    ip_groups: dict[ResourceName, list[AddressRange]] = Field(default={})
    policy: Policy = Policy()
