"""The client on the wire: what is sent, what is retried, what each failure becomes."""

import json
import logging
import socket
import ssl
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import date
from decimal import Decimal
from email.utils import formatdate
from time import time

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from boekbrug.acumulus.client import AcumulusAdministrations, AcumulusBooks
from boekbrug.acumulus.wire import retry_after
from boekbrug.domain.invoice import Customer, Invoice, InvoiceLine
from boekbrug.errors import (
    BoekbrugError,
    NeedsOperator,
    NeedsOwner,
    RetryLater,
    StopShop,
    Unclear,
)
from boekbrug.journey.ports.books import Credentials, Posted
from boekbrug.journey.ports.tenants import Secret
from tests.unit.acumulus.tiny_server import HTML, Fault, Reply, TinyAcumulus

PASSWORD = "secret & <word>"
CREDENTIALS = Credentials("123456", "apiuser-shop", Secret(PASSWORD))
SUCCESS = {
    "invoice": {"invoicenumber": "20260031", "token": "t" * 32, "entryid": "61", "contactid": "7"},
    "errors": {"count_errors": "0"},
    "warnings": {"count_warnings": "0"},
    "status": "0",
}


def an_invoice(*, concept: bool = False) -> Invoice:
    """One mug for a customer whose name is easy to search for in any output."""
    return Invoice(
        order_number="1042",
        customer=Customer(
            type="1",
            vattypeid="1",
            fullname="Xantippe <Quispel> & Zn. 😀",
            address1="Laan\\1",
            countrycode="NL",
            email="xantippe@example.nl",
        ),
        concept=concept,
        vattype=1,
        description="Bestelling WA1042",
        descriptiontext="Graag\nsnel",
        lines=(
            InvoiceLine(
                product="Mok", unitprice=Decimal("8.2645"), vatrate=Decimal(21), quantity=Decimal(2)
            ),
        ),
        total=Decimal("20.00"),
        vat={"21": Decimal("3.47")},
        issuedate=date(2026, 3, 10),
    )


@pytest.fixture
def tiny() -> Iterator[TinyAcumulus]:
    with TinyAcumulus() as server:
        yield server


@contextmanager
def books_at(url: str, *, trial: bool = False, **options: float) -> Iterator[AcumulusBooks]:
    """The client at a server, with pauses that take no time."""
    administrations = AcumulusAdministrations(url, sleep=lambda _: None, **options)  # type: ignore[arg-type]  # timeouts only
    yield administrations.open(CREDENTIALS, trial=trial)
    administrations.close()


@contextmanager
def answering(
    reply: Callable[[httpx.Request], httpx.Response], pauses: list[float] | None = None
) -> Iterator[AcumulusBooks]:
    """The client on a transport that answers, or fails, as the test says."""
    administrations = AcumulusAdministrations(
        "https://books.test",
        transport=httpx.MockTransport(reply),
        sleep=(pauses if pauses is not None else []).append,
    )
    yield administrations.open(CREDENTIALS)
    administrations.close()


def failing(error: Exception) -> Callable[[httpx.Request], httpx.Response]:
    def reply(request: httpx.Request) -> httpx.Response:
        raise error

    return reply


# --------------------------------------------------------------------------- what is sent


def test_the_wire_form(tiny: TinyAcumulus) -> None:
    """One multipart field ``xmlstring`` without file name or type, and no Authorization."""
    with books_at(tiny.url) as books:
        books.add_invoice(an_invoice())

    (request,) = tiny.requests
    assert request.path == "/acumulus/stable/invoices/invoice_add.php"
    assert request.content_type.startswith("multipart/form-data; boundary=")
    head = request.raw.split(b"\r\n\r\n")[0].split(b"\r\n", 1)[1]
    assert head == b'Content-Disposition: form-data; name="xmlstring"'
    assert "authorization" not in request.headers
    assert request.headers["user-agent"].startswith("Boekbrug/")


