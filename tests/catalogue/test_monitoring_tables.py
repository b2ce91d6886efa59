import dataclasses

import pytest

from hubwright.catalogue.alerts import ALERTS, THROUGHPUT_BITS, throughput
from hubwright.catalogue.diagnostics import DIAGNOSTICS
from hubwright.catalogue.ingress import INGRESSES, summary
from hubwright.catalogue.skus import TIERS
from hubwright.catalogue.zones import monitor_domains
from hubwright.model.estate import Estate


@pytest.mark.parametrize("kind", DIAGNOSTICS)
def test_categories_are_sorted_and_each_type_sends_something(kind: str):
    sends = DIAGNOSTICS[kind]

    assert list(sends.logs) == sorted(set(sends.logs))
    assert sends.logs or sends.metrics
    assert sends.logs or not sends.dedicated


def test_the_firewall_logs_in_its_own_tables_only():
    assert all(name.startswith("AZFW") for name in DIAGNOSTICS["firewall"].logs)


def test_every_alert_is_on_a_type_that_the_estate_has_and_says_why():
    fields = {field.name.removesuffix("s") for field in dataclasses.fields(Estate)}

    for alert in (*ALERTS, throughput("Premium")):
        assert alert.target in fields
        assert alert.why
        assert 0 <= alert.severity <= 4


def test_alerts_on_one_type_have_names_of_their_own():
    names = [(alert.target, alert.name) for alert in (*ALERTS, throughput("Basic"))]

    assert len(names) == len(set(names))


def test_throughput_is_known_of_every_tier():
    assert tuple(THROUGHPUT_BITS) == TIERS
    assert throughput("Basic").threshold < throughput("Standard").threshold


def test_ingress_controllers_say_how_long_they_last():
    text = summary()

    assert {item.state for item in INGRESSES} == {"supported", "legacy"}
    assert all(item.name in text and item.note in text for item in INGRESSES)


@pytest.mark.parametrize(
    ("cloud", "domain"),
    [
        ("public", "monitor.azure.com"),
        ("china", "monitor.azure.cn"),
        ("usgovernment", "monitor.azure.us"),
    ],
)
def test_azure_monitor_has_domains_in_every_cloud(cloud: str, domain: str):
    found = [name for name, _ in monitor_domains(cloud)]

    assert found[0] == domain
    assert len(found) == 5
