import pytest

from hubwright.sources.design import REFERENCE, read_design

pytestmark = pytest.mark.usefixtures("here")


def test_the_reference_design_is_written(run, here):
    result = run("init")

    assert (result.code, result.out) == (0, "")
    assert (here / "estate.yaml").read_text() == REFERENCE
    assert result.err == "wrote estate.yaml; next: hubwright check\n"


def test_a_file_is_not_overwritten_unless_forced(run, here):
    (here / "estate.yaml").write_text("mine")

    refused = run("init")
    kept = (here / "estate.yaml").read_text()
    forced = run("init", "--force")

    assert (refused.code, kept, forced.code) == (2, "mine", 0)
    assert "--force" in refused.err
    assert (here / "estate.yaml").read_text() == REFERENCE


def test_another_file_may_be_named_and_stdout_too(run, here):
    assert run("init", "-o", "b.yaml").code == 0
    assert (here / "b.yaml").read_text() == REFERENCE
    assert run("init", "-o", "-").out == REFERENCE


@pytest.mark.usefixtures("design")
def test_full_writes_out_the_same_estate(run):
    result = run("init", "--full", "estate.yaml")

    assert result.code == 0
    assert read_design("a", result.out)[0] == read_design("b", REFERENCE)[0]
    assert len(result.out) > len(REFERENCE)


@pytest.mark.usefixtures("design")
def test_full_without_a_file_is_the_reference(run):
    assert run("init", "--full").out == run("init", "--full", "estate.yaml").out


def test_full_of_what_is_no_design_is_refused(run, here):
    (here / "bad.yaml").write_text("name: [")

    for name in ("bad.yaml", "none.yaml"):
        result = run("init", "--full", name)
        assert result.code == 2
        assert result.err.startswith("error: ")
