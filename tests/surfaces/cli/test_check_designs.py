import json

import pytest


def codes(out: str) -> list[str]:
    return [item["code"] for item in json.loads(out)["diagnostics"]]


def test_an_unusable_design_gives_two_in_every_format(run, here):
    (here / "estate.yaml").write_text("name: 5\nhubb: {}\n")

    text = run("check")
    document = run("check", "--output", "json", "--exit-zero")

    assert (text.code, document.code) == (2, 2)
    assert text.out.startswith("error[DESIGN")
    assert codes(document.out)
    assert all(code.startswith("DESIGN") for code in codes(document.out))


@pytest.mark.usefixtures("design")
def test_the_reference_design_has_no_errors(run):
    result = run("check")

    assert (result.code, "error[" in result.out) == (0, False), result.out
