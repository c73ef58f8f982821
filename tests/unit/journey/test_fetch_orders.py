"""Fetching finds every order once, however the shop behaves (R2, R12; shop API, section 9)."""

from dataclasses import replace
from datetime import date

import pytest

from boekbrug.errors import RetryLater, StopShop
from boekbrug.journey.fetch_orders import fetch_orders
from boekbrug.journey.ports.ledger import HELD, QUEUED, SKIPPED
from boekbrug.journey.ports.shops import Sweep
from boekbrug.journey.shop_away import SHOP_AWAY
from tests.support.fake_shop import FakeShop, unreachable
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, order_json

OTHER = "77978e45-feaa-5c09-8e8c-0cf6e562a042"


def test_new_orders_are_written_and_sent() -> None:
    """An eligible order is queued in the ledger and on the queue, another has its reason."""
    world = World()
    world.shop().add(order_json("1001"), order_json("1002", status=1))
    world.schedule()
    (report,) = world.fetch()

    assert world.states() == {"1001": QUEUED, "1002": SKIPPED}
    assert [message.key.number for message in world.orders_queue.take()] == ["1001"]
    assert (report.fetched, report.fresh, report.sent) == (2, 2, 1)


def test_an_idle_shop_costs_one_request_and_no_write() -> None:
    """When nothing changed there is one GET, and neither ledger nor settings are touched."""
    world = World()
    shop = world.shop()
    shop.add(order_json("1001"), order_json("1002", status=1))
    for _ in range(3):
        world.hour()
    rows, memory = world.rows(), world.ledger.memories([STORE_ID])
    shop.calls.clear()
    world.hour()

    assert shop.calls == ["orders_page 0"]
    assert world.rows() == rows
    assert world.ledger.memories([STORE_ID]) == memory


def test_an_idle_shop_with_old_open_orders_is_not_written_every_hour() -> None:
    """It is asked one thing more, about changes, and remembers a day later how far it came."""
    world = World()
    shop = world.shop(start_date=date(2026, 1, 1))
    shop.add(order_json("1001", date="2026-02-01", status=1), order_json("1002"))
    for _ in range(3):
        world.hour()
    memory = world.ledger.memories([STORE_ID])
    assert memory[STORE_ID].watching
    shop.calls.clear()
    for _ in range(5):
        world.hour()

    assert shop.calls == ["orders_page 0"] * 10
    assert world.ledger.memories([STORE_ID]) == memory


def test_the_same_answer_is_not_read_again() -> None:
    """An idle shop's answer is recognised as a whole; any change in it is read."""
    world = World()
    shop = world.shop()
    shop.add(order_json("1001"))
    for _ in range(3):
        world.hour()
    memory = world.ledger.memories([STORE_ID])[STORE_ID]
    assert shop.orders_page(Sweep(start_date=memory.window_from), known=memory.page).unchanged

    shop.edit("1001", credit_order_numbers=[1002])
    shop.add(order_json("1002"))
    world.hour()
    assert world.states() == {"1001": "booked", "1002": "booked"}


def test_a_shop_that_gives_one_page_for_ever_does_not_hold_us_up() -> None:
    """A server that ignores the offset is a failing shop, not an endless one."""
    world = World()
    shop = world.shop()
    shop.add(*(order_json(str(1000 + n)) for n in range(100)))
    page = shop.orders_page(Sweep())
    shop.orders_page = lambda *_args, **_options: page  # type: ignore[method-assign]  # the broken server
    world.schedule()
    (report,) = world.fetch()

    assert report.failed == [STORE_ID]


def test_an_old_order_that_is_paid_today_is_found() -> None:
    """An order of months ago moves to a chosen status: the sweep by status change finds it."""
    world = World()
    shop = world.shop()
    shop.add(order_json("1001", status=1, date="2025-11-01"), order_json("1002"))
    world.hour()
    shop.edit("1001", status=3, status_changed_date="2026-03-20", status_changed_time="14:00:00")
    world.hour()

    assert world.states() == {"1001": "booked", "1002": "booked"}


