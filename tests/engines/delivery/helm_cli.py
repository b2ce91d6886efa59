"""`helm lint` and `helm template` by Helm's own library, where no `helm` is on PATH."""

import argparse
import sys
from pathlib import Path
from typing import Any

import helm_python
import yaml


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Return values with others laid over them."""
    out = dict(base)
    for key, value in over.items():
        both = isinstance(value, dict) and isinstance(out.get(key), dict)
        out[key] = merged(out[key], value) if both else value
    return out


def main() -> int:
    """Do what `helm` does."""
    parser = argparse.ArgumentParser(prog="helm")
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("lint", "template"):
        command = commands.add_parser(name)
        if name == "template":
            command.add_argument("name")
            command.add_argument("--namespace", default="default")
        command.add_argument("chart")
        command.add_argument("--strict", action="store_true")
        command.add_argument("--values", action="append", default=[])
        command.add_argument("--set-string", action="append", default=[])
    wanted = parser.parse_args()
    values: dict[str, Any] = {}
    for path in wanted.values:
        values = merged(values, yaml.safe_load(Path(path).read_text(encoding="utf-8")))
    for text in wanted.set_string:
        values = merged(values, helm_python.parse_set_string(text))
    try:
        if wanted.command == "lint":
            told = helm_python.lint(wanted.chart, values=values)
            sys.stderr.write("".join(f"{error}\n" for error in told["errors"]))
            return 1 if told["errors"] else 0
        with helm_python.Chart.load(wanted.chart) as chart:
            chart.validate_schema(values)
            texts = chart.render(values, name=wanted.name, namespace=wanted.namespace)
    except helm_python.HelmError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write("".join(f"---\n{text}\n" for text in texts.values()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
