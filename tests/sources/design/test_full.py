from pathlib import Path

import pytest

from hubwright.errors import UsageError
from hubwright.sources.design import REFERENCE, full, read_design

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "estates").glob("*/estate.yaml")), ids=lambda path: path.parent.name
)
def test_the_full_design_reads_as_the_same_estate(path: Path):
    text = path.read_text()

    written = full(text)

    assert read_design("full.yaml", written) == read_design("estate.yaml", text)
    assert full(written) == written


def test_the_full_design_derives_nothing():
    estate, _ = read_design("full.yaml", full(REFERENCE))

    assert estate is not None
    for resource in (*estate.subnets, *estate.route_tables, *estate.rule_collection_groups):
        assert not resource.origin.derived, resource
    assert all(not item.origin.derived for item in estate.private_endpoints[1:])


def test_text_that_looks_like_a_number_comes_back_as_text():
    text = REFERENCE.replace("  spoke: aks", '  spoke: aks\n  kubernetes_version: "1.30"') + (
        'tags: {a: "0o17", b: "1e3", c: "yes", d: "12:30", e: "", f: "null"}\n'
    )

    assert read_design("full.yaml", full(text)) == read_design("estate.yaml", text)


def test_a_design_with_errors_has_no_full_form():
    with pytest.raises(UsageError, match="errors"):
        full("name: x\n")
