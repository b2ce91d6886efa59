"""Directories of the repository that the wheel carries: pages, the workload, templates."""

from pathlib import Path

_PACKAGE = Path(__file__).parent


def directory(packaged: str, in_checkout: str) -> Path:
    """
    Return a carried directory: in the package, or where it is in a source checkout.

    Args:
        packaged: Its path within the package, as pyproject.toml maps it.
        in_checkout: Its path from the root of the repository.
    """
    found = _PACKAGE / packaged
    return found if found.is_dir() else _PACKAGE.parent.parent / in_checkout


def terraform() -> Path:
    """Return the directory of the modules and the root that wires them."""
    return directory("_terraform", "terraform")


def workload() -> Path:
    """Return the directory of the application that pods run, with its image and its chart."""
    return directory("_workload", "workload")


def delivery() -> Path:
    """Return the directory of pipelines and agents that a team takes over."""
    return directory("_delivery", "delivery")
