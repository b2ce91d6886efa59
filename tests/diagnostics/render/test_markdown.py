from dataclasses import replace

from findings import SOURCES, name_finding, report
from hubwright.diagnostics.render import render, render_report
from hubwright.diagnostics.render.markdown import LIMIT, MARKER


def test_the_marker_comes_first_so_that_the_comment_is_found_again():
    assert render("markdown", [], {}).startswith(f"{MARKER}\n")
    assert render_report("markdown", report()).count(MARKER) == 1


def test_names_cannot_bring_in_markup():
    finding = replace(name_finding(), message="<img src=x> | *bold* `<code>` [a](b)")

    head = render("markdown", [finding], SOURCES).splitlines()[3]

    assert "\\<img src=x\\> \\| \\*bold\\* `<code>` \\[a\\](b)" in head


def test_backticks_in_a_file_do_not_end_the_block():
    shown = render("markdown", [name_finding()], {"estate.yaml": "name: contoso ```` x\n"})

    assert shown.count("`````text") == 1


def test_a_thousand_findings_stay_below_the_limit_and_are_counted():
    found = [replace(name_finding(), message=f"finding {n}") for n in range(1000)]

    shown = render("markdown", found, SOURCES)
    told = shown.count("<details>")

    assert len(shown) < LIMIT + 100 < 65_536
    assert f"\n{1000 - told} more, see the log of the run.\n" in shown
