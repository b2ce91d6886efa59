"""Claims of the author that do not hold for every packet."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hubwright.diagnostics.diagnostic import Severity
from hubwright.engines.verify.case import Case
from hubwright.engines.verify.registry import Finding, rule
from hubwright.engines.verify.space import Verdict

if TYPE_CHECKING:
    from hubwright.engines.verify.intents import Judged


def _judged(case: Case) -> Iterator["Judged"]:
    """Judge the intents; the engine of reachability is loaded only where there are some."""
    if case.estate.intents:
        from hubwright.engines.verify.intents import judge

        yield from judge(case)


def _refuted(case: Case, *claims: str) -> Iterator["Judged"]:
    for item in _judged(case):
        if item.answer.verdict is Verdict.REFUTED and item.intent.claim in claims:
            yield item


def _finding(item: "Judged", message: str, label: str, help_: str) -> Finding:
    many = len(item.intent.sources) > 1 or len(item.intent.to) > 1
    notes = (f"it fails from {item.part}",) if many else ()
    flow = item.answer.flow
    if flow is not None and flow.server_name and flow.server_name != flow.destination:
        notes = (*notes, f"the witness speaks {flow.application} and asks for {flow.server_name}")
    return Finding(
        message=f"{message}: `{item.intent.name}`",
        at=item.intent.origin,
        label=label,
        notes=notes,
        help=help_,
        trace=item.answer.trace,
    )


@rule("INTENT001", Severity.ERROR, "an intent allows what is not answered")
def not_answered(case: Case) -> Iterator[Finding]:
    """Find connections that must be answered and are not."""
    for item in _refuted(case, "allow"):
        yield _finding(
            item,
            "not everything that this intent allows is answered",
            item.answer.reason,
            "allow it where the witness is stopped, or claim less",
        )


@rule("INTENT002", Severity.ERROR, "an intent denies what is answered")
def not_denied(case: Case) -> Iterator[Finding]:
    """Find packets that must not be answered and are."""
    for item in _refuted(case, "deny"):
        yield _finding(
            item,
            "something that this intent denies is answered",
            "the witness gets its answer",
            "deny it on the witness's way, or claim less",
        )


@rule("INTENT003", Severity.ERROR, "packets pass by a firewall that they must cross, or cross it")
def other_way(case: Case) -> Iterator[Finding]:
    """Find packets that arrive without a firewall that they must cross, or past it."""
    for item in _refuted(case, "must-cross", "must-not-cross"):
        misses = item.intent.claim == "must-cross"
        which = f"`{item.intent.firewall}`" if item.intent.firewall else "a firewall"
        yield _finding(
            item,
            f"something arrives {'without' if misses else 'after'} crossing {which}",
            "the witness arrives",
            "route it to the firewall" if misses else "give it a more specific route",
        )


@rule("INTENT004", Severity.ERROR, "an answer is lost that an intent wants back the same way")
def lost_answer(case: Case) -> Iterator[Finding]:
    """Find requests that arrive, and whose answers miss a box that keeps their state."""
    for item in _refuted(case, "symmetric"):
        yield _finding(
            item,
            "an answer does not come back the way of its request",
            item.answer.reason,
            "route answers to the box that saw the request",
        )


@rule("INTENT005", Severity.ERROR, "a name does not lead to its private address")
def not_private(case: Case) -> Iterator[Finding]:
    """Find names that lead elsewhere from some network."""
    for item in _refuted(case, "resolves"):
        yield _finding(
            item,
            "a name does not lead to its private address",
            item.answer.reason,
            "link the private zone to the network in which the name is looked up",
        )


@rule("INTENT006", Severity.WARNING, "an intent can be neither proved nor refuted")
def undecided(case: Case) -> Iterator[Finding]:
    """Find claims that hang on what nobody told."""
    for item in _judged(case):
        if item.answer.verdict is Verdict.UNKNOWN:
            yield Finding(
                message=f"this intent can be neither proved nor refuted: `{item.intent.name}`",
                at=item.intent.origin,
                label=item.answer.reason,
                help="tell what it hangs on, for instance with `--service-tags`, or claim less",
            )
