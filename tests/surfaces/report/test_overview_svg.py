"""The picture of who reaches whom: legible whatever the estate, and as the answers are."""

from dataclasses import replace
from pathlib import Path

import pytest

from engines.verify.reach import wild
from hubwright.engines.verify.reach import Reach
from hubwright.engines.verify.reach.overview import overview
from hubwright.model.estate import Estate
from hubwright.sources.design import load_design
from hubwright.surfaces.report import overview_svg
from surfaces.report.drawn import Drawing, read
from surfaces.report.test_svg import assert_apart, assert_tidy

ESTATES = sorted(Path(__file__, "../../../../estates").resolve().glob("*/estate.yaml"))


def drawn(estate: Estate) -> Drawing:
    reach = Reach(estate)
    return read(overview_svg.draw(reach.estate, overview(reach)))


@pytest.mark.parametrize("path", ESTATES, ids=lambda path: str(path.parent.name))
def test_every_estate_is_tidy(path: Path) -> None:
    estate, _ = load_design(path)
    assert estate is not None

    drawing = drawn(estate)

    assert_tidy(drawing)
    for css in ("row", "good", "cloud", "bad"):
        assert_apart(drawing, css)


@pytest.mark.parametrize("seed", range(0, 30, 3))
def test_random_estates_are_tidy(seed: int) -> None:
    assert_tidy(drawn(wild.estate(seed)))


def test_cells_and_rows_say_what_the_overview_says() -> None:
    estate, _ = load_design(next(path for path in ESTATES if path.parent.name == "two-spokes"))
    assert estate is not None
    reach = Reach(estate)
    found = overview(reach)
    words = read(overview_svg.draw(reach.estate, found)).words()

    assert "vnet-shared to vnet-aks: afw-hub" in words
    assert "internet to vnet-hub: -" in words
    for item in found.crossings:
        assert item.subnet in words
    none = replace(found, ways={})
    assert "vnet-shared to vnet-aks: -" in read(overview_svg.draw(reach.estate, none)).words()
