"""No text makes the reader raise: real designs, mutated."""

import os
import random
from pathlib import Path

import pytest

from hubwright.sources.design import full, load_design, read_design

ROOT = Path(__file__).parents[3]

DESIGNS = [path.read_text() for path in sorted((ROOT / "estates").glob("*/estate.yaml"))]
RUNS = int(os.environ.get("HUBWRIGHT_FUZZ", "300"))
SCALARS = [
    "true", "null", "yes", "010", "12:30", "-1", "0", "65536", "99999999999999999999", "1e309",
    ".nan", "''", "[]", "{}", "[[]]", "{a: {b: c}}", "10.0.0.0/8", "10.0.0.1/8", "0.0.0.0/0",
    "255.255.255.255/32", "*", "&a", "*a", "!!x 1", "|", ">-", "pip:none/32", "hub", "aks",
    "aks/AksSubnet", "Internet", "é", "\U0001f600", "a" * 300, "2026-11-01", "? x", "- -", "1_0",
]  # fmt: skip


def mutate(rng: random.Random, text: str) -> str:
    """Return the text with one or more small changes."""
    for _ in range(rng.choice((1, 1, 2, 5))):
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        match rng.randrange(9):
            case 0:
                del lines[at]
            case 1:
                lines.insert(at, lines[rng.randrange(len(lines))])
            case 2:
                other = rng.randrange(len(lines))
                lines[at], lines[other] = lines[other], lines[at]
            case 3:
                key, colon, _ = lines[at].partition(":")
                lines[at] = f"{key}{colon} {rng.choice(SCALARS)}"
            case 4:
                words = lines[at].split(" ")
                words[rng.randrange(len(words))] = rng.choice(SCALARS)
                lines[at] = " ".join(words)
            case 5:
                position = rng.randrange(len(lines[at]) + 1)
                junk = chr(
                    rng.choice((0, 7, 9, 34, 39, 58, 91, 123, 125, 127, 0x85, 0x2028, 0xD800))
                )
                lines[at] = lines[at][:position] + junk + lines[at][position:]
            case 6:
                return "\n".join(lines)[: rng.randrange(len(text) + 1)] or "x"
            case 7:
                lines[at] = " " * rng.randrange(6) + lines[at].lstrip()
            case _:
                source = rng.choice(DESIGNS).split("\n")
                lines[at] = rng.choice(source)
        text = "\n".join(lines)
        if not text:
            return "x"
    return text


def test_mutated_designs_never_raise():
    rng = random.Random(20261123)
    survivors = 0

    for _ in range(RUNS):
        text = mutate(rng, rng.choice(DESIGNS))
        estate, problems = read_design("estate.yaml", text)

        assert (estate is None) == bool(problems), text
        for problem in problems:
            assert problem.code.startswith("DESIGN")
            assert problem.primary.origin.source == "estate.yaml"
            assert problem.message.isprintable()
        if estate is not None:
            survivors += 1
            again, rest = read_design("full.yaml", full(text))
            assert rest == [], text
            assert again == estate, text

    assert survivors > RUNS // 50


@pytest.mark.parametrize("seed", range(20))
def test_bytes_of_any_kind_never_raise(tmp_path: Path, seed: int):
    rng = random.Random(seed)
    raw = bytearray(rng.choice(DESIGNS).encode())
    for _ in range(rng.randrange(1, 8)):
        raw[rng.randrange(len(raw))] = rng.randrange(256)
    path = tmp_path / "estate.yaml"
    path.write_bytes(bytes(raw))

    estate, problems = load_design(path)

    assert (estate is None) == bool(problems)
