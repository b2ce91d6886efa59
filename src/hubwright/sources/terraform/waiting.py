"""What a resource waits for: whatever Terraform makes before it."""

from collections.abc import Iterable

from hubwright.sources.terraform.addresses import Modules, Step, parts
from hubwright.sources.terraform.names import NETWORK, SUBNET
from hubwright.sources.terraform.plan import Json, Resource
from hubwright.sources.terraform.roles import ASSIGNMENT, principal, short, typed
from hubwright.sources.terraform.values import Reader, View

Block = tuple[tuple[str, ...], bool, str, str]
GROUP = "azurerm_firewall_policy_rule_collection_group"
ASSOCIATIONS = (
    "azurerm_subnet_route_table_association",
    "azurerm_subnet_network_security_group_association",
    "azurerm_subnet_nat_gateway_association",
)
ENDPOINT = "azurerm_private_endpoint"
REGISTRY = "azurerm_container_registry"
PEERING = "azurerm_virtual_network_peering"
LINK = "azurerm_private_dns_zone_virtual_network_link"
_OWN = ("kubernetes_cluster:", "node_resource_group:")
"""Scopes that the cluster itself makes."""
_POOL = "azurerm_kubernetes_cluster_node_pool"


class Waiting:
    """
    Follows dependencies between the blocks of a configuration.

    A block waits for what its expressions and `depends_on` refer to, and for what these wait for;
    in a module whose call has `depends_on`, for that too. Locals are not in a plan: what a block
    waits for only through one is not seen.
    """

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._before: dict[Block, set[Block]] = {}

    def of(self, cluster: View) -> tuple[str, ...]:
        """
        Return the types all of whose instances that a cluster's nodes need exist before it.

        Types are named without the provider's prefix.
        """
        before = self._all_before(cluster.resource.address.block)
        return tuple(
            sorted(
                type_.removeprefix("azurerm_")
                for type_, needed in self._needed(cluster).items()
                if needed and all(item.address.block in before for item in needed)
            )
        )

    def _needed(self, cluster: View) -> dict[str, list[Resource]]:
        """Return what a cluster's nodes need, by type."""
        reader = self._reader
        subnets = self._subnets(cluster)
        networks = {subnet.rpartition("/")[0] for subnet in subnets}
        needed = {
            type_: [
                view.resource
                for view in reader.views(type_)
                if _name(view, "subnet_id", SUBNET) in subnets
            ]
            for type_ in ASSOCIATIONS
        }
        needed[GROUP] = reader.plan.of_type(GROUP) if needed[ASSOCIATIONS[0]] else []
        needed[PEERING] = [
            view.resource
            for view in reader.views(PEERING)
            if view.text("virtual_network_name") in networks
            or _name(view, "virtual_network_name", NETWORK) in networks
        ]
        needed[LINK] = reader.plan.of_type(LINK)
        needed[ASSIGNMENT] = self._roles(cluster)
        needed[ENDPOINT] = self._registry_endpoints(cluster)
        return needed

    def _roles(self, cluster: View) -> list[Resource]:
        """Return the roles of a cluster's identity, but for those on what the cluster makes."""
        identity = cluster.block("identity").resource_of_any("identity_ids")
        if identity is None:
            return []
        mine = f"{short(identity.type)}:{self._reader.names.of(identity)}"
        return [
            view.resource
            for view in self._reader.views(ASSIGNMENT)
            if principal(view) == mine and not typed(view, "scope").startswith(_OWN)
        ]

    def _registry_endpoints(self, cluster: View) -> list[Resource]:
        """Return the endpoints of the registry that nodes start from."""
        registry = bootstrap_registry(cluster)
        return [
            view.resource
            for view in self._reader.views(ENDPOINT)
            if registry is not None and _leads_to(view, registry)
        ]

    def _subnets(self, cluster: View) -> set[str]:
        """Return the subnets of a cluster's nodes and pods."""
        views = cluster.blocks("default_node_pool")
        views += [
            view
            for view in self._reader.views(_POOL)
            if view.resource_of("kubernetes_cluster_id", cluster.resource.type) is cluster.resource
        ]
        arguments = ("vnet_subnet_id", "pod_subnet_id")
        found = {_name(view, argument, SUBNET) for view in views for argument in arguments}
        return {name for name in found if name}

    def _all_before(self, block: Block) -> set[Block]:
        seen: set[Block] = set()
        waiting = [block]
        while waiting:
            for other in self._directly_before(waiting.pop()):
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return seen

    def _directly_before(self, block: Block) -> set[Block]:
        if block in self._before:
            return self._before[block]
        names, *key = block
        modules = tuple(Step(name) for name in names)
        found: set[Block] = set()
        node = self._reader.plan.module(modules).get("blocks", {}).get(tuple(key), {})
        for part in ("expressions", "for_each_expression", "count_expression"):
            self._collect(node.get(part), modules, found, set())
        self._named(node.get("depends_on"), modules, found)
        for depth in range(1, len(modules) + 1):
            call = self._reader.plan.call(modules[:depth])
            self._named(call.get("depends_on"), modules[: depth - 1], found)
        found.discard(block)
        self._before[block] = found
        return found

    def _named(self, names: Iterable[str] | None, modules: Modules, found: set[Block]) -> None:
        self._collect({"references": list(names or ())}, modules, found, set())

    def _collect(
        self, node: Json, modules: Modules, found: set[Block], seen: set[tuple[Modules, str]]
    ) -> None:
        """Add the blocks that an expression refers to, through modules."""
        if isinstance(node, list):
            for item in node:
                self._collect(item, modules, found, seen)
        elif isinstance(node, dict) and "references" in node:
            references = [text for text in node["references"] if isinstance(text, str)]
            for n, text in enumerate(references):
                if n and references[n - 1].startswith((f"{text}.", f"{text}[")):
                    continue
                if (modules, text) not in seen:
                    seen.add((modules, text))
                    self._reference(text, modules, found, seen)
        elif isinstance(node, dict):
            for item in node.values():
                self._collect(item, modules, found, seen)

    def _reference(
        self, text: str, modules: Modules, found: set[Block], seen: set[tuple[Modules, str]]
    ) -> None:
        names = tuple(step.name for step in modules)
        match parts(text):
            case ("var", str(name), *_) if modules:
                call = self._reader.plan.call(modules)
                self._collect(call.get("expressions", {}).get(name), modules[:-1], found, seen)
            case ("module", str(name), *rest):
                inner = (*modules, Step(name))
                outputs = self._reader.plan.module(inner).get("outputs", {})
                output = next((part for part in rest if part in outputs), None)
                if output is None:
                    self._whole_module(inner, found)
                else:
                    self._collect(outputs[output].get("expression"), inner, found, seen)
                    self._named(outputs[output].get("depends_on"), inner, found)
            case ("data", str(type_), str(name), *_):
                found.add((names, True, type_, name))
            case (str(first), str(name), *_) if "_" in first:
                found.add((names, False, first, name))
            case _:
                pass

    def _whole_module(self, modules: Modules, found: set[Block]) -> None:
        names = tuple(step.name for step in modules)
        module = self._reader.plan.module(modules)
        found |= {(names, *key) for key in module.get("blocks", {})}
        for name in module.get("module_calls", {}):
            self._whole_module((*modules, Step(name)), found)


def _name(view: View, argument: str, type_: str) -> str | None:
    found = view.resource_of(argument, type_)
    return view.reader.names.of(found) if found else None


def _leads_to(endpoint: View, registry: str) -> bool:
    connection = endpoint.block("private_service_connection")
    found = connection.resource_of("private_connection_resource_id", REGISTRY)
    return found is not None and endpoint.reader.names.of(found) == registry


def bootstrap_registry(cluster: View) -> str | None:
    """Return the registry that nodes start from, in a network isolated cluster."""
    told = cluster.row_target("bootstrap_container_registry", REGISTRY)
    block = cluster.block("bootstrap_profile")
    if told is not None or not block.exists or block.text("artifact_source") != "Cache":
        return told
    return block.target("container_registry_id", REGISTRY)
