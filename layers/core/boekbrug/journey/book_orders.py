"""A batch of order messages -> bookings: in order within an administration, several at a time.

It never blocks a message group: what cannot be booked is recorded with its reason and done. Only
"not now" goes back to the queue, and with it the rest of its group, untouched, so order is kept.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from boekbrug.errors import NeedsOperator, RetryLater, StopShop, where
from boekbrug.journey.book_order import Booking, BookServices, book_order, set_aside
from boekbrug.journey.pauses import PauseServices, stop_administration
from boekbrug.journey.ports import (
    HELD,
    WAITING,
    Administration,
    Administrations,
    Books,
    ConnectedShop,
    Credentials,
    Notices,
    OrderMessage,
    Sealer,
)

log = logging.getLogger(__name__)

ADMINISTRATIONS_IN_FLIGHT = 10  # as many as a batch can hold


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchServices:
    """What a batch needs besides what one order needs."""

    one: BookServices
    sealer: Sealer
    administrations: Administrations
    notices: Notices


@dataclass(slots=True)
class BookReport:
    """``back`` are the messages for the queue, ``states`` how many orders ended in which state."""

    back: list[OrderMessage] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)


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
            pool.submit(_book_group, services, administration_id, group, time_left)
            for administration_id, group in groups.items()
        ]
        for run in runs:
            back, bookings = run.result()
            report.back += back
            report.states.update(booking.state for booking in bookings)
    return report


def _book_group(
    services: BatchServices,
    administration_id: str,
    group: Sequence[OrderMessage],
    time_left: Callable[[], bool],
) -> tuple[list[OrderMessage], list[Booking]]:
    """One administration's orders, one at a time; from the first "not now" on they go back."""
    bookings: list[Booking] = []
    try:
        desk = _open_desk(services, administration_id, group)
        for message in group:
            if not time_left():
                log.warning(
                    "not now", extra={"code": "out_of_time", "left": len(group) - len(bookings)}
                )
                break
            bookings.append(_book_one(services, desk, message, time_left))
    except RetryLater as later:
        log.warning("not now", extra={"administration": administration_id, "code": later.code})
    except Exception as fault:  # noqa: BLE001  # one administration never stops the others
        log.error(  # noqa: TRY400  # the text of an unknown fault may hold customer data
            "batch not booked: fault",
            extra={"administration": administration_id, "why": where(fault)},
        )
    return list(group[len(bookings) :]), bookings


@dataclass(slots=True)
class _Desk:
    """One administration for one batch; ``closed`` is why nothing may be posted to it."""

    administration: Administration | None
    shops: Mapping[str, ConnectedShop]
    books: Books | None
    closed: str = ""


def _open_desk(
    services: BatchServices, administration_id: str, group: Sequence[OrderMessage]
) -> _Desk:
    tenants = services.one.tenants
    administration = tenants.administration(administration_id)
    shops = tenants.shops({message.key.shop_id for message in group})
    if administration is None:
        return _Desk(None, shops, None, "administration_removed")
    if administration.paused:
        return _Desk(administration, shops, None, "administration_paused")
    if not tenants.posting_allowed():
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
    return _Desk(administration, shops, services.administrations.open(credentials))


def _book_one(
    services: BatchServices, desk: _Desk, message: OrderMessage, time_left: Callable[[], bool]
) -> Booking:
    shop = desk.shops.get(message.key.shop_id)
    administration, books = desk.administration, desk.books
    if administration is None or books is None or desk.closed:
        return set_aside(services.one, message, WAITING, desk.closed)
    if shop is None or not _same_tenant(shop, administration, message):
        return set_aside(services.one, message, WAITING, "shop_moved")
    try:
        return book_order(services.one, books, shop, message, time_left=time_left)
    except StopShop as refused:
        pausing = PauseServices(services.one.tenants, services.notices, services.one.clock)
        stop_administration(pausing, administration, refused.code)
        desk.closed = "administration_paused"
        return Booking(message.key, WAITING, refused.code)
    except RetryLater:
        raise
    except Exception as fault:  # noqa: BLE001  # one faulty order never blocks its group
        log.error(  # noqa: TRY400  # the text of an unknown fault may hold customer data
            "order not booked: fault", extra={"order": message.key.number, "why": where(fault)}
        )
        return set_aside(services.one, message, HELD, "fault", detail=where(fault))


def _same_tenant(
    shop: ConnectedShop, administration: Administration, message: OrderMessage
) -> bool:
    """A message never reaches another owner's books, whatever it says."""
    return (
        shop.account_id == administration.account_id == message.account_id
        and shop.administration_id == administration.administration_id
    )
