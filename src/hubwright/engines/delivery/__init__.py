"""From an estate to what a team takes over: pipelines, agents, and its workloads' values."""

from hubwright.engines.delivery.files import files

__all__ = ["files"]
