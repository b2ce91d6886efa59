import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from hubwright.sources.design import REFERENCE, full, json_schema

ROOT = Path(__file__).parents[3]

WRITTEN = ROOT / "schemas/estate.schema.json"


def test_the_schema_in_the_repository_is_fresh():
    assert json.loads(WRITTEN.read_text()) == json_schema(), (
        "rewrite schemas/estate.schema.json with json.dumps(json_schema(), indent=2)"
    )


def test_the_schema_is_a_schema_and_describes_itself_in_markdown():
    schema = json_schema()

    Draft202012Validator.check_schema(schema)
    assert schema["properties"]["location"]["markdownDescription"]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "estates").glob("*/estate.yaml")), ids=lambda path: path.parent.name
)
def test_every_example_and_its_full_form_pass_the_schema(path: Path):
    validator = Draft202012Validator(json_schema())

    for text in (path.read_text(), full(path.read_text())):
        assert [error.message for error in validator.iter_errors(yaml.safe_load(text))] == []


def test_the_schema_refuses_an_unknown_key():
    validator = Draft202012Validator(json_schema())

    assert not validator.is_valid({**yaml.safe_load(REFERENCE), "colour": "red"})


def test_the_reference_that_travels_is_the_one_in_estates():
    comment, _, rest = (ROOT / "estates/reference/estate.yaml").read_text().partition("\n")

    assert comment.startswith("# yaml-language-server: $schema=")
    assert rest == REFERENCE
