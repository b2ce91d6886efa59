"""
Two provers that know nothing of the engine: decision diagrams (CUDD), and Z3.

Both are given the same two questions, hidden and changed, as formulas over the bits of a packet.
"""

from abc import ABC, abstractmethod
from functools import reduce
from typing import Any

import z3
from dd import cudd

from engines.verify.oracle.policies import PATTERNS, TAGS
from engines.verify.oracle.reading import SPEAKS, WORDS, Alternative, Entry

NAMES = (
    None,
    *dict.fromkeys(
        made
        for pattern in PATTERNS
        for bare in [pattern.lstrip("*").lstrip(".") or "x.org"]
        for made in (bare, f"w.{bare}", f"an{bare}", f"an.w.{bare}")
    ),
)
"""Names that tell the patterns of the policies apart: for diagrams, which have no strings."""
DECISIONS = (
    "own address",
    *(f"{kind} {action}" for kind in ("network", "application") for action in ("Allow", "Deny")),
)


class Prover(ABC):
    """Answers questions on ordered rules; what no rule takes gets the decision `default`."""

    @abstractmethod
    def hidden(self, entries: list[Entry]) -> list[bool]:
        """By rule, whether earlier ones leave nothing of it."""

    @abstractmethod
    def equal(self, one: list[Entry], *others: list[Entry]) -> bool:
        """Whether others decide as one policy does on every packet."""

    def redundant(self, entries: list[Entry], hidden: list[bool]) -> list[bool]:
        """By rule, whether it may go: top-down, together, with and without the hidden ones."""
        gone = [False] * len(entries)
        for n in range(len(entries)):
            if hidden[n]:
                continue
            gone[n] = True
            kept = [e for e, g in zip(entries, gone, strict=True) if not g]
            alive = [e for e, g, h in zip(entries, gone, hidden, strict=True) if not g and not h]
            gone[n] = self.equal(entries, kept, alive)
        return gone


class Diagrams(Prover):
    """Binary decision diagrams over the bits of each field."""

    def __init__(self) -> None:
        self.bdd = cudd.BDD()
        self.widths = {"w": 3, "p": 16, "s": 32, "d": 32, "a": 2, "n": 5}
        self.bits = {}
        for letter, width in self.widths.items():
            self.bits[letter] = [f"{letter}{k}" for k in range(width)]
            self.bdd.declare(*self.bits[letter])
        self.bdd.declare(*TAGS)
        self.true, self.false = self.bdd.true, self.bdd.false
        self.world = self._below("w", len(WORDS) - 1) & self._below("n", len(NAMES) - 1)
        self.known = {}

    def either(self, formulas):
        return reduce(lambda a, b: a | b, formulas, self.false)

    def rule(self, entry: Entry):
        if entry not in self.known:
            self.known[entry] = self.either(self.formula(a) for a in entry.alternatives)
        return self.known[entry]

    def hidden(self, entries: list[Entry]) -> list[bool]:
        out, before = [], self.false
        for entry in entries:
            rule = self.rule(entry)
            out.append(rule & ~before == self.false)
            before = before | rule
        return out

    def decisions(self, entries: list[Entry]) -> dict[str, Any]:
        """By decision, the packets that get it."""
        out, before = {}, self.false
        for entry in entries:
            rule = self.rule(entry)
            out[entry.decision] = out.get(entry.decision, self.false) | (rule & ~before)
            before = before | rule
        return {key: value for key, value in out.items() if value != self.false}

    def equal(self, one: list[Entry], *others: list[Entry]) -> bool:
        wanted = self.decisions(one)
        return all(self.decisions(other) == wanted for other in others)

    def _below(self, letter: str, most: int):
        """The values of a field up to one."""
        out, tight = self.false, self.true
        for k, name in enumerate(self.bits[letter]):
            bit = self.bdd.var(name)
            if most >> (self.widths[letter] - 1 - k) & 1:
                out |= tight & ~bit
                tight &= bit
            else:
                tight &= ~bit
        return out | tight

    def _between(self, letter: str, pair: tuple[int, int]):
        if (letter, pair) not in self.known:
            low = ~self._below(letter, pair[0] - 1) if pair[0] else self.true
            self.known[letter, pair] = low & self._below(letter, pair[1])
        return self.known[letter, pair]

    def _any(self, letter: str, pairs):
        if pairs is None:
            return self.true
        return self.either(self._between(letter, pair) for pair in pairs)

    def formula(self, alternative: Alternative):
        out = self._any("s", alternative.sources) & self._any("d", alternative.targets)
        out &= self._any("p", alternative.ports)
        if alternative.tag is not None:
            out &= self.bdd.var(alternative.tag)
        if alternative.protocols is not None:
            out &= self._any("w", [(WORDS.index(w),) * 2 for w in alternative.protocols])
        if alternative.speaks is not None:
            out &= self._any("a", [(SPEAKS.index(alternative.speaks),) * 2])
        if alternative.patterns is not None:
            at = [
                (n, n)
                for n, name in enumerate(NAMES)
                if name and any(ends(pattern, name) for pattern in alternative.patterns)
            ]
            out &= self._any("n", at)
        return out & self.world


