"""Bytes -> JSON values without a float in them, and a list cut into its elements' own bytes."""

import json
from typing import Any

_BOM = b"\xef\xbb\xbf"
_SPACE = " \t\r\n"

# Numbers with a fraction or an exponent stay the text they were sent as: exact, and the
# amounts can refuse an exponent, NaN and Infinity by themselves (shop API, section 10 rule 1).
_DECODER = json.JSONDecoder(parse_float=str, parse_constant=str)


class NotJson(ValueError):
    """When the bytes are not JSON in UTF-8: half an answer, an HTML page, nothing at all."""


class NotAList(ValueError):
    """When the bytes are JSON but no list; ``value`` is what they are."""

    def __init__(self, value: Any) -> None:
        super().__init__("JSON, but not a list")
        self.value = value


def loads(raw: bytes) -> Any:
    """The JSON value; numbers with a fraction arrive as text. Raises ``NotJson``."""
    try:
        return _DECODER.decode(_text(raw))
    except (ValueError, RecursionError) as error:
        raise NotJson(_where(error)) from None


def elements(raw: bytes) -> list[tuple[Any, bytes]]:
    """The elements of a JSON list, each with the bytes it was read from.

    Raises ``NotJson``, and ``NotAList`` for any other JSON value.
    """
    text = _text(raw)
    at = _skip(text, 0)
    if text[at : at + 1] != "[":
        raise NotAList(loads(raw))
    try:
        return _elements(text, at + 1)
    except (ValueError, RecursionError, StopIteration, IndexError) as error:
        raise NotJson(_where(error)) from None


def _elements(text: str, at: int) -> list[tuple[Any, bytes]]:
    found: list[tuple[Any, bytes]] = []
    at = _skip(text, at)
    if text[at] == "]":
        return _only(found, text, at)
    while True:
        value, end = _DECODER.raw_decode(text, at)
        found.append((value, text[at:end].encode()))
        at = _skip(text, end)
        if text[at] == "]":
            return _only(found, text, at)
        if text[at] != ",":
            raise ValueError("no comma")
        at = _skip(text, at + 1)


def _only(found: list[tuple[Any, bytes]], text: str, at: int) -> list[tuple[Any, bytes]]:
    """What was found, unless something follows the list."""
    if text[at + 1 :].strip(_SPACE):
        raise ValueError("text after the list")
    return found


def _skip(text: str, at: int) -> int:
    while at < len(text) and text[at] in _SPACE:
        at += 1
    return at


def _text(raw: bytes) -> str:
    try:
        return raw.removeprefix(_BOM).decode()
    except UnicodeDecodeError:
        raise NotJson("not UTF-8") from None


def _where(error: Exception) -> str:
    """Where it broke off, without a word of the content."""
    if isinstance(error, json.JSONDecodeError):
        return f"not JSON at line {error.lineno}, column {error.colno}"
    return "not JSON: nested too deeply" if isinstance(error, RecursionError) else "not JSON"
