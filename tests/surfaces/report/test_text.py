from hypothesis import given
from hypothesis import strategies as st

from hubwright.surfaces.report.text import Style, fit, width, wrap

PLAIN = Style("t", 10)
BOLD = Style("t", 10, bold=True)
MONO = Style("t", 10, mono=True)


def test_width_grows_with_weight_and_knows_narrow_letters() -> None:
    assert width("iii", PLAIN) < width("mmm", PLAIN)
    assert width("abc", PLAIN) < width("abc", BOLD)
    assert width("iii", MONO) == width("mmm", MONO)
    assert width("漢", MONO) > width("a", MONO)


@given(st.text(max_size=80), st.integers(10, 300))
def test_what_is_fitted_fits(text: str, room: int) -> None:
    shown = fit(text, BOLD, room)

    assert width(shown, BOLD) <= room
    assert shown in ("", text) or shown.endswith("…")


@given(st.text(max_size=200), st.integers(20, 300), st.integers(1, 4))
def test_what_is_wrapped_fits_line_by_line(text: str, room: int, lines: int) -> None:
    out = wrap(text, PLAIN, room, lines)

    assert len(out) <= lines
    assert all(width(line, PLAIN) <= room for line in out)


def test_lines_break_at_spaces_and_keep_every_word() -> None:
    text = "the quick brown fox jumps over the lazy dog"
    out = wrap(text, PLAIN, 120, 9)

    assert " ".join(out) == text
    assert len(out) > 1
