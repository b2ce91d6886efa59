"""Types of single values in a design: addresses, ports, names as Azure limits them."""

import re
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Tag,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from hubwright.catalogue.limits import PRIORITY, SECURITY_RULE_PRIORITY
from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import AddressError, AddressSet, PortSet, Prefix, parse_address


class Section(BaseModel):
    """A mapping of the design: unknown keys are errors, nothing is coerced, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def refuse(message: str, help_: str = "") -> PydanticCustomError:
    """Return the error of a value that has the right type but is not possible."""
    return PydanticCustomError("design", "{message}", {"message": message, "help": help_})


def kind_of(value: Any) -> str:
    """Return the tag of a value in a union: what kind of YAML node it is."""
    match value:
        case bool():
            return "<bool>"
        case int():
            return "<int>"
        case str():
            return "<str>"
        case list():
            return "<list>"
        case dict() | BaseModel():
            return "<map>"
        case _:
            return "<other>"


BY_KIND = Discriminator(kind_of)
"""Tells apart the short and the long form of a value by its YAML kind."""
MAPPING = Tag("<map>")
LIST = Tag("<list>")
NUMBER = Tag("<int>")
TEXT = Tag("<str>")
Flag = Annotated[bool, Tag("<bool>")]
Count = Annotated[int, NUMBER]
Text = Annotated[str, TEXT]


@dataclass(frozen=True, slots=True)
class Named:
    """The rule that Azure has for a name."""

    pattern: str
    limit: int
    rule: str

    def check(self, text: str) -> str:
        """Return the name; refuse one that Azure would not take."""
        if len(text) <= self.limit and re.fullmatch(self.pattern, text):
            return text
        raise refuse(f"`{text[:80]}` is not a possible name", f"use {self.rule}")

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Check after the text's type was checked."""
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Tell the editor the pattern."""
        return {**handler(schema), "pattern": f"^{self.pattern}$", "maxLength": self.limit}


# Limits: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules.
Slug = Annotated[
    str,
    Named(
        r"[a-z][a-z0-9]*(-[a-z0-9]+)*",
        24,
        "up to 24 lower-case letters, digits and single hyphens, a letter first",
    ),
]
ResourceName = Annotated[
    str,
    Named(
        r"[0-9A-Za-z]([0-9A-Za-z._-]*[0-9A-Za-z_])?",
        80,
        "up to 80 letters, digits, `.`, `_` and `-`, starting with a letter or digit",
    ),
]
FirewallName = Annotated[
    str,
    Named(
        r"[0-9A-Za-z]([0-9A-Za-z._-]*[0-9A-Za-z_])?",
        50,
        "up to 50 letters, digits, `.`, `_` and `-`, starting with a letter or digit",
    ),
]
NetworkName = Annotated[
    str,
    Named(
        r"[0-9A-Za-z][0-9A-Za-z._-]*[0-9A-Za-z_]",
        63,
        "2 to 63 letters, digits, `.`, `_` and `-`: AKS makes labels of it",
    ),
]
ClusterName = Annotated[
    str,
    Named(
        r"[0-9A-Za-z]([0-9A-Za-z_-]*[0-9A-Za-z])?",
        63,
        "up to 63 letters, digits, `_` and `-`, a letter or digit at both ends",
    ),
]
DnsPrefix = Annotated[
    str,
    Named(
        r"[0-9A-Za-z]([0-9A-Za-z-]*[0-9A-Za-z])?",
        54,
        "up to 54 letters, digits and `-`, a letter or digit at both ends",
    ),
]
PoolName = Annotated[
    str, Named(r"[a-z][a-z0-9]*", 12, "up to 12 lower-case letters and digits, a letter first")
]
RegistryName = Annotated[str, Named(r"[0-9A-Za-z]{5,50}", 50, "5 to 50 letters and digits")]
VaultName = Annotated[
    str,
    Named(
        r"[A-Za-z](-?[0-9A-Za-z]){2,23}",
        24,
        "3 to 24 letters, digits and single hyphens, a letter first, no hyphen last",
    ),
]
AccountName = Annotated[str, Named(r"[0-9a-z]{3,24}", 24, "3 to 24 lower-case letters and digits")]
WorkspaceName = Annotated[
    str,
    Named(
        r"[0-9A-Za-z][0-9A-Za-z-]{2,61}[0-9A-Za-z]",
        63,
        "4 to 63 letters, digits and `-`, a letter or digit at both ends",
    ),
]
MachineName = Annotated[
    str,
    Named(
        r"[0-9A-Za-z]([0-9A-Za-z.-]*[0-9A-Za-z])?",
        64,
        "up to 64 letters, digits, `.` and `-`, a letter or digit at both ends",
    ),
]
GroupName = Annotated[
    str,
    Named(
        r"[0-9A-Za-z_()-]([0-9A-Za-z._()-]*[0-9A-Za-z_()-])?",
        90,
        "up to 90 letters, digits, `.`, `_`, `-` and parentheses, no dot last",
    ),
]
IdentityName = Annotated[
    str,
    Named(
        r"[0-9A-Za-z][0-9A-Za-z_-]{2,127}",
        128,
        "3 to 128 letters, digits, `_` and `-`, starting with a letter or digit",
    ),
]
ObjectId = Annotated[
    str,
    Named(
        r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
        36,
        "an Entra object id in lower case, like `0f3ab2c1-1111-2222-3333-444455556666`",
    ),
]
ServiceAccount = Annotated[
    str,
    Named(
        r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?/[a-z0-9]([a-z0-9.-]*[a-z0-9])?",
        317,
        "`namespace/service-account`, in Kubernetes' lower-case names",
    ),
]
VmSize = Annotated[str, Field(pattern=r"^[A-Za-z]+_[A-Za-z0-9_-]+$")]
Region = Annotated[str, Named(r"[a-z]+[0-9]*", 40, "a region's short name, like `westeurope`")]
RuleName = Annotated[
    str,
    Named(
        r"[^\s\x00-\x1f\x7f-\x9f]([^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f])?",
        80,
        "1 to 80 printable characters, no blank at either end",
    ),
]
DomainName = Annotated[
    str,
    Named(
        r"([0-9A-Za-z_]([0-9A-Za-z_-]{0,61}[0-9A-Za-z_])?\.)+"
        r"[0-9A-Za-z]([0-9A-Za-z-]{0,61}[0-9A-Za-z])?",
        253,
        "a full domain name, like `shop.example.com`",
    ),
]


def _address(text: str) -> str:
    try:
        parse_address(text)
    except AddressError as error:
        raise refuse(str(error)) from None
    return text


def _prefix(text: str) -> str:
    if "/" not in text:
        raise refuse(f"`{text}` is not a prefix", "write an address and a length: `10.1.0.0/16`")
    try:
        Prefix.parse(text)
    except AddressError as error:
        raise refuse(str(error)) from None
    return text


def _range(text: str) -> str:
    try:
        AddressSet.parse(text)
    except AddressError as error:
        raise refuse(str(error)) from None
    return text


def _address_or_prefix(text: str) -> str:
    try:
        Prefix.parse(text)
    except AddressError as error:
        raise refuse(str(error)) from None
    return text


def _zone(number: int) -> int:
    if number not in {1, 2, 3}:
        raise refuse(f"`{number}` is not an availability zone", "use 1, 2 or 3")
    return number


def port_text(value: str | int) -> str:
    """Return a port, a range of ports or `*` as text."""
    text = str(value)
    try:
        ports = PortSet.parse(text)
    except ValueError as error:
        raise refuse(str(error)) from None
    if text != "*" and ports.first() == 0:
        raise refuse(f"`{text}` is not a port", "ports run from 1 to 65535")
    return text


Address = Annotated[str, AfterValidator(_address)]
Cidr = Annotated[str, AfterValidator(_prefix)]
AddressOrPrefix = Annotated[str, AfterValidator(_address_or_prefix)]
AddressRange = Annotated[str, AfterValidator(_range)]
Zone = Annotated[int, AfterValidator(_zone)]
Port = Annotated[int, Field(ge=1, le=65535)]
Ports = Annotated[Annotated[Count | Text, BY_KIND], AfterValidator(port_text)]
"""A port, a range of ports or `*`; text once it is read."""
GroupPriority = Annotated[int, Field(ge=PRIORITY[0], le=PRIORITY[1])]
RulePriority = Annotated[int, Field(ge=SECURITY_RULE_PRIORITY[0], le=SECURITY_RULE_PRIORITY[1])]
