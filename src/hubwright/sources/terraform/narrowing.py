"""The resources of some types that an expression leads to."""

from hubwright.sources.terraform.plan import Json, Resource
from hubwright.sources.terraform.references import Evidence, References


def of_types(
    references: References, evidence: Evidence, types: tuple[str, ...], depth: int = 0
) -> list[Resource]:
    """Return the candidates of some types, following arguments of others to what they hold."""
    found: dict[int, Resource] = {}
    for resource, attribute in evidence.found.values():
        if resource.type in types:
            found.setdefault(id(resource), resource)
            continue
        for inner in parts_of(references, resource, types):
            found.setdefault(id(inner), inner)
        if attribute and depth < 4 and references.expression(resource, attribute):
            more = references.evidence(resource, attribute)
            evidence.words |= more.words
            for inner in of_types(references, more, types, depth + 1):
                found.setdefault(id(inner), inner)
    return list(found.values())


def parts_of(references: References, resource: Resource, types: tuple[str, ...]) -> list[Resource]:
    """Return the resources that stand inline in another: the subnets of a network, say."""
    if resource.type != "azurerm_virtual_network" or "azurerm_subnet" not in types:
        return []
    subnets = references.plan.of_type("azurerm_subnet")
    return [item for item in subnets if item.part and item.address == resource.address]


def has_unknown(value: Json) -> bool:
    """Tell whether there is a `true` anywhere in what a plan says of unknown values."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return value is True
