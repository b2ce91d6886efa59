from dataclasses import replace
from xml.etree import ElementTree as ET

from findings import ignored, name_finding, report
from hubwright.diagnostics.render import render, render_report


def cases(text: str) -> list[ET.Element]:
    return ET.fromstring(text).findall("./testsuite/testcase")


def test_counts_are_those_of_the_cases():
    titles = {"ROUTE001": "found", "NSG001": "quiet"}
    text = render_report("junit", report(ignored=(ignored(),), titles=titles))
    suite = ET.fromstring(text)[0]
    found = cases(text)

    assert suite.get("tests") == str(len(found)) == "5"
    assert suite.get("failures") == str(sum(c.find("failure") is not None for c in found)) == "2"
    assert suite.get("skipped") == str(sum(c.find("skipped") is not None for c in found)) == "1"


def test_a_quiet_rule_is_a_test_that_passes():
    text = render_report("junit", report(titles={"NSG001": 'has "quotes" & <tags>'}))
    passing = [case for case in cases(text) if case.get("classname") == "NSG001"]

    assert [case.get("name") for case in passing] == ['NSG001 has "quotes" & <tags>']
    assert len(passing[0]) == 0


def test_characters_that_xml_forbids_do_not_break_the_file():
    text = render("junit", [replace(name_finding(), message="a\x00b\x1bc \ud800")], {})

    failure = cases(text)[0].find("failure")
    assert failure is not None
    assert (failure.get("message") or "").startswith("a\N{REPLACEMENT CHARACTER}b")
