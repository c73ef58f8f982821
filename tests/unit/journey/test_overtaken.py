"""Messages and runs that were overtaken by what happened since: the newest version decides."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from boekbrug.errors import NeedsOperator
from boekbrug.journey.book_orders import book_orders
from boekbrug.journey.decisions import DecisionServices, Said
from boekbrug.journey.ports import BOOKED, SKIPPED, UNCLEAR, WAITING, OrderKey, OrderMessage
from boekbrug.journey.resend import resend
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json

OTHER = "77978e45-feaa-5c09-8e8c-0cf6e562a042"


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
