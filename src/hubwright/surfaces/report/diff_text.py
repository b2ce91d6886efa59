"""A comparison for people: resources in Terraform's manner, then what becomes of packets."""

from collections.abc import Iterator, Sequence
from typing import Any

from hubwright.diagnostics.render.ansi import BOLD, DIM, GREEN, RED, YELLOW, Paint, one_line
from hubwright.engines.verify.difference import (
    ArgumentChange,
    Comparison,
    Effect,
    Kind,
    Names,
    ResourceChange,
    Symbol,
)

_COLORS = {
    Symbol.ADDED: GREEN,
    Symbol.REMOVED: RED,
    Symbol.CHANGED: YELLOW,
    Symbol.REPLACED: RED,
}
_MARKS = {Kind.OPENED: "+", Kind.CLOSED: "-", Kind.REROUTED: "~", Kind.UNKNOWN: "?"}
_MARK_COLORS = {Kind.OPENED: GREEN, Kind.CLOSED: RED, Kind.REROUTED: YELLOW, Kind.UNKNOWN: YELLOW}
_PACKETS = 6
"""Products of an effect that are shown; JSON has all."""
_VALUE = 60
"""Characters of a value that are shown."""


def render(comparison: Comparison, *, color: bool = False) -> str:
    """Return the resources that differ, the effects on packets, and a line that counts both."""
    paint = Paint(color)
    lines = [paint(one_line(f"{comparison.before} -> {comparison.after}"), BOLD), ""]
    for change in comparison.resources:
        lines += _resource(change, paint)
    if comparison.resources:
        lines.append("")
    lines += _behaviour(comparison, paint)
    lines += ["", _summary(comparison)]
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _resource(change: ResourceChange, paint: Paint) -> Iterator[str]:
    mark = paint(f"{change.symbol:>3}", _COLORS[change.symbol])
    yield f"{mark} {change.type}.{one_line(change.name)}"
    for argument in change.arguments:
        mark = paint(f"{argument.symbol:>7}", _COLORS[argument.symbol])
        yield f"{mark} {_path(argument.path)}{_values(argument)}"
        if argument.left_alone:
            yield paint(f"          Terraform ignores this: {argument.left_alone}", DIM)


def _path(path: Sequence[str]) -> str:
    return one_line(".".join(path))


def _values(change: ArgumentChange) -> str:
    if change.symbol is not Symbol.CHANGED:
        return ""
    if isinstance(change.before, list) and isinstance(change.after, list):
        return f": {_members(change.before, change.after)}"
    return f": {_value(change.before)} -> {_value(change.after)}"


def _members(before: list[Any], after: list[Any]) -> str:
    """Return what came and went in a list; both lists where only their order differs."""
    came = [f"+{_value(item)}" for item in after if item not in before]
    went = [f"-{_value(item)}" for item in before if item not in after]
    if not came and not went:
        return "another order"
    words = [*came, *went]
    more = f" and {len(words) - _PACKETS} more" if len(words) > _PACKETS else ""
    return " ".join(words[:_PACKETS]) + more


def _value(value: Any) -> str:
    if value is None:
        return "(none)"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return one_line(text if len(text) <= _VALUE else f"{text[: _VALUE - 1]}…")


def _behaviour(comparison: Comparison, paint: Paint) -> Iterator[str]:
    if comparison.is_same_behaviour:
        yield paint("No change in behaviour", BOLD) + ": every packet fares as before."
        return
    counts = [
        f"{_MARKS[kind]} {comparison.count(kind)} {kind.value}"
        for kind in Kind
        if comparison.count(kind)
    ]
    yield paint("Behaviour", BOLD) + "   " + "   ".join(counts)
    for effect in comparison.effects:
        yield from _effect(effect, comparison.names, paint)


def _effect(effect: Effect, names: Names, paint: Paint) -> Iterator[str]:
    mark = paint(f"  {_MARKS[effect.kind]}", _MARK_COLORS[effect.kind])
    for cube in effect.cubes[:_PACKETS]:
        yield f"{mark} {one_line(str(names.wording(cube)))}"
    if len(effect.cubes) > _PACKETS:
        yield f"{mark} and {len(effect.cubes) - _PACKETS} more products of packets"
    if not effect.cubes:
        yield f"{mark} {effect.place}: {effect.after}"
        return
    yield paint(f"      {effect.place}: {effect.before} -> {effect.after}", DIM)
    witness = _witness(effect)
    if witness:
        yield paint(f"      {witness}", DIM)


def _witness(effect: Effect) -> str:
    """Return what the evaluator says of one of the packets, before and now."""
    if effect.flow is None or effect.now is None:
        return ""
    was = effect.was.disposition.value if effect.was else "not there"
    now = effect.now.disposition.value
    text = f"witness: {one_line(str(effect.flow))}  {was} -> {now}"
    if effect.is_seen is False:
        blocker = effect.now.blocker
        why = f" by {blocker[0].node}" if blocker else ""
        text = f"no difference end to end for {one_line(str(effect.flow))}: still {now}{why}"
    return text


def _summary(comparison: Comparison) -> str:
    if comparison.is_same:
        return "No changes."
    counts = {
        "add": Symbol.ADDED,
        "change": Symbol.CHANGED,
        "replace": Symbol.REPLACED,
        "remove": Symbol.REMOVED,
    }
    words = [
        f"{comparison.counted(symbol)} to {verb}"
        for verb, symbol in counts.items()
        if symbol is not Symbol.REPLACED or comparison.counted(symbol)
    ]
    return f"Resources: {', '.join(words)}."
