"""Application gateways in a design, and their web application firewall."""

from typing import Annotated, Literal

from pydantic import Field

from hubwright.sources.design.fields import (
    BY_KIND,
    MAPPING,
    TEXT,
    Address,
    Flag,
    ResourceName,
    Section,
    Zone,
)

RuleSetType = Literal["Microsoft_DefaultRuleSet", "Microsoft_BotManagerRuleSet", "OWASP"]


class RuleSet(Section):
    """A set of rules that Microsoft keeps."""

    type: RuleSetType
    version: str = Field(pattern=r"^[0-9]+\.[0-9]+$")


class WafPolicy(Section):
    """The web application firewall policy of a gateway."""

    name: ResourceName | None = Field(default=None, description="Default `waf-<gateway>`.")
    mode: Literal["Detection", "Prevention"] = "Prevention"
    rule_sets: list[RuleSet] = Field(
        default=[
            RuleSet(type="Microsoft_DefaultRuleSet", version="2.1"),
            RuleSet(type="Microsoft_BotManagerRuleSet", version="1.1"),
        ],
        min_length=1,
    )


WafForm = Annotated[Flag | Annotated[WafPolicy, MAPPING], BY_KIND]


class ApplicationGateway(Section):
    """Application Gateway v2 in the cluster's spoke; its listeners are the controller's."""

    name: ResourceName | None = Field(default=None, description="Default `agw-<design>`.")
    subnet: str | None = Field(
        default=None, description="`spoke/Subnet`; default `AppGatewaySubnet` of the spoke."
    )
    sku: Literal["Standard_v2", "WAF_v2"] = "WAF_v2"
    behind_firewall: bool = Field(
        default=True,
        description=(
            "true: clients come through the firewall to the private frontend, and the subnet "
            "takes nothing from the internet. false: clients come to its own public IP, and "
            "the gateway sees their addresses."
        ),
    )
    expose: bool = Field(
        default=True,
        description="Behind the firewall: false makes no public IP of the firewall, no DNAT rule.",
    )
    firewall_public_ip: ResourceName | None = Field(
        default=None, description="Behind the firewall: its address for the gateway."
    )
    public_ip: Annotated[Flag | Annotated[ResourceName, TEXT], BY_KIND] = Field(
        default=True, description="v2 has one, even when nobody is let in by it."
    )
    private_ip_address: Address | None = Field(
        default=None, description="Its private frontend; default from the top of the subnet."
    )
    waf: WafForm = Field(default=True, description="false only with `sku: Standard_v2`.")
    min_capacity: int = Field(default=0, ge=0, le=100)
    max_capacity: int = Field(default=10, ge=2, le=125)
    zones: list[Zone] = Field(default=[1, 2, 3])


class GatewayForContainers(Section):
    """Application Gateway for Containers, in a subnet of its own that is delegated to it."""

    name: ResourceName | None = Field(default=None, description="Default `alb-<design>`.")
    subnet: str | None = Field(
        default=None, description="`spoke/Subnet`; default `AlbSubnet` of the cluster's spoke."
    )
    frontends: list[ResourceName] = Field(default=["web"], min_length=1, max_length=5)
    waf: WafForm = True
