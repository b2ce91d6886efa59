"""Run every rule over an estate."""

from hubwright.catalogue.retirements import AS_OF
from hubwright.diagnostics.diagnostic import Diagnostic, sort_key
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.registry import diagnostics
from hubwright.engines.verify.rules import all_rules
from hubwright.model.estate import Estate
from hubwright.semantics.assumptions import DEFAULTS, Assumptions


def check(
    estate: Estate, assumptions: Assumptions = DEFAULTS, as_of: str = AS_OF
) -> list[Diagnostic]:
    """
    Return what is wrong with an estate, by place in the user's files, then by code.

    Args:
        estate: An assigned estate, as sources return it.
        assumptions: One mode for each open question; witnesses are replayed under them.
        as_of: The day, in ISO form, that retirements are judged by; default the day on which the
            table of retirements was checked.
    """
    case = Case(estate, assumptions, as_of)
    found = {
        (item.code, item.message, str(item.primary.origin)): item
        for info in all_rules()
        for item in diagnostics(info, case)
    }
    return sorted(found.values(), key=sort_key)
