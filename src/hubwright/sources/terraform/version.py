"""Which major version of azurerm a plan is of."""

from hubwright.catalogue.azurerm import LATEST, major_by_arguments, major_of_constraint
from hubwright.model.origin import Origin
from hubwright.sources.terraform.plan import Plan
from hubwright.sources.terraform.values import Reader

_PROVIDER = "hashicorp/azurerm"


def find_major(plan: Plan) -> tuple[int, str]:
    """
    Return the major version, and why it is assumed where the plan does not say it.

    A plan holds version constraints, not the version that ran. Where they allow several majors,
    the names of arguments tell: each major renamed some.
    """
    providers = plan.configuration.get("provider_config", {})
    texts = [
        item.get("version_constraint")
        for item in providers.values()
        if isinstance(item, dict) and str(item.get("full_name", "")).endswith(_PROVIDER)
    ]
    found = {major_of_constraint(text) for text in texts if isinstance(text, str)} - {None}
    if len(found) == 1 and (major := found.pop()) is not None:
        return major, ""
    votes = {
        major
        for resource in plan.resources
        if not resource.address.is_data
        and (major := major_by_arguments(resource.address.type, set(resource.values)))
    }
    if len(votes) == 1:
        return votes.pop(), "by the names of its arguments"
    return LATEST, "as nothing in the plan tells"


def cloud_of(plan: Plan) -> str:
    """Return the cloud that the provider is set to."""
    for item in plan.configuration.get("provider_config", {}).values():
        found: object = item
        for key in ("expressions", "environment", "constant_value"):
            found = found.get(key) if isinstance(found, dict) else None
        if found in ("china", "usgovernment"):
            return str(found)
    return "public"


def say_assumed(reader: Reader, why: str) -> None:
    """Say that the version is an assumption."""
    reader.inform(
        "TF013",
        f"azurerm {reader.major} is assumed, {why}: its defaults fill what the plan leaves out",
        Origin(source=reader.plan.source, path="configuration.provider_config"),
        f'write `version = "~> {reader.major}.0"` for azurerm in `required_providers`',
    )
