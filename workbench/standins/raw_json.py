"""JSON in and out with every number kept digit for digit: a served 29.90 never becomes 29.9."""

import json
import re
from decimal import Decimal
from typing import Any

_MARK = "\x00"
_MARKED_NUMBER = re.compile(r'"\\u0000([^"]*)"')


def loads(text: str | bytes) -> Any:
    """The value of a JSON text; numbers with a fraction become ``Decimal``."""
    return json.loads(text, parse_float=Decimal)


def dumps(value: Any, *, indent: int | None = None) -> bytes:
    """The JSON text of a value as bytes; a ``Decimal`` is written as a number, digit for digit."""
    text = json.dumps(value, default=_marked, indent=indent)
    if "\\u0000" in text:
        text = _MARKED_NUMBER.sub(r"\1", text)
    return text.encode()


def _marked(value: object) -> str:
    if isinstance(value, Decimal):
        return f"{_MARK}{value:f}"
    raise TypeError(f"{type(value).__name__} has no JSON form")
