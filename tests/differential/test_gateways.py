"""Application gateways, beside the firewall and behind it: packets do what was predicted."""

import pytest

from designs import read, write
from hubwright.engines.twin import requirements
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.plan import plan
from hubwright.engines.twin.probes import probes
from hubwright.engines.twin.probing import run_probes
from hubwright.model.flow import Symptom

pytestmark = [
    pytest.mark.netns,
    pytest.mark.skipif(bool(requirements.missing()), reason="; ".join(requirements.missing())),
]


@pytest.mark.parametrize(
    ("behind", "expected"),
    [
        ("false", {"pip-agw-base": Symptom.ANSWER}),
        ("true", {"pip-afw-agw-base": Symptom.ANSWER, "pip-agw-base": Symptom.TIMEOUT}),
    ],
)
def test_a_gateway_is_reached_where_it_should_be_and_nowhere_else(
    behind: str, expected: dict[str, Symptom]
):
    estate = read(write(f"application_gateway: {{behind_firewall: {behind}}}\n"))
    asked = tuple(probe for probe in probes(estate) if probe.name.startswith("gateway:"))

    twin = Twin.up(plan(estate), estate)
    try:
        results = run_probes(twin, estate, asked)
    finally:
        twin.down()

    assert all(result.agrees for result in results)
    seen = {
        probe.flow.destination: result.observed
        for probe, result in zip(asked, results, strict=False)
    }
    assert seen == {name: symptom.value for name, symptom in expected.items()}
