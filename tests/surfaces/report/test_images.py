"""Holds the pictures of the documentation against what the code draws of the reference estate."""

import os
from pathlib import Path

import pytest

from hubwright.engines.verify.reach import Reach
from hubwright.engines.verify.reach.overview import overview
from hubwright.model.estate import Estate
from hubwright.model.flow import Flow
from hubwright.semantics.evaluate import evaluate
from hubwright.sources.design import read_design
from hubwright.surfaces.report import overview_svg
from hubwright.surfaces.report.svg import draw_estate, draw_trace

ROOT = Path(__file__).parents[3]
FLOW = Flow(source="internet", destination="web", destination_port=80)


def reference() -> Estate:
    name = "estates/reference/estate.yaml"
    estate, diagnostics = read_design(name, (ROOT / name).read_text(encoding="utf-8"))
    assert estate is not None, diagnostics
    return estate


def picture(name: str) -> str:
    estate = reference()
    if name == "reference.svg":
        return draw_estate(estate)
    if name == "reach.svg":
        reach = Reach(estate)
        return overview_svg.draw(reach.estate, overview(reach))
    return draw_trace(estate, evaluate(estate, FLOW))


@pytest.mark.parametrize("name", ["reference.svg", "flow1.svg", "reach.svg"])
def test_pictures_of_the_documentation_are_fresh(name: str) -> None:
    path = ROOT / "docs" / "images" / name
    svg = picture(name)
    if os.environ.get("HUBWRIGHT_UPDATE_GOLDEN") == "1":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, encoding="utf-8")

    assert path.read_text(encoding="utf-8") == svg
