import json

from findings import SOURCES, ignored, planned_finding, report, route_finding
from hubwright.diagnostics.render import render, render_report
from hubwright.diagnostics.render.json import statistics
from hubwright.surfaces.report import trace_json


def test_a_finding_has_the_keys_of_the_contract():
    document = json.loads(render("json", [route_finding()], SOURCES))
    (finding,) = document["diagnostics"]

    assert document["format_version"] == "1.0"
    assert document["summary"] == {"error": 1, "warning": 0, "info": 0}
    assert {
        key: finding[key] for key in ("code", "file", "line", "column", "end_line", "end_column")
    } == {
        "code": "ROUTE001",
        "file": "estate.yaml",
        "line": 13,
        "column": 24,
        "end_line": 13,
        "end_column": 32,
    }
    assert finding["edits"][0]["replacement"] == "VirtualAppliance"
    assert [label["primary"] for label in finding["labels"]] == [True, False]


def test_the_trace_is_the_one_that_trace_prints():
    finding = route_finding()
    document = json.loads(render("json", [finding], SOURCES))

    assert finding.trace is not None
    alone = json.loads(trace_json.render(finding.trace))
    assert document["diagnostics"][0]["trace"] == alone["trace"]
    assert alone["trace"]["disposition"] == "DENIED_IN"
    assert alone["trace"]["blocker"]["node"] == "afw"


def test_a_value_without_a_line_has_its_path():
    document = json.loads(render("json", [planned_finding()], {}))
    (finding,) = document["diagnostics"]

    assert (finding["line"], finding["path"]) == (None, "azurerm_firewall_policy.hub")


def test_ignored_findings_come_apart_with_their_reason():
    document = json.loads(render_report("json", report(ignored=(ignored(),))))

    assert [item["reason"] for item in document["ignored"]] == ["ticket-7, agreed; by <all>"]
    assert len(document["diagnostics"]) == 3


def test_statistics_are_an_object_too():
    document = json.loads(statistics(report()))

    assert {"code": "ROUTE001", "severity": "error", "count": 1} in document["statistics"]