def test_every_message_names_contract_language_and_connector(tiny: TinyAcumulus) -> None:
    """Basic Submit (1.4) and R108: the same for every call, in a fixed language, as JSON."""
    with books_at(tiny.url) as books:
        books.recent_entries()

    xml = tiny.requests[0].xml.decode()
    assert "<contractcode>123456</contractcode><username>apiuser-shop</username>" in xml
    assert "<password>secret &amp; &lt;word&gt;</password>" in xml
    assert "<format>json</format><lang>nl</lang><connector><application>Mijnwebwinkel<" in xml
    assert "<webkoppel>Boekbrug " in xml
    assert "<sourceuri>https://" in xml
    assert "testmode" not in xml


def test_an_invoice_arrives_as_it_was_meant(tiny: TinyAcumulus) -> None:
    """Markup, backslashes and line breaks reach Acumulus as text; it is never asked to mail."""
    with books_at(tiny.url) as books:
        books.add_invoice(an_invoice())

    xml = tiny.requests[0].xml.decode()
    assert "<fullname>Xantippe &lt;Quispel&gt; &amp; Zn. </fullname>" in xml
    assert "<address1>Laan&#92;1</address1>" in xml
    assert "<descriptiontext>Graag&#92;nsnel</descriptiontext>" in xml
    assert "emailaspdf" not in xml  # R107


def test_only_a_check_is_in_testmode(tiny: TinyAcumulus) -> None:
    """On other calls testmode is ignored, and changes would be real."""
    with books_at(tiny.url) as books:
        books.check_invoice(an_invoice())
        books.add_invoice(an_invoice())

    sent = [b"<testmode>1</testmode>" in request.xml for request in tiny.requests]
    assert sent == [True, False]
    assert len(tiny.invoices) == 1


@pytest.mark.parametrize("path", ["", "/", "/acumulus", "/acumulus/"])
def test_a_bare_host_gets_the_path_of_the_api(tiny: TinyAcumulus, path: str) -> None:
    """The address may be given up to the host, or with the path as in the documentation."""
    with books_at(tiny.url + path) as books:
        assert books.cost_centers()


@pytest.mark.parametrize(
    "url", ["", "books.test", "ftp://books.test", "https://a b", "https://x?y"]
)
def test_an_address_that_is_none_is_refused_at_once(url: str) -> None:
    """A wrong address is told when it is set, not at the first order."""
    with pytest.raises(NeedsOperator):
        AcumulusAdministrations(url)


def test_the_open_lookup_sends_no_contract(tiny: TinyAcumulus) -> None:
    """``lookup_vatinfo`` needs no credentials, so it gets none."""
    administrations = AcumulusAdministrations(tiny.url)

    (period,) = administrations.vat_periods("NL", date(2026, 3, 10))
    administrations.close()

    assert b"contract" not in tiny.requests[0].xml
    assert [str(rate.rate) for rate in period.rates] == ["21.0000", "9.0000", "0.0000"]
    assert (period.region, period.start, period.until) == (1, date(2026, 3, 10), date(2026, 3, 10))


def test_countries_without_rates(tiny: TinyAcumulus) -> None:
    """No data and an unknown code are both an empty answer, not a failure to retry (4.3)."""
    administrations = AcumulusAdministrations(tiny.url)

    assert administrations.vat_periods("AF", date(2026, 3, 10)) == ()
    assert administrations.vat_periods("XX", date(2026, 3, 10)) == ()
    administrations.close()


def test_a_session_of_one_contract_never_reaches_another(tiny: TinyAcumulus) -> None:
    """Connections are shared, cookies are not kept."""
    tiny.read_faults.append(Reply(503, HTML, "text/html", {"Set-Cookie": "PHPSESSID=abc; Path=/"}))
    with books_at(tiny.url) as books:
        books.recent_entries()

    assert len(tiny.requests) == 2
    assert "cookie" not in tiny.requests[1].headers


