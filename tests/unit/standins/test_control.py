"""The control API of both stand-ins, from outside over HTTP."""

from typing import Any

import httpx
import pytest

from tests.unit.standins.clients import TOKENS, BooksClient, ShopClient, invoice, order
from workbench.standins import BooksStandIn, ShopStandIn, StandInError


def _control(
    standin: BooksStandIn | ShopStandIn, method: str, path: str, body: Any = None
) -> httpx.Response:
    with httpx.Client(base_url=f"{standin.url}/_standin/", verify=False) as client:
        return client.request(method, path, json=body) if body else client.request(method, path)


def test_the_overview_lists_everything(shop: ShopStandIn) -> None:
    """A person finds the calls, faults and switches without the docs."""
    overview = _control(shop, "GET", "").json()

    assert "POST /_standin/changes" in overview["control_calls"]
    assert "429" in overview["fault_kinds"]
    assert overview["switches"]["maximum_limit"] == 100


def test_requests_are_shown_without_hiding(shop: ShopStandIn, shopper: ShopClient) -> None:
    """For tests: with the query as it was sent, all or of one call."""
    shopper.get("/v1/store")
    shopper.get("/v1/orders", limit=3)
    every = _control(shop, "GET", "requests").json()
    orders = _control(shop, "GET", "requests?call=orders").json()

    assert [each["call"] for each in every] == ["store", "orders"]
    assert [each["query"] for each in orders] == [{**TOKENS, "limit": "3"}]


