"""Public IPs, machines, Bastion, registries, vaults, storage and workspaces."""

from collections.abc import Iterator

from hubwright.model.network import BASTION_SUBNET, NetworkDdosProtectionPlan, PublicIp
from hubwright.model.platform import (
    BastionHost,
    ContainerRegistry,
    KeyVault,
    LinuxVirtualMachine,
    LinuxVirtualMachineScaleSet,
    LogAnalyticsWorkspace,
    ManagedDevopsPool,
    StorageAccount,
)
from hubwright.sources.terraform.filters import PUBLIC_IP
from hubwright.sources.terraform.names import NETWORK, SUBNET
from hubwright.sources.terraform.network import DDOS_PLAN, GROUP, place
from hubwright.sources.terraform.roles import IDENTITY
from hubwright.sources.terraform.values import Reader, View

BASTION = "azurerm_bastion_host"
REGISTRY = "azurerm_container_registry"
VAULT = "azurerm_key_vault"
STORAGE = "azurerm_storage_account"
WORKSPACE = "azurerm_log_analytics_workspace"
LINUX = "azurerm_linux_virtual_machine"
WINDOWS = "azurerm_windows_virtual_machine"
SCALE_SET = "azurerm_linux_virtual_machine_scale_set"
DEVOPS_POOL = "azurerm_managed_devops_pool"
NIC = "azurerm_network_interface"
NIC_GROUP = "azurerm_network_interface_security_group_association"
EXTENSION = "azurerm_virtual_machine_extension"
TYPES = frozenset(
    {
        BASTION,
        REGISTRY,
        VAULT,
        STORAGE,
        WORKSPACE,
        LINUX,
        WINDOWS,
        SCALE_SET,
        DEVOPS_POOL,
        DDOS_PLAN,
        NIC,
        NIC_GROUP,
        EXTENSION,
        PUBLIC_IP,
    }
)
_ENTRA = ("AADSSHLoginForLinux", "AADLoginForWindows")
_AGENT = ("AzureMonitorLinuxAgent", "AzureMonitorWindowsAgent")


