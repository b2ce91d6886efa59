import random

import pytest

from hubwright.engines.verify.difference.script import edit_script


@pytest.mark.parametrize(
    ("before", "after", "gone", "came"),
    [
        ("abc", "abc", (), ()),
        ("", "", (), ()),
        ("abc", "", (0, 1, 2), ()),
        ("abc", "abxc", (), (2,)),
        ("abxc", "abc", (2,), ()),
        ("abc", "acb", (2,), (1,)),
        ("aaa", "aa", (2,), ()),
    ],
)
def test_what_was_edited(before, after, gone, came):
    script = edit_script(before, after, key=str)

    assert (script.before, script.after) == (gone, came)


def test_what_is_not_edited_is_the_same_list():
    rng = random.Random(7)
    for _ in range(500):
        before = [rng.randrange(8) for _ in range(rng.randrange(12))]
        after = [item for item in before if rng.random() < 0.8]
        for _ in range(rng.randrange(3)):
            after.insert(rng.randrange(len(after) + 1), rng.randrange(10))
        script = edit_script(before, after, key=str)
        kept = [item for n, item in enumerate(before) if n not in script.before]

        assert kept == [item for n, item in enumerate(after) if n not in script.after]
