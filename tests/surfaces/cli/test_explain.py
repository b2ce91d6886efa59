import pytest

from hubwright.surfaces.cli import rules


@pytest.fixture
def pages(monkeypatch, tmp_path):
    """One page, and no other."""
    (tmp_path / "ROUTE001.md").write_text("# ROUTE001: egress avoids the firewall\n\nSo.\n")
    (tmp_path / "README.md").write_text("# Rules\n")
    monkeypatch.setattr(rules, "_directory", lambda: tmp_path)
    rules.known_rules.cache_clear()
    yield tmp_path
    rules.known_rules.cache_clear()


@pytest.mark.parametrize("code", ["ROUTE001", "route001", " ROUTE001 "])
def test_the_page_is_printed(run, pages, code):
    assert run("explain", code).out == (pages / "ROUTE001.md").read_text()


@pytest.mark.usefixtures("pages")
def test_an_unknown_code_is_answered_with_near_ones(run):
    result = run("explain", "ROUTE01")

    assert result.code == 2
    assert "no rule is called `ROUTE01`; did you mean ROUTE0" in result.err


@pytest.mark.usefixtures("pages")
def test_all_rules_are_listed_in_order(run):
    lines = run("explain").out.splitlines()
    codes = [line.split()[0] for line in lines]

    assert codes == sorted(codes)
    assert {"ROUTE001", "DESIGN090"} <= set(codes)


def test_a_code_is_no_path(run, pages):
    (pages.parent / "secret.md").write_text("secret")

    assert run("explain", "../secret").code == 2


def test_every_rule_has_a_page():
    rules.known_rules.cache_clear()

    assert [code for code in rules.known_rules() if rules.page(code) is None] == []