def test_switches_over_http(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Several at once, or none when one is wrong."""
    good = _control(shop, "PATCH", "switches", {"maximum_limit": 5, "end_date": "exclusive"})
    wrong = _control(shop, "PATCH", "switches", {"maximum_limit": 7, "end_date": "never"})

    assert good.json()["maximum_limit"] == 5
    assert (wrong.status_code, wrong.json()["error"]) == (
        400,
        "switch 'end_date' cannot be 'never'; choose from: inclusive, exclusive",
    )
    assert shop.switches.maximum_limit == 5
    assert shopper.get("/v1/orders", limit=6).status_code == 400


@pytest.mark.parametrize(
    "changes", [{"maximum_limits": 5}, {"maximum_limit": "5"}, {"maximum_limit": True}]
)
def test_wrong_switches_are_refused(shop: ShopStandIn, changes: dict[str, Any]) -> None:
    """An unknown name and a wrong type: never silently without effect."""
    with pytest.raises(StandInError, match="switch"):
        shop.switches.set(changes)


def test_faults_over_http(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Add, look how often it struck, and clear."""
    _control(shop, "POST", "faults", {"kind": "503", "call": "store", "times": 1})
    statuses = [shopper.get("/v1/store").status_code for _ in range(2)]
    listed = _control(shop, "GET", "faults").json()
    cleared = _control(shop, "DELETE", "faults").json()

    assert statuses == [503, 200]
    assert (listed[0]["seen"], listed[0]["fired"]) == (2, 1)
    assert cleared == []
    assert _control(shop, "POST", "faults", {"call": "store"}).status_code == 400


def test_changes_of_the_shop_over_http(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Everything a merchant can do, by name; amounts stay digit for digit."""
    for change in (
        {"do": "add_order", "order": order("1014")},
        {"do": "edit_order", "number": "1014", "changes": {"currency": "SEK"}},
        {"do": "set_status", "number": "1014", "status": 2, "at": "2026-03-20T14:30:00+00:00"},
        {"do": "archive_order", "number": "1013-none"},
        {"do": "delete_order", "number": "1001"},
        {"do": "set_payments", "number": "1002", "payments": []},
    ):
        _control(shop, "POST", "changes", change)
    edited = shopper.get("/v1/orders/1014").json()

    assert (edited["currency"], edited["status"]) == ("SEK", 2)
    assert edited["status_changed_time"] == "15:30:00"
    assert shopper.get("/v1/orders/1001").status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"do": "explode"}, "unknown change 'explode'"),
        ({"number": "1001"}, "unknown change None"),
        ({"do": "delete_order", "number": "4711"}, "there is no order 4711"),
        ({"do": "delete_order"}, "number"),
        ({"do": "set_token", "state": "gone"}, "a token is active, expired, inactive"),
        ({"do": "add_order", "order": {}}, "with a number"),
        ({"do": "add_order", "order": {"number": "1001"}}, "there is an order 1001 already"),
        ({"do": "delete_order", "number": "1001", "shop": "x"}, "there is no shop x"),
    ],
)
def test_wrong_changes_are_refused(
    shop: ShopStandIn, change: dict[str, Any], sentence: str
) -> None:
    """With one sentence that names what is wrong."""
    answer = _control(shop, "POST", "changes", change)

    assert answer.status_code == 400
    assert sentence in answer.json()["error"]


def test_changes_of_the_books_over_http(books: BooksStandIn, booker: BooksClient) -> None:
    """What a bookkeeper and a tenant can do, by name."""
    conceptid = booker.book(concept="1")["invoice"]["conceptid"]
    made = {"do": "make_definitive", "conceptid": conceptid}
    entryid = _control(books, "POST", "changes", made).json()["changed"]
    for change in (
        {"do": "delete_entry", "entryid": entryid},
        {"do": "set_payment", "entryid": entryid, "status": "2", "day": "2026-03-11"},
        {"do": "lock_period", "until": "2026-03-31"},
        {"do": "set_limit", "max_entries": 40},
        {"do": "add_contract", "contractcode": "654321", "username": "a", "password": "b"},
    ):
        assert _control(books, "POST", "changes", change).status_code == 200
    entry = books.entries()[0]

    assert (entry.entryid, entry.paymentstatus, bool(entry.deleted)) == (entryid, "2", True)
    assert booker.book()["status"] == "1"
    assert set(books.contracts) == {"123456", "654321"}


def test_state_and_statistics(books: BooksStandIn, booker: BooksClient) -> None:
    """Totals and double bookings can be read; passwords cannot."""
    booker.book("Bestelling WA1")
    booker.book("Bestelling WA1")
    state = _control(books, "GET", "state")
    statistics = _control(books, "GET", "statistics").json()

    assert state.json()["contracts"][0]["entries"][0]["total"] == "12.10"
    assert "password" not in state.text
    assert statistics["entries_per_description"] == {"123456": {"Bestelling WA1": 2}}
    assert statistics["most_posts_in_flight"] == {"123456": 1}
    assert statistics["calls"] == {"invoice_add": 2}


def test_state_of_the_shop(shop: ShopStandIn) -> None:
    """Orders and stores, without tokens."""
    state = _control(shop, "GET", "state")

    assert state.json()["shops"][0]["orders"][0]["number"] == "1001"
    assert TOKENS["token"] not in state.text


def test_reset_forgets_what_is_named(books: BooksStandIn, booker: BooksClient) -> None:
    """Without names: requests, faults and switches; data only when named."""
    booker.post("invoices/invoice_add", invoice())
    books.faults.add("503")
    books.switches.unknown_ids = "warn"
    plain = _control(books, "POST", "reset").json()
    kept = len(books.entries())
    _control(books, "POST", "reset", {"what": ["data"]})

    assert plain == {"reset": []}
    assert (books.requests, books.faults.as_list()) == ([], [])
    assert books.switches.as_dict()["unknown_ids"] == "silent"
    assert (kept, books.entries()) == (1, [])
    assert _control(books, "POST", "reset", {"what": ["all"]}).status_code == 400


@pytest.mark.parametrize("body", [b"no json", b"[1]"])
def test_a_body_that_is_no_object(shop: ShopStandIn, body: bytes) -> None:
    """Told in one sentence, with a 400."""
    answer = httpx.post(f"{shop.url}/_standin/faults", content=body, verify=False)

    assert answer.status_code == 400
    assert answer.json()["error"].startswith("the body")


def test_an_unknown_control_call_names_the_known_ones(shop: ShopStandIn) -> None:
    """404 with the list."""
    answer = _control(shop, "GET", "nothing")

    assert (answer.status_code, "GET /_standin/state" in answer.text) == (404, True)
