"""The design, `estate.yaml`: what a person writes."""

from importlib import resources

from hubwright.sources.design.full import full
from hubwright.sources.design.json_schema import json_schema
from hubwright.sources.design.reader import load_design, read_design

REFERENCE = resources.files(__name__).joinpath("reference.yaml").read_text(encoding="utf-8")
"""The reference design, as `hubwright init` writes it."""

__all__ = ["REFERENCE", "full", "json_schema", "load_design", "read_design"]
