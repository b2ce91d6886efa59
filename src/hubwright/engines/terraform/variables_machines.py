"""Variables of `terraform/variables.machines.tf`."""

from typing import Any

from hubwright.engines.terraform.values import keyed, plain
from hubwright.model.estate import Estate
from hubwright.model.platform import LinuxVirtualMachine, ManagedDevopsPool

_NAME = frozenset({"name"})
_COMPUTER_NAME = 15
_DEV_CENTER = 26
_PROJECT = 63
"""Longest names that Windows, dev centers and their projects take."""


def variables(estate: Estate) -> dict[str, Any]:
    """Return the jump box and the agents of every kind."""
    return {
        "virtual_machines": keyed(
            "machines", estate.virtual_machines, lambda item: item.name, _machine
        ),
        "virtual_machine_scale_sets": keyed(
            "scale sets",
            estate.virtual_machine_scale_sets,
            lambda item: item.name,
            lambda item: plain(item, without=_NAME),
        ),
        "managed_devops_pools": keyed(
            "Managed DevOps Pools", estate.managed_devops_pools, lambda item: item.name, _pool
        ),
    }


def _machine(machine: LinuxVirtualMachine) -> dict[str, Any]:
    short = machine.name.replace("_", "-")[:_COMPUTER_NAME].strip("-")
    windows = machine.os_type == "Windows"
    return {**plain(machine, without=_NAME), "computer_name": short if windows else None}


def _pool(pool: ManagedDevopsPool) -> dict[str, Any]:
    return {
        **plain(pool, without=_NAME),
        "dev_center_name": f"dc-{pool.name}".replace(".", "-")[:_DEV_CENTER],
        "dev_center_project_name": f"dcp-{pool.name}"[:_PROJECT],
    }
