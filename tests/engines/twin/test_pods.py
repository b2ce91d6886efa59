"""Pods of the twin run the workload's application, not a server of the twin's own."""

import asyncio
import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from engines.twin import tiny
from hubwright.engines.twin import pods
from hubwright.engines.twin.artefacts import ServerKind
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.plan import plan
from hubwright.model.address import format_address
from hubwright.semantics.assigned import address_of
from hubwright.sources.design import load_design

ESTATES = Path(__file__).parents[3] / "estates"


def test_the_application_is_the_one_that_the_image_holds() -> None:
    async def connected() -> asyncio.Protocol:
        return pods.connection("pod-a")

    connection = asyncio.run(connected())
    assert type(connection).__module__ == "_hubwright_webapp.connection"


@pytest.mark.parametrize(
    "design", sorted(ESTATES.glob("*/estate.yaml")), ids=lambda p: p.parent.name
)
def test_whatever_a_service_leads_to_runs_the_workload(design: Path) -> None:
    estate, _ = load_design(design)
    assert estate is not None
    found = plan(estate)
    running = {s.name for s in found.servers if s.kind is ServerKind.WORKLOAD}
    pod_names = {nic.name for nic in estate.network_interfaces if nic.kind.value == "pod"}
    reached = {s.namespace for s in found.servers if s.kind is ServerKind.WORKLOAD}
    placed = {node.namespace for node in found.nodes if node.name in pod_names}
    assert running
    assert placed <= reached


@pytest.fixture
def twin() -> Iterator[Twin]:
    estate, _ = load_design(ESTATES / "reference/estate.yaml")
    assert estate is not None
    found = Twin.up(plan(estate), estate)
    yield found
    found.down()


@tiny.netns
@tiny.needs_namespaces
def test_a_client_meets_the_application_behind_the_load_balancer(twin: Twin) -> None:
    estate, _ = load_design(ESTATES / "reference/estate.yaml")
    assert estate is not None
    service = next(s for s in estate.kubernetes_services if s.load_balancer == "internal")
    address = address_of(estate, service.frontend)
    assert address is not None
    get = (
        "import sys, urllib.request as r; ask = r.Request(sys.argv[1], headers={'Cookie': 'a=b'});"
        "print(r.urlopen(ask, timeout=5).read().decode())"
    )
    url = f"http://{format_address(address)}:{service.port}/shop"
    command = twin.joined("vm-jumpbox", ["python3", "-c", get, url])
    seen = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    told = json.loads(seen.stdout)
    assert told["server"].startswith("pod-user-")
    assert (told["version"], told["path"], told["secret"]) == ("twin", "/shop", "absent")
    assert told["headers"]["cookie"] == "(hidden)"
