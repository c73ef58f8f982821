"""Overlapping pages -> every order once, while the list changes under the reader."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from boekbrug.errors import RetryLater
from boekbrug.journey.ports.shops import FetchedOrder, Sweep, UnreadableOrder
from boekbrug.journey.sweeps import sweep_orders, sweep_pages
from tests.support.fake_shop import FakeShop
from tests.support.orders import order_json


def shop_of(count: int, **parts: Any) -> FakeShop:
    """A shop with orders 1001, 1002, ..."""
    return FakeShop(documents=[order_json(str(1001 + n)) for n in range(count)], **parts)


def numbers(orders: Any) -> list[int]:
    return [int(o.order.number if isinstance(o, FetchedOrder) else o.number) for o in orders]


@pytest.mark.parametrize(
    ("count", "calls"), [(0, 1), (1, 1), (99, 1), (100, 2), (101, 2), (190, 3), (191, 3)]
)
def test_a_sweep_ends_at_the_first_short_page(count: int, calls: int) -> None:
    """No request more than the pages need, and each order once."""
    shop = shop_of(count)

    assert numbers(sweep_orders(shop, Sweep())) == list(range(1001, 1001 + count))
    assert len(shop.calls) == calls


def test_a_sweep_can_go_on_where_another_stopped() -> None:
    """``next_offset`` of the last page that was worked through is where the next run begins."""
    shop = shop_of(250)
    first = next(sweep_pages(shop, Sweep()))

    rest = [
        got for page in sweep_pages(shop, Sweep(), first.next_offset or 0) for got in page.orders
    ]

    assert numbers(rest) == list(range(1091, 1251))


def test_a_few_vanished_orders_need_no_second_pass() -> None:
    """As long as the overlap is there, nothing was skipped."""
    shop = shop_of(150)
    shop.before_page = lambda offset: shop.remove(str(1001 + n) for n in range(9 if offset else 0))

    assert numbers(sweep_orders(shop, Sweep())) == list(range(1001, 1151))
    assert len(shop.calls) == 2


def test_the_pass_starts_again_when_the_overlap_is_gone() -> None:
    """More than ten orders vanished: what moved to a page that was read is read after all."""
    shop = shop_of(150)
    shop.before_page = lambda offset: shop.remove(str(1001 + n) for n in range(30 if offset else 0))

    assert numbers(sweep_orders(shop, Sweep())) == list(range(1001, 1151))
    assert shop.calls == ["orders_page 0", "orders_page 90", "orders_page 0", "orders_page 90"]


def test_a_list_that_empties_between_pages_is_read_again() -> None:
    """An empty page after a full one is a gap, not the end."""
    shop = shop_of(120)
    shop.before_page = lambda offset: shop.remove(str(1001 + n) for n in range(60 if offset else 0))

    assert numbers(sweep_orders(shop, Sweep())) == list(range(1001, 1121))


def test_a_list_that_keeps_changing_is_for_later() -> None:
    """After two passes with a gap the sweep gives up, so that nothing counts as read."""
    shop = shop_of(400)

    def vanish(offset: int) -> None:
        if offset:
            shop.remove(sorted(str(d["number"]) for d in shop.documents)[:50])

    shop.before_page = vanish

    with pytest.raises(RetryLater) as caught:
        list(sweep_orders(shop, Sweep()))
    assert caught.value.code == "shop_list_changed"


def test_an_order_is_known_by_its_uuid_not_its_number() -> None:
    """Two orders with one number are two orders."""
    shop = FakeShop(
        documents=[order_json("1001", uuid="11111111"), order_json("1001", uuid="22222222")]
    )

    assert len(list(sweep_orders(shop, Sweep()))) == 2


def test_unreadable_orders_are_given_once_as_well() -> None:
    """Also when only their content tells them apart."""
    shop = shop_of(95)
    shop.add(*(order_json("2000", uuid="", orderlines=text) for text in "abc"))
    shop.add(*(order_json(str(3000 + n)) for n in range(20)))

    found = list(sweep_orders(shop, Sweep()))

    assert sum(isinstance(got, UnreadableOrder) for got in found) == 3
    assert len(found) == 118


@settings(max_examples=50, deadline=None)
@given(
    count=st.integers(0, 320),
    arriving=st.lists(st.integers(0, 15), max_size=6),
    leaving=st.lists(st.integers(0, 9), max_size=6),
)
def test_no_order_that_stays_is_missed_or_given_twice(
    count: int, arriving: list[int], leaving: list[int]
) -> None:
    """Whatever arrives and leaves between pages: every order that was there throughout, once."""
    shop = shop_of(count)
    there = set(range(1001, 1001 + count))
    coming, going = list(arriving), list(leaving)

    def change(offset: int) -> None:
        if offset and coming:
            first = 1001 + count + 100 * len(coming)
            shop.add(*(order_json(str(first - n)) for n in range(coming.pop())))
        if offset and going:
            gone = sorted(numbers_in(shop))[: going.pop()]
            there.difference_update(gone)
            shop.remove(str(number) for number in gone)

    shop.before_page = change

    seen = numbers(sweep_orders(shop, Sweep()))

    assert len(seen) == len(set(seen))
    assert there <= set(seen)


def numbers_in(shop: FakeShop) -> list[int]:
    return [int(document["number"]) for document in shop.documents]
