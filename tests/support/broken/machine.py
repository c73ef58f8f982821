"""Workers between shops, books, ledger and queues; a plan says what fails when, and who goes on.

Every function invocation is a greenlet that stops at each call of a port; the same plan always
gives the same run. A function that runs longer than Lambda allows is killed.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]  # ships no types

from boekbrug.errors import BoekbrugError, RetryLater, StopShop, Unclear
from boekbrug.journey.book_order import BookServices
from boekbrug.journey.book_orders import BatchServices, book_orders
from boekbrug.journey.decisions import DecisionServices
from boekbrug.journey.fetch_orders import FetchServices, fetch_orders
from boekbrug.journey.follow_up import follow_page, look_up_open, schedule_follow_ups
from boekbrug.journey.following import FollowServices
from boekbrug.journey.schedule_fetches import ScheduleServices, schedule_fetches
from boekbrug.mijnwebwinkel.to_order import read_order
from boekbrug.queues.messages import parse_order_message, parse_shops_message
from tests.support.broken import events
from tests.support.broken.queues import Message, OrdersPort, Queue, ShopsPort
from tests.support.broken.steps import Inline, Killed, Opening, Plan, Stepping
from tests.support.fake_books import FakeAdministration, FakeVatRates
from tests.support.fake_shop import FakeShop
from tests.support.journey_world import World

FUNCTION = timedelta(seconds=180)
POST = timedelta(seconds=75)  # the post and what comes after it, as the door counts
FETCH_END = timedelta(seconds=45)
FOLLOW, FOLLOW_END = timedelta(seconds=600), timedelta(seconds=60)
HOUR = timedelta(hours=1)
LATE = timedelta(seconds=25)  # how long Acumulus goes on with what we gave up waiting for
VERY_LATE = timedelta(seconds=150)  # and how long at the very most
SLOW = timedelta(seconds=70)
WORKERS = 2  # of a kind at the same time
PAGE, STEP = 14, 4  # orders a page: small shops page too, with an overlap of ten

FAULTS = (
    "die_before",  # killed before the call
    "die_after",  # killed when it was done
    "fail",  # not done, and told so
    "lose",  # done, and the answer is lost
    "lose_request",  # never done, and nobody knows
    "late",  # done after we gave up waiting
    "very_late",  # done when something else was posted already
    "twice",  # the transport repeats it
    "part",  # a queue takes only some
    "refuse",  # credentials refused, this once
    "slow",  # more than a minute passes
)
REFUSING = frozenset({"orders_page", "order", "payments", "order_statuses", "add_invoice"})


@dataclass(eq=False)
class Worker:
    """One invocation of a function, from its start until it ends or is killed."""

    run: greenlet
    started: datetime
    limit: timedelta
    dead: bool = False


@dataclass(eq=False)
class Timer:
    """What EventBridge starts: first after a while, then again and again."""

    next: datetime
    every: timedelta
    work: Callable[[], None]


class Machine:
    """The world of a plan."""

    def __init__(self, plan: Plan, **parts: Any) -> None:
        self.strikes = dict(plan.strikes)
        self.turns = deque(plan.turns)
        self.hub = getcurrent()
        self.count = 0
        self.counts: Counter[str] = Counter()
        self.workers: list[Worker] = []
        self.here: Worker | None = None
        self.late: list[tuple[datetime, Callable[[], Any]]] = []
        self.happened: list[str] = []
        self.world = World(**parts)
        now = self.world.clock.now
        self.orders, self.pages = Queue(now, fifo=True), Queue(now, fifo=False)
        self.nights = Queue(now, fifo=False, visibility=6 * FOLLOW)
        self.shops: dict[str, FakeShop] = {}
        self.sold: dict[str, set[str]] = {}
        self.totals: dict[str, set[Decimal]] = {}
        self.binned: set[str] = set()
        self.timers = [
            Timer(now(), HOUR, self._schedule),
            Timer(now() + timedelta(minutes=7), timedelta(minutes=15), self._look_up),
            Timer(now() + timedelta(minutes=80), 3 * HOUR, self._begin_night),
        ]
        events.open_shops(self)

    # ----------------------------------------------------------------- calls of ports

    def call(self, name: str, real: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """One call of a port by a worker, struck as the plan says."""
        if self.here is None:
            return real(*args, **options)
        self.alive()
        self.count += 1
        self.counts[name] += 1
        strike = self.strikes.get((name, self.counts[name]), "")
        if strike:
            self.happened.append(f"{name} {self.counts[name]}: {strike}")
        self.pause()
        if strike in events.EVENTS:
            events.happen(self, strike)
        if strike == "slow":
            self.move(SLOW)
            self.alive()
        if strike == "die_before":
            self.die()
        if name == "add_invoice":
            answer = self._posted(strike, partial(real, *args, **options))
        else:
            answer = self._done(strike, name, partial(real, *args, **options), args)
        self.pause()
        if strike == "die_after":
            self.die()
        return answer

    def _posted(self, strike: str, real: partial[Any]) -> Any:
        """A post that is struck: nobody knows what became of it, unless nothing was sent."""
        if strike == "fail":
            raise RetryLater("the plan says so", code="books_unreachable")
        if strike == "refuse":
            raise StopShop("the plan says so")
        if strike == "lose_request":
            raise Unclear("the plan says so", code="books_no_answer")
        if strike in ("late", "very_late"):
            self._still_working(real, counted=strike == "late")
            raise Unclear("the plan says so", code="books_no_answer", busy=True)
        answer = real()
        if strike in ("lose", "part"):
            raise Unclear("the plan says so", code="books_no_answer")
        return answer

    def _still_working(self, real: partial[Any], *, counted: bool) -> None:
        """Acumulus goes on with it; as long as may be expected it counts as in flight."""
        books: FakeAdministration = real.func.__self__.administration
        books.in_flight += counted
        books.most_in_flight = max(books.most_in_flight, books.in_flight)

        def end() -> None:
            books.in_flight -= counted
            real()

        self.late.append((self.world.clock.now() + (LATE if counted else VERY_LATE), end))

    def _done(self, strike: str, name: str, real: partial[Any], args: Any) -> Any:
        if strike in ("fail", "lose_request"):
            raise RetryLater("the plan says so", code="not_reached")
        if strike == "refuse":
            raise StopShop("the plan says so") if name in REFUSING else RetryLater("refused")
        if strike == "part" and name == "send" and len(args[0]) > 1:
            return real.func(args[0][: len(args[0]) // 2], **real.keywords)
        answer = real()
        if strike == "twice":
            answer = real()
        if strike in ("lose", "late", "very_late", "part"):
            raise RetryLater("the plan says so", code="answer_lost")
        return answer

    def pause(self) -> None:
        """Here another worker may go on."""
        if self.here is not None:
            self.hub.switch()
            self.alive()

    def alive(self) -> None:
        """Lambda ends a function that takes too long."""
        worker = self.here
        if worker and (worker.dead or self.world.clock.now() - worker.started > worker.limit):
            self.die()

    def die(self) -> None:
        if self.here is not None:
            self.here.dead = True
        raise Killed

    def pick(self, many: int) -> int:
        return self.turns.popleft() % many if self.turns and many else 0

    # ----------------------------------------------------------------- time

    def run(self, hours: int) -> None:
        """The rules strike when it is their time; everything that can go on does."""
        end = self.world.clock.now() + hours * HOUR
        while True:
            now = self.world.clock.now()
            for timer in [one for one in self.timers if one.next <= now]:
                timer.next += timer.every
                self.start(timer.work)
            self._hire()
            if self.workers:
                self._resume(self.workers[self.pick(len(self.workers))])
                continue
            following = min(self._next())
            if following > end:
                break
            self.move(following - now)
        self.move(max(end - self.world.clock.now(), timedelta()))

    def _next(self) -> list[datetime]:
        """When something will happen by itself."""
        queues = (self.orders, self.pages, self.nights)
        visible = [one for queue in queues if (one := queue.next_visible()) is not None]
        return [*(timer.next for timer in self.timers), *visible, *(at for at, _ in self.late)]

    def calm(self, hours: int) -> None:
        """No more faults: what was stopped goes on, and time passes."""
        self.strikes.clear()
        events.mend(self)
        self.run(hours)

    def move(self, by: timedelta) -> None:
        """Time passes; what Acumulus was still busy with gets done."""
        clock = self.world.clock
        until = clock.now() + by
        due = [end for at, end in self.late if at <= until]
        self.late = [one for one in self.late if one[0] > until]
        running, self.here = self.here, None
        for end in due:
            with suppress(BoekbrugError):
                end()
        self.here = running
        clock.at = until

    # ----------------------------------------------------------------- workers

    def _hire(self) -> None:
        kinds = (
            (self._fetch, self.pages, 1, FUNCTION),
            (self._book, self.orders, 10, FUNCTION),
            (self._follow, self.nights, 1, FOLLOW),
        )
        for work, queue, most, limit in kinds:
            busy = sum(worker.run.work == work for worker in self.workers)
            while busy < WORKERS and (taken := queue.receive(most, self.pick)):
                self.start(work, taken, limit=limit)
                busy += 1

    def start(self, work: Callable[..., None], *args: Any, limit: timedelta = FUNCTION) -> None:
        """A process of its own."""
        run = greenlet(partial(self._guarded, work, *args), parent=self.hub)
        run.work = work  # a greenlet takes attributes
        self.workers.append(Worker(run, self.world.clock.now(), limit))

    def _guarded(self, work: Callable[..., None], *args: Any) -> None:
        with suppress(Killed):
            work(*args)

    def _resume(self, worker: Worker) -> None:
        self.here = worker
        worker.run.switch()
        self.here = None
        if worker.run.dead:
            self.workers.remove(worker)

    def _schedule(self) -> None:
        with suppress(BoekbrugError):
            schedule_fetches(
                ScheduleServices(
                    Stepping(self, self.world.tenants), Stepping(self, ShopsPort(self.pages))
                )
            )

    def _fetch(self, taken: list[Message]) -> None:
        end = self.world.clock.now() + FUNCTION - FETCH_END
        for message in taken:
            page = parse_shops_message(message.body)
            with suppress(BoekbrugError):
                fetch_orders(
                    self.fetching,
                    page.shop_ids,
                    attempt=page.attempt,
                    time_left=lambda: self.world.clock.now() < end,
                )
                self.call("delete", self.pages.delete, [message])

    def _book(self, taken: list[Message]) -> None:
        end = self.world.clock.now() + FUNCTION - POST
        messages = [parse_order_message(message.body) for message in taken]
        with suppress(BoekbrugError):
            report = book_orders(
                self.booking, messages, time_left=lambda: self.world.clock.now() < end
            )
            back = {id(one) for one in report.back}
            pairs = list(zip(taken, messages, strict=True))
            held = [
                (message, report.pauses[parsed.administration_id])
                for message, parsed in pairs
                if id(parsed) in back
            ]
            with suppress(BoekbrugError):
                self.call("hold", self.orders.hold, held)
            done = [message for message, parsed in pairs if id(parsed) not in back]
            self.call("delete", self.orders.delete, done)

    def _begin_night(self) -> None:
        with suppress(BoekbrugError):
            schedule_follow_ups(self.following)

    def _follow(self, taken: list[Message]) -> None:
        end = self.world.clock.now() + FOLLOW - FOLLOW_END
        for message in taken:
            page = parse_shops_message(message.body)
            with suppress(BoekbrugError):
                follow_page(
                    self.following,
                    page.shop_ids,
                    attempt=page.attempt,
                    time_left=lambda: self.world.clock.now() < end,
                )
                self.call("delete", self.nights.delete, [message])

    def _look_up(self) -> None:
        end = self.world.clock.now() + FUNCTION - FOLLOW_END
        with suppress(BoekbrugError):
            look_up_open(self.following, lambda: self.world.clock.now() < end)

    # ----------------------------------------------------------------- services

    @property
    def fetching(self) -> FetchServices:
        world = self.world
        return FetchServices(
            tenants=Stepping(self, world.tenants),
            sealer=Stepping(self, world.sealer),
            shops=Opening(self, world.shops),
            ledger=Stepping(self, world.ledger),
            findings=Stepping(self, world.findings),
            orders_queue=Stepping(self, OrdersPort(self.orders)),
            shops_queue=Stepping(self, ShopsPort(self.pages)),
            notices=Stepping(self, world.notices),
            clock=world.clock,
            statuses=lambda shop: {status.id: status for status in shop.order_statuses()},
        )

    @property
    def booking(self) -> BatchServices:
        world = self.world
        return BatchServices(
            one=BookServices(
                tenants=Stepping(self, world.tenants),
                ledger=Stepping(self, world.ledger),
                vat_rates=FakeVatRates(),
                vies=world.checks,
                clock=world.clock,
                read=read_order,
                read_again=lambda shop, number: self.shops[shop.shop_id].order(number),
            ),
            sealer=Stepping(self, world.sealer),
            administrations=Opening(self, world.books),
            notices=Stepping(self, world.notices),
            findings=Stepping(self, world.findings),
        )

    @property
    def deciding(self) -> DecisionServices:
        return DecisionServices(self.fetching, self.booking)

    @property
    def following(self) -> FollowServices:
        world = self.world
        return FollowServices(
            fetching=self.fetching,
            booking=self.booking,
            findings=Stepping(self, world.findings),
            memories=Stepping(self, world.follow_memories),
            pages=Stepping(self, ShopsPort(self.nights)),
        )


@contextmanager
def one_thread() -> Iterator[None]:
    """The journey without threads of its own, and shops with short pages."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("book_orders", "fetch_orders", "follow_up"):
            patch.setattr(f"boekbrug.journey.{module}.ThreadPoolExecutor", Inline)
        patch.setattr("tests.support.fake_shop.LIMIT", PAGE)
        patch.setattr("tests.support.fake_shop.STEP", STEP)
        yield