def ends(pattern: str, name: str) -> bool:
    return name.endswith(pattern[1:]) if pattern[0] == "*" else name == pattern


class Smt(Prover):
    """
    Z3: bit vectors, and for names either strings, where the empty one is no name, or their number.

    Strings cost a hundred times as much.
    """

    def __init__(self, *, has_strings: bool) -> None:
        self.has_strings = has_strings
        self.solver = z3.Solver() if has_strings else z3.SolverFor("QF_BV")
        self.word, self.speaks = z3.BitVec("w", 3), z3.BitVec("a", 2)
        self.port = z3.BitVec("p", 16)
        self.source, self.target = z3.BitVec("s", 32), z3.BitVec("d", 32)
        self.name = z3.String("n") if has_strings else z3.BitVec("n", 5)
        self.tags = {tag: z3.Bool(tag) for tag in TAGS}
        self.rules: dict[Entry, Any] = {}
        self.solver.add(z3.ULT(self.word, len(WORDS)))
        if not has_strings:
            self.solver.add(z3.ULT(self.name, len(NAMES)))

    def rule(self, entry: Entry):
        """A variable that is true where a rule matches."""
        if entry not in self.rules:
            self.rules[entry] = name = z3.Bool(f"rule{len(self.rules)}")
            self.solver.add(name == z3.Or([self.formula(a) for a in entry.alternatives]))
        return self.rules[entry]

    def hidden(self, entries: list[Entry]) -> list[bool]:
        rules = [self.rule(entry) for entry in entries]
        return [
            self._is_false(z3.And(rule, *map(z3.Not, rules[:n]))) for n, rule in enumerate(rules)
        ]

    def decision(self, entries: list[Entry]):
        """The decision on a packet, as a number."""
        out = z3.BitVecVal(0, 3)
        for entry in reversed(entries):
            number = 1 + DECISIONS.index(entry.decision)
            out = z3.If(self.rule(entry), z3.BitVecVal(number, 3), out)
        return out

    def equal(self, one: list[Entry], *others: list[Entry]) -> bool:
        wanted = self.decision(one)
        return self._is_false(z3.Or([self.decision(other) != wanted for other in others]))

    def _any(self, field, pairs):
        return z3.Or([z3.And(z3.UGE(field, low), z3.ULE(field, high)) for low, high in pairs])

    def formula(self, alternative: Alternative):
        parts = []
        for field, pairs in (
            (self.source, alternative.sources),
            (self.target, alternative.targets),
            (self.port, alternative.ports),
        ):
            if pairs is not None:
                parts.append(self._any(field, pairs))
        if alternative.tag is not None:
            parts.append(self.tags[alternative.tag])
        if alternative.protocols is not None:
            parts.append(z3.Or([self.word == WORDS.index(w) for w in alternative.protocols]))
        if alternative.speaks is not None:
            parts.append(self.speaks == SPEAKS.index(alternative.speaks))
        if alternative.patterns is not None:
            parts.append(z3.Or([self._ends(p) for p in alternative.patterns]))
        return z3.And(parts)

    def _ends(self, pattern: str):
        if not self.has_strings:
            there = [n for n, name in enumerate(NAMES) if name and ends(pattern, name)]
            return z3.Or([self.name == n for n in there])
        if pattern == "*":
            return z3.Length(self.name) > 0
        if pattern[0] == "*":
            return z3.SuffixOf(z3.StringVal(pattern[1:]), self.name)
        return self.name == z3.StringVal(pattern)

    def _is_false(self, formula) -> bool:
        self.solver.push()
        self.solver.add(formula)
        found = self.solver.check()
        self.solver.pop()
        assert found != z3.unknown
        return found == z3.unsat
