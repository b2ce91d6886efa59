"""An observation agrees only with what the evaluator allows."""

from dataclasses import replace

import pytest

from hubwright.engines.twin.artefacts import Node, Probe
from hubwright.engines.twin.observation import Observation
from hubwright.engines.twin.probing import compare, question
from hubwright.errors import UnknownResource
from hubwright.model.address import parse_address
from hubwright.model.estate import Estate
from hubwright.model.flow import Disposition, Flow, Stage, Symptom, Trace
from hubwright.model.network import NetworkInterface, NicKind

FLOW = Flow(source="jumpbox", destination="www.contoso.com")
PROBE = Probe(name="p", flow=FLOW, expect_exit_code=50)
ANSWERED = Trace(
    flow=FLOW,
    disposition=Disposition.EXITS_NETWORK,
    symptom=Symptom.ANSWER,
    decided_by=Stage.APPLICATION_RULE,
    servers=("internet",),
    source_seen=(parse_address("203.0.113.1"),),
)
DROPPED = replace(
    ANSWERED,
    disposition=Disposition.DENIED_OUT,
    symptom=Symptom.TIMEOUT,
    servers=(),
    source_seen=(),
)
SEEN = Observation(symptom=Symptom.ANSWER, server="internet", source_seen="203.0.113.1")
LOST = Observation(symptom=Symptom.TIMEOUT, drop="fabric: nsg a/b")


def test_the_same_symptom_server_and_source_agree() -> None:
    result = compare(PROBE, ANSWERED, [SEEN])
    assert (result.agrees, result.predicted, result.observed) == (True, "answer", "answer")
    assert result.exit_code == 0


@pytest.mark.parametrize(
    "seen",
    [LOST, replace(SEEN, server="somebody"), replace(SEEN, source_seen="10.1.0.4")],
)
def test_another_symptom_server_or_source_disagrees(seen: Observation) -> None:
    result = compare(PROBE, ANSWERED, [SEEN, seen])
    assert result.agrees is False
    assert "predicted internet seeing 203.0.113.1" in result.detail


def test_every_attempt_must_be_one_of_the_branches() -> None:
    branching = replace(DROPPED, branches=(ANSWERED,))
    assert compare(PROBE, branching, [SEEN, LOST]).agrees is True
    assert compare(PROBE, branching, [SEEN, replace(SEEN, server="x")]).agrees is False


def test_a_failed_bootstrap_check_has_its_exit_code() -> None:
    result = compare(PROBE, DROPPED, [LOST])
    assert (result.agrees, result.exit_code) == (True, 50)
    assert "dropped at fabric: nsg a/b" in result.detail


def test_what_nobody_can_predict_is_not_compared() -> None:
    unknown = replace(DROPPED, symptom=Symptom.UNKNOWN, unknowns=("web category News",))
    result = compare(PROBE, unknown, [SEEN])
    assert result.agrees is None
    assert "web category News" in result.detail


NODES = (
    Node(
        name="vm-jumpbox",
        namespace="n1",
        kind="virtual machine",
        address="10.1.0.4",
        subnet="spoke/VmSubnet",
        nameserver="10.0.0.4",
    ),
    Node(
        name="internet",
        namespace="n0",
        kind="internet",
        address="198.51.100.10",
        subnet="",
        nameserver="198.51.100.53",
    ),
)
ESTATE = Estate(
    name="e",
    location="westeurope",
    network_interfaces=(
        NetworkInterface(
            name="vm-jumpbox",
            kind=NicKind.VM,
            subnet="spoke/VmSubnet",
            private_ip_address=parse_address("10.1.0.4"),
            owner="jumpbox",
        ),
    ),
)


def test_a_question_starts_at_the_interface_of_what_was_named() -> None:
    asked = question(NODES, ESTATE, FLOW)
    assert (asked.node, asked.address) == ("vm-jumpbox", "10.1.0.4")
    assert (asked.name, asked.target) == ("www.contoso.com", None)


def test_any_internet_address_asks_from_the_internet() -> None:
    asked = question(NODES, ESTATE, Flow(source="198.51.100.77", destination="jumpbox"))
    assert (asked.node, asked.address, asked.target) == ("internet", "198.51.100.77", "10.1.0.4")


def test_a_place_that_the_twin_lacks_is_said() -> None:
    with pytest.raises(UnknownResource, match="no machine of the twin"):
        question(NODES[1:], ESTATE, FLOW)
