"""Which agents run the jobs that need a path into the estate."""

from enum import StrEnum

from hubwright.lazy_dataclass import dataclass
from hubwright.model.estate import Estate


class AgentKind(StrEnum):
    """How Azure DevOps gets its agents."""

    MANAGED_POOL = "Managed DevOps Pool"
    SCALE_SET = "scale set"
    MACHINE = "machine"


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """Agents of one kind, in one subnet."""

    kind: AgentKind
    name: str
    """Name of the pool, scale set or machine."""
    interface: str
    """Network interface that stands for its agents."""


def agent(estate: Estate) -> Agent | None:
    """
    Return the agents that the pipelines use, or None where the design has none.

    A Managed DevOps Pool comes first, then a scale set, then a machine: the more of its care
    somebody else takes, the better.
    """
    rows = (
        *((AgentKind.MANAGED_POOL, m.name, f"{m.name}-0") for m in estate.managed_devops_pools),
        *((AgentKind.SCALE_SET, s.name, f"{s.name}-0") for s in estate.virtual_machine_scale_sets),
        *(
            (AgentKind.MACHINE, machine.name, machine.name)
            for machine in estate.virtual_machines
            if machine.purpose == "agent"
        ),
    )
    for kind, name, interface in rows:
        return Agent(kind=kind, name=name, interface=interface)
    return None
