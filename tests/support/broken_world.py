"""The whole journey on ports that fail as a plan says: killed, cut off, repeated, interleaved.

Every function invocation is a greenlet that stops at each call of a port. A plan names what happens
at which call, and who goes on; the same plan always gives the same run. Queues behave as SQS does
(groups in order, a visibility time, delivery more than once), and a function that runs longer than
Lambda allows is killed.
"""

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, Self

import pytest
from greenlet import getcurrent, greenlet  # type: ignore[import-untyped]  # ships no types

from boekbrug.errors import BoekbrugError, RetryLater, StopShop, Unclear
from boekbrug.journey.book_order import BookServices
from boekbrug.journey.book_orders import BatchServices, book_orders
from boekbrug.journey.decisions import DecisionServices, Said, do_not_book, retry
from boekbrug.journey.fetch_orders import FetchServices, fetch_orders
from boekbrug.journey.ports import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    SKIPPED,
    UNCLEAR,
    WAITING,
    LedgerRow,
    OrderKey,
    OrderMessage,
)
from boekbrug.journey.schedule_fetches import ScheduleServices, schedule_fetches
from boekbrug.journey.triage import BY_OWNER
from boekbrug.mijnwebwinkel.to_order import read_order
from boekbrug.queues.messages import (
    dedup_id,
    order_body,
    parse_order_message,
    parse_shops_message,
    shops_bodies,
)
from tests.support.fake_books import Booked, FakeVatRates
from tests.support.fake_shop import FakeShop
from tests.support.journey_world import World
from tests.support.orders import STORE_ID, line_json, order_json

FUNCTION = timedelta(seconds=180)
POST = timedelta(seconds=75)  # the post and what comes after it, as the door counts
FETCH_END = timedelta(seconds=45)
VISIBILITY = timedelta(seconds=1080)
DEDUPLICATION = timedelta(minutes=5)
RETENTION = timedelta(days=1)
HOUR = timedelta(hours=1)
LATE = timedelta(seconds=90)  # how long Acumulus may still work on what we gave up
SLOW = timedelta(seconds=70)
WORKERS = 2  # of a kind at the same time
PAGE, STEP = 14, 4  # orders a page: small shops page too, with an overlap of ten

SECOND = "77978e45-feaa-5c09-8e8c-0cf6e562a042"
THIRD = "0d0f1c6e-4a92-5c3a-9d55-6d2a1c0f7b11"
PREFIX = {STORE_ID: "", SECOND: "B", THIRD: ""}
UNBOOKABLE = "USD"  # a currency without a rate: held when it is its turn
CONTRACT = {STORE_ID: "123456", SECOND: "123456", THIRD: "654321"}

FAULTS = (
    "die_before",  # killed before the call
    "die_after",  # killed when it was done
    "fail",  # not done, and told so
    "lose",  # done, and the answer is lost
    "lose_request",  # never done, and nobody knows
    "late",  # done after we gave up waiting
    "twice",  # the transport repeats it
    "part",  # a queue takes only some
    "refuse",  # credentials refused, this once
    "slow",  # more than a minute passes
)
EVENTS = (
    "pay",
    "cancel",
    "reprice",
    "spoil",
    "restore",
    "remove",
    "arrive",
    "redeliver",
    "empty_queue",
    "stop_posting",
    "choose",
    "mend",
    "retry",
    "do_not_book",
)


class Killed(BaseException):
    """The process is gone: nothing it does after this has any effect."""


class Violated(AssertionError):
    """The promise is broken."""


@dataclass(frozen=True)
class Plan:
    """``strikes``: at which call of a port what happens; ``turns``: who goes on at each choice."""

    strikes: Mapping[int, str] = field(default_factory=dict)
    turns: Sequence[int] = ()


# --------------------------------------------------------------------------- queues


@dataclass(eq=False)
class Message:
    """One message on a queue, with what SQS keeps about it."""

    body: str
    group: str
    sent: datetime
    visible: datetime
    flying: bool = False