def test_an_emptied_queue_loses_nothing() -> None:
    """The next sweep sends again what the ledger says is still to be done."""
    world = World()
    world.shop().add(*(order_json(str(number)) for number in range(1001, 1013)))
    world.schedule()
    world.fetch()
    world.orders_queue.take(100)
    world.orders_queue.five_minutes_later()
    world.hour()

    assert set(world.states().values()) == {"booked"}
    assert len(world.books["123456"].posts) == 12


def test_other_choices_are_applied_to_everything_since_the_start_date() -> None:
    """Orders that were skipped under the old choices are decided again under the new ones."""
    world = World()
    world.shop().add(order_json("1001", status=1, date="2025-11-01"), order_json("1002"))
    world.hour()
    world.choose(trigger_statuses=(1, 3))
    world.hour()

    assert world.states() == {"1001": "booked", "1002": "booked"}


def test_a_long_history_is_read_in_parts() -> None:
    """A first sweep of thousands of orders gives way to other shops and goes on later."""
    world = World()
    world.shop().add(*(order_json(str(1000 + n), status=1) for n in range(2000)))
    world.schedule()
    (first,) = world.fetch()
    (second,) = world.fetch()

    assert first.unfinished == [STORE_ID]
    assert second.unfinished == []
    assert len(world.rows()) == 2000


def test_a_broken_shop_never_holds_up_the_others() -> None:
    """The shop that failed goes back on the queue alone, a little later."""
    world = World()
    world.shop().failing = unreachable()
    world.shop(OTHER, order_prefix="B").add(order_json("1001"))
    world.schedule()
    (report,) = world.fetch()
    (back,) = world.shops_queue.take()

    assert world.states(OTHER) == {"1001": QUEUED}
    assert report.failed == [STORE_ID]
    assert (back.page.shop_ids, back.page.attempt) == ([STORE_ID], 1)
    assert back.delay > 0


def test_a_shop_that_stays_broken_waits_for_the_hourly_rule() -> None:
    """A page comes back a few times, never for ever."""
    world = World()
    world.shop().failing = unreachable()
    world.schedule()
    rounds = 0
    while len(world.shops_queue):
        world.fetch()
        rounds += 1

    assert rounds == 4


def test_a_refused_token_pauses_its_shop_and_tells_the_owner_once() -> None:
    """Nothing is asked of the shop again until the token is replaced; nothing is lost."""
    world = World()
    shop = world.shop()
    shop.add(order_json("1001"))
    shop.failing = StopShop("refused", code="token_refused")
    for _ in range(3):
        world.hour()
    asked = len(shop.calls)
    stopped = world.tenants.shop(STORE_ID)

    assert stopped is not None
    assert stopped.paused == "token_refused"
    assert asked == 1
    assert len(world.notices.sent) == 1

    shop.failing = None
    world.tenants.resume_shop(STORE_ID)
    world.hour()
    assert world.states() == {"1001": "booked"}


def test_a_refused_partner_token_pauses_nobody() -> None:
    """Our own token is the operator's matter, however few shops there are."""
    world = World()
    world.shop().add(order_json("1001"))
    world.shops.partner_refused = True
    world.schedule()
    (report,) = world.fetch()

    assert (report.refused_us, report.failed, report.stopped) == ([STORE_ID], [], [])
    assert not any(shop.paused for shop in world.tenants.all_shops())
    assert world.notices.sent == []
    assert world.shops_queue.take() == []

    world.shops.partner_refused = False
    world.hour()
    assert world.states() == {"1001": "booked"}


def test_a_refusal_is_believed_when_another_shop_still_answers() -> None:
    """A shop that is fetched with the same partner token proves it, whatever else is said of it."""
    world = World()
    world.shop().failing = StopShop("refused", code="token_refused")
    world.shop(OTHER, order_prefix="B").add(order_json("1001"))
    world.shops.failing = unreachable()
    world.schedule()
    (report,) = world.fetch()

    assert (report.stopped, report.refused_us) == ([STORE_ID], [])


