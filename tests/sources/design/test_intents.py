import pytest

from hubwright.model.intent import Intent
from hubwright.sources.design import REFERENCE, full, read_design

TEXT = (
    REFERENCE
    + """
intents:
  - {allow: mcr.microsoft.com, from: AksSubnet}
  - {name: quiet pods, deny: internet, from: [pods, aks/VmSubnet], ports: [25, 1000-2000]}
  - {must-cross: internet, from: aks, firewall: afw-hub}
  - {must-not-cross: contoso-vault, from: aks}
  - {symmetric: internet, from: 10.1.0.0/20}
  - {resolves: contoso-vault.vault.azure.net, from: hub}
"""
)


def test_intents_are_read_in_the_names_of_the_estate():
    estate, problems = read_design("estate.yaml", TEXT)

    assert problems == []
    assert estate is not None
    first, second, third, *_ = estate.intents
    assert first == Intent(
        claim="allow",
        to=("mcr.microsoft.com",),
        sources=("vnet-aks/AksSubnet",),
        protocol="TCP",
        title="allow AksSubnet to mcr.microsoft.com",
    )
    assert second.name == "quiet pods"
    assert second.sources == ("pods", "vnet-aks/VmSubnet")
    assert second.ports == ("25", "1000-2000")
    assert third.sources == ("vnet-aks",)
    assert third.firewall == "afw-hub"
    assert [item.claim for item in estate.intents[3:]] == [
        "must-not-cross",
        "symmetric",
        "resolves",
    ]


def test_an_intent_knows_its_line():
    estate, _ = read_design("estate.yaml", TEXT)

    assert estate is not None
    lines = TEXT.split("\n")
    for item in estate.intents:
        assert item.origin.span is not None
        assert item.claim in lines[item.origin.span.line - 1]


def test_the_full_design_keeps_intents():
    estate, _ = read_design("estate.yaml", TEXT)
    again, problems = read_design("full.yaml", full(TEXT))

    assert problems == []
    assert estate is not None
    assert again is not None
    assert again.intents == estate.intents


def test_intents_are_no_part_of_the_estate_that_is_deployed():
    with_intents, _ = read_design("estate.yaml", TEXT)
    without, _ = read_design("estate.yaml", REFERENCE)

    assert with_intents == without
    assert with_intents is not None
    assert not any(isinstance(item, Intent) for item in with_intents.resources())


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("{allow: mcr.microsoft.com, from: AksSubnett}", "DESIGN008", "there is no place"),
        ("{allow: nowhere, from: AksSubnet}", "DESIGN008", "there is no place `nowhere`"),
        ("{must-cross: internet, from: aks, firewall: x}", "DESIGN008", "there is no firewall"),
        ("{from: aks}", "DESIGN006", "claims exactly one thing"),
        ("{allow: a.com, deny: a.com, from: aks}", "DESIGN006", "claims exactly one thing"),
        ("{allow: a.com, from: aks, ports: 70000}", "DESIGN006", "70000"),
        ("{permit: a.com, from: aks}", "DESIGN006", "claims exactly one thing"),
        ("{allow: a.com}", "DESIGN007", "the key `from` is missing"),
    ],
)
def test_an_intent_that_says_nothing_sensible_is_refused_at_its_line(line, code, words):
    estate, problems = read_design("estate.yaml", REFERENCE + f"\nintents:\n  - {line}\n")

    assert estate is None
    assert any(code == item.code and words in item.message for item in problems), problems
    assert all(item.primary.origin.span is not None for item in problems)
