"""Machines, the services around the cluster, and what is watched, written out."""

from hubwright.model.estate import Estate
from hubwright.model.platform import LinuxVirtualMachine
from hubwright.model.private_access import PrivateEndpoint
from hubwright.sources.design.full_network import Section, given, numbers
from hubwright.sources.design.schema import Design
from hubwright.sources.design.schema_machines import AgentPool, AgentScaleSet


def machines(design: Design, estate: Estate) -> Section:
    """Return the jump box and the agents, in the design's order."""
    single = iter([_machine(estate, machine) for machine in estate.virtual_machines])
    sets, pools = iter(_scale_sets(estate)), iter(_managed_pools(estate))
    out: Section = {}
    if design.jumpbox is not None:
        out["jumpbox"] = next(single)
    agents: list[Section] = []
    for agent in design.agents:
        match agent:
            case AgentScaleSet():
                agents.append(next(sets))
            case AgentPool():
                agents.append(next(pools))
            case _:
                agents.append({"kind": "vm", **next(single)})
    if agents:
        out["agents"] = agents
    return out


def _machine(estate: Estate, machine: LinuxVirtualMachine) -> Section:
    prefix = f"{machine.os_type.lower()}_virtual_machine:{machine.name}"
    groups = [
        role.principal.removeprefix("group:")
        for role in estate.role_assignments
        if role.scope == prefix
    ]
    return {
        "name": machine.name,
        "subnet": machine.subnet,
        "os": machine.os_type,
        "size": machine.size,
        **given(private_ip_address=machine.private_ip_address),
        "public_ip": machine.public_ip or False,
        "entra_login": machine.entra_login_enabled,
        "admin_group_object_ids": groups,
        "azure_monitor_agent": machine.azure_monitor_agent_enabled,
        "boot_diagnostics": machine.boot_diagnostics_storage_account is not None,
    }


def _scale_sets(estate: Estate) -> list[Section]:
    return [
        {
            "kind": "scale-set",
            "name": item.name,
            "subnet": item.subnet,
            "size": item.sku,
            "instances": item.instances,
            "zones": numbers(item.zones),
        }
        for item in estate.virtual_machine_scale_sets
    ]


def _managed_pools(estate: Estate) -> list[Section]:
    return [
        {
            "kind": "managed-pool",
            "name": item.name,
            "subnet": item.subnet,
            "organization_url": item.organization_url,
            "projects": list(item.projects),
            "maximum_concurrency": item.maximum_concurrency,
            "size": item.sku_name,
            "image": item.image,
        }
        for item in estate.managed_devops_pools
    ]


def monitoring(design: Design, estate: Estate) -> Section:
    """Return what is watched."""
    return {
        "diagnostic_settings": bool(estate.monitor_diagnostic_settings),
        "flow_logs": bool(estate.network_watcher_flow_logs),
        "flow_log_retention_days": design.monitoring.flow_log_retention_days,
        "alerts": bool(estate.monitor_metric_alerts),
    }


def services(estate: Estate) -> Section:
    """Return registry, vault, storage and logs, with their endpoints and the further ones."""
    forms = _Forms(estate)
    out = _stores(estate, forms)
    for workspace in estate.log_analytics_workspaces:
        scope = next(iter(estate.monitor_private_link_scopes), None)
        out["log_analytics"] = {
            "name": workspace.name,
            "retention_days": workspace.retention_in_days,
            "private_link": scope is not None
            and {"name": scope.name, "endpoint": forms.of(scope.name, "azuremonitor")},
        }
    rest = forms.left()
    if rest:
        out["private_endpoints"] = [
            {
                **_endpoint(item),
                "target": item.target,
                **given(subresource=item.subresource or None),
            }
            for item in rest
        ]
    return out


class _Forms:
    """The endpoints of an estate, each written out where it belongs, and once."""

    def __init__(self, estate: Estate) -> None:
        self._endpoints = [e for e in estate.private_endpoints if not e.made_by_platform]
        self._written: set[str] = set()

    def of(self, target: str, subresource: str) -> Section | bool:
        """Return the endpoint of a service, or False."""
        for item in self._endpoints:
            if (item.target, item.subresource) == (target, subresource):
                self._written.add(item.name)
                return _endpoint(item)
        return False

    def left(self) -> list[PrivateEndpoint]:
        """Return those that were not asked for."""
        return [item for item in self._endpoints if item.name not in self._written]


def _stores(estate: Estate, forms: _Forms) -> Section:
    out: Section = {}
    for registry in estate.container_registries:
        out["registry"] = {
            "name": registry.name,
            "sku": registry.sku,
            "public_network_access": registry.public_network_access_enabled,
            "zone_redundancy": registry.zone_redundancy_enabled,
            "admin_enabled": registry.admin_enabled,
            "georeplications": list(registry.georeplications),
            "data_endpoint": registry.data_endpoint_enabled,
            "private_endpoint": forms.of(registry.name, "registry"),
        }
    for vault in estate.key_vaults:
        out["key_vault"] = {
            "name": vault.name,
            "public_network_access": vault.public_network_access_enabled,
            "purge_protection": vault.purge_protection_enabled,
            "private_endpoint": forms.of(vault.name, "vault"),
        }
    for account in estate.storage_accounts:
        out["storage"] = {
            "name": account.name,
            "public_network_access": account.public_network_access_enabled,
            "replication": account.account_replication_type,
            "shared_access_key": account.shared_access_key_enabled,
            "private_endpoint": forms.of(account.name, "blob"),
        }
    return out


def _endpoint(endpoint: PrivateEndpoint) -> Section:
    return {
        "name": endpoint.name,
        "subnet": endpoint.subnet,
        "fqdns": list(endpoint.fqdns),
        "zones": list(endpoint.private_dns_zones),
    }


def links(estate: Estate) -> Section:
    """Return the links of every zone but those that AKS makes."""
    out: dict[str, list[Section]] = {
        zone.name: [] for zone in estate.private_dns_zones if not zone.made_by_platform
    }
    for link in estate.private_dns_zone_virtual_network_links:
        if link.private_dns_zone in out:
            out[link.private_dns_zone].append(
                {
                    "virtual_network": link.virtual_network,
                    "name": link.name,
                    "resolution_policy": link.resolution_policy,
                }
            )
    return out
