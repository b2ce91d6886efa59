"""A comparison as a pull request comment: a marker to find it again, the long part folded."""

from hubwright.diagnostics.render.markdown import LIMIT
from hubwright.engines.verify.difference import Comparison, Kind
from hubwright.surfaces.report import diff_text

MARKER = "<!-- hubwright: diff -->"


def render(comparison: Comparison) -> str:
    """Return the comment; a text beyond the limit is cut, and says so."""
    text = diff_text.render(comparison)
    if len(text) > LIMIT - 1000:
        text = f"{text[: LIMIT - 1000]}\n... cut; the log of the run has the rest\n"
    counts = [f"{comparison.count(kind)} {kind.value}" for kind in Kind if comparison.count(kind)]
    head = ", ".join(counts) if counts else "no change in behaviour"
    resources = f"{len(comparison.resources)} resources differ"
    return (
        f"{MARKER}\n### hubwright: {head}\n\n"
        f"<details><summary>{resources}; who can reach what, before and now</summary>\n\n"
        f"```diff\n{_for_diff(text)}```\n\n</details>\n"
    )


def _for_diff(text: str) -> str:
    """Move the marks to the first column, where Markdown colours them."""
    lines: list[str] = []
    for line in text.replace("```", "'''").splitlines():
        bare = line.lstrip()
        mark = bare[:1]
        if mark in "+-~" and bare[1:2] == " " and line != bare:
            sign = "!" if mark == "~" else mark
            lines.append(f"{sign}{line[: len(line) - len(bare)]}{bare[2:]}")
        else:
            lines.append(f" {line}".rstrip())
    return "".join(f"{line}\n" for line in lines)
