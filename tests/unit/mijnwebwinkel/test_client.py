"""What each answer of the server leads to: data, later, stop; with patience, but never for long."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
import respx

from boekbrug.errors import BoekbrugError, RetryLater, StopShop
from boekbrug.journey.ports.shops import Sweep
from boekbrug.journey.ports.tenants import Secret
from boekbrug.mijnwebwinkel.client import MijnwebwinkelShop, MijnwebwinkelShops, Patience
from boekbrug.mijnwebwinkel.transport import ShopHttp
from tests.support.orders import order_json

BASE = "http://shop.example"
STORE = {"id": "efa97179-9a07-5079-8513-7db74e67501b", "name": "Winkel", "currency": "EUR"}
ERROR = {"code": 401, "message": "Unauthorized", "description": "The token is unknown."}
PROBLEM = {"type": "about:blank", "title": "Not Found", "detail": "No such thing.", "status": 404}


@dataclass
class Time:
    """A clock that only sleeping moves."""

    now: datetime = datetime(2026, 3, 2, 12, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)

    def seconds(self) -> float:
        return self.now.timestamp()

    @property
    def patience(self) -> Patience:
        return Patience(sleep=self.sleep, clock=self.seconds, now=lambda: self.now)


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def http() -> Iterator[respx.MockRouter]:
    with respx.mock(assert_all_called=False, using="httpcore") as router:
        yield router


@pytest.fixture
def shop(time: Time) -> Iterator[MijnwebwinkelShop]:
    shops = MijnwebwinkelShops(BASE, Secret("partner"), patience=time.patience)
    yield shops.open(Secret("token"))
    shops.close()


def answers(http: respx.MockRouter, path: str, *given: httpx.Response | Exception) -> respx.Route:
    """The path answers these in turn, the last one for ever."""
    queue = list(given)

    def next_one(_request: httpx.Request) -> httpx.Response:
        one = queue.pop(0) if len(queue) > 1 else queue[0]
        if isinstance(one, Exception):
            raise one
        return httpx.Response(one.status_code, headers=one.headers, content=one.content)

    return http.get(f"{BASE}{path}").mock(side_effect=next_one)


def page(*numbers: str) -> httpx.Response:
    return httpx.Response(200, json=[order_json(number) for number in numbers])


PASSING = {
    "500": httpx.Response(500, html="<p>Oeps</p>"),
    "503": httpx.Response(503, html="<p>Onderhoud</p>"),
    "connect": httpx.ConnectError("refused"),
    "connect timeout": httpx.ConnectTimeout("slow"),
    "read timeout": httpx.ReadTimeout("slow"),
    "broken off": httpx.RemoteProtocolError("peer closed connection"),
    "reset": httpx.ReadError("reset"),
    "html": httpx.Response(200, html="<html>We zijn zo terug</html>"),
    "empty": httpx.Response(200),
    "truncated": httpx.Response(200, content=b'[{"number": "1001", "uu'),
}


@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING)
def test_a_passing_trouble_is_tried_again(
    http: respx.MockRouter, shop: MijnwebwinkelShop, time: Time, trouble: Any
) -> None:
    """One failure, then the page: only a short wait is noticed."""
    answers(http, "/v1/orders", trouble, page("1001"))

    assert len(shop.orders_page(Sweep()).orders) == 1
    assert time.slept == [0.5]


@pytest.mark.parametrize("trouble", PASSING.values(), ids=PASSING)
def test_a_lasting_trouble_is_for_later(
    http: respx.MockRouter, shop: MijnwebwinkelShop, time: Time, trouble: Any
) -> None:
    """Three tries, and never "no orders"."""
    route = answers(http, "/v1/orders", trouble)

    with pytest.raises(RetryLater) as caught:
        shop.orders_page(Sweep())
    assert caught.value.code in {"shop_no_connection", "shop_unreachable", "shop_answer"}
    assert (len(route.calls), time.slept) == (3, [0.5, 2.0])


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_that_is_asked_for_is_honoured(
    http: respx.MockRouter, shop: MijnwebwinkelShop, time: Time, status: int
) -> None:
    """Retry-After in seconds, or as an HTTP date."""
    answers(
        http,
        "/v1/orders",
        httpx.Response(status, headers={"retry-after": "7"}),
        httpx.Response(status, headers={"retry-after": "Mon, 02 Mar 2026 12:00:10 GMT"}),
        page("1001"),
    )

    assert len(shop.orders_page(Sweep()).orders) == 1
    assert time.slept == [7, 3]


def test_a_busy_server_without_a_hint_gets_more_time(
    http: respx.MockRouter, shop: MijnwebwinkelShop, time: Time
) -> None:
    """Five seconds, fifteen, then later."""
    answers(http, "/v1/orders", httpx.Response(429))

    with pytest.raises(RetryLater) as caught:
        shop.orders_page(Sweep())
    assert (caught.value.code, caught.value.after) == ("shop_throttled", None)
    assert time.slept == [5.0, 15.0]


@pytest.mark.parametrize(("asked", "after"), [("120", 120), ("999999999999", 3600), ("31", 31)])
def test_a_long_wait_is_handed_on(
    http: respx.MockRouter, shop: MijnwebwinkelShop, time: Time, asked: str, after: int
) -> None:
    """Nobody sleeps for minutes in a function: the wait goes back with the error."""
    answers(http, "/v1/orders", httpx.Response(429, headers={"retry-after": asked}))

    with pytest.raises(RetryLater) as caught:
        shop.orders_page(Sweep())
    assert (caught.value.after, time.slept) == (after, [])


@pytest.mark.parametrize(
    "asked", ["soon", "", "-5", "Mon, 99 Foo 2026", "Mon, 02 Mar 2026 12:00:10"]
)
def test_a_wait_that_makes_no_sense_is_ignored(
    http: respx.MockRouter, shop: MijnwebwinkelShop, time: Time, asked: str
) -> None:
    """Then the usual waits are used."""
    answers(http, "/v1/orders", httpx.Response(429, headers={"retry-after": asked}), page())

    shop.orders_page(Sweep())

    assert time.slept == [5.0]


def test_slow_failures_use_up_the_budget(http: respx.MockRouter, time: Time) -> None:
    """After a read timeout of thirty seconds there is no time for a second try."""

    def slow(_request: httpx.Request) -> httpx.Response:
        time.now += timedelta(seconds=30)
        raise httpx.ReadTimeout("slow")

    route = http.get(f"{BASE}/v1/orders").mock(side_effect=slow)
    shop = MijnwebwinkelShops(BASE, patience=time.patience).open(Secret("token"))

    with pytest.raises(RetryLater):
        shop.orders_page(Sweep())
    assert len(route.calls) == 1


# --------------------------------------------------------------------------- refused, or odd

REFUSALS = {
    "401": httpx.Response(401, json=ERROR),
    "401 html": httpx.Response(401, html="<p>nee</p>"),
    "401 empty": httpx.Response(401),
    "403": httpx.Response(403, json={"title": "Forbidden", "status": 403}),
    "200 with error": httpx.Response(200, json=ERROR),
    "200 with problem": httpx.Response(200, json={"title": "Forbidden", "status": "403"}),
}
PERHAPS = {
    "400": httpx.Response(400, json={"code": 400, "message": "Bad Request"}),
    "404": httpx.Response(404, json=PROBLEM),
    "200 with 400": httpx.Response(200, json={"code": 400, "message": "Bad Request"}),
    "200 with message": httpx.Response(200, json={"message": "Token expired"}),
    "200 with error": httpx.Response(200, json={"error": "invalid_token"}),
}
CALLS: dict[str, Callable[[MijnwebwinkelShop], object]] = {
    "/v1/store": lambda shop: shop.store(),
    "/v1/orders": lambda shop: shop.orders_page(Sweep()),
    "/v1/orderstatuses": lambda shop: shop.order_statuses(),
    "/v1/orders/1042": lambda shop: shop.order("1042"),
    "/v1/orders/1042/payments": lambda shop: shop.payments("1042"),
    "/v1/payment/stores/me/gateways": lambda shop: shop.payment_methods(),
}


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("answer", REFUSALS.values(), ids=REFUSALS)
def test_a_refused_token_stops_at_once(
    http: respx.MockRouter, shop: MijnwebwinkelShop, time: Time, path: str, answer: httpx.Response
) -> None:
    """401 and 403, as a status or inside a body: one request, no retry."""
    route = answers(http, path, answer)

    with pytest.raises(StopShop) as caught:
        CALLS[path](shop)
    assert caught.value.code == "token_refused"
    assert (len(route.calls), time.slept) == (1, [])


@pytest.mark.parametrize("path", CALLS)
@pytest.mark.parametrize("answer", PERHAPS.values(), ids=PERHAPS)
def test_an_answer_that_may_be_a_refusal_is_settled_by_the_store(
    http: respx.MockRouter, shop: MijnwebwinkelShop, path: str, answer: httpx.Response
) -> None:
    """Nobody knows how the vendor refuses a token: when the store is odd too, it was refused."""
    answers(http, path, answer)
    answers(http, "/v1/store", answer)

    with pytest.raises(StopShop) as caught:
        CALLS[path](shop)
    assert caught.value.code == "token_refused"


@pytest.mark.parametrize(
    "path", ["/v1/orders", "/v1/orderstatuses", "/v1/payment/stores/me/gateways"]
)
@pytest.mark.parametrize("answer", PERHAPS.values(), ids=PERHAPS)
def test_an_odd_answer_with_a_good_token_is_for_later(
    http: respx.MockRouter, shop: MijnwebwinkelShop, path: str, answer: httpx.Response
) -> None:
    """When the store says who it is, the shop is not stopped, and nothing counts as no orders."""
    answers(http, path, answer)
    answers(http, "/v1/store", httpx.Response(200, json=STORE))

    with pytest.raises(RetryLater) as caught:
        CALLS[path](shop)
    assert caught.value.code == "shop_answer"


ODD_LISTS = [{}, {"orders": []}, {"0": order_json("1")}, None, "ok", 5, {"message": "zo terug"}]


@pytest.mark.parametrize("body", ODD_LISTS, ids=repr)
def test_anything_but_a_list_of_orders_is_for_later(
    http: respx.MockRouter, shop: MijnwebwinkelShop, body: Any
) -> None:
    """An object where a list belongs is a maintenance page, never an empty shop."""
    answers(http, "/v1/orders", httpx.Response(200, json=body))
    answers(http, "/v1/store", httpx.Response(200, json=STORE))

    with pytest.raises(RetryLater):
        shop.orders_page(Sweep())


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404, html="<p>404 Not Found</p>"),
        httpx.Response(404),
        httpx.Response(200, html="<p>welkom</p>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"name": "Winkel"}),
        httpx.Response(200, json={"code": 503, "message": "Maintenance"}),
        httpx.Response(302, headers={"location": "/login"}),
        httpx.Response(500),
    ],
    ids=str,
)
def test_a_store_that_is_none_proves_nothing(
    http: respx.MockRouter, shop: MijnwebwinkelShop, answer: httpx.Response
) -> None:
    """A page of another server or a failing one is no refusal: the shop is not stopped for it."""
    answers(http, "/v1/store", answer)

    with pytest.raises(RetryLater):
        shop.store()


@pytest.mark.parametrize("answer", [httpx.Response(404, json=PROBLEM), httpx.Response(404)])
def test_a_missing_order_is_none_when_the_token_works(
    http: respx.MockRouter, shop: MijnwebwinkelShop, answer: httpx.Response
) -> None:
    """A 404 may also be a refused token, so the store is asked, once."""
    answers(http, "/v1/orders/9", answer)
    answers(http, "/v1/orders/9/payments", answer)
    store = answers(http, "/v1/store", httpx.Response(200, json=STORE))

    assert shop.order("9") is None
    assert shop.payments("9") == ()
    assert len(store.calls) == 1


def test_a_token_that_was_seen_to_work_is_not_asked_again(
    http: respx.MockRouter, shop: MijnwebwinkelShop
) -> None:
    """After a page of orders a missing order costs one request."""
    answers(http, "/v1/orders", page("1001"))
    answers(http, "/v1/orders/9", httpx.Response(404, json=PROBLEM))
    store = answers(http, "/v1/store", httpx.Response(200, json=STORE))

    shop.orders_page(Sweep())

    assert shop.order("9") is None
    assert not store.called


def test_a_status_list_without_statuses_is_for_later(
    http: respx.MockRouter, shop: MijnwebwinkelShop
) -> None:
    """Without statuses no credit order would be recognised."""
    answers(http, "/v1/orderstatuses", httpx.Response(200, json=[]))
    answers(http, "/v1/store", httpx.Response(200, json=STORE))

    with pytest.raises(RetryLater):
        shop.order_statuses()


# --------------------------------------------------------------------------- what is asked


@pytest.mark.parametrize(
    ("sweep", "expected"),
    [
        (Sweep(), {}),
        (Sweep(start_date=date(2026, 3, 2)), {"start_date": "2026-03-01"}),
        (Sweep(start_date=date.min), {"start_date": "0001-01-01"}),
        (
            Sweep(status_changed_since=datetime.fromisoformat("2026-03-02 10:00:05.25")),
            {"status_changed_start_date": "2026-03-02 10:00:05"},
        ),
        (Sweep(archived=True), {"archived": "1"}),
        (Sweep(archived=False), {"archived": "0"}),
    ],
)
def test_a_sweep_becomes_a_query(
    http: respx.MockRouter, shop: MijnwebwinkelShop, sweep: Sweep, expected: dict[str, str]
) -> None:
    """Dates a day early, times with a space, booleans as digits, and nothing that is not asked."""
    route = answers(http, "/v1/orders", page())

    shop.orders_page(sweep)

    sent = dict(route.calls.last.request.url.params)
    always = {"limit", "offset", "ordering", "format", "language", "token", "partner_token"}
    assert {name: value for name, value in sent.items() if name not in always} == expected


def test_payments_are_asked_with_their_mutations(
    http: respx.MockRouter, shop: MijnwebwinkelShop
) -> None:
    """Without them nothing would say what was paid back."""
    route = answers(http, "/v1/orders/1042/payments", httpx.Response(200, json={"payments": []}))

    shop.payments("1042")

    assert route.calls.last.request.url.params["embed"] == "mutations"


def test_a_number_is_one_part_of_the_address(
    http: respx.MockRouter, shop: MijnwebwinkelShop
) -> None:
    """A number with a slash cannot reach another path."""
    asked: list[bytes] = []

    def remember(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.raw_path.partition(b"?")[0])
        return httpx.Response(200, json=order_json("1"))

    http.get(url__startswith=BASE).mock(side_effect=remember)

    shop.order("1/../../store")

    assert asked == [b"/v1/orders/1%2F..%2F..%2Fstore"]


# --------------------------------------------------------------------------- endless answers


@pytest.mark.parametrize(("seconds", "why"), [(0, "too large"), (61, "too slow")])
def test_an_answer_without_end_is_given_up(
    http: respx.MockRouter, seconds: float, why: str
) -> None:
    """Neither the memory nor the run waits for a server that never stops sending."""
    clock = [0.0]

    def forever() -> Iterator[bytes]:
        while True:
            clock[0] += seconds
            yield b" " * 1024 * 1024

    http.get(f"{BASE}/v1/store").mock(
        side_effect=lambda _request: httpx.Response(200, stream=Endless(forever))
    )

    with pytest.raises(RetryLater, match=why):
        ShopHttp(BASE, Secret("p"), clock=lambda: clock[0]).get(Secret("t"), "/v1/store", {})


def test_a_body_that_cannot_be_unpacked_is_for_later(http: respx.MockRouter) -> None:
    """A broken compression is a broken answer."""

    def broken(_request: httpx.Request) -> httpx.Response:
        stream = Endless(lambda: iter([b"no gzip at all"]))
        return httpx.Response(200, headers={"content-encoding": "gzip"}, stream=stream)

    http.get(f"{BASE}/v1/store").mock(side_effect=broken)

    with pytest.raises(RetryLater, match="DecodingError"):
        ShopHttp(BASE, Secret("p")).get(Secret("t"), "/v1/store", {})


class Endless(httpx.SyncByteStream):
    """A body that is made while it is read."""

    def __init__(self, chunks: Callable[[], Iterator[bytes]]) -> None:
        self._chunks = chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks()


def test_every_error_has_a_code_of_its_own(http: respx.MockRouter, shop: MijnwebwinkelShop) -> None:
    """The codes are what the runbook and the notices go by."""
    codes = set()
    for answer in (
        httpx.Response(429),
        httpx.Response(500),
        httpx.Response(200),
        httpx.Response(401),
    ):
        http.get(url__startswith=BASE).mock(return_value=answer)
        with pytest.raises(BoekbrugError) as caught:
            shop.store()
        codes.add(caught.value.code)

    assert codes == {"shop_throttled", "shop_unreachable", "shop_answer", "token_refused"}
