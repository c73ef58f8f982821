"""Before a shop is connected: how many orders would be booked from a start point, for how much."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import StopShop
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.prospects import Prospect, prospect, start_at
from boekbrug.journey.recent_orders import recent_orders
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.orders import order_json

NOW = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)


def a_shop(*orders: dict[str, Any]) -> FakeShop:
    shop = FakeShop()
    shop.add(*orders)
    return shop


def counted(shop: FakeShop, **settings: Any) -> Prospect:
    chosen = ShopSettings.model_validate({"trigger_statuses": [3]} | settings)
    return prospect(shop, shop.shop, chosen, now=NOW)


def many(first: int, how_many: int, **changes: Any) -> list[dict[str, Any]]:
    return [order_json(str(number), **changes) for number in range(first, first + how_many)]


def test_what_would_be_booked_is_counted_and_added_up() -> None:
    """Per currency; other statuses and orders from before the start are not in it."""
    shop = a_shop(
        order_json("1040", date="2026-02-27"),
        order_json("1041", date="2026-03-02"),
        order_json("1042", date="2026-03-03"),
        order_json("1043", date="2026-03-03", status=1),
        order_json("1044", date="2026-03-04", currency="SEK"),
    )
    one = Decimal(order_json("1041")["price"]["total"])

    found = counted(shop, start_date="2026-03-01")

    assert (found.orders, found.first, found.last) == (3, "1041", "1044")
    assert found.totals == {"EUR": 2 * one, "SEK": one}
    assert found.complete


def test_a_first_number_splits_its_day() -> None:
    """Orders of that day that came before it are left out."""
    shop = a_shop(*many(1041, 3, date="2026-03-02"))
    day, number = start_at(shop, shop.shop, "1042")

    found = counted(shop, start_date=day, start_number=number)

    assert (day, number) == (date(2026, 3, 2), 1042)
    assert (found.orders, found.first) == (2, "1042")


@pytest.mark.parametrize("number", ["1099", "T-12", "", "1042x"])
def test_a_first_number_that_the_shop_does_not_have(number: str) -> None:
    """It is named at its field, also when it is no number of an order that could be booked."""
    shop = a_shop(order_json("1042"))

    with pytest.raises(ConnectRefused) as caught:
        start_at(shop, shop.shop, number)

    assert (caught.value.remark.code, caught.value.remark.setting) == (
        "start_unknown",
        "start_number",
    )


@pytest.mark.parametrize("failing", [unreachable(), StopShop("no", code="token_refused")])
def test_a_shop_that_does_not_give_the_first_order(failing: Any) -> None:
    """That is another sentence than that it does not exist."""
    shop = a_shop(order_json("1042"))
    shop.failing = failing

    with pytest.raises(ConnectRefused) as caught:
        start_at(shop, shop.shop, "1042")

    assert caught.value.remark.code == "start_unread"


def test_a_long_history_is_counted_as_far_as_there_is_time() -> None:
    """Then it is said that it is not all."""
    shop = a_shop(*many(1001, 250, date="2026-03-02"))

    found = prospect(
        shop, shop.shop, ShopSettings(trigger_statuses=(3,)), now=NOW, time_left=lambda: False
    )

    assert (found.orders, found.read, found.listed, found.complete) == (100, 100, 250, False)
    assert counted(shop).orders == 250


def test_an_order_that_cannot_be_read_is_not_counted_as_booked() -> None:
    """It was looked at; it will be held."""
    shop = a_shop(order_json("1041"), order_json("1042", price="kapot"))

    found = counted(shop)

    assert (found.orders, found.read, found.complete) == (1, 2, True)


def test_orders_from_before_the_start_are_told_when_there_are_no_others() -> None:
    """An owner who chose too late a day sees it."""
    shop = a_shop(*many(1041, 3, date="2026-03-02"))

    assert counted(shop, start_date="2026-04-01") == Prospect(before=3)
    assert counted(shop, start_date="2026-03-02").before == 0


def test_a_shop_without_orders_has_nothing_to_book() -> None:
    """No first and no last."""
    assert counted(a_shop()) == Prospect()


@pytest.mark.parametrize(("listed", "first"), [(5, "1001"), (200, "1001"), (430, "1231")])
def test_the_latest_orders_of_a_shop(listed: int, first: str) -> None:
    """At most so many, by ascending number, in as few reads as they need."""
    shop = a_shop(*many(1001, listed))

    found = recent_orders(shop)

    assert [one.order.number for one in found[:1]] == [first]  # type: ignore[union-attr]  # all can be read
    assert len(found) == min(listed, 200)
    assert len(shop.calls) <= 4


def test_orders_that_come_in_meanwhile_are_the_latest() -> None:
    """The number of orders was asked for before they came."""
    shop = a_shop(*many(1001, 230))
    shop.before_page = lambda offset: shop.add(order_json("1231")) if offset == 30 else None

    found = recent_orders(shop)

    numbers = [one.order.number for one in found]  # type: ignore[union-attr]  # as above
    assert (len(numbers), numbers[-1]) == (200, "1231")