class Queue:
    """SQS as far as the journey can notice; ``fifo`` closes a group while it is in flight."""

    def __init__(self, now: Callable[[], datetime], *, fifo: bool) -> None:
        self._now = now
        self._fifo = fifo
        self._recent: dict[tuple[str, str], datetime] = {}
        self.messages: list[Message] = []
        self.delivered: list[Message] = []

    def put(self, body: str, *, group: str = "", dedup: str = "", delay: int = 0) -> None:
        now = self._now()
        known = self._recent.get((group, dedup))
        if self._fifo and dedup and known and now - known < DEDUPLICATION:
            return
        self._recent[group, dedup] = now
        self.messages.append(Message(body, group, now, now + timedelta(seconds=delay)))

    def receive(self, limit: int, pick: Callable[[int], int]) -> list[Message]:
        """The next messages; a standard queue gives them in any order."""
        now = self._now()
        self.messages = [one for one in self.messages if now - one.sent < RETENTION]
        flying = {one.group for one in self.messages if one.flying and one.visible > now}
        closed = flying if self._fifo else set()
        ready = [one for one in self.messages if one.visible <= now and one.group not in closed]
        first = 0 if self._fifo or not ready else pick(len(ready))
        taken = [*ready[first:], *ready[:first]][:limit]
        for one in taken:
            one.flying, one.visible = True, now + VISIBILITY
        self.delivered += taken
        return taken

    def delete(self, gone: Iterable[Message]) -> None:
        done = set(gone)
        self.messages = [one for one in self.messages if one not in done]

    def next_visible(self) -> datetime | None:
        """When the first message that is not visible now will be."""
        return min((m.visible for m in self.messages if m.visible > self._now()), default=None)


@dataclass(frozen=True)
class OrdersPort:
    """``OrdersQueue`` on a queue of ours."""

    queue: Queue

    def send(self, messages: Sequence[OrderMessage]) -> set[OrderKey]:
        for one in messages:
            self.queue.put(order_body(one), group=one.administration_id, dedup=dedup_id(one))
        return {one.key for one in messages}


@dataclass(frozen=True)
class ShopsPort:
    """``ShopsQueue`` on a queue of ours."""

    queue: Queue

    def send(
        self,
        shop_ids: Sequence[str],
        *,
        delay: int = 0,
        attempt: int = 0,
        numbers: Sequence[str] = (),
    ) -> None:
        for body in shops_bodies(shop_ids, attempt, numbers):
            self.queue.put(body, delay=delay)


# --------------------------------------------------------------------------- steps


class Stepping:
    """A port whose every call is a step of the plan."""

    def __init__(self, machine: "Machine", inner: Any) -> None:
        self._machine = machine
        self._inner = inner

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        return partial(self._machine.call, name, found) if callable(found) else found


@dataclass(frozen=True)
class Opening:
    """``Shops`` or ``Administrations``: what it opens is stepped through."""

    machine: "Machine"
    inner: Any

    def open(self, secret: Any) -> Any:
        return Stepping(self.machine, self.inner.open(secret))


@dataclass(eq=False)
class Worker:
    """One invocation of a function, from its start until it ends or is killed."""

    run: greenlet
    started: datetime
    dead: bool = False


