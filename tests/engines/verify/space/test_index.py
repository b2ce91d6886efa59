"""The index answers what looking at every pair answers."""

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.verify.space.strategies import cubes
from hubwright.engines.verify.space import Index, Space, bits


@settings(max_examples=150, deadline=None)
@given(st.lists(cubes(), min_size=1, max_size=8))
def test_meeting_and_containing_are_those_of_all_pairs(items):
    space = Space(items)
    pieces = space.encode_all(items)
    if not pieces:
        return
    index = Index(space, pieces)
    for piece in [*pieces, space.full, (*pieces[0][:-1], space.full[-1])]:
        meeting = {
            n for n, o in enumerate(pieces) if all(a & b for a, b in zip(piece, o, strict=True))
        }
        containing = {
            n
            for n, o in enumerate(pieces)
            if not any(a & ~b for a, b in zip(piece, o, strict=True))
        }
        assert set(bits(index.meeting(piece))) == meeting
        assert set(bits(index.containing(piece))) == containing
