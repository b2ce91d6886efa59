"""Reads a Terraform plan: JSON text in, estate and diagnostics out. No text makes it raise."""

import json
from collections.abc import Iterator
from pathlib import Path

from hubwright.diagnostics.diagnostic import Diagnostic, sort_key
from hubwright.errors import UsageError
from hubwright.model.estate import Estate
from hubwright.semantics.assigned import assign
from hubwright.sources.detection import BINARY
from hubwright.sources.terraform import assembly
from hubwright.sources.terraform.inline import add_inline_subnets
from hubwright.sources.terraform.loading import Loader
from hubwright.sources.terraform.names import Names
from hubwright.sources.terraform.plan import Plan
from hubwright.sources.terraform.references import References
from hubwright.sources.terraform.refusals import binary, no_json, of_content, refusal
from hubwright.sources.terraform.settling import settled
from hubwright.sources.terraform.symbols import Symbols
from hubwright.sources.terraform.values import Reader
from hubwright.sources.terraform.version import find_major, say_assumed


def load_plan(path: Path, *, before: bool = False) -> tuple[Estate | None, list[Diagnostic]]:
    """
    Read a plan file.

    Raises:
        UsageError: there is no such file, or it cannot be read; bad content is a diagnostic.
    """
    return read_bytes(str(path), _octets(path), before=before)


def _octets(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UsageError(f"`{path}` cannot be read: {error.strerror}") from None


def read_bytes(
    name: str, raw: bytes, *, before: bool = False
) -> tuple[Estate | None, list[Diagnostic]]:
    """Read a plan from the octets of its file."""
    if raw.startswith(BINARY):
        return None, [binary(name)]
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        message = f"the byte 0x{raw[error.start]:02x} in line {line} is not UTF-8"
        return None, [refusal("TF001", name, message, "save the file as UTF-8", None)]
    del raw
    return read_plan(name, text, before=before)


def read_plan(
    name: str, text_or_path: str | Path, *, before: bool = False
) -> tuple[Estate | None, list[Diagnostic]]:
    """
    Read a plan as `terraform show -json` writes it, of azurerm 3, 4 or 5.

    Args:
        name: What diagnostics call the file.
        text_or_path: The whole text, or the file that holds it.
        before: Read the estate as it is before the plan is applied.

    Returns:
        The assigned estate, or None when the file cannot be used; and what is wrong with it or
        could not be told from it. Only what will exist is in the estate.
    """
    if isinstance(text_or_path, Path):
        return read_bytes(name, _octets(text_or_path), before=before)
    loader = Loader(name, assembly.TYPES, before=before)
    try:
        loader.load(text_or_path)
    except json.JSONDecodeError as error:
        return None, [no_json(name, error)]
    except RecursionError:
        return None, [refusal("TF001", name, "it is nested too deep for a plan", "", None)]
    problem = of_content(name, loader.seen)
    if problem is None and not before:  # where nothing is yet, there is an empty estate
        problem = _no_network(loader.plan)
    if problem is not None:
        return None, [problem]
    del text_or_path
    return _estate(loader.plan)


def _no_network(plan: Plan) -> Diagnostic | None:
    if any(resource.type in assembly.TYPES for resource in plan.resources):
        return None
    return refusal(
        "TF006",
        plan.source,
        "the plan holds no network: no resource of azurerm that hubwright knows",
        "plan the configuration that makes the network",
        None,
    )


def _estate(plan: Plan) -> tuple[Estate, list[Diagnostic]]:
    add_inline_subnets(plan)
    references = References(plan)
    reader = Reader(plan, Names(plan, references, assembly.TYPES), references)
    symbols = reader.address_of = Symbols(reader)
    reader.major, why = find_major(plan)
    if why:
        say_assumed(reader, why)
    estate = assign(assembly.assemble(reader))
    if symbols.is_settling:
        estate = assign(settled(estate))
    return estate, sorted(_unique(reader.problems), key=sort_key)


def _unique(problems: list[Diagnostic]) -> Iterator[Diagnostic]:
    yield from dict.fromkeys(problems)