class Inline:
    """A pool of threads without threads: a greenlet cannot leave its thread."""

    def __init__(self, **_: object) -> None:
        self._error: Exception | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing was started."""

    def submit(self, work: Callable[..., Any], *args: Any) -> "Done":
        try:
            return Done(work(*args))
        except Exception as error:  # noqa: BLE001  # raised where the result is asked for
            return Done(error=error)


@dataclass(frozen=True)
class Done:
    """What a future tells when it is done."""

    value: Any = None
    error: Exception | None = None

    def result(self) -> Any:
        if self.error is not None:
            raise self.error
        return self.value


UNFINISHED = (QUEUED, POSTING)
REFUSING = frozenset({"orders_page", "order", "payments", "order_statuses", "add_invoice"})


class Machine:
    """The world of a plan: shops, books, ledger and queues, and the workers between them."""

    def __init__(self, plan: Plan, **parts: Any) -> None:
        self.strikes = dict(plan.strikes)
        self.turns = deque(plan.turns)
        self.hub = getcurrent()
        self.count = 0
        self.workers: list[Worker] = []
        self.here: Worker | None = None
        self.late: list[tuple[datetime, Callable[[], Any]]] = []
        self.happened: list[str] = []
        self.world = World(**parts)
        now = self.world.clock.now
        self.orders, self.pages = Queue(now, fifo=True), Queue(now, fifo=False)
        self.shops: dict[str, FakeShop] = {}
        self.sold: dict[str, set[str]] = {}
        self.totals: dict[str, set[Decimal]] = {}
        open_shops(self)

    # ----------------------------------------------------------------- calls of ports

    def call(self, name: str, real: Callable[..., Any], *args: Any, **options: Any) -> Any:
        """One call of a port by a worker, struck as the plan says."""
        if self.here is None:
            return real(*args, **options)
        self.alive()
        self.count += 1
        strike = self.strikes.get(self.count, "")
        if strike:
            self.happened.append(f"{self.count} {name}: {strike}")
        self.pause()
        if strike in EVENTS:
            happen(self, strike)
        if strike == "slow":
            self.move(SLOW)
            self.alive()
        if strike == "die_before":
            self.die()
        answer = self._done(strike, name, partial(real, *args, **options), args)
        self.pause()
        if strike == "die_after":
            self.die()
        return answer

    def _done(self, strike: str, name: str, real: Callable[[], Any], args: Any) -> Any:
        posting = name == "add_invoice"
        if strike == "fail" or (strike == "lose_request" and not posting):
            raise RetryLater("the plan says so", code="not_reached")
        if strike == "refuse":
            raise StopShop("the plan says so") if name in REFUSING else RetryLater("refused")
        if strike == "lose_request":
            raise Unclear("the plan says so", code="books_no_answer")
        if strike == "late" and posting:
            self.late.append((self.world.clock.now() + LATE, real))
            raise Unclear("the plan says so", code="books_no_answer")
        if strike == "part" and name == "send" and len(args[0]) > 1:
            return real.func(args[0][: len(args[0]) // 2], **real.keywords)  # type: ignore[attr-defined]  # a partial
        answer = real()
        if strike == "twice" and not posting:
            answer = real()
        if strike in ("lose", "late", "part"):
            if posting:
                raise Unclear("the plan says so", code="books_no_answer")
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
        if worker and (worker.dead or self.world.clock.now() - worker.started > FUNCTION):
            self.die()

    def die(self) -> None:
        if self.here is not None:
            self.here.dead = True
        raise Killed

    def pick(self, many: int) -> int:
        return self.turns.popleft() % many if self.turns and many else 0

    # ----------------------------------------------------------------- workers

    def hour(self) -> None:
        """The hourly rule strikes, and an hour passes."""
        end = self.world.clock.now() + HOUR
        self._start(self._schedule)
        while True:
            self._hire()
            if self.workers:
                self._resume(self.workers[self.pick(len(self.workers))])
                continue
            later = [*filter(None, (self.orders.next_visible(), self.pages.next_visible()))]
            if not later or min(later) > end:
                break
            self.move(min(later) - self.world.clock.now())
        self.move(max(end - self.world.clock.now(), timedelta()))

    def calm(self, hours: int) -> None:
        """No more faults: what was stopped goes on, and time passes."""
        self.strikes.clear()
        mend(self)
        for _ in range(hours):
            self.hour()

    def move(self, by: timedelta) -> None:
        """Time passes; what Acumulus was still busy with gets done."""
        clock = self.world.clock
        until = clock.now() + by
        due = [real for at, real in self.late if at <= until]
        self.late = [one for one in self.late if one[0] > until]
        running, self.here = self.here, None
        for real in due:
            with suppress(BoekbrugError):
                real()
        self.here = running
        clock.at = until

    def _hire(self) -> None:
        for work, queue, limit in ((self._fetch, self.pages, 1), (self._book, self.orders, 10)):
            busy = sum(worker.run.work == work for worker in self.workers)
            while busy < WORKERS and (taken := queue.receive(limit, self.pick)):
                self._start(work, taken)
                busy += 1

    def _start(self, work: Callable[..., None], *args: Any) -> None:
        run = greenlet(partial(self._guarded, work, *args), parent=self.hub)
        run.work = work  # a greenlet takes attributes
        self.workers.append(Worker(run, self.world.clock.now()))

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
            pairs = zip(taken, messages, strict=True)
            done = [message for message, parsed in pairs if id(parsed) not in back]
            self.call("delete", self.orders.delete, done)

    def decide(self, event: str, shop_id: str, number: str) -> None:
        """A person decides about an order, in a process of its own."""
        shop = self.world.tenants.shop(shop_id)
        if shop is not None:
            decision = {"retry": retry, "do_not_book": do_not_book}[event]
            self._start(self._decided, partial(decision, shop=shop, number=number))

    def _decided(self, decision: Callable[..., LedgerRow]) -> None:
        said = Said(why="zo besloten", by="eigenaar")
        with suppress(BoekbrugError):
            decision(DecisionServices(self.fetching, self.booking), said=said)

    # ----------------------------------------------------------------- services

    @property
    def fetching(self) -> FetchServices:
        world = self.world
        return FetchServices(
            tenants=Stepping(self, world.tenants),
            sealer=Stepping(self, world.sealer),
            shops=Opening(self, world.shops),
            ledger=Stepping(self, world.ledger),
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
        )


@contextmanager
def one_thread() -> Iterator[None]:
    """The journey without threads of its own, and shops with short pages."""
    with pytest.MonkeyPatch.context() as patch:
        for module in ("book_orders", "fetch_orders"):
            patch.setattr(f"boekbrug.journey.{module}.ThreadPoolExecutor", Inline)
        patch.setattr("tests.support.fake_shop.LIMIT", PAGE)
        patch.setattr("tests.support.fake_shop.STEP", STEP)
        yield


# --------------------------------------------------------------------------- shops and orders


def open_shops(machine: Machine) -> None:
    """Two shops with the same order numbers on one administration, a third on another."""
    for shop_id, code in CONTRACT.items():
        shop = machine.world.shop(shop_id, code, **_choices(shop_id))
        machine.shops[shop_id] = shop
        machine.world.books[code].while_posting = lambda _invoice: machine.pause()
        for number in range(1001, 1004):
            arrive(machine, shop_id, order_json(str(number)))
        arrive(machine, shop_id, order_json("1004", status=1))
    arrive(machine, STORE_ID, order_json("1005", status=1, date="2025-11-01"))
    arrive(machine, STORE_ID, credit_of("1001", "1006"))
    arrive(machine, STORE_ID, order_json("1008", status=2))
    machine.shops[STORE_ID].add(order_json("1007", price={"total": "veel"}))
    for number in range(1009, 1019):
        arrive(machine, STORE_ID, order_json(str(number), status=1 if number % 3 else 3))
    machine.world.books[CONTRACT[THIRD]].locked_until = date(2026, 3, 1)
    arrive(machine, THIRD, order_json("1009", date="2026-03-01"))


def _choices(shop_id: str) -> dict[str, Any]:
    """What its owner chose; orders of a locked period are booked on the day of sending."""
    return {
        "trigger_statuses": (3,),
        "credit_statuses": (10,),
        "order_prefix": PREFIX[shop_id],
        "locked_period": "transfer_date",
    }


def credit_of(number: str, own: str) -> dict[str, Any]:
    """A credit order that takes all of an order back."""
    lines = [
        line_json("article", "Keramische mok", "-24.710742", "-29.90", sku="MOK-BL"),
        line_json("shipping", "Verzendkosten", "-4.917355", "-5.95"),
    ]
    price = {"tax": {"amount": "-6.22", "rate": "21.00"}, "total": "-35.85"}
    return order_json(
        own, status=10, credited_order_number=int(number), price=price, orderlines=lines
    )


def arrive(machine: Machine, shop_id: str, document: dict[str, Any]) -> None:
    """An order comes in, or takes the place of its earlier version."""
    shop, number = machine.shops[shop_id], str(document["number"])
    shop.remove([number])
    shop.add(document)
    noted(machine, shop_id, document)
    machine.totals.setdefault(reference(shop_id, number), set()).add(
        Decimal(document["price"]["total"])
    )


def noted(machine: Machine, shop_id: str, document: dict[str, Any]) -> None:
    """Remember which orders were ever to be booked."""
    if document["status"] in (3, 10):
        machine.sold.setdefault(shop_id, set()).add(str(document["number"]))


def reference(shop_id: str, number: str) -> str:
    """What an invoice of this order ends with."""
    return f"{PREFIX[shop_id]}{number}"


def happen(machine: Machine, event: str) -> None:
    """Something happens in a shop, with a queue, or by a person's hand."""
    shop_id = tuple(CONTRACT)[machine.count % 3]
    shop = machine.shops[shop_id]
    plain = [d for d in shop.documents if d["price"]["total"] == "35.85"]
    chosen = plain[machine.count // 3 % len(plain)] if plain else None
    match event:
        case "pay" | "cancel" if chosen:
            change_status(machine, shop_id, chosen, 3 if event == "pay" else 5)
        case "reprice" if chosen:
            reprice(machine, shop_id, chosen)
        case "spoil" | "restore" if chosen:
            chosen["currency"] = UNBOOKABLE if event == "spoil" else "EUR"
        case "remove" if chosen:
            shop.remove([str(chosen["number"])])
        case "arrive":
            arrive(machine, shop_id, order_json(str(2000 + machine.count), **dated(machine)))
        case "redeliver" if machine.orders.delivered:
            again = machine.orders.delivered[machine.count % len(machine.orders.delivered)]
            machine.orders.put(again.body, group=again.group)
        case "empty_queue":
            machine.orders.messages.clear()
        case "stop_posting":
            machine.world.tenants.set_posting_allowed(allowed=False)
        case "choose":
            machine.world.choose(shop_id, **_choices(shop_id))
        case "mend":
            mend(machine)
        case "retry" | "do_not_book" if chosen:
            machine.decide(event, shop_id, str(chosen["number"]))


def change_status(machine: Machine, shop_id: str, document: dict[str, Any], status: int) -> None:
    """The merchant moves an order to another status, now."""
    stamps = dated(machine)
    stamps.pop("date")
    document.update(stamps, status=status)
    noted(machine, shop_id, document)


def dated(machine: Machine) -> dict[str, str]:
    """The stamps of an order that comes in now."""
    local = machine.world.clock.now() + HOUR  # Amsterdam in winter
    day, time = f"{local:%Y-%m-%d}", f"{local:%H:%M:%S}"
    return {"date": day, "status_changed_date": day, "status_changed_time": time}


def reprice(machine: Machine, shop_id: str, document: dict[str, Any]) -> None:
    """The merchant takes one article out of the order."""
    lines = [line_json("article", "Keramische mok", "24.710742", "29.90", sku="MOK-BL")]
    price = {"tax": {"amount": "5.19", "rate": "21.00"}, "total": "29.90"}
    arrive(machine, shop_id, document | {"price": price, "orderlines": lines})


def mend(machine: Machine) -> None:
    """The owner mends access, the operator lets everything go on."""
    tenants = machine.world.tenants
    tenants.set_posting_allowed(allowed=True)
    for shop in tenants.all_shops():
        tenants.resume_shop(shop.shop_id)
    for administration in tenants.all_administrations():
        tenants.resume_administration(administration.administration_id)


# --------------------------------------------------------------------------- the promise


def check(machine: Machine, *, unclear_allowed: bool) -> None:
    """Raises ``Violated`` unless everything a person was promised holds."""
    for code, administration in machine.world.books.by_contract.items():
        if administration.most_in_flight > 1:
            raise Violated(f"{administration.most_in_flight} posts at once in {code}")
        kept = [one for one in administration.booked if not one.deleted]
        booked = Counter(named(one) for one in kept)
        for one in kept:
            _foreign_or_wrong(machine, code, one)
        doubles = {name for name, times in booked.items() if times > 1}
        if doubles:
            raise Violated(f"booked twice in {code}: {sorted(doubles)}")
        for shop_id in (shop for shop, its in CONTRACT.items() if its == code):
            _check_shop(machine, shop_id, booked, unclear_allowed=unclear_allowed)


def named(booked: Booked) -> str:
    """The order of an invoice, from "Bestelling B1001" or "Creditorder 1006 - bestelling 1001"."""
    return booked.invoice.description.split()[1]


def _foreign_or_wrong(machine: Machine, code: str, one: Booked) -> None:
    name = named(one)
    owner = [shop for shop, its in CONTRACT.items() if its == code]
    sold = {reference(shop, number) for shop in owner for number in machine.sold.get(shop, ())}
    if name not in sold:
        raise Violated(f"booked in {code} and never sold: {name}")
    if one.invoice.total not in machine.totals[name]:
        raise Violated(f"{name} booked for {one.invoice.total}")


def _check_shop(
    machine: Machine, shop_id: str, booked: Counter[str], *, unclear_allowed: bool
) -> None:
    rows: Mapping[str, LedgerRow] = machine.world.rows(shop_id)
    listed = {str(document["number"]) for document in machine.shops[shop_id].documents}
    for row in rows.values():
        invoices = booked[reference(shop_id, row.key.number)]
        gone = row.key.number not in listed and row.state in UNFINISHED
        if gone and unclear_allowed and not invoices:
            continue  # nobody has looked yet for what vanished from the shop
        _check_row(row, invoices, unclear_allowed=unclear_allowed)
    for document in machine.shops[shop_id].documents:
        number = str(document["number"])
        if number not in rows:
            raise Violated(f"{shop_id} {number}: no row")
        if document["status"] in (3, 10) and rows[number].state not in (BOOKED, UNCLEAR):
            _check_unbooked(document, rows[number], rows)


def _check_row(row: LedgerRow, invoices: int, *, unclear_allowed: bool) -> None:
    ends = {BOOKED, SKIPPED, HELD, WAITING} | ({UNCLEAR} if unclear_allowed else set())
    what = f"{row.key.number} {row.state} {row.reason!r}"
    if row.state not in ends:
        raise Violated(f"stuck: {what}")
    if row.state == BOOKED and not ((row.entryid or row.conceptid) and invoices == 1):
        raise Violated(f"not booked: {what}")
    if row.state not in (BOOKED, UNCLEAR) and (invoices or not row.reason or row.reason == "fault"):
        raise Violated(f"{invoices} invoices, yet {what}")


def _check_unbooked(
    document: dict[str, Any], row: LedgerRow, rows: Mapping[str, LedgerRow]
) -> None:
    """An order for sale that is not booked: only what cannot be read, or waits for its original."""
    unreadable = document["price"]["total"] == "veel"
    if row.state == HELD and (unreadable or document["currency"] == UNBOOKABLE):
        return
    if (row.state, row.reason) == (SKIPPED, BY_OWNER):
        return
    original = rows.get(str(document["credited_order_number"]))
    if original is not None and original.state != BOOKED:
        return
    raise Violated(f"not booked: {row.key.number} {row.state} {row.reason!r}")
