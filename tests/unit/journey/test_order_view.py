"""One order beside its invoice: as it is now, as it was posted, and without the shop."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from boekbrug.domain.invoice import Hold, Invoice, Skip
from boekbrug.errors import StopShop
from boekbrug.journey.decisions import DecisionServices, Said, booked_by_hand, do_not_book
from boekbrug.journey.order_view import OrderView, order_view
from boekbrug.journey.ports.tenants import ConnectedShop
from tests.support.fake_books import Fault
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, line_json, order_json, reverse_charged_json

SAID = Said("zo is het", "kantoor")


@pytest.fixture
def world() -> World:
    world = World()
    world.shop()
    return world


@pytest.fixture
def shop(world: World) -> FakeShop:
    return world.shops.by_token[f"token-of-{STORE_ID}"]


def services(world: World) -> DecisionServices:
    return DecisionServices(world.fetching, world.booking)


def connected(world: World) -> ConnectedShop:
    found = world.tenants.shop(STORE_ID)
    assert found is not None
    return found


def seen(world: World, number: str = "1042", **about: Any) -> OrderView:
    return order_view(services(world), connected(world), number, **about)


def booked(world: World, shop: FakeShop, number: str = "1042", **changes: Any) -> None:
    shop.add(order_json(number, **changes))
    world.hour()
    assert world.states()[number] == "booked"


def test_a_booked_order_stands_beside_what_was_posted(world: World, shop: FakeShop) -> None:
    """The very invoice, made again: also its date is that of the posting."""
    booked(world, shop)
    world.clock.move(days=30)

    view = seen(world)

    assert view.order is not None
    assert view.invoice == world.books["123456"].posts[0]
    assert (view.posted, view.order_changed, view.posted_differently) == (True, False, False)
    assert view.comparison is not None
    assert view.comparison.whole.difference == 0
    assert "Geboekt in Acumulus als factuur" in view.explanation.text


def test_what_was_posted_is_shown_under_the_choices_of_then(world: World, shop: FakeShop) -> None:
    """Other choices of today change nothing about it."""
    booked(world, shop)
    world.choose(trigger_statuses=(2,), order_prefix="NEW")

    view = seen(world)

    assert (view.settings_version, view.invoice) == (1, world.books["123456"].posts[0])


def test_an_order_that_changed_after_booking_says_so(world: World, shop: FakeShop) -> None:
    """What was posted stays known from the ledger."""
    booked(world, shop)
    lines = [line_json("article", "Keramische mok", "12.355371", "14.95")]
    shop.edit("1042", orderlines=lines, price={"tax": {}, "total": "14.95"})

    view = seen(world)

    assert (view.order_changed, view.posted_differently) == (True, True)
    assert view.row is not None
    assert view.row.posted_total == Decimal("35.85")
    assert view.invoice is not None
    assert view.invoice.total == Decimal("14.95")


def test_a_held_order_shows_what_would_be_posted(world: World, shop: FakeShop) -> None:
    """With the choices of now: those decide when it is tried again."""
    world.books["123456"].faults.append(Fault.REFUSED_DATA)
    shop.add(order_json("1042"))
    world.hour()
    world.choose(trigger_statuses=(3,), order_prefix="WA")

    view = seen(world)

    assert (view.posted, view.settings_version) == (False, 2)
    assert view.invoice is not None
    assert view.invoice.description == "Bestelling WA1042"


def test_an_order_that_the_rules_hold_has_no_invoice(world: World, shop: FakeShop) -> None:
    """But the order is there, and so is the reason."""
    shop.add(order_json("1042", orderlines=[]))
    world.hour()

    view = seen(world)

    assert isinstance(view.outcome, Hold)
    assert view.outcome.reason == "no_lines"
    assert (view.invoice, view.comparison) == (None, None)
    assert view.order is not None


def test_an_order_that_is_not_for_booking_says_so(world: World, shop: FakeShop) -> None:
    """Its status by name."""
    shop.add(order_json("1042", status=2))
    world.hour()

    view = seen(world)

    assert isinstance(view.outcome, Skip)
    assert view.status is not None
    assert view.status.description == "Verzonden"


@pytest.mark.parametrize(
    ("decide", "says"),
    [(booked_by_hand, "met de hand geboekt"), (do_not_book, "zo is besloten")],
)
def test_what_a_person_decided_has_no_invoice_of_ours(
    world: World, shop: FakeShop, decide: Callable[..., object], says: str
) -> None:
    """Nothing is shown that nobody will post."""
    world.books["123456"].faults.append(Fault.REFUSED_DATA)
    shop.add(order_json("1042"))
    world.hour()
    decide(services(world), connected(world), "1042", SAID)

    view = seen(world)

    assert view.outcome is None
    assert view.no_invoice is not None
    assert says in view.no_invoice.dutch


def test_an_order_that_was_never_fetched(world: World, shop: FakeShop) -> None:
    """It is shown all the same, with what would be posted, and asked for once."""
    shop.add(order_json("1042"))

    view = seen(world)

    assert view.explanation.reason == "next_run"
    assert view.row is None
    assert isinstance(view.outcome, Invoice)
    assert shop.calls.count("order 1042") == 1
    assert world.rows() == {}


def test_an_order_that_nobody_knows(world: World) -> None:
    """The explanation is the whole answer."""
    view = seen(world, "9999")

    assert (view.order, view.missing, view.outcome) == (None, None, None)
    assert view.explanation.reason == "not_in_shop"


def test_without_the_shop_the_ledger_is_still_told(world: World, shop: FakeShop) -> None:
    """Number, state, invoice and timeline are ours."""
    booked(world, shop)
    shop.failing = unreachable()

    view = seen(world)

    assert view.missing is not None
    assert "antwoordt nu niet" in view.missing.dutch
    assert view.row is not None
    assert view.row.invoicenumber
    assert view.explanation.timeline


def test_a_refused_token_and_a_lost_order_have_their_own_words(
    world: World, shop: FakeShop
) -> None:
    """One is for the owner to mend, the other is not."""
    booked(world, shop)
    shop.failing = StopShop("no", code="token_refused")
    refused = seen(world).missing
    shop.failing = None
    shop.remove(["1042"])
    gone = seen(world).missing

    assert refused is not None
    assert "token" in refused.dutch
    assert gone is not None
    assert "niet meer" in gone.dutch


def test_an_order_that_cannot_be_read(world: World, shop: FakeShop) -> None:
    """The page says so instead of failing."""
    shop.add(order_json("1042", price={"total": "twaalf"}))
    world.hour()

    missing = seen(world).missing

    assert missing is not None
    assert "niet te lezen" in missing.dutch


def test_a_foreign_order_while_acumulus_refuses_us(world: World, shop: FakeShop) -> None:
    """The order is shown; only the invoice is not."""
    german = {"country": "Duitsland", "country_code": "DE"}
    order = order_json("1042", tax_region="DE")
    order["debtor"]["address"]["invoice"] |= german
    shop.add(order)
    world.books["123456"].credentials_refused = True

    view = seen(world)

    assert view.order is not None
    assert view.no_invoice is not None
    assert "weigert" in view.no_invoice.dutch


def test_a_disconnected_administration_leaves_the_order(world: World, shop: FakeShop) -> None:
    """What cannot be made is not made up."""
    shop.add(order_json("1042"))
    world.tenants.put_shop(replace(connected(world), administration_id="gone"))

    view = seen(world)

    assert view.order is not None
    assert view.no_invoice is not None
    assert "ontkoppeld" in view.no_invoice.dutch


def test_a_credit_order_waits_for_its_original(world: World, shop: FakeShop) -> None:
    """As in a run."""
    world.books["123456"].faults.append(Fault.REFUSED_DATA)
    shop.add(order_json("1042"))
    world.hour()
    shop.add(order_json("1043", credited_order_number="1042"))

    view = seen(world, "1043")

    assert isinstance(view.outcome, Hold)
    assert view.outcome.reason == "original_not_booked"


def test_nothing_is_written_by_looking(world: World, shop: FakeShop) -> None:
    """Neither in the ledger nor in Acumulus."""
    booked(world, shop)
    before = world.rows(), list(world.books["123456"].posts)

    seen(world)

    assert (world.rows(), list(world.books["123456"].posts)) == before


def test_a_view_does_not_show_its_customer_in_a_log(world: World, shop: FakeShop) -> None:
    """Its repr, as a log or a traceback would hold it, names nobody."""
    booked(world, shop)

    assert "Quirijn" not in repr(seen(world))


def test_the_words_are_in_the_language_of_who_looks(world: World, shop: FakeShop) -> None:
    """The explanation too."""
    booked(world, shop)

    assert seen(world, language="en").explanation.text.startswith("Booked in Acumulus")


def test_a_look_asks_vies_nothing(world: World, shop: FakeShop) -> None:
    """What it said at the booking stands beside the order, and decides about the invoice (R26)."""
    world.choose(trigger_statuses=(3,), vies_check=True)
    world.vies.invalid.add("BE0123456749")
    shop.add(reverse_charged_json("1043"))
    world.hour()
    view = seen(world, "1043")

    assert isinstance(view.outcome, Invoice)
    assert [found.code for found in view.outcome.messages] == ["vies_invalid"]
    assert len(world.vies.asked) == 1
