"""What an answer of the shop means: status first, then JSON, never a guess (section 2.4)."""

import re
from collections.abc import Iterable
from datetime import datetime
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import Any
from urllib.parse import quote

from boekbrug.journey.ports.tenants import Secret
from boekbrug.mijnwebwinkel import exact_json
from boekbrug.mijnwebwinkel.transport import Answer

LONGEST_TEXT = 200
LONGEST_WAIT = 3600
_EMAIL = re.compile(r"\S+@\S+")
_SPACE = re.compile(r"[\s\x00-\x1f\x7f]+")


class Meaning(Enum):
    """What a status says."""

    GIVEN = "the answer itself"
    REFUSED = "the token is wrong, expired, inactive or without access"
    DOUBTFUL = "our request is wrong, or the token: the vendor does not say (section 14, row 1)"
    NOT_THERE = "no such order; or a refused token, or a wrong address"
    BUSY = "too many requests"
    FAILING = "the server cannot now"


_MEANINGS = {
    401: Meaning.REFUSED,
    403: Meaning.REFUSED,
    404: Meaning.NOT_THERE,
    408: Meaning.FAILING,
    425: Meaning.BUSY,
    429: Meaning.BUSY,
}
_SAYS = ("title", "message", "detail", "description")
_ERROR_FIELDS = ("title", "message", "error", "code", "status")


def meaning(status: int) -> Meaning:
    """The meaning of an HTTP status, or of the code that an error body carries."""
    if status in _MEANINGS:
        return _MEANINGS[status]
    if status >= 500:
        return Meaning.FAILING
    return Meaning.GIVEN if 200 <= status < 300 else Meaning.DOUBTFUL


def error_in(value: Any) -> Meaning | None:
    """What a JSON object means that came where data was expected; ``None``: it is no error.

    Some servers answer 200 with an error object; its code or status is then what counts.
    """
    if not isinstance(value, dict) or not any(name in value for name in _ERROR_FIELDS):
        return None
    for name in ("code", "status"):
        digits = str(value.get(name, ""))
        if len(digits) == 3 and digits.isascii() and digits.isdigit() and int(digits) >= 400:
            return meaning(int(digits))
    return Meaning.DOUBTFUL


def json_or_none(body: bytes) -> Any:
    """The JSON value of a body, ``None`` when it is HTML, empty or broken off."""
    try:
        return exact_json.loads(body)
    except exact_json.NotJson:
        return None


def told(answer: Answer, secrets: Iterable[Secret]) -> str:
    """Status and the server's own words, short, without tokens and e-mail addresses."""
    value = json_or_none(answer.body)
    words = [value[name] for name in _SAYS if isinstance(value, dict) and value.get(name)]
    text = words[0] if words and isinstance(words[0], str) else ""
    for secret in filter(None, (secret.text for secret in secrets)):
        for form in (secret, quote(secret, safe="")):
            text = text.replace(form, "…")
    text = _SPACE.sub(" ", _EMAIL.sub("…", text)).strip()[:LONGEST_TEXT]
    return f"{answer.status} {text}".strip()


def retry_after(answer: Answer, now: datetime) -> int | None:
    """The wait that the server asks for: whole seconds, at most an hour; ``None``: it does not."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isascii() and text.isdigit():
        return min(int(text[:9]), LONGEST_WAIT)
    try:
        wait = (parsedate_to_datetime(text) - now).total_seconds()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0, min(round(wait), LONGEST_WAIT))
