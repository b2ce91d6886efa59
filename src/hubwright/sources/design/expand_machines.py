"""Machines: the jump box, and self-hosted agents of every kind."""

from collections.abc import Iterator

from hubwright.lazy_dataclass import dataclass
from hubwright.model.address import parse_address
from hubwright.model.platform import (
    LinuxVirtualMachine,
    LinuxVirtualMachineScaleSet,
    ManagedDevopsPool,
)
from hubwright.sources.design.draft import Draft, Plot
from hubwright.sources.design.expand_homes import is_usable, service_subnet
from hubwright.sources.design.expand_platform import storage_name
from hubwright.sources.design.schema_machines import AgentPool, AgentScaleSet, Machine
from hubwright.sources.design.spans import Path

_WINDOWS_NAME = 15
"""Characters of a Windows computer's name at most.
Source: learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules (2026)."""
Section = Machine | AgentScaleSet | AgentPool


@dataclass(frozen=True, slots=True)
class Seat:
    """A machine, scale set or pool of the design, with its name and subnet."""

    section: Section
    name: str
    path: Path
    plot: Plot

    @property
    def is_agent(self) -> bool:
        """Whether Azure DevOps runs jobs on it."""
        return self.path[0] == "agents"

    @property
    def prefixes(self) -> tuple[str, ...]:
        """Prefixes of its subnet."""
        return tuple(map(str, self.plot.prefixes))


def find_seats(draft: Draft) -> tuple[Seat, ...]:
    """Return the jump box and the agents, in the design's order."""
    design = draft.design
    rows: list[tuple[Section, str, Path]] = []
    if design.jumpbox is not None:
        rows.append((design.jumpbox, "vm-jumpbox", ("jumpbox",)))
    for n, agent in enumerate(design.agents):
        rows.append((agent, _default_name(draft, agent, n + 1), ("agents", n)))
    found: list[Seat] = []
    for section, default, path in rows:
        plot = service_subnet(draft, section.subnet, path)
        if plot is not None:
            found.append(Seat(section, section.name or default, path, plot))
    return tuple(found)


def _default_name(draft: Draft, agent: Section, number: int) -> str:
    match agent:
        case AgentScaleSet():
            return f"vmss-agents-{number}"
        case AgentPool():
            return f"mdp-{draft.design.name}-{number}"
        case Machine():
            return f"vm-agent-{number}"


_MACHINE_KEYS = {
    "os_type": "os",
    "entra_login_enabled": "entra_login",
    "azure_monitor_agent_enabled": "azure_monitor_agent",
    "boot_diagnostics_storage_account": "boot_diagnostics",
}


def machines(draft: Draft, seats: tuple[Seat, ...]) -> Iterator[LinuxVirtualMachine]:
    """Yield the single machines."""
    for seat in seats:
        machine = seat.section
        if not isinstance(machine, Machine):
            continue
        if machine.os == "Windows" and len(seat.name) > _WINDOWS_NAME:
            message = f"`{seat.name}` is too long for a Windows machine"
            help_ = f"use {_WINDOWS_NAME} characters at most"
            draft.report("DESIGN006", message, (*seat.path, "name"), help_)
        fixed = machine.private_ip_address
        if fixed is not None and not is_usable(seat.plot, parse_address(fixed)):
            message = f"{fixed} is not a free address of `{seat.plot.name}`"
            draft.report("DESIGN009", message, (*seat.path, "private_ip_address"))
            fixed = None
        yield LinuxVirtualMachine(
            name=seat.name,
            subnet=seat.plot.id,
            purpose="agent" if seat.is_agent else "jumpbox",
            os_type=machine.os,
            size=machine.size,
            private_ip_address=fixed,
            public_ip=machine_public_ip(machine, seat.name),
            entra_login_enabled=has_entra_login(seat),
            azure_monitor_agent_enabled=has_monitor_agent(draft, seat),
            boot_diagnostics_storage_account=_boot_diagnostics(draft, machine, seat.path),
            origin=draft.places.resource(seat.path, _MACHINE_KEYS),
        )


def has_entra_login(seat: Seat) -> bool:
    """Tell whether people sign in on a machine with Entra: on the jump box, unless it says no."""
    asked = seat.section.entra_login if isinstance(seat.section, Machine) else False
    return not seat.is_agent if asked is None else asked


def has_monitor_agent(draft: Draft, seat: Seat) -> bool:
    """Tell whether a machine runs the Azure Monitor agent, which needs a workspace."""
    if not isinstance(seat.section, Machine):
        return False
    asked, workspace = seat.section.azure_monitor_agent, draft.design.log_analytics
    if asked and workspace is None:
        message = "the Azure Monitor agent has no workspace to send to"
        path: Path = (*seat.path, "azure_monitor_agent")
        draft.report("DESIGN007", message, path, "write `log_analytics: {}`")
    return workspace is not None if asked is None else asked


def _boot_diagnostics(draft: Draft, machine: Machine, path: Path) -> str | None:
    """Return the account for boot diagnostics; None leaves them to the platform."""
    account = storage_name(draft)
    if machine.boot_diagnostics and account is None:
        message = "there is no storage account for boot diagnostics"
        draft.report("DESIGN007", message, (*path, "boot_diagnostics"), "write `storage: {}`")
    return None if machine.boot_diagnostics is False else account


def machine_public_ip(machine: Machine, name: str) -> str | None:
    """Return the name of a machine's public IP."""
    if isinstance(machine.public_ip, str):
        return machine.public_ip
    return f"pip-{name}" if machine.public_ip else None


def scale_sets(draft: Draft, seats: tuple[Seat, ...]) -> Iterator[LinuxVirtualMachineScaleSet]:
    """Yield the scale sets of agents."""
    for seat in seats:
        section = seat.section
        if isinstance(section, AgentScaleSet):
            yield LinuxVirtualMachineScaleSet(
                name=seat.name,
                subnet=seat.plot.id,
                sku=section.size,
                instances=section.instances,
                zones=tuple(map(str, section.zones)),
                origin=draft.places.resource(seat.path, {"sku": "size"}),
            )


def managed_pools(draft: Draft, seats: tuple[Seat, ...]) -> Iterator[ManagedDevopsPool]:
    """Yield the Managed DevOps Pools."""
    for seat in seats:
        section = seat.section
        if isinstance(section, AgentPool):
            yield ManagedDevopsPool(
                name=seat.name,
                subnet=seat.plot.id,
                organization_url=section.organization_url,
                projects=tuple(section.projects),
                maximum_concurrency=section.maximum_concurrency,
                sku_name=section.size,
                image=section.image,
                origin=draft.places.resource(seat.path, {"sku_name": "size"}),
            )
