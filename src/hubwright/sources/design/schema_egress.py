"""What a design lets out, beside what the cluster needs."""

from typing import Literal

from pydantic import Field

from hubwright.sources.design.fields import Ports, RuleName, Section
from hubwright.sources.design.schema_firewall import NetworkProtocol, ProtocolForm, TargetFqdn


class FqdnEgress(Section):
    """Names that may be reached: becomes an application rule."""

    name: RuleName
    from_: list[str] = Field(
        alias="from", min_length=1, description="Subnets, networks, IP groups or addresses."
    )
    to: list[TargetFqdn] = Field(min_length=1)
    protocols: list[ProtocolForm] = Field(default=["Https:443"], min_length=1)
    action: Literal["Allow", "Deny"] = "Allow"


class TagEgress(Section):
    """FQDN tags or service tags that may be reached."""

    name: RuleName
    from_: list[str] = Field(alias="from", min_length=1)
    to: list[str] = Field(
        min_length=1, description="FQDN tags and service tags; not both in one entry."
    )
    protocol: NetworkProtocol = Field(default="TCP", description="For service tags.")
    ports: list[Ports] = Field(default=["443"], min_length=1)
    action: Literal["Allow", "Deny"] = "Allow"


class AddressEgress(Section):
    """Addresses that may be reached: becomes a network rule."""

    name: RuleName
    from_: list[str] = Field(alias="from", min_length=1)
    to: list[str] = Field(
        min_length=1, description="Subnets, networks, IP groups, addresses, FQDNs, service tags."
    )
    protocol: NetworkProtocol = "TCP"
    ports: list[Ports] = Field(default=["*"], min_length=1)
    action: Literal["Allow", "Deny"] = "Allow"


class Egress(Section):
    """What may leave, beside what the cluster needs."""

    catalogue: bool = Field(
        default=True, description="Allow what the cluster and its features need."
    )
    fqdns: list[FqdnEgress] = Field(default=[])
    tags: list[TagEgress] = Field(default=[])
    addresses: list[AddressEgress] = Field(default=[])
