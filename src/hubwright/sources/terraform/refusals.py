"""Files that are no usable plan: what they are instead, and the smallest thing to do about it."""

import json
from collections.abc import Mapping

from hubwright.diagnostics.diagnostic import Diagnostic, Label, Severity
from hubwright.model.origin import Origin, Span
from hubwright.sources.terraform.plan import Json

SHOW = "terraform show -json plan.tfplan > plan.json"
PLAN = f"terraform plan -out plan.tfplan && {SHOW}"
_MAJOR = "1"
"""Of `format_version`. Source: developer.hashicorp.com/terraform/internals/json-format (2025)."""
_START = Span(1, 1, 1, 2)


def refusal(
    code: str, source: str, message: str, help_: str, span: Span | None = _START
) -> Diagnostic:
    """Return the error that keeps a file from being used."""
    return Diagnostic(
        code=code,
        severity=Severity.ERROR,
        message=message,
        labels=(Label(Origin(source=source, span=span), primary=True),),
        help=help_,
    )


def no_json(source: str, error: json.JSONDecodeError) -> Diagnostic:
    """Return what to say of a text that is no JSON."""
    if error.msg == "Extra data" and '"@level"' in error.doc[:4096]:
        return refusal(
            "TF003",
            source,
            "this is the log of a run (`terraform plan -json`), and no plan",
            f"write the plan to a file, then `{SHOW}`",
        )
    if not error.doc.strip():
        return refusal("TF001", source, "the file is empty", f"write it with `{SHOW}`")
    span = Span(error.lineno, error.colno, error.lineno, error.colno + 1)
    message = error.msg[:1].lower() + error.msg[1:]
    return refusal(
        "TF001", source, f"this is no JSON: {message}", f"write it again with `{SHOW}`", span
    )


def binary(source: str) -> Diagnostic:
    """Return what to say of a plan as `terraform plan -out` writes it."""
    return refusal(
        "TF002", source, "this is a plan in Terraform's own binary form", f"write `{SHOW}`", None
    )


def of_content(source: str, seen: Mapping[str, Json]) -> Diagnostic | None:
    """Return why a JSON file cannot be read as a plan, by its first-level keys."""
    if "lineage" in seen or ("terraform_version" in seen and "version" in seen):
        return refusal("TF003", source, "this is a Terraform state, and no plan", f"write `{PLAN}`")
    if "values" in seen and "resource_changes" not in seen:
        message = "this is a state (`terraform show -json` without a plan file), and no plan"
        return refusal("TF003", source, message, f"write `{PLAN}`")
    version = seen.get("format_version")
    if not isinstance(version, str):
        return refusal("TF003", source, "this is JSON, but no plan", f"write it with `{SHOW}`")
    if version.partition(".")[0] != _MAJOR:
        return refusal(
            "TF004",
            source,
            f"the plan is in format {version[:40]}, which is not known here",
            "write it with Terraform 1.x",
        )
    if seen.get("errored") is True:
        return refusal(
            "TF005",
            source,
            "Terraform failed while it planned, so the plan is not whole",
            f"mend what `terraform plan` reports, then `{SHOW}`",
        )
    if "resource_changes" not in seen or "configuration" not in seen:
        missing = "resource_changes" if "resource_changes" not in seen else "configuration"
        return refusal(
            "TF003", source, f"the plan has no `{missing}`", f"write it again with `{SHOW}`"
        )
    return None
