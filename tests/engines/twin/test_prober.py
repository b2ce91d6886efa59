"""A client in the twin sees what a client of Azure sees, and drops are known at once."""

from collections.abc import Iterator

import pytest

from engines.twin import tiny
from hubwright.engines.twin import driver
from hubwright.engines.twin.driver import Twin
from hubwright.engines.twin.nflog import DROPS_GROUP, RULES_GROUP, Event
from hubwright.engines.twin.observation import Observation, Question
from hubwright.engines.twin.prober import PATIENCE, is_drop
from hubwright.model.flow import Application, Symptom

pytestmark = [tiny.netns, tiny.needs_namespaces]

HTTP, HTTPS = Application.HTTP, Application.HTTPS
CLIENT = Question(node="client", address="10.0.0.2")


@pytest.fixture(scope="module")
def twin() -> Iterator[Twin]:
    plan = tiny.plan("prober")
    running = Twin.up(plan, tiny.estate(plan.estate))
    yield running
    driver.down(running.plan.estate)


def ask(twin: Twin, **asked: object) -> Observation:
    question = Question.from_json({**CLIENT.to_json(), **asked})
    return twin.observe([question])[0][0]


def test_an_http_server_says_who_it_is_and_whom_it_saw(twin: Twin) -> None:
    seen = ask(twin, target="10.0.1.2", port=80, application=HTTP)
    assert (seen.symptom, seen.server) == (Symptom.ANSWER, "internet")
    assert seen.source_seen == "10.0.0.2"


@pytest.mark.parametrize("server_name", ["www.contoso.com", None])
def test_tls_is_answered_with_and_without_a_server_name(
    twin: Twin, server_name: str | None
) -> None:
    seen = ask(twin, name="www.contoso.com", port=443, application=HTTPS, server_name=server_name)
    assert seen.symptom is Symptom.ANSWER
    assert seen.resolved is not None
    assert seen.resolved.startswith("198.1")


def test_a_name_whose_public_access_is_off_is_forbidden(twin: Twin) -> None:
    name = "vault.contoso.com"
    seen = ask(twin, name=name, port=443, application=HTTPS, server_name=name)
    assert seen.symptom is Symptom.FORBIDDEN


def test_a_name_that_does_not_exist_is_told_as_such(twin: Twin) -> None:
    seen = ask(twin, name="nothing.invalid", port=443, application=HTTPS)
    assert seen.symptom is Symptom.NXDOMAIN


@pytest.mark.parametrize("protocol", ["TCP", "UDP"])
def test_echo_answers_from_the_address_that_was_asked(twin: Twin, protocol: str) -> None:
    seen = ask(twin, target="198.18.0.7", port=7000, protocol=protocol)
    assert (seen.symptom, seen.server) == (Symptom.ANSWER, "echo")
    assert seen.source_seen == "10.0.0.2"


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"port": 81, "application": HTTP}, "router: nsg nsg-client/deny-81"),
        ({"port": 81, "protocol": "UDP"}, "router: nsg nsg-client/deny-81"),
        ({"port": 83, "application": HTTP}, "router: fw:net:Deny:4"),
        ({"target": "10.0.1.99", "protocol": "ICMP"}, "router: nsg nsg-client/no-ping"),
    ],
)
def test_a_logged_drop_is_known_at_once(twin: Twin, asked: dict[str, object], reason: str) -> None:
    seen = ask(twin, **{"target": "10.0.1.2", **asked})
    assert (seen.symptom, seen.drop) == (Symptom.TIMEOUT, reason)
    assert seen.seconds < PATIENCE / 4


def test_a_drop_that_nobody_logs_is_waited_for(twin: Twin) -> None:
    seen = ask(twin, target="10.0.1.2", port=82, application=HTTP)
    assert (seen.symptom, seen.drop) == (Symptom.TIMEOUT, None)
    assert seen.seconds >= PATIENCE


def test_many_silent_drops_are_waited_for_together(twin: Twin) -> None:
    silent = Question(node="client", address="10.0.0.2", target="10.0.1.2", port=82)
    seen = [several[0] for several in twin.observe([silent] * 30)]
    assert {one.symptom for one in seen} == {Symptom.TIMEOUT}
    assert max(one.seconds for one in seen) < 2 * PATIENCE


def test_icmp_is_answered(twin: Twin) -> None:
    assert ask(twin, target="10.0.1.2", protocol="ICMP").symptom is Symptom.ANSWER


def test_a_port_where_nobody_listens_is_neither_answer_nor_drop(twin: Twin) -> None:
    seen = ask(twin, target="10.0.1.2", port=9)
    assert (seen.symptom, seen.detail) == (Symptom.UNKNOWN, "connection refused")


def test_every_attempt_is_reported(twin: Twin) -> None:
    question = Question(node="client", address="10.0.0.2", target="10.0.1.2", port=7000)
    assert len(twin.observe([question], attempts=3)[0]) == 3


def test_drops_are_listed_with_where_they_happened(twin: Twin) -> None:
    ask(twin, target="10.0.1.2", port=81, application=HTTP)
    last = twin.drops()[-1]
    assert (last["namespace"], last["in"], last["destination_port"]) == ("router", "r0", 81)
    assert last["reason"] == "nsg nsg-client/deny-81"


def test_rule_decisions_become_rows_with_the_rule_that_decided(twin: Twin) -> None:
    ask(twin, target="10.0.1.2", port=80, application=HTTP)
    ask(twin, target="10.0.1.2", port=84, application=HTTP)
    rows = [row for row in twin.logs() if row["Type"] == "AZFWNetworkRule"]
    allowed, denied = rows[-2:]
    assert (allowed["Action"], allowed["Rule"]) == ("Allow", "allow-web")
    assert (denied["Action"], denied["ActionReason"]) == ("Deny", "Default Action")


def test_queries_of_the_proxy_become_rows(twin: Twin) -> None:
    ask(twin, name="www.fabrikam.com", port=80, application=HTTP)
    names = [row["QueryName"] for row in twin.logs() if row["Type"] == "AZFWDnsQuery"]
    assert "www.fabrikam.com." in names


def test_an_allowed_packet_is_no_drop() -> None:
    allowed = Event(time=0, namespace="fw", group=RULES_GROUP, prefix="fw:net:Allow:3")
    denied = Event(time=0, namespace="fw", group=RULES_GROUP, prefix="fw:ti:Deny:0")
    dropped = Event(time=0, namespace="fw", group=DROPS_GROUP, prefix="drop:nsg x")
    assert [is_drop(event) for event in (allowed, denied, dropped)] == [False, True, True]
