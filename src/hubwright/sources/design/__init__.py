"""The design, `estate.yaml`: what a person writes."""

from hubwright.sources.design.json_schema import json_schema
from hubwright.sources.design.reader import load_design, read_design

__all__ = ["json_schema", "load_design", "read_design"]
