"""Walks through JSON text without turning all of it into values at once."""

import json
from collections.abc import Iterator
from json.decoder import WHITESPACE  # type: ignore[attr-defined]  # missing in typeshed
from typing import Any

_DECODE = json.JSONDecoder()


class Cursor:
    """
    A place in a JSON text.

    Whoever is given a member or an item takes its value (`value`, `members`, `items` or `skip`)
    before asking for the next. What is not kept is freed at once: the text is the largest thing
    in memory.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def peek(self) -> str:
        """Return the next character that is no space, "" at the end."""
        self.at = WHITESPACE.match(self.text, self.at).end()
        return self.text[self.at : self.at + 1]

    def value(self) -> Any:
        """Return the value here, and go behind it."""
        self.peek()
        found, self.at = _DECODE.raw_decode(self.text, self.at)
        return found

    def members(self) -> Iterator[str]:
        """Yield the keys of the object here; no keys of what is no object."""
        if self.peek() != "{":
            self.value()
            return
        self.at += 1
        if self.peek() == "}":
            self.at += 1
            return
        while True:
            if self.peek() != '"':
                raise self._wrong("Expecting property name enclosed in double quotes")
            key = self.value()
            self._take(":", "Expecting ':' delimiter")
            yield str(key)
            if self._is_last("}"):
                return

    def items(self) -> Iterator[int]:
        """Yield the indexes of the array here; none of what is no array."""
        if self.peek() != "[":
            self.value()
            return
        self.at += 1
        if self.peek() == "]":
            self.at += 1
            return
        number = 0
        while True:
            yield number
            number += 1
            if self._is_last("]"):
                return

    def skip(self, depth: int = 4) -> None:
        """Go behind the value here, making little of it at a time."""
        sign = self.peek() if depth else ""
        if sign == "{":
            for _ in self.members():
                self.skip(depth - 1)
        elif sign == "[":
            for _ in self.items():
                self.skip(depth - 1)
        else:
            self.value()

    def end(self) -> None:
        """Make sure that nothing follows."""
        if self.peek():
            raise self._wrong("Extra data")

    def _is_last(self, close: str) -> bool:
        sign = self.peek()
        if sign not in {",", close} or not sign:
            raise self._wrong("Expecting ',' delimiter")
        self.at += 1
        return sign == close

    def _take(self, sign: str, message: str) -> None:
        if self.peek() != sign:
            raise self._wrong(message)
        self.at += 1

    def _wrong(self, message: str) -> json.JSONDecodeError:
        return json.JSONDecodeError(message, self.text, self.at)
