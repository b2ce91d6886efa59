"""
What a plain scalar means: YAML 1.2's core schema, and the traps of YAML 1.1.

Source: yaml.org/spec/1.2.2/#103-core-schema; the traps are the types of YAML 1.1, yaml.org/type.
"""

import re
from typing import Final

from hubwright.lazy_dataclass import dataclass

Value = str | int | float | bool | None

_WORDS: Final[dict[str, bool | None]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_OLD_BOOLEANS: Final = {"yes": "true", "on": "true", "no": "false", "off": "false"}
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}\Z")
_BASED = re.compile(r"0o[0-7]{1,400}\Z|0x[0-9a-fA-F]{1,400}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?\Z")
_SPECIAL = re.compile(r"[-+]?\.(inf|Inf|INF)\Z|\.(nan|NaN|NAN)\Z")
_OCTAL = re.compile(r"[-+]?0[0-9]+\Z")
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?\Z")
_UNDERSCORES = re.compile(r"[-+]?[0-9][0-9]*(_[0-9]+)+\Z")
_DATE = re.compile(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([Tt ].*)?\Z")


@dataclass(frozen=True, slots=True)
class Trap:
    """A plain scalar that YAML 1.1 and 1.2 read differently."""

    message: str
    help: str


def resolve(text: str) -> Value | Trap:
    """Return what a plain scalar stands for, or the trap that it is."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first.isalpha():
        return _word(text)
    if first.isdigit() or first in "-+.":
        return _number(text)
    return text


def _word(text: str) -> Value | Trap:
    lowered = text.lower()
    if lowered in _OLD_BOOLEANS and text in (lowered, lowered.capitalize(), lowered.upper()):
        meaning = _OLD_BOOLEANS[lowered]
        return Trap(
            f"`{text}` is a boolean to some YAML readers and text to others",
            f'write `{meaning}` for the boolean, or `"{text}"` for the text',
        )
    return text


def _number(text: str) -> Value | Trap:
    if _OCTAL.match(text):
        number = text.lstrip("+-0") or "0"
        return Trap(
            f"`{text}` is octal to some YAML readers and decimal to others",
            f'write `{number}` for the number, or `"{text}"` for the text',
        )
    if _INTEGER.match(text):
        return int(text)
    if _BASED.match(text):
        return int(text, 0)
    if _SEXAGESIMAL.match(text):
        return _quote(text, "a number to base 60")
    if _UNDERSCORES.match(text):
        return Trap(
            f"`{text}` is a number to some YAML readers and text to others",
            f'write `{text.replace("_", "")}` for the number, or `"{text}"` for the text',
        )
    if _DATE.match(text):
        return _quote(text, "a date")
    if _FLOAT.match(text) or _SPECIAL.match(text):
        return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text


def _quote(text: str, what: str) -> Trap:
    return Trap(
        f"`{text}` is {what} to some YAML readers and text to others", f'quote it: `"{text}"`'
    )
