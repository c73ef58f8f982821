"""Faults of the books stand-in: what was done must be right whatever the client gets to see."""

import threading

import httpx
import pytest

from tests.unit.standins.clients import (
    LOGIN,
    BooksClient,
    books_client,
    invoice,
    tags,
    tags_of,
    wait_until,
)
from workbench.standins import BooksStandIn

ADD = "invoices/invoice_add"


@pytest.mark.parametrize(
    ("kind", "status"),
    [("404", 404), ("429", 429), ("500", 500), ("502", 502), ("503", 503), ("html_200", 200)],
)
def test_html_before_anything_is_done(
    books: BooksStandIn, booker: BooksClient, kind: str, status: int
) -> None:
    """The API never saw the request: an HTML page and no booking."""
    books.faults.add(kind, retry_after="5")
    answer = booker.post(ADD, invoice())

    assert (answer.status_code, answer.headers["retry-after"]) == (status, "5")
    assert answer.headers["content-type"].startswith("text/html")
    assert books.entries() == []


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("commit_then_500", 500),
        ("commit_then_502", 502),
        ("commit_then_503", 503),
        ("commit_then_html_200", 200),
        ("commit_then_empty", 200),
        ("commit_then_truncated", 200),
    ],
)
def test_booked_but_told_otherwise(
    books: BooksStandIn, booker: BooksClient, kind: str, status: int
) -> None:
    """The invoice is in the books although the answer does not say so."""
    books.faults.add(kind)
    answer = booker.post(ADD, invoice())

    assert answer.status_code == status
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()
    assert len(books.entries()) == 1


@pytest.mark.parametrize(
    ("kind", "entries"), [("drop", 0), ("commit_then_drop", 1), ("commit_then_cut", 1)]
)
def test_broken_connections(
    books: BooksStandIn, booker: BooksClient, kind: str, entries: int
) -> None:
    """The client cannot tell these apart; the books can."""
    books.faults.add(kind, times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        booker.post(ADD, invoice())
    assert len(books.entries()) == entries
    assert booker.book()["status"] == "0"


@pytest.mark.parametrize(("kind", "entries"), [("status_3", 0), ("commit_then_status_3", 1)])
def test_status_3_with_and_without_a_booking(
    books: BooksStandIn, booker: BooksClient, kind: str, entries: int
) -> None:
    """An exception says nothing about the outcome."""
    books.faults.add(kind)
    answer = booker.post(ADD, invoice())

    assert (answer.status_code, answer.json()["status"]) == (200, "3")
    assert len(books.entries()) == entries


def test_commit_then_delay_outlasts_the_client(books: BooksStandIn, booker: BooksClient) -> None:
    """The client gives up; the booking was made before it did."""
    books.faults.add("commit_then_delay", seconds=600)
    xml = {"xmlstring": f"<x><contract>{tags(LOGIN)}</contract>{invoice()}</x>"}

    with pytest.raises(httpx.ReadTimeout):
        booker.http.post(f"{ADD}.php", data=xml, timeout=0.2)
    wait_until(lambda: len(books.entries()) == 1)


def test_delay_then_commit_books_after_the_client_left(
    books: BooksStandIn, booker: BooksClient
) -> None:
    """A look-up right after the timeout finds nothing; the booking comes later."""
    books.faults.add("delay_then_commit", seconds=600, call="invoice_add")
    xml = {"xmlstring": f"<x><contract>{tags(LOGIN)}</contract>{invoice()}</x>"}

    with pytest.raises(httpx.ReadTimeout):
        booker.http.post(f"{ADD}.php", data=xml, timeout=0.2)
    wait_until(lambda: len(books.requests) == 1)
    at_once = booker.ask("entry/entries_list_recent")["entries"]
    books.stop()  # ends the delay, not the work

    assert at_once == []
    assert len(books.entries()) == 1


def test_credentials_refused_in_mid_run(books: BooksStandIn, booker: BooksClient) -> None:
    """Once by a fault, or for good because the tenant changed the password."""
    books.faults.add("refuse_credentials", nth=[2])
    answers = [booker.book()["status"] for _ in range(3)]
    change = {"do": "set_password", "password": "changed"}
    books.faults.add("change", nth=[1], change=change)
    after = [booker.book() for _ in range(2)]

    assert answers == ["0", "1", "0"]
    assert [answer["status"] for answer in after] == ["0", "1"]
    assert tags_of(after[1], "error") == ["SIMLOGIN"]


def test_faults_by_order_reference(books: BooksStandIn, booker: BooksClient) -> None:
    """The whole reference in the description, not a part of a longer number."""
    books.faults.add("commit_then_502", reference="WA104")

    assert booker.post(ADD, invoice("Bestelling WA1042")).status_code == 200
    assert booker.post(ADD, invoice("Bestelling WA104")).status_code == 502
    assert booker.post(ADD, invoice("Bestelling XWA104")).status_code == 200


def test_faults_by_contract_and_call(books: BooksStandIn, booker: BooksClient) -> None:
    """Other contracts and other calls go on."""
    books.add_contract("654321", "other", "secret")
    other = {"contractcode": "654321", "username": "other", "password": "secret"}
    books.faults.add("503", call="invoice_add", scope="654321")

    assert booker.post(ADD, invoice(), login=other).status_code == 503
    assert booker.post("general/my_acumulus", login=other).status_code == 200
    assert booker.post(ADD, invoice()).status_code == 200


def test_most_posts_in_flight_per_contract(books: BooksStandIn) -> None:
    """A client that posts twice at once for one contract is caught."""
    books.faults.add("delay_then_commit", seconds=600, call="invoice_add")
    books.add_contract("654321", "other", "secret")
    other = {"contractcode": "654321", "username": "other", "password": "secret"}

    def post(login: dict[str, str]) -> None:
        with books_client(books) as client:
            client.post(ADD, invoice(), login=login)

    threads = [threading.Thread(target=post, args=(login,)) for login in (LOGIN, LOGIN, other)]
    for thread in threads:
        thread.start()
    wait_until(lambda: sum(books.most_posts_in_flight.values()) == len(threads))
    books.stop()
    for thread in threads:
        thread.join()

    assert books.most_posts_in_flight == {LOGIN["contractcode"]: 2, "654321": 1}


def test_latency_is_added_to_every_answer(books: BooksStandIn, booker: BooksClient) -> None:
    """A client with less patience than the latency gets no answer."""
    books.latency = 600

    with pytest.raises(httpx.ReadTimeout):
        booker.http.post("general/my_acumulus.php", timeout=0.1)
