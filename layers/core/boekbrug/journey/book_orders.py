"""A batch of order messages -> bookings: in order within an administration, several at a time.

It never blocks a message group: what cannot be booked is recorded with its reason and done. Only
"not now" goes back to the queue, and with it the rest of its group, untouched, so order is kept.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from math import ceil

from boekbrug.errors import NeedsOperator, RetryLater, StopShop, where
from boekbrug.journey.book_order import Booking, BookServices, book_order, set_aside
from boekbrug.journey.breaker import TOO_BUSY, Breaker
from boekbrug.journey.pauses import PauseServices, stop_administration
from boekbrug.journey.ports.books import Administrations, Books, Credentials
from boekbrug.journey.ports.findings import Finding, Findings
from boekbrug.journey.ports.ledger import BOOKED, HELD, UNCLEAR, WAITING
from boekbrug.journey.ports.mails import Notices
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.journey.ports.tenants import CHOSEN_PAUSES, Administration, ConnectedShop, Sealer
from boekbrug.journey.resting import Restraint
from boekbrug.journey.trials import DEFAULT_CAP, TRIAL_ENDING, TRIAL_LIMIT, WARN_AT, WARNING, room

log = logging.getLogger(__name__)

ADMINISTRATIONS_IN_FLIGHT = 10  # as many as a batch can hold
RESTING = "books_resting"
PAUSES = dict.fromkeys((*TOO_BUSY, RESTING, "out_of_time"), 1) | {"fault": 300}
"""Seconds that orders stay on the queue at least, by the reason."""
PAUSE = 30
SWITCH_EVERY = timedelta(seconds=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchServices:
    """What a batch needs besides what one order needs.

    ``trial_cap`` is how many orders are booked into a trial contract; ``findings`` get the warning
    that it comes near, and the news that Acumulus is away. ``restraint`` is how long it is left
    alone then.
    """

    one: BookServices
    sealer: Sealer
    administrations: Administrations
    notices: Notices
    findings: Findings | None = None
    trial_cap: int = DEFAULT_CAP
    restraint: Restraint = field(default_factory=Restraint)


@dataclass(slots=True)
class BookReport:
    """``back`` are the messages for the queue.

    ``pauses`` tells how many seconds those of an administration may stay there.
    """

    back: list[OrderMessage] = field(default_factory=list)
    pauses: dict[str, int] = field(default_factory=dict)


def book_orders(
    services: BatchServices,
    messages: Sequence[OrderMessage],
    *,
    time_left: Callable[[], bool] = lambda: True,
) -> BookReport:
    """Book a batch; ``time_left`` is asked before every post, so that none is cut off half way."""
    groups: dict[str, list[OrderMessage]] = {}
    for message in messages:
        groups.setdefault(message.administration_id, []).append(message)
    report = BookReport()
    with ThreadPoolExecutor(max_workers=ADMINISTRATIONS_IN_FLIGHT) as pool:
        runs = [
            (
                administration_id,
                pool.submit(_book_group, services, administration_id, group, time_left),
            )
            for administration_id, group in groups.items()
        ]
        for administration_id, run in runs:
            done = run.result()
            report.back += done.back
            if done.back:
                report.pauses[administration_id] = done.pause
    return report


@dataclass(slots=True)
class _Done:
    """What became of one administration's orders; ``pause`` in seconds for those that go back."""

    bookings: list[Booking] = field(default_factory=list)
    back: list[OrderMessage] = field(default_factory=list)
    pause: int = 0


def _book_group(
    services: BatchServices,
    administration_id: str,
    group: Sequence[OrderMessage],
    time_left: Callable[[], bool],
) -> _Done:
    """One administration's orders, one at a time; from the first "not now" on they go back."""
    done, desk, why = _Done(), None, ""
    try:
        desk = _open_desk(services, administration_id, group)
        for message in group:
            why = desk.not_now(time_left)
            if why:
                break
            done.bookings.append(_book_one(services, desk, message, time_left))
    except RetryLater as later:
        why = later.code
        if desk is not None and desk.breaker is not None and why in TOO_BUSY:
            desk.breaker.too_busy(later.after)
    except Exception as fault:  # noqa: BLE001  # one administration never stops the others
        why = "fault"
        log.error(  # noqa: TRY400  # the text of an unknown fault may hold customer data
            "batch not booked: fault",
            extra={"administration": administration_id, "why": where(fault)},
        )
    done.back = list(group[len(done.bookings) :])
    if done.back:
        done.pause = PAUSES.get(why, PAUSE)
        told = {"administration": administration_id, "code": why, "left": len(done.back)}
        log.warning("not now", extra=told)
    if desk is not None:
        _remember(services, desk, done)
    return done


def _remember(services: BatchServices, desk: "_Desk", done: _Done) -> None:
    """What the next batch must know; what is not kept is found out again."""
    if desk.breaker is not None:
        done.pause = max(done.pause, ceil(desk.breaker.pause().total_seconds()))
        try:
            desk.breaker.keep(services.findings, desk.shops)
        except RetryLater as later:
            log.warning("rest not kept", extra={"code": later.code})
    if desk.room is not None:
        _count(services, desk, done.bookings)


def _count(services: BatchServices, desk: "_Desk", bookings: Sequence[Booking]) -> None:
    """Of a trial contract every booking counts; one that is not counted is found by the night."""
    booked = {booking.key.shop_id for booking in bookings if booking.posted}
    if desk.administration is None or desk.room is None or not booked:
        return
    try:
        services.one.tenants.count_imports(desk.administration.administration_id, desk.spent)
        if services.findings is not None and desk.room <= WARN_AT:
            at = services.one.clock.now()
            for shop_id in sorted(booked):
                services.findings.record(
                    Finding(code=TRIAL_ENDING, shop_id=shop_id, detail=WARNING, at=at)
                )
    except RetryLater as later:
        log.warning("trial not counted", extra={"code": later.code})


