"""Is it an order's turn to be booked: no (skip, hold) or yes (R1-R11)."""

from datetime import date, timedelta

from boekbrug.domain.credit import is_credit
from boekbrug.domain.facts import Facts
from boekbrug.domain.invoice import Hold, Skip
from boekbrug.domain.order import Order
from boekbrug.domain.payment import has_failed, is_paid
from boekbrug.domain.reasons import message
from boekbrug.domain.settings import ShopSettings

NOT_BY_ITSELF = frozenset(
    {
        *("status", "before_start_date", "before_start_number"),
        *("payment_failed", "not_paid", "credit_orders_off"),
    }
)
"""Why an order is skipped that is booked all the same when a person asks for it (R10)."""


OLDEST = date(2000, 1, 1)
AHEAD = timedelta(days=183)
"""An order from before the first day, or from longer after now, has a date that is a mistake.

Half a year: an order that is put in by hand may bear the day that it is for, and a mistyped year
is still seen.
"""


def decide(
    order: Order, settings: ShopSettings, facts: Facts, *, manual: bool = False
) -> Skip | Hold | None:
    """``None`` when the order is to be booked, else why not.

    Needs no more facts than the store, the statuses and the clock; payments and what was sent are
    used when they are known. By hand, the chosen statuses, the start date and the payment do not
    count (R10).
    """
    reason = _never(order, facts) or ("" if manual else _not_now(order, settings, facts))
    if not reason and not order.total and not settings.send_zero_total:
        reason = "zero_amount"
    if reason:
        start = settings.start_date
        day = f"{start:%d-%m-%Y}" if start else ""
        return Skip(reason, (message(reason, start=day, number=settings.start_number),))
    if not _is_plausible(order.date, facts):
        told = message("implausible_date", day=f"{order.date:%d-%m}-{order.date.year:04}")
        return Hold("implausible_date", (told,))
    return None if order.lines else Hold("no_lines", (message("no_lines"),))


def _is_plausible(day: date, facts: Facts) -> bool:
    return day >= OLDEST and day - facts.now.date() <= AHEAD


def _never(order: Order, facts: Facts) -> str:
    if is_test(order, facts):
        return "test_order"
    return "already_sent" if order.number in facts.already_sent else ""


def is_test(order: Order, facts: Facts) -> bool:
    """Marked test, a test payment, or a number that is not all digits (R4)."""
    number = order.number
    if order.is_test or not (number.isascii() and number.isdigit()):
        return True
    return any(payment.is_test for payment in facts.payments) if facts.payments else False


def _not_now(order: Order, settings: ShopSettings, facts: Facts) -> str:
    """The reason why it is not booked by itself, or ""."""
    credit = is_credit(order, facts)
    if credit and not settings.send_credit_orders:
        return "credit_orders_off"
    if not _has_chosen_status(order, settings, facts, credit=credit):
        return "status"
    if before := _before_start(order, settings):
        return before
    # A credit order carries no payment of its own (F11).
    return "" if credit else _unpaid(order, settings, facts)


def _before_start(order: Order, settings: ShopSettings) -> str:
    """R5; a first number counts on the start date alone, since a merchant may renumber later.

    A date that is a mistake says nothing about before and after: a person looks at it.
    """
    start, first = settings.start_date, settings.start_number
    if start is None or order.date > start or order.date < OLDEST:
        return ""
    if order.date < start:
        return "before_start_date"
    return "before_start_number" if first is not None and int(order.number) < first else ""


def _unpaid(order: Order, settings: ShopSettings, facts: Facts) -> str:
    """R6: no sale without a payment that may still come; paid orders only, on request."""
    if has_failed(order):
        return "payment_failed"
    return "not_paid" if settings.paid_only and not is_paid(order, settings, facts) else ""


def _has_chosen_status(order: Order, settings: ShopSettings, facts: Facts, *, credit: bool) -> bool:
    """R1; credit orders have their own list, and a status flagged as credit counts (R11).

    A merchant who chose no statuses for credit orders means the same as for orders; one who chose
    none at all has nothing sent by itself, credit orders neither.
    """
    if not credit:
        return order.status in settings.trigger_statuses
    chosen = settings.credit_statuses or settings.trigger_statuses
    if order.status is None or not chosen:
        return False
    status = facts.statuses.get(order.status)
    return order.status in chosen or (status is not None and status.credit_order)
