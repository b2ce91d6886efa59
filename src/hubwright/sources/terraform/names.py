"""What the estate calls the resources of a plan: by their names in Azure."""

from collections.abc import Iterable

from hubwright.sources.terraform.addresses import ArmId, arm_id
from hubwright.sources.terraform.plan import Plan, Resource
from hubwright.sources.terraform.references import References
from hubwright.sources.terraform.words import narrow

NETWORK = "azurerm_virtual_network"
SUBNET = "azurerm_subnet"
_ZONE = "azurerm_private_dns_zone"

ARM_TYPES = {
    "accounts": ("azurerm_monitor_workspace",),
    "applicationgateways": ("azurerm_application_gateway",),
    "azurefirewalls": ("azurerm_firewall",),
    "bastionhosts": ("azurerm_bastion_host",),
    "ddosprotectionplans": ("azurerm_network_ddos_protection_plan",),
    "dnsforwardingrulesets": ("azurerm_private_dns_resolver_dns_forwarding_ruleset",),
    "dnsresolvers": ("azurerm_private_dns_resolver",),
    "dnsresolvers/inboundendpoints": ("azurerm_private_dns_resolver_inbound_endpoint",),
    "dnsresolvers/outboundendpoints": ("azurerm_private_dns_resolver_outbound_endpoint",),
    "firewallpolicies": ("azurerm_firewall_policy",),
    "ipgroups": ("azurerm_ip_group",),
    "managedclusters": ("azurerm_kubernetes_cluster",),
    "natgateways": ("azurerm_nat_gateway",),
    "networkinterfaces": ("azurerm_network_interface",),
    "networksecuritygroups": ("azurerm_network_security_group",),
    "privatednszones": ("azurerm_private_dns_zone",),
    "applicationgatewaywebapplicationfirewallpolicies": (
        "azurerm_web_application_firewall_policy",
    ),
    "datacollectionrules": ("azurerm_monitor_data_collection_rule",),
    "pools": ("azurerm_managed_devops_pool",),
    "privateendpoints": ("azurerm_private_endpoint",),
    "privatelinkscopes": ("azurerm_monitor_private_link_scope",),
    "publicipaddresses": ("azurerm_public_ip",),
    "registries": ("azurerm_container_registry",),
    "resourcegroups": ("azurerm_resource_group",),
    "routetables": ("azurerm_route_table",),
    "storageaccounts": ("azurerm_storage_account",),
    "trafficcontrollers": ("azurerm_application_load_balancer",),
    "userassignedidentities": ("azurerm_user_assigned_identity",),
    "vaults": ("azurerm_key_vault",),
    "virtualmachinescalesets": ("azurerm_linux_virtual_machine_scale_set",),
    "virtualmachines": ("azurerm_linux_virtual_machine", "azurerm_windows_virtual_machine"),
    "virtualnetworks": ("azurerm_virtual_network",),
    "virtualnetworks/subnets": ("azurerm_subnet",),
    "workspaces": ("azurerm_log_analytics_workspace",),
}
"""Type of an ARM id, in lower case -> resource types of azurerm."""
_SHARED = {
    "azurerm_windows_virtual_machine": "azurerm_linux_virtual_machine",
    "azurerm_virtual_machine": "azurerm_linux_virtual_machine",
}
"""Types that share the names of another: Azure knows one type for both."""


class Names:
    """
    The names that the estate knows resources by.

    Azure wants names to be unique in a resource group; where two groups of one plan have
    resources of the same type and name, the later ones are called `name@resource-group`, but for
    private DNS zones, which are nothing but their names. Subnets are called `network/subnet`.
    """

    def __init__(self, plan: Plan, references: References, types: Iterable[str]) -> None:
        self._references = references
        self._names: dict[int, str] = {}
        self._by_name: dict[tuple[str, str], list[Resource]] = {}
        self._taken: set[tuple[str, str]] = set()
        ordered = sorted(types, key=lambda type_: (type_ == SUBNET, type_))
        for resource in plan.of_type(*ordered):
            self._add(resource)

    def _add(self, resource: Resource) -> None:
        kind = _SHARED.get(resource.type, resource.type)
        name = resource.name or str(resource)
        if kind == SUBNET:
            name = f"{self._network_of(resource)}/{name}"
        self._by_name.setdefault((kind, name.lower()), []).append(resource)
        shown = name
        if kind == _ZONE:
            self._names[id(resource)] = name
            return
        if (kind, shown.lower()) in self._taken and resource.resource_group:
            shown = f"{name}@{resource.resource_group}"
        while (kind, shown.lower()) in self._taken:
            shown += "'"
        self._taken.add((kind, shown.lower()))
        self._names[id(resource)] = shown

    def _network_of(self, subnet: Resource) -> str:
        """Return the name of the network that a subnet is in."""
        name = subnet.values.get("virtual_network_name")
        if isinstance(name, str):
            found = self.find(NETWORK, name, subnet.resource_group)
            return self.of(found) if found else name
        seen = self._references.evidence(subnet, ("virtual_network_name",))
        networks = narrow([r for r, _ in seen.found.values() if r.type == NETWORK], seen.words)
        return self.of(networks[0]) if len(networks) == 1 else f"unknown network of {subnet}"

    def of(self, resource: Resource) -> str:
        """Return the name of a resource; its address where Azure's is not known yet."""
        return self._names.get(id(resource)) or resource.name or str(resource)

    def find(self, type_: str, name: str, group: str = "") -> Resource | None:
        """Return the resource of a type and name, of a resource group if one is given."""
        found = self._by_name.get((_SHARED.get(type_, type_), name.lower()), [])
        exact = [r for r in found if r.resource_group == group.lower()] if group else []
        return next(iter(exact or found), None)

    def by_id(self, text: str) -> Resource | None:
        """Return the resource that an ARM id names, if the plan has it."""
        parsed = arm_id(text)
        if parsed is None:
            return None
        for type_ in ARM_TYPES.get(parsed.type.lower(), ()):
            name = parsed.names[-1]
            if type_ == SUBNET and len(parsed.names) > 1:
                network = self.find(NETWORK, parsed.names[0], parsed.resource_group)
                name = f"{self.of(network) if network else parsed.names[0]}/{name}"
            found = self.find(type_, name, parsed.resource_group)
            if found is not None:
                return found
        return None


def name_of_id(text: str) -> str:
    """Return what the estate calls a resource that only an ARM id tells of."""
    parsed: ArmId | None = arm_id(text)
    return "/".join(parsed.names) if parsed else text
