"""The same two questions on a policy, asked of hubwright, of CUDD and of Z3."""

import time
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from policies import EVERY_PROTOCOL, TOP, Intervals, Row


@dataclass(frozen=True)
class Result:
    """What a contender found, and what it took."""

    hide_seconds: float
    """To find the rules that earlier ones hide."""
    seconds: float
    """For both questions, reading of the policy left out."""
    hidden: list[int]
    redundant: list[int]
    asked: int
    """Rules that were asked about: fewer than there are where a sample stands for all."""


def ours(rows: Sequence[Row], *, only_hidden: bool = False) -> Result:
    """Ask hubwright."""
    from hubwright.engines.verify.hygiene import Hygiene  # noqa: PLC0415

    lines = lines_of(rows)
    start = time.process_time()
    hygiene = Hygiene(lines, "Deny")
    middle = time.process_time()
    redundant = [] if only_hidden else sorted(hygiene.redundant)
    end = time.process_time()
    if hygiene.unknown:
        raise RuntimeError("the budget was spent on some rule")
    return Result(middle - start, end - start, sorted(hygiene.hidden), redundant, len(rows))


def lines_of(rows: Sequence[Row]) -> list[Any]:
    """Return a policy as hubwright's lines."""
    from hubwright.engines.verify.lines import Line  # noqa: PLC0415
    from hubwright.engines.verify.space import ALL_PROTOCOLS, Cube  # noqa: PLC0415
    from hubwright.model.address import AddressSet, PortSet  # noqa: PLC0415
    from hubwright.model.flow import Stage  # noqa: PLC0415

    words = {1: "ICMP", 6: "TCP", 17: "UDP"}
    sets: dict[tuple[str, Intervals], Any] = {}

    def known(kind: str, value: Intervals) -> Any:
        if (kind, value) not in sets:
            if kind == "protocols":
                named = frozenset(words[first] for first, _ in value if first in words)
                sets[kind, value] = ALL_PROTOCOLS if value == EVERY_PROTOCOL else named
            else:
                sets[kind, value] = (PortSet if kind == "ports" else AddressSet).of(value)
        return sets[kind, value]

    return [
        Line(
            path=str(number),
            name=str(number),
            stage=Stage.NETWORK_RULE,
            action="Allow" if row.allows else "Deny",
            decision="Allow" if row.allows else "Deny",
            cubes=(
                Cube(
                    protocols=known("protocols", row.protocols),
                    ports=known("ports", row.ports),
                    source=known("addresses", row.sources),
                    destination=known("addresses", row.destinations),
                ),
            ),
        )
        for number, row in enumerate(rows)
    ]


class Diagrams:
    """Sets as decision diagrams: one variable a bit, protocol, port, source, destination."""

    WIDTHS = (8, 16, 32, 32)

    def __init__(self) -> None:
        from dd import cudd  # noqa: PLC0415

        self.bdd = cudd.BDD()
        self.bdd.configure(reordering=False)
        self.names = [[f"f{k}b{n}" for n in range(w)] for k, w in enumerate(self.WIDTHS)]
        for names in self.names:
            self.bdd.declare(*names)
        self.known: dict[tuple[int, Intervals], Any] = {}

    def rule(self, row: Row) -> Any:
        """Return a rule's packets; each distinct set is built once, from its prefixes."""
        parts = [self._set(number, intervals) for number, intervals in enumerate(row.sets)]
        return parts[0] & parts[1] & (parts[2] & parts[3])

    def _set(self, field: int, intervals: Intervals) -> Any:
        key = (field, intervals)
        if key not in self.known:
            merged = merge(intervals)
            starts = [first for first, _ in merged]
            self.known[key] = self._build(field, 0, 0, merged, starts)
        return self.known[key]

    def _build(
        self, field: int, depth: int, low: int, merged: Sequence[tuple[int, int]], starts: list[int]
    ) -> Any:
        """Build the diagram of the values from `low` on that share its first bits."""
        high = low + (1 << (self.WIDTHS[field] - depth)) - 1
        at = bisect_right(starts, low) - 1
        if at >= 0 and merged[at][1] >= high:
            return self.bdd.true
        after = bisect_right(starts, high) - 1
        if after < 0 or merged[after][1] < low:
            return self.bdd.false
        half = low + (1 << (self.WIDTHS[field] - depth - 1))
        zero = self._build(field, depth + 1, low, merged, starts)
        one = self._build(field, depth + 1, half, merged, starts)
        return self.bdd.ite(self.bdd.var(self.names[field][depth]), one, zero)


