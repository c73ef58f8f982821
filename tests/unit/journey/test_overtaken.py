"""Messages and runs that were overtaken by what happened since: the newest version decides."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from boekbrug.domain.payment import DUE
from boekbrug.errors import BoekbrugError, NeedsOperator, RetryLater, StopShop
from boekbrug.journey.book_orders import book_orders
from boekbrug.journey.decisions import DecisionServices, Said, book_anyway
from boekbrug.journey.ports.ledger import BOOKED, SKIPPED, UNCLEAR, WAITING, OrderKey
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.journey.ports.tenants import PAUSED_BY_HAND
from boekbrug.journey.resend import resend
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json

OTHER = "77978e45-feaa-5c09-8e8c-0cf6e562a042"


@pytest.fixture
def world() -> World:
    world = World()
    world.shop()
    return world


def fetched(world: World) -> list[OrderMessage]:
    """The messages of a fetch, taken off the queue."""
    world.schedule()
    world.fetch()
    world.orders_queue.five_minutes_later()
    taken: list[OrderMessage] = world.orders_queue.take(100)
    return taken


@pytest.mark.parametrize("before", [{"currency": "USD"}, {"payment_status": "failed"}])
def test_an_old_message_never_holds_a_newer_version(before: dict[str, str]) -> None:
    """The order was mended while its first message waited for Acumulus: it is booked."""
    world = World()
    shop = world.shop()
    shop.add(order_json("1001"))
    (good,) = fetched(world)
    shop.edit("1001", **before)
    fetched(world)
    spoilt = shop.order("1001")
    assert spoilt is not None
    bad = replace(good, raw=spoilt.raw)
    shop.edit("1001", currency="EUR", payment_status="captured")
    newest = fetched(world)
    book_orders(world.booking, [bad, *newest])
    world.hour()

    assert world.states() == {"1001": BOOKED}
    assert len(world.books["123456"].posts) == 1


def test_a_run_that_lost_a_row_does_not_call_the_order_settled() -> None:
    """Two runs see two versions; the slower one must not remember that nothing is to be done."""
    world = World()
    shop = world.shop()
    shop.add(order_json("1001"))
    real = world.ledger.record

    def overtaken(changes: Sequence[Any]) -> set[OrderKey]:
        """While this run decides on a cancelled order, another wrote the earlier version."""
        world.ledger.record = real
        shop.edit("1001", status=3)
        fetched(world)  # and was killed before it sent
        shop.edit("1001", status=5)
        written: set[OrderKey] = real(changes)
        return written

    world.ledger.record = overtaken
    shop.edit("1001", status=5)
    fetched(world)
    for _ in range(3):
        world.hour()

    assert world.states() == {"1001": SKIPPED}


def test_a_long_history_that_shrinks_between_two_runs_loses_nothing() -> None:
    """Orders that vanish before the place where a first sweep goes on shift all later ones."""
    world = World()
    shop = world.shop()
    old = {"status": 1, "date": "2025-10-01"}
    shop.add(*(order_json(str(1000 + n), **old) for n in range(1990)), order_json("5000"))
    world.schedule()
    world.fetch()
    shop.remove(str(1000 + n) for n in range(50))
    for _ in range(3):
        world.hour()

    assert set(world.rows()) >= {str(document["number"]) for document in shop.documents}


def test_one_broken_seal_stops_no_other_administration() -> None:
    """A password that cannot be opened is told; the other administrations' batch goes on."""
    world = World()
    world.shop(STORE_ID, "111111").add(order_json("1001"))
    world.shop(OTHER, "222222").add(order_json("1001"))
    broken = world.tenants.administration("111111")
    assert broken is not None
    other = world.tenants.administration("222222")
    assert other is not None
    world.tenants.put_administration(replace(broken, sealed_password=other.sealed_password))
    report = book_orders(world.booking, fetched(world))

    assert report.back == []
    assert world.states(OTHER) == {"1001": BOOKED}
    assert world.states() == {"1001": WAITING}
    assert world.books["111111"].posts == []

    world.tenants.put_administration(broken)
    world.hour()
    assert world.states() == {"1001": BOOKED}


def test_a_group_that_fails_goes_back_and_the_others_are_booked() -> None:
    """A fault of one administration's storage is no fault of the batch."""
    world = World()
    world.shop(STORE_ID, "111111").add(order_json("1001"))
    world.shop(OTHER, "222222").add(order_json("1001"))
    messages = fetched(world)
    real = world.tenants.administration

    def refused(administration_id: str) -> Any:
        if administration_id == "111111":
            raise NeedsOperator("settings: denied", code="storage_refused")
        return real(administration_id)

    world.tenants.administration = refused  # type: ignore[method-assign]  # the storage refuses
    report = book_orders(world.booking, messages)

    assert [message.administration_id for message in report.back] == ["111111"]
    assert world.states(OTHER) == {"1001": BOOKED}


