"""R124: resend after fixing; the new invoice first, then the old entry to the bin."""

from contextlib import suppress

import pytest

from boekbrug.errors import RetryLater, StopShop
from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import DecisionServices, Said
from boekbrug.journey.ports import ConnectedShop
from boekbrug.journey.resend import Resent, resend
from tests.support.fake_books import FakeAdministration, Fault
from tests.support.fake_shop import FakeShop
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json

SAID = Said("prijs hersteld", "kantoor")


@pytest.fixture
def world() -> World:
    world = World()
    world.shop()
    return world


@pytest.fixture
def shop(world: World) -> FakeShop:
    return world.shops.by_token[f"token-of-{STORE_ID}"]


@pytest.fixture
def books(world: World) -> FakeAdministration:
    return world.books["123456"]


def booked(world: World, shop: FakeShop, **changes: object) -> None:
    shop.add(order_json("1042", **changes))
    world.hour()
    assert world.states() == {"1042": "booked"}


def again(world: World) -> Resent:
    connected: ConnectedShop | None = world.tenants.shop(STORE_ID)
    assert connected is not None
    return resend(DecisionServices(world.fetching, world.booking), connected, "1042", SAID)


def test_r124_the_new_invoice_comes_before_the_old_one_goes(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Afterwards the books hold the order once, under its new number."""
    booked(world, shop)
    (old,) = books.booked
    result = again(world)

    new = books.booked[-1]
    assert (result.row.entryid, result.binned) == (new.entryid, old.entryid)
    assert [kept.deleted for kept in books.booked] == [True, False]
    assert books.calls.index("delete_entry") > max(
        at for at, call in enumerate(books.calls) if call == "add_invoice"
    )
    assert world.books.references == ["Bestelling 1042"]


@pytest.mark.parametrize(
    "fault", [Fault.REFUSED_DATA, Fault.UNREACHABLE, Fault.THROTTLED, Fault.REFUSED_CREDENTIALS]
)
def test_r124_when_creation_fails_the_old_invoice_is_untouched(
    world: World, shop: FakeShop, books: FakeAdministration, fault: Fault
) -> None:
    """And the order is booked under it as before."""
    booked(world, shop)
    before = world.rows()["1042"]
    books.faults.append(fault)
    with suppress(RetryLater, StopShop):  # what is told is told; the books are the point here
        assert again(world).why_not == "books_refused"

    after = world.rows()["1042"]
    assert (after.state, after.entryid) == ("booked", before.entryid)
    assert "delete_entry" not in books.calls
    assert world.books.references == ["Bestelling 1042"]


def test_r124_an_old_concept_stays_and_that_is_said(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Acumulus cannot remove a concept."""
    booked(world, shop, payment_status="refunded")
    (concept,) = books.booked
    shop.edit("1042", payment_status="captured")
    result = again(world)

    assert (result.stays, result.binned) == (concept.conceptid, "")
    assert result.row.entryid == books.booked[-1].entryid


def test_r124_an_order_that_is_not_to_be_booked_any_more_keeps_its_invoice(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Its status changed since."""
    booked(world, shop)
    shop.edit("1042", status=1)

    assert again(world).why_not == "status"
    assert world.states() == {"1042": "booked"}
    assert len(books.posts) == 1


def test_r124_without_an_answer_the_old_one_stays_too(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Whether the new one is there is looked up first."""
    booked(world, shop)
    books.faults.append(Fault.LOST_REQUEST)
    result = again(world)

    assert result.row.state == "unclear"
    assert "delete_entry" not in books.calls


def test_r124_who_ended_before_the_bin_asks_again(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """Only what is left is done: nothing is posted a third time."""
    booked(world, shop)
    books.unreadable.add("delete_entry")
    with pytest.raises(RetryLater):
        again(world)
    books.unreadable.clear()
    result = again(world)

    assert result.binned == books.booked[0].entryid
    assert len(books.posts) == 2
    assert world.books.references == ["Bestelling 1042"]


def test_r124_an_order_that_the_shop_lost_is_left_alone(
    world: World, shop: FakeShop, books: FakeAdministration
) -> None:
    """There would be nothing to make an invoice of."""
    booked(world, shop)
    shop.remove(["1042"])

    with pytest.raises(DecisionRefused) as refused:
        again(world)

    assert refused.value.code == "not_in_shop"
    assert world.states() == {"1042": "booked"}