# --------------------------------------------------------------------------- posts


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (httpx.ConnectError("x"), RetryLater),
        (httpx.ConnectTimeout("x"), RetryLater),
        (httpx.PoolTimeout("x"), RetryLater),
        (httpx.ProxyError("x"), RetryLater),
        (httpx.UnsupportedProtocol("x"), NeedsOperator),
        (httpx.WriteTimeout("x"), Unclear),
        (httpx.WriteError("x"), Unclear),
        (httpx.ReadTimeout("x"), Unclear),
        (httpx.ReadError("x"), Unclear),
        (httpx.RemoteProtocolError("x"), Unclear),
        (httpx.LocalProtocolError("x"), Unclear),
        (httpx.CloseError("x"), Unclear),
        (httpx.DecodingError("x"), Unclear),
    ],
)
def test_a_post_is_sent_once_whatever_fails(
    error: Exception, expected: type[BoekbrugError]
) -> None:
    """Before anything is sent: not now. After: unclear. Never a second attempt."""
    calls: list[httpx.Request] = []

    def reply(request: httpx.Request) -> httpx.Response:
        calls.append(request)
        raise error

    with answering(reply) as books, pytest.raises(expected):
        books.add_invoice(an_invoice())

    assert len(calls) == 1


COMMITTED_OR_NOT = [
    Reply(drop=True),
    Reply(502, HTML, "text/html"),
    Reply(200, HTML, "text/html"),
    Reply(200, b'{"invoice":{"entryid":"6'),
    Reply(200, b""),
    Reply(200, b'{"errors":[],"warnings":[],"status":"3"}'),
    Reply(307, b"", "text/html", {"Location": "https://elsewhere.test/"}),
    Reply(late=0.6, body=json.dumps(SUCCESS).encode()),
]


@pytest.mark.parametrize("commit", [True, False])
@pytest.mark.parametrize("reply", COMMITTED_OR_NOT)
def test_when_nobody_knows_it_is_unclear(tiny: TinyAcumulus, reply: Reply, commit: bool) -> None:
    """Booked or not, the caller sees the same, and posts no second time."""
    tiny.faults.append(Fault(commit, reply))

    with books_at(tiny.url, post_timeout=0.3) as books, pytest.raises(Unclear):
        books.add_invoice(an_invoice())

    assert len(tiny.requests) == 1
    assert len(tiny.invoices) == commit


@pytest.mark.parametrize(
    ("reply", "busy"),
    [
        (Reply(late=0.6, body=json.dumps(SUCCESS).encode()), True),
        (Reply(504, HTML, "text/html"), True),
        (Reply(502, HTML, "text/html"), False),
        (Reply(drop=True), False),
    ],
)
def test_after_giving_up_acumulus_may_still_be_busy(
    tiny: TinyAcumulus, reply: Reply, busy: bool
) -> None:
    """We, or a server between us, stopped waiting; anything else ended the post."""
    tiny.faults.append(Fault(True, reply))

    with books_at(tiny.url, post_timeout=0.3) as books, pytest.raises(Unclear) as unclear:
        books.add_invoice(an_invoice())

    assert unclear.value.busy is busy


def test_a_truncated_body_is_unclear(tiny: TinyAcumulus) -> None:
    """A connection that ends before its announced length is a lost answer."""
    short = Reply(200, b"{}", headers={"Content-Length": "500", "Connection": "close"})
    tiny.faults.append(Fault(True, short))

    with books_at(tiny.url, post_timeout=2) as books, pytest.raises(Unclear):
        books.add_invoice(an_invoice())


@pytest.mark.parametrize("invoice", [{}, [], {"entryid": [], "conceptid": {}}, {"entryid": "0"}])
def test_a_success_without_an_id_is_unclear(invoice: object) -> None:
    """Status 0 without entry and concept is not believed."""
    body = SUCCESS | {"invoice": invoice}

    with answering(lambda _: httpx.Response(200, json=body)) as books, pytest.raises(Unclear):
        books.add_invoice(an_invoice())


def test_warnings_come_with_the_ids() -> None:
    """Status 2 is booked: ids first, then the codes of the warnings (2.2)."""
    warning = {"code": "511 Warning", "codetag": "CE005BVTC", "message": "x"}
    body = SUCCESS | {"status": "2", "warnings": {"warning": warning}}

    with answering(lambda _: httpx.Response(400, json=body)) as books:
        posted = books.add_invoice(an_invoice())

    assert posted == Posted(
        entryid="61",
        invoicenumber="20260031",
        contactid="7",
        token="t" * 32,
        warnings=("511 CE005BVTC",),
    )


