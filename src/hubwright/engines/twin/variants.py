"""The same design with one thing taken away, run for a moment to show what that one thing does."""

from dataclasses import replace

from hubwright.engines.twin.artefacts import Probe
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.plan import plan
from hubwright.engines.twin.probes import asymmetric_probes, without_firewall_routes
from hubwright.engines.twin.probing import ProbeResult, run_probes
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import DEFAULTS, Assumptions


def without_return_routes(estate: Estate) -> tuple[Estate, tuple[Probe, ...]] | None:
    """
    Return the estate without its `/32 -> Internet` routes, and the flows that die of it.

    Returns:
        None where the estate has no such route, or no public load balancer to need it.
    """
    changed = without_firewall_routes(estate)
    probes = asymmetric_probes(estate)
    if changed is None or not probes:
        return None
    return replace(changed, name=f"{estate.name}-without-return-route"), probes


def run_without_return_routes(
    estate: Estate, assumptions: Assumptions = DEFAULTS
) -> list[ProbeResult]:
    """
    Run that variant beside the estate's own twin, probe it, and take it down.

    Returns:
        Its probes, predicted and observed on the variant; empty where there is none.
    """
    variant = without_return_routes(estate)
    if variant is None:
        return []
    changed, probes = variant
    twin = Twin.up(plan(changed, assumptions), changed, assumptions)
    try:
        return run_probes(twin, changed, probes, assumptions)
    finally:
        twin.down()
