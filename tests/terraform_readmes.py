"""Makes the part of a module's README that its variables, outputs and tests already say."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r'^(variable|output) "(\w+)" \{\n(.*?)^\}\n', re.MULTILINE | re.DOTALL)
_DESCRIPTION = re.compile(r'^  description = ("(?:[^"\\]|\\.)*")$', re.MULTILINE)
_MARK = "## Example\n"


@dataclass(frozen=True, slots=True)
class Argument:
    """A variable or an output."""

    kind: str
    name: str
    description: str
    type: str
    default: str | None


def arguments(text: str) -> tuple[Argument, ...]:
    """Return the variables and outputs of a formatted file, in its order."""
    return tuple(_argument(kind, name, body) for kind, name, body in _BLOCK.findall(text))


def readme(module: Path, before: str) -> str:
    """
    Return a module's README.

    What stands before its example is a person's; the rest is made from the module.
    """
    found = arguments((module / "variables.tf").read_text())
    outputs = arguments((module / "outputs.tf").read_text())
    return "\n".join(
        [
            f"{before.partition(_MARK)[0].rstrip()}\n",
            _MARK,
            f"```hcl\n{example(module)}```\n",
            "## Inputs\n",
            *_inputs(found),
            "\n## Outputs\n",
            "| name | |\n|---|---|",
            *(f"| `{item.name}` | {item.description} |" for item in outputs),
            "",
        ]
    )


def example(module: Path) -> str:
    """Return a call of the module: the variables of the first run of its tests."""
    tests = min((module / "tests").glob("*.tftest.hcl")).read_text()
    shared = _variables(tests.partition('\nrun "')[0], "")
    first = tests.partition('\nrun "')[2].partition("\n}\n")[0]
    own = _variables(first, "  ")
    lines = [f'  source = "./modules/{module.name}"', ""]
    lines += [*shared, *([""] if shared and own else []), *own]
    return f'module "{module.name}" {{\n' + "\n".join(lines).rstrip() + "\n}\n"


def _variables(text: str, indent: str) -> list[str]:
    """Return the lines of a `variables` block, indented by two."""
    found = re.search(rf"^{indent}variables \{{\n(.*?)^{indent}\}}", text, re.MULTILINE | re.DOTALL)
    return [line.removeprefix(indent) for line in found[1].splitlines()] if found else []


def _argument(kind: str, name: str, body: str) -> Argument:
    description = _DESCRIPTION.search(body)
    assert description is not None, f"{kind} {name} has no description"
    return Argument(
        kind=kind,
        name=name,
        description=json.loads(description[1]),
        type=_attribute(body, "type") or "",
        default=_attribute(body, "default"),
    )


def _attribute(body: str, name: str) -> str | None:
    """Return an attribute of a block, with the lines that belong to it."""
    found = re.search(rf"^  {name}\s+= (.*(?:\n(?:    .*|  [)}}\]].*))*)", body, re.MULTILINE)
    return re.sub(r"^  ", "", found[1], flags=re.MULTILINE) if found else None


def _inputs(found: tuple[Argument, ...]) -> list[str]:
    lines = ["| name | type | default | |\n|---|---|---|---|"]
    long: list[str] = []
    for item in found:
        kind = f"`{item.type}`" if "\n" not in item.type else f"[below](#{item.name})"
        default = "required" if item.default is None else f"`{item.default}`"
        lines.append(f"| `{item.name}` | {kind} | {default} | {item.description} |")
        if "\n" in item.type:
            long.append(f"\n### {item.name}\n\n```hcl\n{item.type}\n```")
    return [*lines, *long]
