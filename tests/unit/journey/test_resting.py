"""R125: Acumulus is left alone with growing pauses; nothing gets lost, and nobody hears of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from boekbrug.journey.book_orders import BookReport, book_orders
from boekbrug.journey.breaker import BOOKS_AWAY
from boekbrug.journey.ports.ledger import BOOKED, QUEUED, UNCLEAR, WAITING
from boekbrug.journey.ports.tenants import Rest, Switches
from boekbrug.journey.resting import Restraint
from tests.support.fake_books import FakeAdministration, Fault
from tests.support.fake_shop import FakeShop
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json

CODES = ("111111", "222222", "333333", "444444")


@pytest.fixture
def world() -> World:
    return World()


def a_shop(world: World, code: str = "123456", orders: int = 3) -> FakeShop:
    """A shop of its own on this administration."""
    shop = world.shop(STORE_ID if code == "123456" else f"shop-{code}", code)
    shop.add(*(order_json(str(number)) for number in range(1001, 1001 + orders)))
    return shop


def fetched(world: World) -> None:
    world.schedule()
    world.fetch()


def again(world: World, report: BookReport) -> BookReport:
    """What went back comes again after its pause."""
    world.clock.move(seconds=max(report.pauses.values()))
    return once_more(world, report)


def once_more(world: World, report: BookReport) -> BookReport:
    world.orders_queue.five_minutes_later()
    world.orders_queue.send(report.back)
    return world.book()


def rest_of(world: World, code: str = "123456") -> Rest:
    administration = world.tenants.administration(code)
    assert administration is not None
    return administration.rest


# --------------------------------------------------------------------------- one administration


def test_pauses_grow_while_acumulus_is_out_of_reach(world: World) -> None:
    """From seconds to half an hour; one try each time, and then everything is booked."""
    a_shop(world)
    books = world.books["123456"]
    books.faults.extend([Fault.UNREACHABLE] * 8)
    fetched(world)
    report, pauses = world.book(), []
    while report.back:
        pauses.append(report.pauses["123456"])
        tried = len(books.calls)
        report = again(world, report)
        assert len(books.calls) - tried in {1, 3}

    assert pauses == [2, 10, 60, 300, 900, 1800, 1800, 1800]
    assert set(world.states().values()) == {BOOKED}
    assert rest_of(world) == Rest()


def test_pauses_grow_to_what_the_operator_chose(world: World) -> None:
    """A local run has somebody waiting for it."""
    a_shop(world)
    world.books["123456"].faults.extend([Fault.UNREACHABLE] * 5)
    fetched(world)
    restraint = Restraint(first=timedelta(seconds=1), most=timedelta(seconds=20))
    services, messages = replace(world.booking, restraint=restraint), world.orders_queue.take()
    pauses = []
    for _ in range(5):
        report = book_orders(services, messages)
        pauses += report.pauses.values()
        world.clock.move(seconds=pauses[-1])

    assert pauses == [1, 5, 20, 20, 20]


def test_acumulus_says_how_long_it_wants_to_be_left(world: World) -> None:
    """Its Retry-After is longer than our first pause."""
    a_shop(world)
    world.books["123456"].faults.append(Fault.THROTTLED)
    fetched(world)

    assert world.book().pauses == {"123456": 30}


def test_what_rests_is_not_posted_to_whoever_asks(world: World) -> None:
    """Another batch of the same administration goes back as it came, at no call."""
    a_shop(world)
    books = world.books["123456"]
    books.faults.append(Fault.UNREACHABLE)
    fetched(world)
    report = world.book()
    tried = len(books.calls)
    early = once_more(world, report)

    assert [one.key.number for one in early.back] == ["1001", "1002", "1003"]
    assert early.pauses == {"123456": 2}
    assert len(books.calls) == tried
    assert set(world.states().values()) == {QUEUED}


def test_one_lost_answer_stops_nothing_and_three_in_a_row_do(world: World) -> None:
    """An answer in between begins the count anew."""
    a_shop(world, orders=8)
    books = world.books["123456"]
    lost = Fault.LOST_REQUEST
    books.faults.extend([lost, lost, None, lost, lost, lost])
    fetched(world)
    report = world.book()

    assert [one.key.number for one in report.back] == ["1007", "1008"]
    assert report.pauses == {"123456": 2}
    again(world, report)
    assert world.states()["1008"] == BOOKED
    assert rest_of(world) == Rest()


def test_nothing_is_posted_while_acumulus_may_still_work_on_the_last_one(world: World) -> None:
    """Not in this batch, not in the next; after half a minute the rest goes on, in order."""
    a_shop(world)
    books = world.books["123456"]
    books.faults.append(Fault.NO_ANSWER_IN_TIME)
    fetched(world)
    report = world.book()

    assert [one.key.number for one in report.back] == ["1002", "1003"]
    assert report.pauses == {"123456": 30}
    world.clock.move(seconds=29)
    assert len(once_more(world, report).back) == 2
    assert len(books.posts) == 1
    world.clock.move(seconds=1)
    once_more(world, report)
    assert [post.order_number for post in books.posts] == ["1001", "1002", "1003"]


def test_the_last_order_of_a_batch_makes_the_next_batch_wait_too(world: World) -> None:
    """There is nothing left of the first batch that could hold the queue."""
    shop = a_shop(world, orders=1)
    world.books["123456"].faults.append(Fault.NO_ANSWER_IN_TIME)
    fetched(world)
    assert world.book().back == []
    shop.add(order_json("1002"))
    world.orders_queue.five_minutes_later()
    fetched(world)

    assert [one.key.number for one in world.book().back] == ["1002"]
    assert len(world.books["123456"].posts) == 1


def test_other_administrations_and_fetching_go_on(world: World) -> None:
    """A shop whose administration rests is fetched as before."""
    shop = a_shop(world)
    a_shop(world, "111111")
    world.books["123456"].faults.append(Fault.UNREACHABLE)
    fetched(world)
    world.book()
    shop.add(order_json("1004"))
    fetched(world)

    assert set(world.states().values()) == {QUEUED}
    assert len(world.states()) == 4
    assert set(world.states("shop-111111").values()) == {BOOKED}


def test_failures_of_long_ago_are_no_outage(world: World) -> None:
    """A shop with an order a week meets a fault now and then: each is the first."""
    shop = a_shop(world, orders=1)
    books = world.books["123456"]
    for number in range(1002, 1006):
        books.faults.append(Fault.LOST_ANSWER)
        shop.add(order_json(str(number), date=f"2026-03-{20 + number - 1001}"))
        world.hour()
        world.clock.move(days=1)
        assert rest_of(world).failures <= 1

    assert world.told() == {}


# --------------------------------------------------------------------------- all of them


@pytest.fixture
def storm(world: World) -> World:
    """Three administrations met an Acumulus that is away; the fourth has not tried yet."""
    for code in CODES[:3]:
        a_shop(world, code, orders=1)
        books_of(world, code).faults.append(Fault.UNREACHABLE)
    fetched(world)
    world.book()
    a_shop(world, CODES[3], orders=1)
    return world


def books_of(world: World, code: str) -> FakeAdministration:
    return world.books[code]


def test_a_storm_is_known_to_all_administrations(storm: World) -> None:
    """The fourth does not have to find out by itself."""
    storm.orders_queue.five_minutes_later()
    fetched(storm)
    report = storm.book()

    assert {one.administration_id for one in report.back} == set(CODES)
    assert "add_invoice" not in books_of(storm, CODES[3]).calls
    assert len(storm.tenants.switches().failing) == 3


def test_after_a_storm_one_tries_and_the_others_wait_for_it(storm: World) -> None:
    """While it is away there is one post at a time, further apart each time."""
    waits: list[int] = []
    for code in CODES:
        books_of(storm, code).faults.extend([Fault.UNREACHABLE] * 9)
    for _ in range(4):
        storm.orders_queue.five_minutes_later()
        fetched(storm)
        until = storm.tenants.switches().rest.until
        assert until is not None
        waits.append(round((until - storm.clock.now()).total_seconds()))
        storm.clock.at = until
        tried = sum(books_of(storm, code).calls.count("add_invoice") for code in CODES)
        storm.book()
        now = sum(books_of(storm, code).calls.count("add_invoice") for code in CODES)
        assert now - tried == 1

    assert waits == [2, 10, 60, 300]


def test_the_first_answer_ends_a_storm(storm: World) -> None:
    """And nothing was posted twice or left behind."""
    for _ in range(3):
        storm.clock.move(minutes=10)
        storm.orders_queue.five_minutes_later()
        fetched(storm)
        storm.book()

    assert storm.tenants.switches() == Switches()
    for code in CODES:
        assert storm.states(f"shop-{code}") == {"1001": BOOKED}
        assert len(books_of(storm, code).posts) == 1


# --------------------------------------------------------------------------- what owners hear


def outage(world: World, hours: float) -> None:
    """Acumulus is away; its queue gives orders back as often as it may."""
    books = world.books["123456"]
    books.faults.extend([Fault.UNREACHABLE] * 100)
    until = world.clock.now() + timedelta(hours=hours)
    fetched(world)
    report = world.book()
    while world.clock.now() < until:
        report = again(world, report)
    books.faults.clear()
    again(world, report)


def test_an_outage_of_an_afternoon_is_caught_up_without_a_word(world: World) -> None:
    """Less than four hours: nobody is told, everything is booked."""
    a_shop(world)
    outage(world, 3.4)

    assert set(world.states().values()) == {BOOKED}
    assert world.told() == {}


def test_an_outage_of_a_day_is_told_until_it_is_over(world: World) -> None:
    """Each shop of the administration, once."""
    a_shop(world)
    books = world.books["123456"]
    books.faults.extend([Fault.UNREACHABLE] * 100)
    fetched(world)
    report = world.book()
    for _ in range(16):
        report = again(world, report)
    assert ("", BOOKS_AWAY) in world.told()
    books.faults.clear()
    again(world, report)

    assert world.told() == {}
    assert set(world.states().values()) == {BOOKED}


# --------------------------------------------------------------------------- the switch


def test_the_switch_stops_a_batch_half_way(world: World) -> None:
    """The post of this moment is the last one; the rest waits for the operator."""
    a_shop(world)
    books = world.books["123456"]

    def stopped(_invoice: object) -> None:
        world.tenants.set_posting_allowed(allowed=False)
        world.clock.move(seconds=6)

    books.while_posting = stopped
    fetched(world)
    world.book()
    assert list(world.states().values()) == [BOOKED, WAITING, WAITING]
    assert world.rows()["1002"].reason == "posting_stopped"

    books.while_posting = None
    world.tenants.set_posting_allowed(allowed=True)
    world.hour()
    assert set(world.states().values()) == {BOOKED}


def test_unclear_orders_of_a_storm_are_not_many(world: World) -> None:
    """A server that fails after every post costs three look-ups, not three hundred."""
    a_shop(world, orders=9)
    world.books["123456"].faults.extend([Fault.LOST_ANSWER] * 9)
    fetched(world)
    report = world.book()

    assert list(world.states().values()).count(UNCLEAR) == 3
    assert len(report.back) == 6
