import json

import pytest

from hubwright.sources.design import REFERENCE


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


@pytest.mark.parametrize(
    ("day", "code", "shown"),
    [
        ("2026-12-31", 0, ""),
        (
            "2027-01-31",
            0,
            "warning[LIFE001]: version 1.36 of Kubernetes in `aks-contoso` ends on 2027-06-30",
        ),
        (
            "2027-07-01",
            1,
            "error[LIFE001]: version 1.36 of Kubernetes in `aks-contoso` ended on 2027-06-30",
        ),
    ],
)
def test_retirements_are_judged_by_a_day(run, tmp_path, day, code, shown):
    design = tmp_path / "estate.yaml"
    text = REFERENCE.replace("  private: true\n", '  private: true\n  kubernetes_version: "1.36"\n')
    design.write_text(text)

    result = run("check", str(design), "--select", "LIFE", "--as-of", day)

    assert result.code == code
    assert result.out.partition("\n")[0] == shown