def test_nobody_listening_means_nothing_was_sent() -> None:
    """A refused connection is "not now"."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with books_at(f"http://127.0.0.1:{port}") as books, pytest.raises(RetryLater) as caught:
        books.add_invoice(an_invoice())

    assert caught.value.code == "books_unreachable"


def test_no_proxy_of_the_environment_gets_the_credentials(
    tiny: TinyAcumulus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The password is in the body: it goes to Acumulus and nowhere else."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)

    with books_at(tiny.url) as books:
        assert books.add_invoice(an_invoice()).entryid


def without_end() -> Iterator[bytes]:
    while True:
        yield b" " * 1000


def test_an_answer_without_end_is_cut_off_by_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server can fill our memory; what it did with the post is unclear."""
    monkeypatch.setattr("boekbrug.acumulus.wire.LARGEST_ANSWER", 10_000)

    with (
        answering(lambda _: httpx.Response(200, content=without_end())) as books,
        pytest.raises(Unclear),
    ):
        books.add_invoice(an_invoice())


def test_an_answer_without_end_is_cut_off_by_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server can hold us with a trickle that never times out."""
    moments = iter(range(0, 10_000, 10))  # each look at the clock finds it ten seconds later
    monkeypatch.setattr("boekbrug.acumulus.wire.time.monotonic", lambda: next(moments))

    with (
        answering(lambda _: httpx.Response(200, content=without_end())) as books,
        pytest.raises(Unclear),
    ):
        books.add_invoice(an_invoice())


def test_a_failed_handshake_means_nothing_was_sent(tiny: TinyAcumulus) -> None:
    """TLS to a server that does not speak it fails before the first byte of the request."""
    url = tiny.url.replace("http:", "https:")

    with books_at(url) as books, pytest.raises(RetryLater) as caught:
        books.add_invoice(an_invoice())

    assert caught.value.code == "books_unreachable"
    assert tiny.requests == []


def test_an_unknown_certificate_means_nothing_was_sent() -> None:
    """A certificate error is raised by the handshake, so the post did not go out."""
    error = httpx.ConnectError("x")
    error.__cause__ = ssl.SSLCertVerificationError("x")

    with answering(failing(error)) as books, pytest.raises(RetryLater):
        books.add_invoice(an_invoice())


def test_a_check_that_gets_no_answer_can_be_done_again() -> None:
    """Test mode stores nothing, so nothing can be unclear."""
    with answering(failing(httpx.ReadTimeout("x"))) as books, pytest.raises(RetryLater):
        books.check_invoice(an_invoice())


def test_a_refused_redirect_is_not_followed() -> None:
    """Credentials go to the address we were given and nowhere else."""
    seen: list[str] = []

    def reply(request: httpx.Request) -> httpx.Response:
        seen.append(request.url.host)
        return httpx.Response(302, headers={"location": "https://elsewhere.test/"})

    with answering(reply) as books, pytest.raises(RetryLater):
        books.recent_entries()

    assert set(seen) == {"books.test"}


# --------------------------------------------------------------------------- refusals


def test_wrong_credentials_are_not_tried_twice(tiny: TinyAcumulus) -> None:
    """One 403 is enough: several might lock the user out (section 9, 14)."""
    tiny.password = "changed"

    with books_at(tiny.url) as books, pytest.raises(StopShop):
        books.add_invoice(an_invoice())

    assert len(tiny.requests) == 1


def test_a_403_on_an_empty_trial_is_its_quota(tiny: TinyAcumulus) -> None:
    """Credentials that were good a moment ago are not blamed for an empty contract (9, 13)."""
    tiny.left = 1
    with books_at(tiny.url) as books:
        books.add_invoice(an_invoice())
        tiny.left = 0
        refusal = tiny.error(403, "403 Forbidden", "SIMQUOTA", "op")
        tiny.faults.append(Fault(False, refusal))
        with pytest.raises(NeedsOwner) as caught:
            books.add_invoice(an_invoice())

    assert caught.value.code == "quota_exhausted"


@pytest.mark.parametrize(("left", "error"), [(0, NeedsOwner), (3, StopShop)])
def test_a_403_on_a_trial_is_looked_into(
    tiny: TinyAcumulus, left: int, error: type[Exception]
) -> None:
    """The first call of a batch may be the one that no longer fits: one more read tells."""
    tiny.left = left
    tiny.faults.append(Fault(False, tiny.error(403, "403 Forbidden", "SIMQUOTA", "op")))

    with books_at(tiny.url, trial=True) as books, pytest.raises(error):
        books.add_invoice(an_invoice())

    assert len(tiny.requests) == 2


def test_a_refusal_with_bookings_left_is_just_that(tiny: TinyAcumulus) -> None:
    """An unexplained refusal is held with its codes, and nothing is guessed."""
    tiny.left = 3
    tiny.refuse_with = {
        "http": 400,
        "code": "400 Bad Request",
        "tag": "SIM0042",
        "message": "klant Xantippe deugt niet",
    }

    with books_at(tiny.url) as books, pytest.raises(NeedsOwner) as caught:
        books.add_invoice(an_invoice())

    assert (caught.value.code, caught.value.detail) == ("books_refused", "400 SIM0042")


def test_a_wrong_path_needs_the_operator(tiny: TinyAcumulus) -> None:
    """An HTML 404 says that our address is wrong."""
    with books_at(f"{tiny.url}/elsewhere") as books, pytest.raises(NeedsOperator) as caught:
        books.add_invoice(an_invoice())

    assert caught.value.code == "books_wrong_url"


# --------------------------------------------------------------------------- reads


def test_a_read_is_tried_a_few_times() -> None:
    """A moment's failure is waited out, with growing pauses."""
    replies = iter(
        [httpx.Response(502), httpx.Response(200, html="x"), httpx.Response(200, json=SUCCESS)]
    )
    pauses: list[float] = []

    with answering(lambda _: next(replies), pauses) as books:
        assert books.recent_entries() == ()

    assert pauses == [0.5, 1.0]