def test_a_refusal_that_cannot_be_explained_pauses_nobody_yet() -> None:
    """While it cannot be asked whose token is refused, the shop is only tried again."""
    world = World()
    world.shop().failing = StopShop("refused", code="token_refused")
    world.shops.failing = unreachable()
    world.schedule()
    (report,) = world.fetch()

    assert (report.failed, report.stopped) == ([STORE_ID], [])


def test_an_order_that_cannot_be_read_is_held_and_the_others_go_on() -> None:
    """One malformed order is told, with the field; it never stops a page."""
    world = World()
    broken = order_json("1001", price={"total": "veel"})
    world.shop().add(broken, order_json("1002"))
    world.hour()

    assert world.states() == {"1001": HELD, "1002": "booked"}
    assert world.rows()["1001"].reason == "unreadable_order"


def test_payments_that_cannot_be_read_delay_only_what_comes_after() -> None:
    """What is ready goes; the rest stays queued in the ledger and is sent by the next run."""
    world = World()
    shop = world.shop()
    shop.add(order_json("1001", payment_status="pending"), order_json("1002"))
    shop.paid = _FailsOnce()  # type: ignore[assignment]  # a dict that is unreachable once
    world.schedule()
    world.fetch()

    assert [message.key.number for message in world.orders_queue.take()] == ["1001"]
    world.orders_queue.five_minutes_later()
    world.hour()
    assert world.states()["1002"] == "booked"


class _FailsOnce(dict[str, tuple[()]]):
    failed = False

    def get(self, _number: str, default: tuple[()] = ()) -> tuple[()]:  # type: ignore[override]  # see above
        if not self.failed:
            self.failed = True
            raise unreachable()
        return default


def test_storage_that_cannot_be_read_brings_the_page_back() -> None:
    """Our own storage failing is no reason to skip anybody: the whole page comes again."""
    world = World()
    world.shop()
    services = replace(world.fetching, ledger=_NoLedger())  # type: ignore[arg-type]  # unreachable

    with pytest.raises(RetryLater):
        fetch_orders(services, [STORE_ID])


class _NoLedger:
    def memories(self, _shops: object) -> dict[str, object]:
        raise RetryLater("throttled")


# --------------------------------------------------------------------------- a shop that is away


def hours_of(world: World, shop: FakeShop, hours: int, *, away: bool) -> None:
    """Every try of every hour, as the queue brings it."""
    shop.failing = unreachable() if away else None
    for _ in range(hours):
        world.schedule()
        while world.fetch():
            pass
        world.clock.move(hours=1)


def test_a_shop_that_is_away_for_more_than_four_hours_is_told_and_told_when_it_is_back() -> None:
    """Not before; and while it answers it costs one request and no write again."""
    world = World()
    shop = world.shop()
    hours_of(world, shop, 1, away=False)
    hours_of(world, shop, 4, away=True)
    assert world.told() == {}

    hours_of(world, shop, 1, away=True)
    assert list(world.told()) == [("", SHOP_AWAY)]

    hours_of(world, shop, 1, away=False)
    assert world.told() == {}
    memory = world.ledger.memories([STORE_ID])
    shop.calls.clear()
    hours_of(world, shop, 1, away=False)
    assert shop.calls == ["orders_page 0"]
    assert world.ledger.memories([STORE_ID]) == memory


def test_a_shop_that_answers_at_a_further_try_is_not_away() -> None:
    """What is over within the hour is nobody's news, and no write."""
    world = World()
    shop = world.shop()
    hours_of(world, shop, 2, away=False)
    before = world.ledger.memories([STORE_ID])
    shop.failing = unreachable()
    world.schedule()
    world.fetch()
    shop.failing = None
    world.fetch()

    assert world.ledger.memories([STORE_ID]) == before


def test_our_own_token_that_is_refused_makes_every_shop_of_it_away() -> None:
    """Its owner hears that nothing comes in, and that it is not his to mend."""
    world = World()
    world.shop()
    world.shops.partner_refused = True
    for _ in range(6):
        world.hour()

    assert list(world.told()) == [("", SHOP_AWAY)]
