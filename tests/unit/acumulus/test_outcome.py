"""What went wrong -> one of our errors: the table of section 5, row by row."""

import json
from typing import Any

import pytest

from boekbrug.acumulus.answer import Answer, read_answer
from boekbrug.acumulus.outcome import OUTCOMES, described, failure, fault_of
from boekbrug.acumulus.xml import xml_bytes
from boekbrug.errors import (
    BoekbrugError,
    NeedsOperator,
    NeedsOwner,
    RetryLater,
    StopShop,
    Unclear,
)

JSON = "application/json"


def answer(
    http: int, code: str, tag: str = "", *, message: str = "", status: str = "1", **more: Any
) -> Answer:
    """An answer of the API with one error."""
    error = {"code": code, "codetag": tag, "message": message}
    body = {"errors": {"error": error, "count_errors": "1"}, "warnings": [], "status": status}
    found = read_answer(http, JSON, json.dumps(body | more).encode())
    assert found is not None
    return found


def as_xml(http: int) -> Answer | None:
    body = (
        b"<response><errors><error><code>400</code></error></errors><status>1</status></response>"
    )
    return read_answer(http, "text/xml", body)


CASES: list[tuple[Answer | None, int, str, type[BoekbrugError], type[BoekbrugError]]] = [
    # no answer of the API: HTTP decides
    (None, 200, "books_unreadable", RetryLater, Unclear),
    (None, 302, "books_unreadable", RetryLater, Unclear),
    (None, 400, "books_unreadable", RetryLater, Unclear),
    (None, 401, "credentials_refused", StopShop, StopShop),
    (None, 403, "credentials_refused", StopShop, StopShop),
    (None, 404, "books_wrong_url", NeedsOperator, NeedsOperator),
    (None, 429, "books_throttled", RetryLater, RetryLater),
    (None, 500, "books_failed", RetryLater, Unclear),
    (None, 503, "books_failed", RetryLater, Unclear),
    # status 3
    (answer(200, "", status="3"), 200, "books_exception", RetryLater, Unclear),
    (answer(400, "400", status="3"), 400, "books_exception", RetryLater, Unclear),
    # status 1, whatever HTTP says
    (answer(200, "400 x", "SIM1"), 200, "books_refused", RetryLater, NeedsOwner),
    (answer(400, "400 x", "SIM1"), 400, "books_refused", RetryLater, NeedsOwner),
    (answer(500, "511 x", "SIM1"), 500, "books_refused", RetryLater, NeedsOwner),
    (answer(400, "", ""), 400, "books_refused", RetryLater, NeedsOwner),
    (answer(403, "403 x", "SIM1"), 403, "credentials_refused", StopShop, StopShop),
    (answer(200, "403 x", "SIM1"), 200, "credentials_refused", StopShop, StopShop),
    (answer(403, "", ""), 403, "credentials_refused", StopShop, StopShop),
    (answer(400, "400", "AF1001MCS"), 400, "credentials_refused", StopShop, StopShop),
    (answer(403, "403", "A8N403GCN"), 403, "role_refused", StopShop, StopShop),
    (answer(429, "429", ""), 429, "books_throttled", RetryLater, RetryLater),
    (answer(404, "404 x", "BK07TG65N"), 404, "books_not_found", RetryLater, NeedsOwner),
    (answer(400, "400 x", "FGY040XX"), 400, "books_not_found", RetryLater, NeedsOwner),
    (as_xml(400), 400, "books_wrong_xml", NeedsOperator, NeedsOperator),
]


@pytest.mark.parametrize(("found", "http", "code", "reading", "posting"), CASES)
def test_every_situation_has_its_outcome(
    found: Answer | None,
    http: int,
    code: str,
    reading: type[BoekbrugError],
    posting: type[BoekbrugError],
) -> None:
    """The body's status first, HTTP only where there is no such body (sections 2.3 and 5.1)."""
    assert fault_of(found, http, posting=True) == code
    assert fault_of(found, http, posting=False) == code
    assert type(failure(code, posting=False)) is reading
    assert type(failure(code, posting=True)) is posting


