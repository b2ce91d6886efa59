"""Every example design, run for real: its probes do what was predicted."""

from pathlib import Path

import pytest

from hubwright.engines.twin import requirements
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.plan import plan
from hubwright.engines.twin.probes import probes
from hubwright.engines.twin.probing import run_probes
from hubwright.engines.twin.variants import run_without_return_routes
from hubwright.model.flow import Symptom
from hubwright.sources.design import load_design

DESIGNS = sorted((Path(__file__).parents[2] / "estates").glob("*/estate.yaml"))

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(bool(requirements.missing()), reason="; ".join(requirements.missing())),
]


@pytest.mark.parametrize("design", DESIGNS, ids=lambda path: path.parent.name)
def test_every_probe_of_an_example_agrees(design):
    estate, problems = load_design(design)
    assert problems == []
    assert estate is not None
    asked = probes(estate)

    twin = Twin.up(plan(estate), estate)
    try:
        results = run_probes(twin, estate, asked)
    finally:
        twin.down()

    assert len(results) == len(asked) > 0
    assert [result for result in results if result.agrees is False] == []
    open_ones = [result for result in results if result.agrees is None]
    assert all("hangs on service tag" in result.detail for result in open_ones)
    assert len(open_ones) <= len(results) // 4


def test_a_public_workload_dies_without_the_route_back():
    reference = next(path for path in DESIGNS if path.parent.name == "reference")
    estate, _ = load_design(reference)
    assert estate is not None

    results = run_without_return_routes(estate)

    assert [(result.observed, result.agrees) for result in results] == [
        (Symptom.TIMEOUT.value, True)
    ]
