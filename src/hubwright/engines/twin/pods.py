"""What pods run: the workload's own application, in the twin's event loop."""

import asyncio
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

from hubwright import carried

_PACKAGE = "_hubwright_webapp"
"""A name of its own, lest it meet another `webapp`."""


def connection(name: str) -> asyncio.Protocol:
    """
    Return the application's end of a connection to a pod; each pod has an application of its own.

    It has an attribute `sni`, to be set by whoever ends TLS.
    """
    application, connected = _running(name)
    return connected(application)


@cache
def _running(name: str) -> tuple[object, Callable[[object], asyncio.Protocol]]:
    settings = _module("settings").Settings(name=name, version="twin")
    return _module("application").Application(settings), _module("connection").Connection


def _module(name: str) -> Any:
    """Import a part of the application, which is carried as data: it runs without hubwright."""
    if _PACKAGE not in sys.modules:
        folder = carried.workload() / "webapp"
        spec = spec_from_file_location(
            _PACKAGE, folder / "__init__.py", submodule_search_locations=[str(folder)]
        )
        if spec is None:  # only for names of files that are no Python
            raise ImportError(folder)
        sys.modules[_PACKAGE] = module_from_spec(spec)
    return import_module(f"{_PACKAGE}.{name}")