def test_a_resend_that_dies_while_posting_is_not_posting_for_ever() -> None:
    """The next runs look at an order that was settled before: nobody knows, so it is looked up."""
    world = World()
    world.shop().add(order_json("1001"))
    for _ in range(3):
        world.hour()
    shop = world.tenants.shop(STORE_ID)
    assert shop is not None

    def die(_invoice: object) -> None:
        raise SystemExit

    world.books["123456"].while_posting = die
    services = DecisionServices(world.fetching, world.booking)
    resend(services, shop, "1001", Said("btw hersteld", "w"))
    with pytest.raises(SystemExit):
        world.book()
    world.books["123456"].while_posting = None
    for _ in range(2):
        world.hour()

    assert world.states() == {"1001": UNCLEAR}


# --------------------------------------------------------------------------- other choices, payment


def test_what_waits_in_the_queue_is_booked_by_the_settings_of_now(world: World) -> None:
    """An owner who mends his settings during a backlog gets no more invoices by the old ones."""
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    fake.add(*(order_json(str(number)) for number in range(1001, 1031)))
    world.schedule()
    world.fetch()
    world.book()
    world.choose(trigger_statuses=(3,), order_prefix="XX")
    world.orders_queue.five_minutes_later()

    world.hour()

    references = world.books["123456"].references
    assert sorted(set(references)) == sorted(references)
    assert len(references) == 30
    assert sum(one.startswith("Bestelling XX") for one in references) == 20


def test_a_message_from_before_new_settings_is_no_new_invoice(world: World) -> None:
    """Delivered once more while its order is booked again: the settings of now count (R124)."""
    world.shops.by_token[f"token-of-{STORE_ID}"].add(order_json("1001"))
    old = fetched(world)
    world.orders_queue.send(old)
    world.book()
    world.choose(trigger_statuses=(3,), order_prefix="XX")
    world.orders_queue.five_minutes_later()
    world.orders_queue.send(old)
    found = world.tenants.shop(STORE_ID)
    assert found is not None

    resend(DecisionServices(world.fetching, world.booking), found, "1001", Said("beter", "ik"))
    while len(world.orders_queue):
        world.book()

    kept = [one for one in world.books["123456"].booked if not one.deleted]
    assert [one.invoice.description for one in kept] == ["Bestelling XX1001"]


def test_an_order_is_not_booked_as_paid_by_an_older_message(world: World) -> None:
    """Its payment fell away before a person asked for it all the same."""
    world.choose(trigger_statuses=(3,), paid_only=True)
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    fake.add(order_json("1001", payment_status="captured"))
    old = fetched(world)
    fake.edit("1001", payment_status="open")
    world.schedule()
    world.fetch()
    found = world.tenants.shop(STORE_ID)
    assert found is not None
    book_anyway(DecisionServices(world.fetching, world.booking), found, "1001", Said("komt", "ik"))
    new = world.orders_queue.take()
    world.orders_queue.five_minutes_later()
    world.orders_queue.send([*old, *new])

    world.book()

    assert [one.paymentstatus for one in world.books["123456"].posts] == [DUE]


# --------------------------------------------------------------------------- large orders, pauses


@pytest.mark.parametrize(
    ("failing", "state", "reason"),
    [
        (StopShop("token", code="token_refused"), "waiting", "retry"),
        (RetryLater("away", code="shop_no_connection"), "waiting", "retry"),
        (None, "skipped", "vanished"),
    ],
    ids=["token refused", "shop away", "gone"],
)
def test_a_large_order_that_the_shop_does_not_give_holds_up_nothing_else(
    world: World, failing: BoekbrugError | None, state: str, reason: str
) -> None:
    """It waits for its shop; the other orders of the administration, and Acumulus, go on."""
    fake = world.shops.by_token[f"token-of-{STORE_ID}"]
    fake.add(order_json("1001"), order_json("1002"))
    large, ordinary = fetched(world)
    world.orders_queue.send([replace(large, raw=b""), ordinary])
    fake.failing = failing
    if failing is None:
        fake.remove(["1001"])

    report = world.book()

    assert not report.back
    row = world.rows()["1001"]
    assert (row.state, row.reason) == (state, reason)
    assert world.states()["1002"] == "booked"
    administration = world.tenants.administration("123456")
    assert administration is not None
    assert administration.paused == ""


def test_a_pause_stops_what_was_fetched_before(world: World) -> None:
    """It is booked once the shop goes on."""
    world.shops.by_token[f"token-of-{STORE_ID}"].add(
        *(order_json(str(number)) for number in range(1001, 1021))
    )
    world.schedule()
    world.fetch()
    world.book()
    world.tenants.pause_shop(STORE_ID, PAUSED_BY_HAND, token_version=None, at=world.clock.now())
    world.book()
    assert len(world.books["123456"].posts) == 10
    assert set(world.states().values()) == {"booked", "waiting"}

    world.tenants.resume_shop(STORE_ID)
    world.orders_queue.five_minutes_later()
    world.hour()

    assert len(world.books["123456"].posts) == 20