def public_ips(reader: Reader) -> Iterator[PublicIp]:
    """Yield the IPv4 public IPs."""
    for view in reader.views(PUBLIC_IP):
        if view.text("ip_version") == "IPv6":
            continue
        yield PublicIp(
            name=reader.names.of(view.resource),
            ip_address=view.text("ip_address") or None,
            zones=view.texts("zones"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def ddos_plans(reader: Reader) -> Iterator[NetworkDdosProtectionPlan]:
    """Yield the DDoS protection plans."""
    for view in reader.views(DDOS_PLAN):
        yield NetworkDdosProtectionPlan(
            name=reader.names.of(view.resource),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def bastions(reader: Reader) -> Iterator[BastionHost]:
    """Yield the Bastion hosts."""
    for view in reader.views(BASTION):
        block = view.block("ip_configuration")
        subnet = block.target("subnet_id", SUBNET, called=BASTION_SUBNET) if block.exists else None
        network = (
            subnet.rpartition("/")[0] if subnet else view.target("virtual_network_id", NETWORK)
        )
        if network:
            yield BastionHost(
                name=reader.names.of(view.resource),
                virtual_network=network,
                sku=view.text("sku"),
                public_ip=block.target("public_ip_address_id", PUBLIC_IP) if block.exists else None,
                zones=view.texts("zones"),
                tunneling_enabled=view.flag("tunneling_enabled"),
                resource_group_name=view.text("resource_group_name"),
                origin=view.whole(),
            )


def machines(reader: Reader) -> Iterator[LinuxVirtualMachine]:
    """Yield the machines, Linux and Windows, with their first network interface folded in."""
    groups = _interface_groups(reader)
    extensions = _extensions(reader)
    for view in reader.views(LINUX, WINDOWS):
        interface = view.resource_of_any("network_interface_ids")
        if interface is None or interface.type != NIC:
            view.leave_out("network_interface_ids", "its network interface")
            continue
        block = reader.view(interface).block("ip_configuration")
        subnet = block.target("subnet_id", SUBNET) if block.exists else None
        if subnet is None:
            view.leave_out("network_interface_ids", "its subnet")
            continue
        name = reader.names.of(view.resource)
        kinds = extensions.get(name, set())
        nic = reader.names.of(interface)
        yield LinuxVirtualMachine(
            name=name,
            subnet=subnet,
            purpose=_purpose(view),
            os_type="Windows" if view.resource.type == WINDOWS else "Linux",
            size=view.text("size"),
            private_ip_address=block.text("private_ip_address") or None,
            public_ip=block.target("public_ip_address_id", PUBLIC_IP),
            network_security_group=groups.get(nic),
            entra_login_enabled=not kinds.isdisjoint(_ENTRA),
            azure_monitor_agent_enabled=not kinds.isdisjoint(_AGENT),
            boot_diagnostics_storage_account=_boot_account(view),
            user_assigned_identity=_identity(view),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(
                subnet=block.origin("subnet_id"),
                public_ip=block.origin("public_ip_address_id"),
                private_ip_address=block.origin("private_ip_address"),
            ),
        )


def _purpose(view: View) -> str:
    """Return what a machine is for, as its tag `purpose` says."""
    tags = view.raw("tags")
    found = tags.get("purpose") if isinstance(tags, dict) else None
    return found if found in {"jumpbox", "agent"} else ""


def _interface_groups(reader: Reader) -> dict[str, str]:
    found: dict[str, str] = {}
    for view in reader.views(NIC_GROUP):
        nic = view.target("network_interface_id", NIC)
        group = view.target("network_security_group_id", GROUP)
        if nic and group:
            found[nic] = group
    return found


def _extensions(reader: Reader) -> dict[str, set[str]]:
    """Return the types of the extensions of each machine."""
    found: dict[str, set[str]] = {}
    for view in reader.views(EXTENSION):
        machine = view.resource_of("virtual_machine_id", LINUX, WINDOWS)
        if machine is not None:
            found.setdefault(reader.names.of(machine), set()).add(view.text("type"))
    return found


def _boot_account(view: View) -> str | None:
    block = view.block("boot_diagnostics")
    if not block.exists:
        return None
    written = block.raw("storage_account_uri")
    if isinstance(written, str) and "//" in written:
        return written.split("//")[1].partition(".")[0]
    return block.target("storage_account_uri", STORAGE)


def _identity(view: View) -> str | None:
    block = view.block("identity")
    return next(iter(block.targets("identity_ids", IDENTITY)), None) if block.exists else None


def scale_sets(reader: Reader) -> Iterator[LinuxVirtualMachineScaleSet]:
    """Yield the scale sets of Linux machines."""
    for view in reader.views(SCALE_SET):
        block = view.block("network_interface").block("ip_configuration")
        yield LinuxVirtualMachineScaleSet(
            name=reader.names.of(view.resource),
            subnet=block.target("subnet_id", SUBNET) or "",
            sku=view.text("sku"),
            instances=view.number("instances") or 0,
            zones=view.texts("zones"),
            user_assigned_identity=_identity(view),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(subnet=block.origin("subnet_id")),
        )


def devops_pools(reader: Reader) -> Iterator[ManagedDevopsPool]:
    """Yield the Managed DevOps Pools."""
    for view in reader.views(DEVOPS_POOL):
        fabric = view.block("virtual_machine_scale_set_fabric")
        organization = view.block("azure_devops_organization").block("organization")
        yield ManagedDevopsPool(
            name=reader.names.of(view.resource),
            subnet=fabric.target("subnet_id", SUBNET) or "",
            organization_url=organization.text("url"),
            projects=organization.texts("projects"),
            maximum_concurrency=view.number("maximum_concurrency") or 0,
            sku_name=fabric.text("sku_name"),
            image=fabric.block("image").text("well_known_image_name"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(subnet=fabric.origin("subnet_id")),
        )


def registries(reader: Reader) -> Iterator[ContainerRegistry]:
    """Yield the container registries."""
    for view in reader.views(REGISTRY):
        others = [block.text("location") for block in view.blocks("georeplications")]
        yield ContainerRegistry(
            name=reader.names.of(view.resource),
            location=place(view),
            sku=view.text("sku"),
            public_network_access_enabled=view.flag("public_network_access_enabled"),
            zone_redundancy_enabled=view.flag("zone_redundancy_enabled"),
            admin_enabled=view.flag("admin_enabled"),
            georeplications=tuple(text.replace(" ", "").lower() for text in others),
            data_endpoint_enabled=view.flag("data_endpoint_enabled"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )


def key_vaults(reader: Reader) -> Iterator[KeyVault]:
    """Yield the key vaults."""
    for view in reader.views(VAULT):
        acls = view.block("network_acls")
        yield KeyVault(
            name=reader.names.of(view.resource),
            public_network_access_enabled=view.flag("public_network_access_enabled"),
            network_acls_default_action=acls.text("default_action"),
            purge_protection_enabled=view.flag("purge_protection_enabled"),
            rbac_authorization_enabled=view.flag("rbac_authorization_enabled"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(
                network_acls_default_action=acls.origin("default_action")
                if acls.exists
                else view.origin()
            ),
        )


def storage_accounts(reader: Reader) -> Iterator[StorageAccount]:
    """Yield the storage accounts."""
    for view in reader.views(STORAGE):
        rules = view.block("network_rules")
        yield StorageAccount(
            name=reader.names.of(view.resource),
            public_network_access_enabled=view.flag("public_network_access_enabled"),
            network_rules_default_action=rules.text("default_action"),
            account_replication_type=view.text("account_replication_type"),
            shared_access_key_enabled=view.flag("shared_access_key_enabled"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(
                network_rules_default_action=rules.origin("default_action")
                if rules.exists
                else view.origin()
            ),
        )


def _access(view: View, what: str) -> str:
    """Return who may come over the internet; before azurerm 5 it was a switch."""
    old = view.raw(f"internet_{what}_enabled")
    return "Disabled" if old is False else view.text(f"internet_{what}_access_type")


def workspaces(reader: Reader) -> Iterator[LogAnalyticsWorkspace]:
    """Yield the Log Analytics workspaces."""
    for view in reader.views(WORKSPACE):
        yield LogAnalyticsWorkspace(
            name=reader.names.of(view.resource),
            retention_in_days=view.number("retention_in_days") or 30,
            internet_ingestion_access_type=_access(view, "ingestion"),
            internet_query_access_type=_access(view, "query"),
            resource_group_name=view.text("resource_group_name"),
            origin=view.whole(),
        )
