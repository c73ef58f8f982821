"""Faults of the shop stand-in: what goes wrong on the line, and data that changes in mid-run."""

from email.utils import parsedate_to_datetime
from typing import Any

import httpx
import pytest

from tests.unit.standins.clients import ShopClient, order
from workbench.standins import ShopStandIn, StandInError


@pytest.mark.parametrize(("kind", "status"), [("500", 500), ("502", 502), ("503", 503)])
def test_html_errors(shop: ShopStandIn, shopper: ShopClient, kind: str, status: int) -> None:
    """A server error is an HTML page, as often as asked."""
    shop.faults.add(kind, call="orders", times=2)
    answers = [shopper.get("/v1/orders") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [status, status, 200]
    assert answers[0].headers["content-type"].startswith("text/html")
    assert shopper.get("/v1/store").status_code == 200


@pytest.mark.parametrize("retry_after", [None, "7", "date"])
def test_too_many_requests_in_three_ways(
    shop: ShopStandIn, shopper: ShopClient, retry_after: str | None
) -> None:
    """Without a header, with seconds, and with an HTTP date."""
    shop.faults.add("429", retry_after=retry_after)
    answer = shopper.get("/v1/orders")
    header = answer.headers.get("retry-after")

    assert answer.status_code == 429
    if retry_after == "date":
        assert parsedate_to_datetime(header).tzinfo is not None
    else:
        assert header == retry_after


@pytest.mark.parametrize("kind", ["drop", "cut"])
def test_broken_connections(shop: ShopStandIn, shopper: ShopClient, kind: str) -> None:
    """The connection closes without an answer or in mid-body; the next request works."""
    shop.faults.add(kind, times=1)

    with pytest.raises(httpx.RemoteProtocolError):
        shopper.get("/v1/orders")
    assert shopper.get("/v1/orders").status_code == 200


@pytest.mark.parametrize("kind", ["empty", "truncated_json", "html_200"])
def test_bodies_that_cannot_be_read(shop: ShopStandIn, shopper: ShopClient, kind: str) -> None:
    """200 with nothing, with half a JSON text or with HTML: none of them is "no orders"."""
    shop.faults.add(kind)
    answer = shopper.get("/v1/orders")

    assert answer.status_code == 200
    with pytest.raises(ValueError, match=r"Expecting|Unterminated"):
        answer.json()


def test_an_object_where_a_list_is_expected(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Such an answer is a failure of the shop, not a shop without orders."""
    shop.faults.add("object")

    assert isinstance(shopper.get("/v1/orders").json(), dict)


def test_a_slow_answer_outlasts_the_client(shop: ShopStandIn, shopper: ShopClient) -> None:
    """A client that waits less long than the fault gives up; stopping does not wait for it."""
    shop.faults.add("slow", seconds=600, times=1)

    with pytest.raises(httpx.ReadTimeout):
        shopper.http.get("/v1/store", timeout=0.05)
    shop.stop()


def test_the_token_is_refused_in_mid_run(shop: ShopStandIn, shopper: ShopClient) -> None:
    """One refusal between good answers, or the token off for good after the second request."""
    shop.faults.add("refuse_token", nth=[2])
    answers = [shopper.get("/v1/store").status_code for _ in range(3)]
    shop.faults.add("change", nth=[1], change={"do": "set_token", "state": "inactive"})
    after = [shopper.get("/v1/store").status_code for _ in range(3)]

    assert answers == [200, 401, 200]
    assert after == [200, 401, 401]


@pytest.mark.parametrize("do", ["delete_order", "archive_order"])
def test_an_order_that_leaves_between_two_pages(
    shop: ShopStandIn, shopper: ShopClient, do: str
) -> None:
    """The rest moves up, so the first order of the second page is skipped."""
    shop.faults.add("change", call="orders", nth=[1], change={"do": do, "number": "1002"})
    first = shopper.numbers(limit=5, archived=0)
    second = shopper.numbers(limit=5, archived=0, offset=5)

    assert first == ["1001", "1002", "1003", "1004", "1005"]
    assert second == ["1007", "1008", "1009", "1010", "1011"]


def test_an_order_that_comes_between_two_pages(shop: ShopStandIn, shopper: ShopClient) -> None:
    """From high to low a new order shifts the rest: the last of page one comes again."""
    new = {"do": "add_order", "order": order("1020")}
    shop.faults.add("change", call="orders", nth=[1], change=new)
    first = shopper.numbers(limit=2, ordering="desc")
    second = shopper.numbers(limit=2, ordering="desc", offset=2)

    assert first == ["1012", "1011"]
    assert second == ["1011", "1010"]


def test_an_order_that_is_edited_between_two_polls(shop: ShopStandIn, shopper: ShopClient) -> None:
    """Changes are laid over the document; the rest of it stays."""
    changes = {"price": {"total": "24.20"}}
    change = {"do": "edit_order", "number": "1001", "changes": changes}
    shop.faults.add("change", call="orders", nth=[1], change=change)
    before, after = (shopper.get("/v1/orders", limit=1).json()[0]["price"] for _ in range(2))

    assert (before["total"], after["total"]) == ("12.10", "24.20")
    assert before["tax"] == after["tax"]


def test_a_change_before_the_answer(shop: ShopStandIn, shopper: ShopClient) -> None:
    """The order is gone when it is read by number, though the list still had it."""
    shop.faults.add(
        "change", call="order", when="before", change={"do": "delete_order", "number": "1001"}
    )

    assert "1001" in shopper.numbers()
    assert shopper.get("/v1/orders/1001").status_code == 404


def test_conditions_choose_the_request(shop: ShopStandIn, shopper: ShopClient) -> None:
    """By call and order number, by every n-th request, and by the shop."""
    shop.add_shop("other-token")
    shop.faults.add("502", call="order", reference="1001")
    shop.faults.add("503", call="count", every=2)
    shop.faults.add("500", scope=shop.shops[1].id)
    paths = ("orders/1001", "orders/1002", "orders/count", "orders/count", "orders/count", "store")

    statuses = [shopper.get(f"/v1/{path}").status_code for path in paths]

    assert statuses == [502, 200, 200, 503, 200, 200]


def test_chance_repeats_with_its_seed(shop: ShopStandIn, shopper: ShopClient) -> None:
    """The same seed strikes the same requests, so a failing run can be repeated."""
    runs = []
    for _ in range(2):
        shop.faults.clear()
        shop.faults.add("503", probability=0.5, seed=4)
        runs.append([shopper.get("/v1/store").status_code for _ in range(20)])

    assert runs[0] == runs[1]
    assert set(runs[0]) == {200, 503}


@pytest.mark.parametrize(
    ("kind", "conditions", "sentence"),
    [
        ("999", {}, "unknown fault '999'"),
        ("500", {"cal": "orders"}, "unknown part of a fault: cal"),
        ("change", {}, "needs the change"),
        ("500", {"when": "during"}, "'before' or 'after'"),
    ],
)
def test_wrong_faults_are_refused(
    shop: ShopStandIn, kind: str, conditions: dict[str, Any], sentence: str
) -> None:
    """A fault that could never strike would make a test prove nothing."""
    with pytest.raises(StandInError, match=sentence):
        shop.faults.add(kind, **conditions)
