"""
What a one-rule change costs to compare, at 1,000 and at 10,000 rules, and against a full analysis.

    python bench/diff.py

A policy that was analysed once has its index; the comparison of an edited copy is what is timed:
the edit script over all rules, and the walk of the packets that the edit holds.
"""

import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from policies import EVERY_PROTOCOL, Row, policy  # isort: skip

from hubwright.engines.verify.difference.filters import LineIndex, differences
from hubwright.engines.verify.hygiene import Hygiene
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.space import ALL_PROTOCOLS, Cube
from hubwright.model.address import AddressSet, PortSet
from hubwright.model.flow import Stage

NUMBERS = {1: "ICMP", 6: "TCP", 17: "UDP"}
EDITS = 40


def lines(rows: list[Row]) -> list[Line]:
    """Return a policy as lines; equal sets are shared."""
    known: dict[object, object] = {}

    def shared(make: Callable[..., object], value: object) -> object:
        return known.setdefault((make, value), make(value))

    def of(number: int, row: Row) -> Line:
        words = (
            ALL_PROTOCOLS
            if row.protocols == EVERY_PROTOCOL
            else frozenset(NUMBERS[first] for first, _ in row.protocols)
        )
        cube = Cube(
            source=shared(AddressSet.of, row.sources),
            destination=shared(AddressSet.of, row.destinations),
            protocols=words,
            ports=shared(PortSet.of, row.ports),
        )
        action = "Allow" if row.allows else "Deny"
        return Line(
            path=f"r{number}",
            name=f"r{number}",
            stage=Stage.NETWORK_RULE,
            action=action,
            decision=action,
            cubes=(cube,),
        )

    return [of(number, row) for number, row in enumerate(rows)]


def decision(line: Line | None) -> str:
    return "Deny" if line is None else line.decision


def edited(before: list[Line], at: int) -> list[Line]:
    """Return the policy with one rule turned round."""
    line = before[at]
    action = "Deny" if line.action == "Allow" else "Allow"
    other = Line(
        path=line.path,
        name=line.name,
        stage=line.stage,
        action=action,
        decision=action,
        cubes=line.cubes,
    )
    return [*before[:at], other, *before[at + 1 :]]


def one_rule(*policies: list[Line]) -> list[float]:
    """
    Return the median seconds of a one-rule comparison in each policy.

    Edits are spread over the policies, which take turns, so that a slow moment hits all.
    """
    indexes = [LineIndex(before) for before in policies]
    times: list[list[float]] = [[] for _ in policies]
    for n in range(EDITS):
        for before, index, taken in zip(policies, indexes, times, strict=True):
            after = edited(before, (2 * n + 1) * len(before) // (2 * EDITS))
            start = time.perf_counter()
            list(differences(before, after, decision=decision, index=index))
            taken.append(time.perf_counter() - start)
    return [statistics.median(taken) for taken in times]


def full(before: list[Line]) -> float:
    """Return the seconds of shadowing and redundancy over the whole policy."""
    start = time.perf_counter()
    print(f"  {len(Hygiene(before).redundant)} of {len(before)} rules are redundant")
    return time.perf_counter() - start


def main() -> None:
    before = lines(policy(10_000))
    small, large = one_rule(lines(policy(1_000)), before)
    print(f"one-rule diff at 1,000 rules: {small * 1e3:.2f} ms; at 10,000: {large * 1e3:.2f} ms")
    print(f"  growth {large / small:.2f} (bar 2)")
    whole = full(before)
    print(f"full analysis at 10,000 rules: {whole:.1f} s = {whole / large:.0f} diffs (bar 300)")


if __name__ == "__main__":
    main()