@dataclass(slots=True)
class _Desk:
    """One administration for one batch; ``closed`` is why nothing may be posted to it.

    ``room`` is what a trial contract still allows, ``spent`` what this batch took of it.
    ``looked_at`` is when the operator's switch was read.
    """

    administration: Administration | None
    shops: Mapping[str, ConnectedShop]
    books: Books | None
    closed: str = ""
    looked_at: datetime = field(default=datetime.min.replace(tzinfo=UTC))
    room: int | None = None
    spent: int = 0
    breaker: Breaker | None = None

    def not_now(self, time_left: Callable[[], bool]) -> str:
        """Why the next order must wait on the queue, if so."""
        if not time_left():
            return "out_of_time"
        return RESTING if self.breaker is not None and self.breaker.resting() else ""

    def take(self, booking: Booking) -> None:
        """What Acumulus' answer means for the next order.

        A booking, or what may be one, takes a place of a trial contract.
        """
        if self.breaker is not None and booking.posted:
            if booking.state == UNCLEAR:
                self.breaker.unclear(busy=booking.busy)
            else:
                self.breaker.answered()
        if self.room is not None and booking.posted and booking.state in (BOOKED, UNCLEAR):
            self.room -= 1
            self.spent += 1


def _open_desk(
    services: BatchServices, administration_id: str, group: Sequence[OrderMessage]
) -> _Desk:
    tenants = services.one.tenants
    known = tenants.for_booking(administration_id, {message.key.shop_id for message in group})
    administration, shops, switches = known.administration, known.shops, known.switches
    if administration is None:
        return _Desk(None, shops, None, "administration_removed")
    if administration.paused:
        why = TRIAL_LIMIT if administration.paused == TRIAL_LIMIT else "administration_paused"
        return _Desk(administration, shops, None, why)
    if not switches.posting:
        return _Desk(administration, shops, None, "posting_stopped")
    try:
        password = services.sealer.open(
            administration.sealed_password,
            tenant=administration.account_id,
            field=f"administration:{administration_id}:password",
        )
    except NeedsOperator as broken:
        log.error(  # noqa: TRY400  # where it was raised tells nothing
            "password not opened", extra={"administration": administration_id, "code": broken.code}
        )
        return _Desk(administration, shops, None, "fault")
    credentials = Credentials(administration.contractcode, administration.username, password)
    books = services.administrations.open(
        credentials, trial=administration.entries_left is not None
    )
    clock, left = services.one.clock, room(administration, services.trial_cap)
    breaker = Breaker(tenants, clock, services.restraint, administration, switches)
    return _Desk(administration, shops, books, looked_at=clock.now(), room=left, breaker=breaker)


def _book_one(
    services: BatchServices, desk: _Desk, message: OrderMessage, time_left: Callable[[], bool]
) -> Booking:
    shop = desk.shops.get(message.key.shop_id)
    administration, books = desk.administration, desk.books
    _look_at_switch(services, desk)
    if administration is None or books is None or desk.closed:
        return set_aside(services.one, message, WAITING, desk.closed)
    held_up = _held_up(shop, administration, message)
    if shop is None or held_up:
        return set_aside(services.one, message, WAITING, held_up)
    if desk.room == 0:
        _stop(services, desk, administration, TRIAL_LIMIT)
        return set_aside(services.one, message, WAITING, TRIAL_LIMIT)
    try:
        booking = book_order(services.one, books, shop, message, time_left=time_left)
    except StopShop as refused:
        _stop(services, desk, administration, refused.code)
        return Booking(message.key, WAITING, refused.code)
    except RetryLater:
        raise
    except Exception as fault:  # noqa: BLE001  # one faulty order never blocks its group
        log.error(  # noqa: TRY400  # the text of an unknown fault may hold customer data
            "order not booked: fault", extra={"order": message.key.number, "why": where(fault)}
        )
        return set_aside(services.one, message, HELD, "fault", detail=where(fault))
    desk.take(booking)
    return booking


def _look_at_switch(services: BatchServices, desk: _Desk) -> None:
    """The operator's switch stops a slow batch half way; a fast one reads it once."""
    now = services.one.clock.now()
    if not desk.closed and now - desk.looked_at >= SWITCH_EVERY:
        desk.looked_at = now
        if not services.one.tenants.posting_allowed():
            desk.closed = "posting_stopped"


def _stop(
    services: BatchServices, desk: _Desk, administration: Administration, reason: str
) -> None:
    """Nothing more goes to this administration; its owner gets one mail."""
    pausing = PauseServices(services.one.tenants, services.notices, services.one.clock)
    stop_administration(pausing, administration, reason)
    desk.closed = TRIAL_LIMIT if reason == TRIAL_LIMIT else "administration_paused"


def _held_up(
    shop: ConnectedShop | None, administration: Administration, message: OrderMessage
) -> str:
    """Why nothing of this shop is booked now.

    A message never reaches another owner's books, whatever it says; what was fetched before its
    owner paused a shop waits as well.
    """
    ours = (administration.account_id, administration.administration_id)
    if shop is None or not (
        message.account_id == shop.account_id and ours == (shop.account_id, shop.administration_id)
    ):
        return "shop_moved"
    return "shop_on_hold" if shop.paused in CHOSEN_PAUSES else ""
