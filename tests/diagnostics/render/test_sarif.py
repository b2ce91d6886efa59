import json
from dataclasses import replace

import jsonschema

from findings import SOURCES, TEXT, at, ignored, report, route_finding
from hubwright.diagnostics.diagnostic import Diagnostic, Label
from hubwright.diagnostics.render import render, render_report

# The parts of the SARIF 2.1.0 schema that consumers reject a file for.
MESSAGE = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
REGION = {
    "type": "object",
    "properties": {
        name: {"type": "integer", "minimum": 1}
        for name in ("startLine", "startColumn", "endLine", "endColumn")
    },
    "additionalProperties": False,
}
ARTIFACT = {
    "type": "object",
    "required": ["uri"],
    "properties": {"uri": {"type": "string", "pattern": "^[^ \\\\]+$"}},
}
LOCATION = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "minimum": -1},
        "physicalLocation": {
            "type": "object",
            "required": ["artifactLocation"],
            "properties": {"artifactLocation": ARTIFACT, "region": REGION},
            "additionalProperties": False,
        },
        "logicalLocations": {"type": "array"},
        "message": MESSAGE,
    },
    "additionalProperties": False,
}
FLOW_LOCATION = {
    "type": "object",
    "properties": {
        "location": LOCATION,
        "importance": {"enum": ["important", "essential", "unimportant"]},
    },
    "additionalProperties": False,
}
CODE_FLOW = {
    "type": "object",
    "required": ["threadFlows"],
    "properties": {
        "threadFlows": {
            "type": "array",
            "minItems": 1,
            "items": {
                "type": "object",
                "required": ["locations"],
                "properties": {
                    "message": MESSAGE,
                    "locations": {"type": "array", "minItems": 1, "items": FLOW_LOCATION},
                },
            },
        }
    },
}
RESULT = {
    "type": "object",
    "required": ["ruleId", "message", "locations"],
    "properties": {
        "level": {"enum": ["none", "note", "warning", "error"]},
        "message": MESSAGE,
        "locations": {"type": "array", "items": LOCATION},
        "relatedLocations": {"type": "array", "items": LOCATION},
        "partialFingerprints": {"type": "object", "additionalProperties": {"type": "string"}},
        "codeFlows": {"type": "array", "items": CODE_FLOW},
        "suppressions": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["kind"],
                "properties": {"kind": {"enum": ["inSource", "external"]}},
            },
        },
        "fixes": {
            "type": "array",
            "items": {"type": "object", "required": ["artifactChanges"]},
        },
    },
}
RULE = {
    "type": "object",
    "required": ["id", "helpUri"],
    "properties": {
        "helpUri": {"type": "string", "pattern": "^https://"},
        "shortDescription": MESSAGE,
    },
}
SCHEMA = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {
                        "type": "object",
                        "required": ["driver"],
                        "properties": {
                            "driver": {
                                "type": "object",
                                "required": ["name", "rules"],
                                "properties": {"rules": {"type": "array", "items": RULE}},
                            }
                        },
                    },
                    "results": {"type": "array", "items": RESULT},
                },
            },
        },
    },
}


def results(text: str) -> list[dict]:
    return json.loads(text)["runs"][0]["results"]


def fingerprint(finding: Diagnostic, text: str) -> str:
    (result,) = results(render("sarif", [finding], {"estate.yaml": text}))
    return result["partialFingerprints"]["hubwright/v1"]


def test_everything_that_a_report_can_hold_is_valid():
    text = render_report("sarif", report(ignored=(ignored(),), titles={"NSG001": "quiet"}))

    jsonschema.validate(json.loads(text), SCHEMA)


def test_the_index_of_a_rule_leads_to_the_rule():
    run = json.loads(render_report("sarif", report()))["runs"][0]
    rules = run["tool"]["driver"]["rules"]

    assert [rules[item["ruleIndex"]]["id"] for item in run["results"]] == [
        item["ruleId"] for item in run["results"]
    ]


def test_the_walk_becomes_a_code_flow_that_ends_at_what_blocks():
    (result,) = results(render("sarif", [route_finding()], SOURCES))
    steps = result["codeFlows"][0]["threadFlows"][0]["locations"]

    essential = [step for step in steps if step["importance"] == "essential"]
    assert len(essential) == 1
    assert "default deny" in essential[0]["location"]["message"]["text"]


def test_ignored_findings_are_suppressed_in_the_source():
    found = results(render_report("sarif", report(ignored=(ignored(),))))

    assert [item.get("suppressions") for item in found] == [
        None,
        None,
        None,
        [{"kind": "inSource", "justification": "ticket-7, agreed; by <all>"}],
    ]


def test_the_fingerprint_survives_lines_that_are_added_above():
    moved = f"# new\n# lines\n{TEXT}"
    finding = route_finding()
    lower = at(15, "Internet", finding.primary.origin.path, source=moved)
    later = replace(finding, labels=(Label(lower, primary=True),))

    assert fingerprint(finding, TEXT) == fingerprint(later, moved)
    assert fingerprint(finding, TEXT) != fingerprint(replace(finding, message="other"), TEXT)


def test_names_of_files_become_addresses():
    finding = route_finding()
    spaced = replace(finding.primary.origin, source="my designs/a#1.yaml")
    absolute = replace(finding.primary.origin, source="/srv/estate.yaml")

    uris = [
        results(render("sarif", [replace(finding, labels=(Label(o, primary=True),))], {}))[0][
            "locations"
        ][0]["physicalLocation"]["artifactLocation"]["uri"]
        for o in (spaced, absolute)
    ]

    assert uris == ["my%20designs/a%231.yaml", "file:///srv/estate.yaml"]
