"""Every shop behaves alike: the fake that tests use, and the real client against the stand-in."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from boekbrug.domain.order import OrderStatus
from boekbrug.errors import RetryLater, StopShop
from boekbrug.journey.ports.shops import FetchedOrder, Shop, Shops, Sweep, UnreadableOrder
from boekbrug.journey.ports.tenants import Secret
from boekbrug.journey.sweeps import sweep_orders, sweep_pages
from boekbrug.mijnwebwinkel.client import MijnwebwinkelShops, Patience
from boekbrug.mijnwebwinkel.to_order import payments_from_json
from tests.support.fake_shop import FakeShop, FakeShops, unreachable
from tests.support.orders import STORE_ID, order_json
from workbench.standins.shop.shop_data import demo_store
from workbench.standins.shop.standin import ShopStandIn

TOKEN, PARTNER = Secret("shop-token-of-the-suite"), Secret("partner-token-of-the-suite")
PATIENCE = Patience(sleep=lambda _seconds: None)


@dataclass(frozen=True)
class World:
    """A shop as its client sees it, and what a merchant and fate can do to it."""

    shops: Shops
    add: Callable[..., None]
    edit: Callable[[str, dict[str, Any]], None]
    remove: Callable[[list[str]], None]
    pay: Callable[[str, list[dict[str, Any]]], None]
    refuse_token: Callable[[], None]
    refuse_partner: Callable[[], None]
    stop_answering: Callable[[], None]

    @property
    def shop(self) -> Shop:
        return self.shops.open(TOKEN)


@contextmanager
def fake_world() -> Iterator[World]:
    """The fake."""
    fake = FakeShop()
    shops = FakeShops({TOKEN.text: fake})

    def pay(number: str, rows: list[dict[str, Any]]) -> None:
        fake.paid[number] = payments_from_json(rows)

    def fail(error: Exception) -> Callable[[], None]:
        return lambda: setattr(fake, "failing", error)

    yield World(
        shops=shops,
        add=fake.add,
        edit=lambda number, changes: fake.edit(number, **changes),
        remove=fake.remove,
        pay=pay,
        refuse_token=fail(StopShop("refused", code="token_refused")),
        refuse_partner=lambda: setattr(shops, "partner_refused", True),
        stop_answering=fail(unreachable()),
    )


@contextmanager
def client_world() -> Iterator[World]:
    """The real client, and the stand-in for Mijnwebwinkel behind HTTP."""
    with ShopStandIn(partner_token=PARTNER.text) as standin:
        standin.add_shop(TOKEN.text, store=demo_store("Voorbeeldwinkel", id=STORE_ID))
        standin.switches.payments_without_file = "empty"
        shops = MijnwebwinkelShops(standin.url, PARTNER, patience=PATIENCE)

        def add(*orders: dict[str, Any]) -> None:
            for order in orders:
                standin.add_order(order)

        def remove(numbers: list[str]) -> None:
            for number in numbers:
                standin.delete_order(number)

        yield World(
            shops=shops,
            add=add,
            edit=standin.edit_order,
            remove=remove,
            pay=standin.set_payments,
            refuse_token=lambda: standin.set_token("inactive"),
            refuse_partner=lambda: setattr(standin, "partner_token", "another"),
            stop_answering=standin.stop,
        )
        shops.close()
        assert standin.violations == []


@pytest.fixture(params=[fake_world, client_world], ids=["fake", "client"])
def world(request: pytest.FixtureRequest) -> Iterator[World]:
    with request.param() as made:
        yield made


def numbers_of(orders: Any) -> list[str]:
    return [got.order.number if isinstance(got, FetchedOrder) else got.number for got in orders]


def many(first: int, last: int) -> list[dict[str, Any]]:
    return [order_json(str(number)) for number in range(first, last + 1)]


CALLS: dict[str, Callable[[Shop], object]] = {
    "store": lambda shop: shop.store(),
    "order_statuses": lambda shop: shop.order_statuses(),
    "orders_page": lambda shop: shop.orders_page(Sweep()),
    "order": lambda shop: shop.order("1042"),
    "payments": lambda shop: shop.payments("1042"),
    "payment_methods": lambda shop: shop.payment_methods(),
}


def test_the_store_says_who_it_is(world: World) -> None:
    """A token opens the shop whose id the store gives."""
    store = world.shop.store()

    assert (store.id, store.name, store.currency) == (STORE_ID, "Voorbeeldwinkel", "EUR")


def test_the_statuses_have_ids_texts_and_a_credit_mark(world: World) -> None:
    """Statuses are read, not known beforehand."""
    statuses = {status.id: status for status in world.shop.order_statuses()}

    assert statuses[3] == OrderStatus(3, "Betaald", credit_order=False)
    assert statuses[10].credit_order


def test_payment_methods_have_gateway_method_and_name(world: World) -> None:
    """An owner chooses accounts by the names the shop shows."""
    assert ("mollie", "ideal", "iDEAL") in world.shop.payment_methods()


def test_an_order_is_found_by_its_number(world: World) -> None:
    """The order and the bytes it came from."""
    world.add(*many(1041, 1043))

    fetched = world.shop.order("1042")

    assert isinstance(fetched, FetchedOrder)
    assert fetched.order.total == Decimal("35.85")
    assert b'"1042"' in fetched.raw


@pytest.mark.parametrize("number", ["9999", "T-1", "../store", "a b&c", ""])
def test_an_order_that_is_not_there_is_none(world: World, number: str) -> None:
    """Unknown numbers, also odd ones, are no error."""
    world.add(*many(1041, 1043))

    assert world.shop.order(number) is None


def test_an_unreadable_order_is_told_apart(world: World) -> None:
    """By number, an order that cannot be read is not the same as none."""
    world.add(order_json("1042", price={"total": "35,85"}))

    read = world.shop.order("1042")

    assert isinstance(read, UnreadableOrder)
    assert read.number == "1042"


def test_an_empty_shop_has_one_empty_page(world: World) -> None:
    """No orders is an answer, and the end."""
    page = world.shop.orders_page(Sweep())

    assert (page.orders, page.next_offset) == ((), None)


def test_a_short_page_is_the_last_and_ascends(world: World) -> None:
    """Orders come by ascending number, whatever order they came in."""
    world.add(*reversed(many(1001, 1099)))

    page = world.shop.orders_page(Sweep())

    assert numbers_of(page.orders) == [str(number) for number in range(1001, 1100)]
    assert page.next_offset is None


def test_pages_of_a_hundred_overlap_by_ten(world: World) -> None:
    """The last ten of a full page are the first ten of the next."""
    world.add(*many(1001, 1130))

    first = world.shop.orders_page(Sweep())
    second = world.shop.orders_page(Sweep(), first.next_offset or 0)

    assert (len(first.orders), first.next_offset) == (100, 90)
    assert first.orders[-10:] == second.orders[:10]
    assert second.next_offset is None


def test_one_unreadable_order_leaves_the_others(world: World) -> None:
    """A page gives every order it can, and says which one it cannot."""
    world.add(order_json("1001"), order_json("1002", orderlines="?"), order_json("1003"))

    page = world.shop.orders_page(Sweep())

    assert [type(got) for got in page.orders] == [FetchedOrder, UnreadableOrder, FetchedOrder]
    assert numbers_of(page.orders) == ["1001", "1002", "1003"]


def test_test_orders_are_not_listed(world: World) -> None:
    """They are never booked, so they are not even asked for."""
    world.add(order_json("1001"), order_json("T-1002"))

    assert numbers_of(world.shop.orders_page(Sweep()).orders) == ["1001"]


def test_a_sweep_by_date_gives_all_orders_from_that_date(world: World) -> None:
    """The day itself is in; orders of long before are not."""
    days = {"1001": "2026-02-01", "1002": "2026-03-02", "1003": "2026-03-03"}
    world.add(*(order_json(number, date=day) for number, day in days.items()))

    page = world.shop.orders_page(Sweep(start_date=date(2026, 3, 2)))

    assert numbers_of(page.orders) == ["1002", "1003"]


def test_a_sweep_by_status_change_gives_what_changed_since(world: World) -> None:
    """An old order that was paid today is found, an unchanged one is not."""
    world.add(
        order_json("1001", status_changed_date="2026-03-01", status_changed_time="08:00:00"),
        order_json("1002", status_changed_date="2026-03-05", status_changed_time="08:00:00"),
    )
    since = datetime.fromisoformat("2026-03-04 12:30:15.5")

    page = world.shop.orders_page(Sweep(status_changed_since=since))

    assert numbers_of(page.orders) == ["1002"]


@pytest.mark.parametrize(
    ("archived", "expected"), [(None, ["1001", "1002"]), (True, ["1002"]), (False, ["1001"])]
)
def test_a_sweep_can_ask_for_the_archive(
    world: World, archived: bool | None, expected: list[str]
) -> None:
    """Archived orders only, the others only, or both."""
    world.add(order_json("1001"), order_json("1002", archived=True))

    assert numbers_of(world.shop.orders_page(Sweep(archived=archived)).orders) == expected


def test_a_long_sweep_gives_every_order_once(world: World) -> None:
    """The overlap is not given twice."""
    world.add(*many(1001, 1305))

    assert numbers_of(sweep_orders(world.shop, Sweep())) == [str(n) for n in range(1001, 1306)]


def test_orders_that_vanish_between_pages_hide_no_other(world: World) -> None:
    """Deleting twenty orders moves twenty others to a page that was read: the pass starts again."""
    world.add(*many(1001, 1250))
    pages = sweep_pages(world.shop, Sweep())

    seen = numbers_of(next(pages).orders)
    world.remove([str(number) for number in range(1020, 1040)])
    for page in pages:
        seen += numbers_of(page.orders)

    assert len(seen) == len(set(seen))
    assert set(seen) == {str(number) for number in range(1001, 1251)}


def test_an_order_that_arrives_between_pages_is_given(world: World) -> None:
    """New orders are appended: the sweep in progress finds them."""
    world.add(*many(1001, 1150))
    pages = sweep_pages(world.shop, Sweep())

    seen = numbers_of(next(pages).orders)
    world.add(order_json("1151"))
    for page in pages:
        seen += numbers_of(page.orders)

    assert seen == [str(number) for number in range(1001, 1152)]


def test_an_order_that_changes_between_pages_is_given_as_it_is_now(world: World) -> None:
    """What was read in the overlap before is told again when it is different now."""
    world.add(*many(1001, 1150))
    pages = sweep_pages(world.shop, Sweep())

    next(pages)
    world.edit("1095", {"status": 2})
    again = [got for page in pages for got in page.orders if numbers_of([got]) == ["1095"]]

    assert [got.order.status for got in again if isinstance(got, FetchedOrder)] == [2]


def test_payments_are_in_units_with_their_steps(world: World) -> None:
    """What was captured and what went back, in euro, with the moments."""
    world.add(order_json("1042"))
    at = "2026-03-02T09:15:21+01:00"
    captured = {"type": "capture", "price": 3585, "createdAt": at}
    refunded = {"type": "refund", "price": "1000", "createdAt": "2026-03-05T10:00:00+01:00"}
    row = {"gateway": "mollie", "method": "ideal:x", "price": 3585, "currency": "EUR"}
    world.pay("1042", [row | {"isTest": False, "mutations": [captured, refunded]}])

    (payment,) = world.shop.payments("1042")

    assert (payment.method, payment.amount) == ("ideal", Decimal("35.85"))
    assert [(step.type, step.amount) for step in payment.mutations] == [
        ("capture", Decimal("35.85")),
        ("refund", Decimal("10.00")),
    ]
    assert payment.mutations[0].created_at == datetime.fromisoformat(at)


@pytest.mark.parametrize("number", ["1042", "9999"])
def test_an_order_without_payments_has_none(world: World, number: str) -> None:
    """Neither an unpaid order nor an unknown one is an error."""
    world.add(order_json("1042"))

    assert world.shop.payments(number) == ()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_refused_token_stops_the_shop(world: World, call: Callable[[Shop], object]) -> None:
    """A token that was switched off is told by every call, also in the middle of a run."""
    shop = world.shop
    shop.store()

    world.refuse_token()

    with pytest.raises(StopShop) as caught:
        call(shop)
    assert caught.value.code == "token_refused"
    assert TOKEN.text not in str(caught.value)


def test_an_unknown_token_is_refused(world: World) -> None:
    """Opening asks nothing; the first call says no."""
    shop = world.shops.open(Secret("another-token-altogether"))

    with pytest.raises(StopShop):
        shop.store()


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_shop_that_does_not_answer_is_for_later(
    world: World, call: Callable[[Shop], object]
) -> None:
    """Nothing is concluded from silence."""
    world.stop_answering()

    with pytest.raises(RetryLater) as caught:
        call(world.shop)
    assert caught.value.code in ("shop_unreachable", "shop_no_connection")


def test_our_own_token_is_asked_for_alone(world: World) -> None:
    """It works whatever became of a shop's token, so a refusal can be laid at the right door."""
    world.refuse_token()
    assert world.shops.partner_token_works()

    world.refuse_partner()
    assert not world.shops.partner_token_works()


def test_a_sentence_can_say_where_the_shop_is(world: World) -> None:
    """Host and port; nothing of a query or a path."""
    assert re.fullmatch(r"[\w.]+:\d+", world.shops.address)


def test_the_count_is_that_of_the_list(world: World) -> None:
    """With the same filters, over all pages; test orders do not count."""
    world.add(*many(1001, 1130), order_json("T-9"), order_json("1131", date="2026-01-05"))

    assert world.shop.count(Sweep()) == 131
    assert world.shop.count(Sweep(start_date=date(2026, 3, 1))) == 130
    assert world.shop.count(Sweep(archived=True)) == 0