@pytest.mark.parametrize("http", [200, 400, 403, 500])
@pytest.mark.parametrize("status", ["0", "2"])
def test_success_is_success_whatever_http_says(http: int, status: str) -> None:
    """HTTP and status can disagree: with status 2 the invoice was booked (section 2.2)."""
    found = answer(http, "511", "CE005BVTC", status=status)

    assert fault_of(found, http, posting=True) is None


def test_an_echoed_contractcode_means_a_locked_period_when_posting() -> None:
    """Section 5.1; a read that is refused says nothing about periods."""
    found = answer(400, "400", "SIM1", contractcode="123456")

    assert fault_of(found, 400, posting=True) == "period_locked"
    assert fault_of(found, 400, posting=False) == "books_refused"


def test_an_unknown_country_has_a_code_of_its_own_when_looked_up() -> None:
    """``lookup_vatinfo`` says so with a tag (section 5.2); to an invoice it means nothing."""
    found = answer(400, "400", "AA6A45AA")

    assert fault_of(found, 400, posting=False) == "books_unknown_country"
    assert fault_of(found, 400, posting=True) == "books_refused"


def test_every_code_of_the_table_makes_an_error_that_carries_it() -> None:
    """Codes are stable: the ledger, the mails and the runbook know them by name."""
    for code, outcome in OUTCOMES.items():
        for posting in (False, True):
            error = failure(code, posting=posting, detail="d")
            assert (error.code, error.detail) == (code, "d")
        assert str(failure(code, posting=True)) == outcome.says


def test_the_wait_that_was_asked_for_is_kept() -> None:
    """A Retry-After reaches the queue."""
    error = failure("books_throttled", posting=True, after=30)

    assert isinstance(error, RetryLater)
    assert error.after == 30


SENT = xml_bytes(
    {
        "contract": {"contractcode": "123456", "username": "apishop", "password": "geheim&1"},
        "customer": {
            "fullname": "J. van der Janssen",
            "city": "Oss",
            "email": "j@example.nl",
            "invoice": {"description": "Bestelling 1042", "invoicenotes": "Graag\nspoed"},
        },
    }
)


@pytest.mark.parametrize(
    ("message", "shown"),
    [
        ("De periode is gesloten", "400 SIM1: De periode is gesloten"),
        ("Van der Janssen is onbekend", "400 SIM1"),
        ("klant Janssen", "400 SIM1"),
        ("plaats OSS klopt niet", "400 SIM1"),
        ("contract 123456 is op", "400 SIM1"),
        ("wachtwoord geheim&1 is fout", "400 SIM1"),
        ("met spoed", "400 SIM1"),
        ("iemand@elders.nl", "400 SIM1"),
        ("bel 0612345678", "400 SIM1"),
        ("token abcdefghijabcdefghijabcdefghij12", "400 SIM1"),
        ("<b>fout</b>", "400 SIM1"),
        ("regel\x1b[31m rood", "400 SIM1"),
        ("", "400 SIM1"),
    ],
)
def test_a_remote_text_that_repeats_what_we_sent_is_left_out(message: str, shown: str) -> None:
    """Code and codetag always stay; the text only when it gives nobody away."""
    assert described(answer(400, "400 Bad Request", "SIM1", message=message), SENT) == shown


def test_a_long_remote_text_is_cut() -> None:
    """A detail stays one sentence."""
    shown = described(answer(400, "400", "SIM1", message="fout " * 100), SENT)

    assert len(shown) < 180
    assert shown.endswith("…")


def test_a_codetag_that_is_none_is_left_out() -> None:
    """Only capitals and digits are a codetag; anything else might be a name."""
    assert described(answer(400, "400", "J. Janssen", message=""), SENT) == "400"
    assert described(None, SENT) == ""