def test_a_read_gives_up() -> None:
    """After three attempts it is somebody else's turn to wait."""
    calls: list[int] = []

    def reply(_: httpx.Request) -> httpx.Response:
        calls.append(1)
        return httpx.Response(503)

    with answering(reply) as books, pytest.raises(RetryLater):
        books.contacts("x")

    assert len(calls) == 3


def test_a_read_does_not_begin_again_when_it_took_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three slow failures would cost an order the time it needs for its post."""
    moments = iter(range(0, 10_000, 10))  # each look at the clock finds it ten seconds later
    monkeypatch.setattr("boekbrug.acumulus.wire.time.monotonic", lambda: next(moments))
    pauses: list[float] = []

    with answering(failing(httpx.ReadTimeout("x")), pauses) as books, pytest.raises(RetryLater):
        books.recent_entries()

    assert pauses == []


@pytest.mark.parametrize(
    ("headers", "waits"), [({}, [2.0, 4.0]), ({"retry-after": "3"}, [3.0, 3.0])]
)
def test_a_throttled_read_waits_politely(headers: dict[str, str], waits: list[float]) -> None:
    """As long as it was asked to, else longer than after a failure; a night has many reads."""
    throttled = httpx.Response(429, html="x", headers=headers)
    replies = iter([throttled, throttled, httpx.Response(200, json=SUCCESS)])
    pauses: list[float] = []

    with answering(lambda _: next(replies), pauses) as books:
        assert books.recent_entries() == ()

    assert pauses == waits


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(429, html="x", headers={"retry-after": "7"}),
        httpx.Response(503, html="x", headers={"retry-after": "7"}),
        httpx.Response(400, json=SUCCESS | {"status": "1"}),
    ],
)
def test_a_read_is_not_repeated_when_that_cannot_help(response: httpx.Response) -> None:
    """Told to wait long, or refused: trying again soon is only more load."""
    pauses: list[float] = []

    with answering(lambda _: response, pauses) as books, pytest.raises(RetryLater):
        books.recent_entries()

    assert pauses == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30),
        (" 7 ", 7),
        ("999999", 3600),
        ("", None),
        ("soon", None),
        ("-1", None),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0),
        ("Wed, 99 Oct 2015 07:28:00 GMT", None),
    ],
)
def test_retry_after(header: str, seconds: int | None) -> None:
    """Seconds or a date, at most an hour, and nothing when it is neither."""
    assert retry_after(header) == seconds


def test_retry_after_as_a_date_ahead() -> None:
    """A moment ahead becomes the seconds until then."""
    wait = retry_after(formatdate(time() + 100, usegmt=True))

    assert wait is not None
    assert 90 <= wait <= 100


@pytest.mark.parametrize("empty", [[], {}, ""])
def test_empty_answers_of_every_list(tiny: TinyAcumulus, empty: object) -> None:
    """Whatever stands for empty, the lists are empty (2.1)."""
    tiny.empty = empty

    with books_at(tiny.url) as books:
        assert (books.recent_entries(), books.contacts(), books.contact_invoices("1")) == (
            (),
            (),
            (),
        )


def test_contacts_with_several_addresses_and_disabled_ones() -> None:
    """The e-mail field may hold more than one address (4.6)."""
    contact = {"contactid": "7", "contactemail": " a@x.nl; b@x.nl,", "contactstatus": "0"}
    body = SUCCESS | {"contacts": {"contact": contact}}

    with answering(lambda _: httpx.Response(200, json=body)) as books:
        (found,) = books.contacts()

    assert (found.emails, found.active) == (("a@x.nl", "b@x.nl"), False)
    assert "x.nl" not in repr(found)


def test_disabled_contacts_are_asked_for(tiny: TinyAcumulus) -> None:
    """A contact that was disabled later may still hold the lost invoice (4.9)."""
    with books_at(tiny.url) as books:
        books.contacts("Jansen & Zn.")

    assert (
        b"<contactstatus>2</contactstatus><filter>Jansen &amp; Zn.</filter>" in tiny.requests[0].xml
    )


@pytest.mark.parametrize(
    ("deleted", "expected"),
    [("0000-00-00 00:00:00", False), ("", False), ("2026-03-11 10:00:00", True)],
)
def test_when_an_entry_is_deleted(deleted: str, expected: bool) -> None:
    """A timestamp means deleted, zeros or nothing do not (4.4)."""
    row = {"entryid": "5", "deleted": deleted, "totalvalue": "-12.10", "entrydate": "0000-00-00"}

    with answering(lambda _: httpx.Response(200, json=SUCCESS | {"entry": row})) as books:
        entry = books.entry("5")

    assert entry is not None
    assert (entry.deleted, entry.total, entry.entrydate) == (expected, Decimal("-12.10"), None)


def test_a_concept_that_became_several_entries() -> None:
    """A concept can be made final more than once (3.7)."""
    body = SUCCESS | {"concept": {"conceptid": "9", "entryid": ["55", "56"]}}

    with answering(lambda _: httpx.Response(200, json=body)) as books:
        assert books.concept_entries("9") == ("55", "56")


@pytest.mark.parametrize("report", [{}, {"threshold": "10000"}, {"threshold": "x", "reached": "0"}])
def test_half_a_report_is_not_believed(report: dict[str, str]) -> None:
    """Without all figures the report counts as not read."""
    with (
        answering(lambda _: httpx.Response(200, json=SUCCESS | report)) as books,
        pytest.raises(RetryLater),
    ):
        books.eu_threshold(2026)


def test_half_a_list_of_rates_is_not_believed() -> None:
    """A rate that cannot be read makes the whole look-up fail: a missing rate changes decisions."""
    body = SUCCESS | {
        "vatinfo": {"vat": [{"vatrate": "21", "countryregion": "1"}, {"vatrate": "?"}]}
    }
    administrations = AcumulusAdministrations(
        transport=httpx.MockTransport(lambda _: httpx.Response(200, json=body))
    )

    with pytest.raises(RetryLater):
        administrations.vat_periods("NL", date(2026, 3, 10))


def test_a_trial_contract(tiny: TinyAcumulus) -> None:
    """The limits of a trial come from the contract itself (section 6)."""
    tiny.left = 40

    with books_at(tiny.url) as books:
        contract = books.contract()

    assert (contract.entries, contract.max_entries, contract.entries_left) == (0, 40, 40)


# --------------------------------------------------------------------------- any bytes


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    st.integers(100, 599).filter(lambda code: code >= 200),
    st.sampled_from(["application/json", "text/xml", "text/html", "", "\x00", "é"]),
    st.one_of(
        st.binary(max_size=200),
        st.sampled_from([json.dumps(SUCCESS).encode(), b'{"status":"2","errors":[]}', HTML]),
    ),
    st.sampled_from(["", "gzip", "br", "x"]),
    st.text(alphabet="0123456789 GMT,:-x", max_size=12),
)
def test_any_answer_ends_in_a_result_or_one_of_our_errors(
    http: int, kind: str, body: bytes, encoding: str, wait: str
) -> None:
    """Whatever a server sends, callers see a value or a failure they can act on."""
    headers = {"content-type": kind.encode(), "retry-after": wait.encode()}
    if encoding:
        headers["content-encoding"] = encoding.encode()

    def reply(_: httpx.Request) -> httpx.Response:
        raw = httpx.ByteStream(body)
        return httpx.Response(http, headers=list(headers.items()), stream=raw)  # type: ignore[arg-type]  # bytes are fine

    with answering(reply) as books:
        for call in (lambda: books.add_invoice(an_invoice()), books.contacts, books.contract):
            with suppress(BoekbrugError):
                call()


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"HTTP/1.1 200 OK\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 999999 x\r\n\r\n",
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000,
        b"\x00\xff" * 100,
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
    ],
)
def test_any_bytes_on_the_connection_are_unclear(raw: bytes) -> None:
    """Not even HTTP has to come back: a post that went out is then unclear."""
    with raw_server(raw) as url, books_at(url, post_timeout=2) as books, pytest.raises(Unclear):
        books.add_invoice(an_invoice())


@contextmanager
def raw_server(raw: bytes) -> Iterator[str]:
    """Reads one request, answers with these bytes, and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _ = listening.accept()
            with connection:
                received = b""
                while not received.endswith(b"--\r\n"):  # the end of a multipart body
                    received += connection.recv(65536)
                connection.sendall(raw)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        thread.join()


