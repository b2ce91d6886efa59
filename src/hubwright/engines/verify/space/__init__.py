"""
Sets of packets, exactly: what proofs, differences and reachability are made of.

A question is asked in one `Space`, built from all the cubes that it speaks of:

    space = Space([*before, *after])
    opened = Region.of(space, after) - Region.of(space, before)
    opened.is_empty()             # proved, refuted with a witness, or unknown with the reason
    opened.compact().cubes()      # what is left, as AddressSet, PortSet and NameSet
    covered(space, one, by=many)  # with certificates that `holds` checks without the engine

`first_match` resolves ordered lines into what each one decides. What nobody can list (a service
tag, a web category, a value known after apply) is a `Symbol` in a cube's `inside`; proofs hold for
every content of it. A set of `literal or tag` is two cubes: one with the literal, one with the tag.
"""

from hubwright.engines.verify.space.answer import Answer, Certificate, Verdict
from hubwright.engines.verify.space.checker import holds
from hubwright.engines.verify.space.cover import BudgetExceeded, Piece
from hubwright.engines.verify.space.cube import (
    ALL_APPLICATIONS,
    ALL_PROTOCOLS,
    PROTOCOLS,
    Cube,
    Point,
    Role,
    Symbol,
)
from hubwright.engines.verify.space.index import Index, bits
from hubwright.engines.verify.space.names import ANY_NAME, EVERY_NAME, NO_NAME, NameSet
from hubwright.engines.verify.space.region import Region, covered, first_match
from hubwright.engines.verify.space.space import Space

__all__ = [
    "ALL_APPLICATIONS",
    "ALL_PROTOCOLS",
    "ANY_NAME",
    "EVERY_NAME",
    "NO_NAME",
    "PROTOCOLS",
    "Answer",
    "BudgetExceeded",
    "Certificate",
    "Cube",
    "Index",
    "NameSet",
    "Piece",
    "Point",
    "Region",
    "Role",
    "Space",
    "Symbol",
    "Verdict",
    "bits",
    "covered",
    "first_match",
    "holds",
]
