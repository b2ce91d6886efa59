"""
A check of what `hygiene` claims, from the lines and the certificates alone.

It shares no code with the engine: what must be covered is written down anew, and each claim has
to cover one of those with lines that stand where they must. Small enough to be believed.
"""

from collections.abc import Sequence

from hubwright.engines.verify.hygiene import Claim
from hubwright.engines.verify.lines import Line
from hubwright.engines.verify.space import Cube, holds


def is_hidden(lines: Sequence[Line], number: int, claims: Sequence[Claim]) -> bool:
    """Tell whether claims prove that lines before one take everything of it."""
    before = range(number)
    return all(_is_met(lines, cube, before, claims) for cube in lines[number].cubes)


def may_go(
    lines: Sequence[Line], number: int, claims: Sequence[Claim], default: str = "default"
) -> bool:
    """
    Tell whether claims prove that every decision stays as it is without one line.

    A packet of that line, taken by none before, would go to the next line that has it. There is
    one, or the default decides alike; and it is none with another decision, since what such a line
    shares with this one is taken before it.
    """
    line, others = lines[number], [n for n in range(len(lines)) if n != number]
    for cube in line.cubes:
        if line.decision != default and not _is_met(lines, cube, others, claims):
            return False
        for later in range(number + 1, len(lines)):
            if lines[later].decision == line.decision:
                continue
            before = [n for n in others if n < later]
            for shared in (cube & other for other in lines[later].cubes):
                if shared and not _is_met(lines, shared, before, claims):
                    return False
    return True


def _is_met(
    lines: Sequence[Line], cube: Cube, allowed: Sequence[int], claims: Sequence[Claim]
) -> bool:
    """Tell whether a claim covers a cube with cubes of the lines that may cover it."""
    return any(
        claim.certificate.cube == cube
        and len(claim.lines) == len(claim.certificate.covers)
        and all(
            number in allowed and cover in lines[number].cubes
            for number, cover in zip(claim.lines, claim.certificate.covers, strict=True)
        )
        and holds(claim.certificate)
        for claim in claims
    )