# --------------------------------------------------------------------------- nothing leaks


SECRETS = (PASSWORD, "secret &amp;", "123456", "apiuser", "Xantippe", "Quispel", "t" * 32)


@pytest.mark.parametrize(
    "reply",
    [
        lambda _: httpx.Response(200, json=SUCCESS),
        lambda _: httpx.Response(403, json=SUCCESS | {"status": "1"}),
        lambda _: httpx.Response(
            400,
            json=SUCCESS
            | {"status": "1", "errors": {"error": {"code": "400", "message": "Xantippe 123456"}}},
        ),
        lambda _: httpx.Response(502, html="Xantippe"),
        failing(httpx.ReadTimeout("x")),
        failing(httpx.ConnectError("x")),
    ],
)
def test_no_secret_and_no_customer_in_logs_errors_or_reprs(
    reply: Callable[[httpx.Request], httpx.Response], caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever happens, nothing that is logged, raised or shown holds what we sent."""
    caplog.set_level(logging.DEBUG)
    with answering(reply) as books:
        output = [repr(books), repr(vars(books)), repr(CREDENTIALS.password)]
        causes: list[BaseException | None] = []
        try:
            output.append(repr(books.add_invoice(an_invoice())))
        except BoekbrugError as error:
            causes.append(error.__cause__)
            output += [repr(error), str(error), error.detail, *traceback.format_exception(error)]

    shown = "\n".join(output) + caplog.text
    assert [secret for secret in SECRETS if secret in shown] == []
    assert causes in ([], [None])  # a cause would hold the request, and that the password


def test_httpx_does_not_log_requests(tiny: TinyAcumulus, caplog: pytest.LogCaptureFixture) -> None:
    """A URL may hold a token, so the library's own request log is off."""
    logging.getLogger("httpx").setLevel(logging.NOTSET)
    caplog.set_level(logging.INFO)

    with books_at(tiny.url) as books:
        books.cost_centers()

    assert caplog.text == ""
