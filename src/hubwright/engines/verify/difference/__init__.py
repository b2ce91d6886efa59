"""
What a change does: which resources differ, and which packets fare otherwise than before.

`resources` compares values. `filters` compares ordered lines packet by packet, and looks only at
what the edited lines hold. `behaviour` puts the filters of two estates side by side, and the ways
that packets take. `words` says it in the user's names, `comparison` holds it all.
"""

from hubwright.engines.verify.difference.comparison import Comparison, compare
from hubwright.engines.verify.difference.effect import Effect, Kind
from hubwright.engines.verify.difference.resources import ArgumentChange, ResourceChange, Symbol
from hubwright.engines.verify.difference.words import Names, Wording

__all__ = [
    "ArgumentChange",
    "Comparison",
    "Effect",
    "Kind",
    "Names",
    "ResourceChange",
    "Symbol",
    "Wording",
    "compare",
]