def cudd(rows: Sequence[Row]) -> Result:
    """
    Ask CUDD, the usual way: what is left of each rule, and what later rules would do with it.

    A rule is redundant when what is left of it gets the same decision from the later rules; rules
    that are hidden or redundant are left out as it goes. That is timed; then the question is asked
    once more for hidden rules that stay, for the answer only.
    """
    diagrams = Diagrams()
    start = time.process_time()
    rules = [diagrams.rule(row) for row in rows]
    nothing = before = diagrams.bdd.false
    hidden: list[int] = []
    for number, rule in enumerate(rules):
        if rule & ~before == nothing:
            hidden.append(number)
        else:
            before |= rule
    middle = time.process_time()
    _redundant(rows, rules, nothing, set(hidden), [False])
    end = time.process_time()
    redundant = _redundant(rows, rules, nothing, set(hidden), [False, True])
    return Result(middle - start, end - start, hidden, redundant, len(rows))


def _redundant(
    rows: Sequence[Row], rules: Sequence[Any], nothing: Any, hidden: set[int], stay: list[bool]
) -> list[int]:
    """
    Return the rules that may go, top-down, with the hidden ones gone, staying, or either way.

    Either way is what hubwright asks for: a hidden rule can come to life when what hides it goes.
    """
    later_of = [_allowed_later(rows, rules, nothing, set() if s else hidden) for s in stay]
    before = [nothing for _ in stay]
    found: list[int] = []
    for number, rule in enumerate(rules):
        if number not in hidden:
            ways = zip(before, later_of, strict=True)
            if all(
                (
                    rule
                    & ~earlier
                    & (~later[number + 1] if rows[number].allows else later[number + 1])
                )
                == nothing
                for earlier, later in ways
            ):
                found.append(number)
                continue
        before = [
            earlier if number in hidden and not s else earlier | rule
            for earlier, s in zip(before, stay, strict=True)
        ]
    return found


def _allowed_later(
    rows: Sequence[Row], rules: Sequence[Any], nothing: Any, without: set[int]
) -> list[Any]:
    """Return, by position, what that rule and the later ones allow together."""
    allowed = [nothing] * (len(rows) + 1)
    for number in range(len(rows) - 1, -1, -1):
        later, rule = allowed[number + 1], rules[number]
        if number in without:
            allowed[number] = later
        else:
            allowed[number] = later | rule if rows[number].allows else later & ~rule
    return allowed


def z3(rows: Sequence[Row], sample: int) -> Result:
    """
    Ask Z3 for rules that earlier ones hide, in the encoding of SecGuru: bit vectors and ranges.

    Rules at even distances stand for all: each is asked with all rules before it, by the solver
    for bit vectors. One solver for all rules, which keeps what it learned, takes longer.
    """
    import z3 as solver_of  # noqa: PLC0415

    fields = [solver_of.BitVec(f"f{k}", w) for k, w in enumerate(Diagrams.WIDTHS)]

    def rule(row: Row) -> Any:
        parts = []
        for field, intervals in zip(fields, row.sets, strict=True):
            pairs = merge(intervals)
            parts.append(
                solver_of.Or(
                    [
                        field == first
                        if first == last
                        else solver_of.And(solver_of.UGE(field, first), solver_of.ULE(field, last))
                        for first, last in pairs
                    ]
                )
            )
        return solver_of.And(parts)

    formulas = [rule(row) for row in rows]
    step = len(rows) / sample
    chosen = [int(step * (number + 0.5)) for number in range(sample)]
    hidden: list[int] = []
    start = time.process_time()
    for number in chosen:
        solver = solver_of.SolverFor("QF_BV")
        solver.add(formulas[number], *(solver_of.Not(f) for f in formulas[:number]))
        if solver.check() == solver_of.unsat:
            hidden.append(number)
    seconds = time.process_time() - start
    return Result(seconds, seconds, hidden, [], len(chosen))


def merge(intervals: Intervals) -> list[tuple[int, int]]:
    """Return disjoint intervals in order."""
    out: list[tuple[int, int]] = []
    for first, last in sorted(intervals):
        if out and first <= out[-1][1] + 1:
            out[-1] = (out[-1][0], max(out[-1][1], last))
        else:
            out.append((first, min(last, TOP)))
    return out
