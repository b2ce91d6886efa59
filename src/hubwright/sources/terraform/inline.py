"""Subnets that stand inside their network, as resources of their own."""

from hubwright.sources.terraform.plan import Json, Plan, Resource

_SUBNET = "azurerm_subnet"


def add_inline_subnets(plan: Plan) -> None:
    """
    Take in the inline subnets of each network.

    A network that was read back lists all its subnets, also those that are resources of their
    own: these are left out here.
    """
    own = {_key(r.values.get("virtual_network_name"), r) for r in plan.of_type(_SUBNET)}
    for network in plan.of_type("azurerm_virtual_network"):
        subnets = network.values.get("subnet")
        unknown = network.unknown.get("subnet")
        for number, block in enumerate(subnets if isinstance(subnets, list) else ()):
            if not isinstance(block, dict):
                continue
            part = Resource(
                network.address,
                _like_resource(block, network),
                _of(unknown, number),
                part=f"subnet[{number}]",
                part_type=_SUBNET,
            )
            if _key(network.name, part) not in own:
                plan.add_part(part)


def _key(network: Json, subnet: Resource) -> tuple[str, str, str]:
    return (str(network).lower(), subnet.resource_group, str(subnet.name).lower())


def _of(unknown: Json, number: int) -> dict[str, Json]:
    if isinstance(unknown, list) and number < len(unknown) and isinstance(unknown[number], dict):
        return dict(unknown[number])
    return {}


def _like_resource(block: dict[str, Json], network: Resource) -> dict[str, Json]:
    """Return an inline subnet's arguments under the names that `azurerm_subnet` gives them."""
    values = dict(block)
    values["virtual_network_name"] = network.name or str(network)
    values["resource_group_name"] = network.values.get("resource_group_name")
    if block.get("address_prefix") and not block.get("address_prefixes"):
        values["address_prefixes"] = [block["address_prefix"]]
    return values
