"""Nothing is missed: whole lists, the count, holes, announced credits, and orders that vanish."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from boekbrug.errors import RetryLater
from boekbrug.journey.after_booking import CHANGED
from boekbrug.journey.deep_sweep import (
    GONE,
    LIST_EMPTY,
    LONG,
    ORDERS_MISSING,
    SILENT,
    WINDOW,
    first_day,
    silent_since,
)
from boekbrug.journey.ports.findings import FollowMemory
from boekbrug.journey.ports.ledger import BOOKED, HELD, POSTING, QUEUED, SKIPPED, UNCLEAR, WAITING
from boekbrug.journey.triage import POSTED_TWICE
from boekbrug.mijnwebwinkel.to_order import read_order
from tests.support.fake_shop import FakeShop
from tests.support.journey_world import BEGIN, World
from tests.support.orders import STORE_ID, order_json

TODAY = BEGIN.date()


def world_with(*numbers: int, **changes: object) -> tuple[World, FakeShop]:
    """A shop whose orders are booked; the long sweep of the month has been."""
    world = World()
    shop = world.shop()
    shop.add(*(order_json(str(number), **changes) for number in numbers))
    world.hour()
    world.night()
    return world, shop


def asked(shop: FakeShop) -> list[str]:
    """The orders that were asked for one by one."""
    return [call.removeprefix("order ") for call in shop.calls if call.startswith("order ")]


# --------------------------------------------------------------------------- what is read


def test_a_quiet_night_reads_lists_and_count_and_writes_one_memory() -> None:
    """Three lists, one count, nothing one by one, nothing told, nothing posted again."""
    world, shop = world_with(1001, 1002)
    shop.calls.clear()
    before = world.rows()
    report = world.night()

    assert [call for call in shop.calls if call != "order_statuses"] == [
        *["orders_page 0"] * 3,
        "count",
    ]
    assert (report.told, report.failed) == (0, [])
    assert world.rows() == before
    assert len(world.books["123456"].posts) == 2


def test_an_order_that_fetching_never_saw_is_booked() -> None:
    """Older than the hourly window, placed by an import: found, judged, sent and booked."""
    world, shop = world_with(1001)
    shop.add(order_json("900", date="2026-02-10"))
    world.hour()
    assert "900" not in world.states()
    world.night()

    assert world.states()["900"] == BOOKED


def test_archived_orders_are_found_whatever_leaving_it_out_means() -> None:
    """A shop that lists archived orders only when asked for them."""
    world, shop = world_with(1001)
    shop.add(order_json("1002", archived=True))
    real = shop.orders_page
    shop.orders_page = lambda sweep, offset=0, **more: real(  # type: ignore[method-assign]  # a shop that hides them
        replace(sweep, archived=bool(sweep.archived)), offset, **more
    )
    world.hour()
    assert "1002" not in world.states()
    world.night()

    assert world.states()["1002"] == BOOKED


@pytest.mark.parametrize(
    ("memory", "back", "long"),
    [
        (FollowMemory(), LONG, True),
        (FollowMemory(last_run=BEGIN - timedelta(days=1), last_long=TODAY), WINDOW, False),
        (FollowMemory(last_run=BEGIN, last_long=TODAY.replace(month=2)), LONG, True),
        (
            FollowMemory(last_run=BEGIN - timedelta(days=60), last_long=TODAY),
            timedelta(days=61),
            False,
        ),
        (FollowMemory(last_run=BEGIN - timedelta(days=500), last_long=TODAY), LONG, False),
    ],
)
def test_the_window_makes_up_for_missed_nights(
    memory: FollowMemory, back: timedelta, *, long: bool
) -> None:
    """45 days; 120 once a month, whichever day of it; longer after nights that were missed."""
    assert first_day(memory, TODAY) == (TODAY - back, long)


def test_a_night_that_fails_is_repeated_and_remembers_nothing() -> None:
    """The page goes back with a pause; the next night sweeps from the same day."""
    world, shop = world_with(1001)
    memory = world.follow_memories.of(STORE_ID)
    shop.failing = RetryLater("no answer", code="shop_unreachable")
    world.clock.move(days=1)
    report = world.night()

    assert report.failed == [STORE_ID]
    assert world.follow_memories.of(STORE_ID) == memory
    (waiting,) = world.follow_queue.take()
    assert (waiting.page.shop_ids, waiting.page.attempt) == ([STORE_ID], 1)


# --------------------------------------------------------------------------- the count


def test_a_count_that_stays_higher_is_told_once_and_solved() -> None:
    """After reading the list once more."""
    world, shop = world_with(1001, 1002)
    shop.counted = 4
    shop.calls.clear()
    world.night()
    world.night()

    assert "2 meer" in world.told()["", ORDERS_MISSING]
    assert shop.calls.count("orders_page 0") == 8
    shop.counted = None
    world.night()
    assert world.told() == {}


def test_an_order_that_comes_in_between_is_no_difference() -> None:
    """The list is read again before anybody hears of it, and the order is booked."""
    world, shop = world_with(1001)
    real = shop.count

    def count(sweep: object) -> int:
        if "1002" not in {document["number"] for document in shop.documents}:
            shop.add(order_json("1002"))
        return real(sweep)  # type: ignore[arg-type]  # a sweep

    shop.count = count  # type: ignore[method-assign]  # an order arrives just then
    world.night()

    assert world.told() == {}
    assert world.states()["1002"] == BOOKED


def test_a_count_that_does_not_come_stops_nothing() -> None:
    """It is one more check, not the only one."""
    world, shop = world_with(1001)

    def away(_sweep: object) -> int:
        raise RetryLater("no count", code="shop_answer")

    shop.count = away  # type: ignore[method-assign]  # no count tonight
    assert world.night().failed == []


# --------------------------------------------------------------------------- one by one


def test_holes_in_the_numbers_are_asked_for_once() -> None:
    """404 is normal; the next night does not ask again, the next month does."""
    world, shop = world_with(1001, 1005, 1006)
    assert asked(shop) == ["1004", "1003", "1002"]
    shop.calls.clear()
    world.night()
    assert asked(shop) == []
    world.clock.move(days=14)
    world.night()

    assert asked(shop) == ["1004", "1003", "1002"]


def test_an_order_in_a_hole_is_booked() -> None:
    """The list never showed it."""
    world, shop = world_with(1001, 1003)
    hidden = order_json("1005")
    shop.add(order_json("1006"))
    real = shop.order
    only = {"1005": read_order(json.dumps(hidden).encode())}
    shop.order = lambda number: only.get(number) or real(number)  # type: ignore[method-assign]  # only by number
    world.night()

    assert world.states()["1005"] == BOOKED


def test_a_jump_of_the_numbers_is_no_hole() -> None:
    """The merchant set another next number."""
    _, shop = world_with(1001, 1002, 50001)

    assert asked(shop) == []


def test_no_night_asks_for_more_than_a_hundred() -> None:
    """The rest is for the next nights."""
    world, shop = world_with(1001, 1090, 1180, 1270)
    first = asked(shop)
    shop.calls.clear()
    world.night()
    second = asked(shop)

    assert (len(first), len(second)) == (100, 100)
    assert set(first).isdisjoint(second)


def test_a_credit_order_that_its_original_announces_is_fetched() -> None:
    """Its number is nowhere else (shop API, 5.7)."""
    world, shop = world_with(1001)
    shop.add(
        order_json(
            "1400",
            date="2025-10-01",
            credited_order_number="1001",
            status=10,
            price={"tax": {"amount": "-6.22", "rate": "21.00"}, "total": "-35.85"},
        )
    )
    shop.edit("1001", credit_order_numbers=["1400"])
    world.night()

    assert asked(shop)[-1] == "1001"  # the original goes along with its credit order
    assert "1400" in world.states()


# --------------------------------------------------------------------------- vanished


@pytest.mark.parametrize("state", [QUEUED, WAITING, SKIPPED, HELD])
def test_an_order_that_vanished_before_it_was_booked_is_closed(state: str) -> None:
    """Nothing waits forever for an order that the shop no longer has."""
    world, shop = world_with(1001, 1002)
    row = world.rows()["1002"]
    world.ledger.record([(replace(row, state=state, reason="x", entryid=""), row)])
    shop.remove(["1002"])
    world.night()

    assert (world.rows()["1002"].state, world.rows()["1002"].reason) == (SKIPPED, GONE)
    shop.calls.clear()
    world.night()
    assert asked(shop) == []


def test_a_booked_order_that_vanished_is_told_once() -> None:
    """It stays booked; when it comes back that is solved."""
    world, shop = world_with(1001, 1002)
    document = next(one for one in shop.documents if one["number"] == "1002")
    shop.remove(["1002"])
    assert world.night().told == 1
    assert world.night().told == 0

    assert world.rows()["1002"].state == BOOKED
    assert "€ 35,85" in world.told()["1002", "vanished_after_booking"]
    shop.add(document)
    world.night()
    assert world.told() == {}


def test_what_may_be_in_acumulus_is_not_closed_when_it_vanishes() -> None:
    """A person still has to look."""
    world, shop = world_with(1001, 1002)
    row = world.rows()["1002"]
    world.ledger.record([(replace(row, state=HELD, reason=POSTED_TWICE), row)])
    shop.remove(["1002"])
    world.night()

    assert world.rows()["1002"].reason == POSTED_TWICE


def test_a_list_that_is_suddenly_empty_closes_nothing() -> None:
    """It is told once; an empty answer is no proof of anything."""
    world, shop = world_with(1001, 1002)
    documents = list(shop.documents)
    shop.remove(["1001", "1002"])
    world.night()

    assert set(world.told()) == {("", LIST_EMPTY)}
    shop.add(*documents)
    world.night()
    assert world.told() == {}


def test_an_order_under_the_number_of_another_is_not_taken_for_it() -> None:
    """The merchant set the next number back: the old order is gone, the new one is booked."""
    world, shop = world_with(1001, 1002)
    shop.remove(["1002"])
    shop.add(order_json("1002", uuid="11111111-2222-4333-8444-555555555555"))
    world.hour()
    world.night()
    rows = list(world.ledger.by_number(STORE_ID, "1002"))

    assert [row.state for row in rows] == [BOOKED, BOOKED]


def test_a_lost_claim_of_an_order_that_is_gone_is_looked_up() -> None:
    """Killed after its post, deleted in the shop: its invoice is found all the same."""
    world, shop = world_with(1001, 1002)
    row = world.rows()["1002"]
    lost = replace(row, state=POSTING, reason="", entryid="", invoicenumber="")
    world.ledger.record([(lost, row)])
    shop.remove(["1002"])
    world.clock.move(minutes=10)
    world.night()
    assert world.states()["1002"] == UNCLEAR
    world.clock.move(minutes=10)
    world.look_up()

    assert world.states()["1002"] == BOOKED
    assert len(world.books["123456"].posts) == 2


def test_a_queued_order_that_the_lists_forgot_is_sent_again() -> None:
    """Its message was lost, and the hourly window has moved on."""
    world, shop = world_with(1001)
    shop.add(order_json("1002"))
    world.schedule()
    world.fetch()
    world.orders_queue.take()
    world.orders_queue.five_minutes_later()
    assert world.states()["1002"] == QUEUED
    world.night()

    assert world.states()["1002"] == BOOKED


# --------------------------------------------------------------------------- silence


@pytest.mark.parametrize(
    ("gaps", "quiet", "silent"),
    [
        ([1] * 10, 8, True),
        ([1] * 10, 7, False),
        ([3] * 10, 15, False),
        ([3] * 10, 16, True),
        ([0] * 20, 8, True),
        ([14] * 6, 60, False),
        ([1] * 3, 40, False),
    ],
)
def test_silence_is_longer_than_the_habit_of_a_shop(
    gaps: list[int], quiet: int, *, silent: bool
) -> None:
    """Five times the usual gap and at least a week; a few orders are no habit."""
    last = TODAY - timedelta(days=quiet)
    dates = [last]
    for gap in gaps:
        dates.append(dates[-1] - timedelta(days=gap))

    assert silent_since(dates, TODAY) == (last if silent else None)


def orders_on_each_day_of_march(shop: FakeShop, *, until: int) -> None:
    """One order a day."""
    days = [date(2026, 3, day) for day in range(1, until + 1)]
    shop.add(*(order_json(str(1000 + day.day), date=day.isoformat()) for day in days))


def test_a_shop_that_was_silent_when_it_was_connected_is_not_told_of() -> None:
    """Its owner knows; only a shop that was seen alive can fall silent."""
    world = World()
    orders_on_each_day_of_march(world.shop(), until=12)
    world.hour()
    world.clock.move(days=5)

    assert world.night().told == 0


def test_a_shop_that_rests_keeps_its_last_orders_in_sight() -> None:
    """The window ends at its newest order, however long ago that was."""
    world, shop = world_with(1001, 1002)
    world.clock.move(days=200)
    was = next(one for one in shop.documents if one["number"] == "1002")["price"]
    shop.edit("1002", price=was | {"total": "30.80"})
    world.night()

    assert ("1002", CHANGED) in world.told()


def test_a_silent_shop_is_told_once_and_an_order_solves_it() -> None:
    """Nothing failed: there are just no orders any more."""
    world = World()
    shop = world.shop()
    orders_on_each_day_of_march(shop, until=15)
    world.hour()
    world.clock.move(days=3)
    assert world.night().told == 1
    world.clock.move(days=1)
    assert world.night().told == 0
    assert "15-03-2026" in world.told()["", SILENT]

    shop.add(order_json("1042", date="2026-03-24"))
    world.hour()
    world.night()
    assert world.told() == {}
