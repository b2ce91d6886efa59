"""Intents in a design: claims that `check` proves or refutes for every packet."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from hubwright.sources.design.fields import (
    BY_KIND,
    LIST,
    NUMBER,
    TEXT,
    Ports,
    RuleName,
    Section,
    port_text,
    refuse,
)

Places = Annotated[
    Annotated[str, TEXT] | Annotated[list[str], Field(min_length=1), LIST],
    BY_KIND,
]
PortsForm = Annotated[
    Annotated[int, AfterValidator(port_text), NUMBER]
    | Annotated[str, AfterValidator(port_text), TEXT]
    | Annotated[list[Ports], Field(min_length=1), LIST],
    BY_KIND,
]
CLAIMS = ("allow", "deny", "must_cross", "must_not_cross", "symmetric", "resolves")


class Intent(Section):
    """
    A claim about every packet from some places to others.

    Exactly one of `allow`, `deny`, `must-cross`, `must-not-cross`, `symmetric` and `resolves` says
    what is claimed, and where to.
    """

    name: RuleName | None = None
    allow: Places | None = Field(default=None, description="Every connection there is answered.")
    deny: Places | None = Field(default=None, description="Nothing that is sent there is answered.")
    must_cross: Places | None = Field(
        default=None, alias="must-cross", description="What gets there has crossed a firewall."
    )
    must_not_cross: Places | None = Field(
        default=None, alias="must-not-cross", description="What gets there has crossed no firewall."
    )
    symmetric: Places | None = Field(
        default=None,
        description="Answers from there come back past every box that saw the request.",
    )
    resolves: Places | None = Field(
        default=None, description="Names that lead to their private addresses."
    )
    from_: Places = Field(
        alias="from",
        description="Subnets, networks, machines, `nodes`, `pods`, addresses or `internet`.",
    )
    ports: PortsForm | None = Field(
        default=None, description="Default: what a client of the destination uses, else all."
    )
    protocol: Literal["TCP", "UDP", "ICMP", "Any"] | None = Field(
        default=None, description="Default: TCP for `allow`, else any."
    )
    firewall: str | None = Field(
        default=None, description="Firewall that is crossed, or not. Default: any."
    )

    @model_validator(mode="after")
    def _one_claim(self) -> "Intent":
        said = [name for name in CLAIMS if getattr(self, name) is not None]
        if len(said) != 1:
            texts = ", ".join(f"`{name.replace('_', '-')}`" for name in CLAIMS)
            raise refuse("an intent claims exactly one thing", f"say one of {texts}")
        return self
