"""R2: a number is one order, whether or not the shop tells its uuid every time."""

from typing import Any

import pytest

from tests.support.fake_books import Fault
from tests.support.fake_shop import FakeShop
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json

OTHER = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def world() -> World:
    world = World()
    world.shop()
    return world


@pytest.fixture
def shop(world: World) -> FakeShop:
    return world.shops.by_token[f"token-of-{STORE_ID}"]


def uuid_of(number: str) -> str:
    return str(order_json(number)["uuid"])


@pytest.mark.parametrize(("first", "then"), [("", uuid_of("1042")), (uuid_of("1042"), "")])
def test_r2_a_uuid_that_comes_or_goes_is_no_other_order(
    world: World, shop: FakeShop, first: str, then: str
) -> None:
    """One row, one invoice."""
    shop.add(order_json("1042", uuid=first))
    world.hour()
    shop.edit("1042", uuid=then)
    world.hour()
    world.night()

    (row,) = world.ledger.by_number(STORE_ID, "1042")
    assert row.state == "booked"
    assert world.books.references == ["Bestelling 1042"]


def test_r2_a_uuid_that_comes_later_is_kept(world: World, shop: FakeShop) -> None:
    """From then on another uuid is another order."""
    shop.add(order_json("1042", uuid="", status=1))
    world.hour()
    shop.edit("1042", uuid=uuid_of("1042"))
    world.hour()
    shop.add(order_json("1042", uuid=OTHER, status=1))
    world.hour()

    uuids = {row.uuid for row in world.ledger.by_number(STORE_ID, "1042")}
    assert uuids == {uuid_of("1042"), OTHER}


@pytest.mark.parametrize("together", [True, False])
def test_r2_two_uuids_under_one_number_are_two_orders(
    world: World, shop: FakeShop, together: bool
) -> None:
    """Each is booked, also when both come on the same page."""
    shop.add(order_json("1042"))
    if not together:
        world.hour()
    shop.add(order_json("1042", uuid=OTHER))
    world.hour()
    world.night()

    rows = world.ledger.by_number(STORE_ID, "1042")
    assert sorted(row.state for row in rows) == ["booked", "booked"]
    assert len({row.entryid for row in rows}) == 2
    assert world.books.references == ["Bestelling 1042"] * 2


def test_r2_the_invoice_of_another_order_with_that_number_is_not_found(
    world: World, shop: FakeShop
) -> None:
    """A lost post is not taken for booked because its number was used before."""
    shop.add(order_json("1042"))
    world.hour()
    world.books["123456"].faults.append(Fault.LOST_REQUEST)
    shop.add(order_json("1042", uuid=OTHER))
    world.hour()
    for _ in range(3):
        world.look_up()
        world.hour()

    rows = world.ledger.by_number(STORE_ID, "1042")
    assert sorted(row.state for row in rows) == ["booked", "booked"]
    assert len({row.entryid for row in rows}) == 2


@pytest.mark.parametrize("changes", [{"uuid": ""}, {}])
def test_r2_an_order_that_could_not_be_read_and_now_can_is_the_same(
    world: World, shop: FakeShop, changes: dict[str, Any]
) -> None:
    """It is not left waiting for a person once it is booked."""
    shop.add(order_json("1042", date="2026-03-18", price={"total": "veel"}, **changes))
    world.hour()
    assert world.states() == {"1042": "held"}
    shop.remove(["1042"])
    shop.add(order_json("1042", date="2026-03-18"))
    world.hour()

    assert [row.state for row in world.ledger.by_number(STORE_ID, "1042")] == ["booked"]
