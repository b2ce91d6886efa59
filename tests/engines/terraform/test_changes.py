"""What was written, what is there and what would be written, in every combination."""

import pytest

from hubwright.engines.terraform.changes import (
    State,
    compare,
    digest,
    manifest,
    parse_manifest,
)

OLD, NEW, MINE = b"old", b"new", b"mine"


@pytest.mark.parametrize(
    ("written", "there", "wanted", "state"),
    [
        (None, None, NEW, State.NEW),
        (OLD, None, NEW, State.NEW),
        (None, NEW, NEW, State.SAME),
        (OLD, NEW, NEW, State.SAME),
        (OLD, OLD, NEW, State.UPDATED),
        (NEW, MINE, NEW, State.YOURS),
        (OLD, MINE, NEW, State.CONFLICT),
        (None, MINE, NEW, State.CONFLICT),
        (OLD, OLD, None, State.REMOVED),
        (OLD, MINE, None, State.CONFLICT),
    ],
)
def test_every_combination_has_its_state(written, there, wanted, state):
    (change,) = compare(
        {"a": digest(written)} if written else {},
        {"a": there} if there else {},
        {"a": wanted} if wanted else {},
        {},
    )

    assert (change.state, change.content) == (state, wanted)


def test_what_was_deleted_and_is_asked_for_no_more_is_not_spoken_of():
    assert compare({"a": digest(OLD)}, {}, {}, {}) == ()


def test_starters_are_written_only_where_nothing_is():
    found = compare({}, {"a": MINE}, {}, {"a": NEW, "b": NEW})

    assert [(change.path, change.state) for change in found] == [
        ("a", State.SAME),
        ("b", State.NEW),
    ]


def test_a_manifest_is_read_back():
    assert parse_manifest(manifest({"b": NEW, "a": OLD})) == {"a": digest(OLD), "b": digest(NEW)}


@pytest.mark.parametrize("text", [b"", b"[]", b"{}", b'{"version": 2, "files": {}}', b"\xff"])
def test_what_is_no_manifest_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        parse_manifest(text)


@pytest.mark.parametrize("path", ["/etc/passwd", "../x", "a/../../x", "..\\x"])
def test_a_manifest_does_not_reach_out_of_its_folder(path):
    text = manifest({path: OLD, "a": OLD})

    assert list(parse_manifest(text)) == ["a"]
