"""What went wrong -> one of our errors: the only table that says so (Acumulus API, section 5)."""

import re
from dataclasses import dataclass

from boekbrug.acumulus.answer import EXCEPTION, Answer, text
from boekbrug.errors import (
    BoekbrugError,
    NeedsOperator,
    NeedsOwner,
    RetryLater,
    StopShop,
    Unclear,
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a fault means when we were reading, and when we were posting an invoice."""

    reading: type[BoekbrugError]
    posting: type[BoekbrugError]
    says: str


OUTCOMES = {
    # nothing was booked for certain
    "books_unreachable": Outcome(RetryLater, RetryLater, "no connection, nothing was sent"),
    "books_throttled": Outcome(RetryLater, RetryLater, "too many requests, none was seen"),
    "credentials_refused": Outcome(StopShop, StopShop, "contract, user or password refused"),
    "role_refused": Outcome(StopShop, StopShop, "the role of the user is not enough"),
    "books_refused": Outcome(RetryLater, NeedsOwner, "refused"),
    "books_not_found": Outcome(RetryLater, NeedsOwner, "refers to something that is not there"),
    "books_unknown_country": Outcome(RetryLater, NeedsOwner, "no such country"),
    "period_locked": Outcome(RetryLater, NeedsOwner, "the booking period is locked"),
    "quota_exhausted": Outcome(RetryLater, NeedsOwner, "no bookings left in this contract"),
    "books_wrong_url": Outcome(NeedsOperator, NeedsOperator, "no such page: our URL is wrong"),
    "books_wrong_xml": Outcome(NeedsOperator, NeedsOperator, "our XML could not be read"),
    # sent, and nobody knows
    "books_no_answer": Outcome(RetryLater, Unclear, "sent, but no answer came"),
    "books_failed": Outcome(RetryLater, Unclear, "the server failed"),
    "books_exception": Outcome(RetryLater, Unclear, "Acumulus reports an exception"),
    "books_unreadable": Outcome(RetryLater, Unclear, "the answer is not one of the API"),
}

CONTRACT_MISSING = frozenset({"AF1001MCS"})
ROLE_TOO_LOW = frozenset({"A8N403GCN"})
NOT_FOUND = frozenset(
    {
        *("BK07TG65N", "XGYBSN000", "P2XFELO12"),  # entry
        *("7CFBA8K", "AAB6C3AA", "XGYTTNF04", "TNFE4035G"),  # token of an invoice
        *("FGY040XX", "FGYBSN040", "FGYBSN048"),  # concept
    }
)
"""What is asked for is not there. Tags may change, so 404 counts as well."""

UNKNOWN_COUNTRY = frozenset({"AA6A45AA"})

_SHOWN = 160  # characters of a remote text that are kept


def failure(
    code: str, *, posting: bool, detail: str = "", after: int | None = None, busy: bool = False
) -> BoekbrugError:
    """The error for a code of the table; ``after`` is the wait in seconds that was asked for.

    ``busy`` when Acumulus may still be working on what was sent.
    """
    outcome = OUTCOMES[code]
    kind = outcome.posting if posting else outcome.reading
    shown = detail or outcome.says
    if issubclass(kind, RetryLater):
        return kind(shown, code=code, after=after)
    if issubclass(kind, Unclear):
        return kind(shown, code=code, busy=busy)
    return kind(shown, code=code)


def fault_of(answer: Answer | None, http: int, *, posting: bool) -> str | None:
    """The code of what is wrong with an answer, or ``None`` when it succeeded.

    The order matters: the body's status first, and HTTP only where there is no such body.
    """
    if answer is None:
        return _fault_of_http(http)
    if answer.succeeded:
        return None
    if answer.status == EXCEPTION:
        return "books_exception"
    return _fault_of_errors(answer, posting=posting)


def _fault_of_http(http: int) -> str:
    match http:
        case 429:
            return "books_throttled"
        case 401 | 403:
            return "credentials_refused"
        case 404:
            return "books_wrong_url"
        case _ if http >= 500:
            return "books_failed"
        case _:
            return "books_unreadable"


def _fault_of_errors(answer: Answer, *, posting: bool) -> str:  # noqa: PLR0911  # it is the table
    """Status 1: a codetag nobody has seen before is ``books_refused``, and a person looks at it."""
    if answer.mentions(429):
        return "books_throttled"
    if answer.tagged(ROLE_TOO_LOW):
        return "role_refused"
    if answer.tagged(CONTRACT_MISSING) or answer.mentions(401, 403):
        return "credentials_refused"
    if answer.as_xml:
        return "books_wrong_xml"
    if answer.tagged(NOT_FOUND) or answer.mentions(404):
        return "books_not_found"
    if not posting and answer.tagged(UNKNOWN_COUNTRY):
        return "books_unknown_country"
    if posting and text(answer.node, "contractcode"):
        return "period_locked"
    return "books_refused"


def described(answer: Answer | None, sent: bytes) -> str:
    """Codes and codetags of the errors, and their text where it repeats nothing of ``sent``.

    A remote text may hold a name or an address that we sent in our XML; an error ends up in logs
    and tables, so such a text is left out altogether.
    """
    if answer is None:
        return ""
    private = _private_words(sent)
    return "; ".join(_shown(str(error), error.text, private) for error in answer.errors[:3])


def _shown(codes: str, remote: str, private: frozenset[str]) -> str:
    flat = " ".join(remote.split())
    squeezed = _squeezed(flat)
    if not flat.isprintable() or _SECRETIVE.search(flat) or any(w in squeezed for w in private):
        flat = ""
    short = flat if len(flat) <= _SHOWN else flat[: _SHOWN - 1] + "…"
    return ": ".join(part for part in (codes, short) if part)


# An address, a token, a telephone or bank account number, and markup: ours or not.
_SECRETIVE = re.compile(r"[@<>]|[A-Za-z0-9]{20,}|\d{7,}")
_BETWEEN_TAGS = re.compile(">([^<]+)<")
_WORD = re.compile(r"\w{4,}")


def _private_words(sent: bytes) -> frozenset[str]:
    """Whole texts from three characters on and their words from four, without space and signs."""
    from html import unescape  # noqa: PLC0415  # only for a refusal; costs start-up time

    markup = sent.decode().replace("&#92;n", " ")
    values = [unescape(value) for value in _BETWEEN_TAGS.findall(markup)]
    words = (word for value in values for word in _WORD.findall(value.casefold()))
    every = {_squeezed(value) for value in values} | {_squeezed(word) for word in words}
    return frozenset(word for word in every if len(word) >= 3)


def _squeezed(value: str) -> str:
    return "".join(character for character in value.casefold() if character.isalnum())
