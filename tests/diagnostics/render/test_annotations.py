"""GitHub's and Azure's commands, whose values must not break out of them."""

from dataclasses import replace

from findings import name_finding, planned_finding, route_finding
from hubwright.diagnostics.diagnostic import Label
from hubwright.diagnostics.render import render
from hubwright.model.origin import Origin, Span


def nasty(message: str, source: str = "estate.yaml"):
    place = Origin(source=source, span=Span(3, 5, 3, 9))
    return replace(name_finding(), message=message, labels=(Label(place, primary=True),))


def test_github_shows_a_finding_at_its_columns():
    assert render("github", [route_finding()], {}) == (
        "::error title=ROUTE001,file=estate.yaml,line=13,endLine=13,col=24,endColumn=32::"
        "egress from `AksSubnet` reaches the internet without crossing the firewall"
        "%0Ahelp: set `next_hop_type: VirtualAppliance`\n"
    )


def test_github_values_cannot_break_out():
    text = render("github", [nasty("100%\r\n::error::x", "a,b:c.yaml")], {})

    assert text == (
        "::warning title=DESIGN010,file=a%2Cb%3Ac.yaml,line=3,endLine=3,col=5,endColumn=9::"
        "100%25%0D%0A::error::x\n"
    )


def test_github_takes_no_columns_across_lines():
    finding = nasty("x")
    span = Span(3, 5, 4, 1)
    finding = replace(finding, labels=(Label(Origin(source="f", span=span), primary=True),))

    assert "col" not in render("github", [finding], {})


def test_azure_shows_a_finding_at_its_place():
    assert render("azure", [route_finding()], {}) == (
        "##vso[task.logissue type=error;sourcepath=estate.yaml;linenumber=13;columnnumber=24;"
        "code=ROUTE001;]egress from `AksSubnet` reaches the internet without crossing the firewall"
        " (help: set `next_hop_type: VirtualAppliance`)\n"
    )


def test_azure_values_cannot_break_out():
    text = render("azure", [nasty("50% ;] \r\n##vso[x]", "a;b].yaml")], {})

    assert text == (
        "##vso[task.logissue type=warning;sourcepath=a%3Bb%5D.yaml;linenumber=3;columnnumber=5;"
        "code=DESIGN010;]50%AZP25 %3B%5D %0D%0A##vso[x%5D\n"
    )


def test_a_value_without_a_line_is_named_in_the_message():
    for form in ("github", "azure"):
        text = render(form, [planned_finding()], {})

        assert "azurerm_firewall_policy.hub: the policy" in text
        assert text.count("\n") == 1
