import pytest

pytestmark = pytest.mark.usefixtures("design")


def test_svg_goes_to_stdout(run):
    result = run("graph")

    assert result.code == 0
    assert result.out.lstrip().startswith("<svg")


@pytest.mark.parametrize(
    ("name", "mermaid"), [("a.svg", False), ("a.mmd", True), ("a.MD", True), ("a.txt", False)]
)
def test_the_files_name_decides(run, here, name, mermaid):
    assert run("graph", "-o", name).code == 0
    text = (here / name).read_text()

    assert ("<svg" not in text) is mermaid


def test_the_option_comes_before_the_name(run, here):
    run("graph", "--format", "svg", "-o", "a.mmd")

    assert "<svg" in (here / "a.mmd").read_text()
