"""Paid or due, on which day, and money that went back (R6, R101-R103)."""

from datetime import date
from decimal import Decimal

from boekbrug.domain.amounts import ZERO
from boekbrug.domain.days import local_day
from boekbrug.domain.facts import Facts
from boekbrug.domain.order import Order, OrderPayment
from boekbrug.domain.settings import ShopSettings

DUE = 1
PAID = 2

_FAILED = {"failed", "voided"}
_FAILED_IDS = {2, 3, 4, 6}
"""cancelled, failed, expired, refused: orders from before payment_status (shop API, 5.8)."""
_PAID = ("captured", "refunded")
_REFUNDED_ID = 7
_PAID_IDS = {1, _REFUNDED_ID}


def has_failed(order: Order) -> bool:
    """No sale: the payment failed or its reservation was cancelled (R6)."""
    if order.payment_status:
        return order.payment_status in _FAILED
    return order.payment is not None and order.payment.status_id in _FAILED_IDS


def is_refunded(order: Order) -> bool:
    """The whole amount went back (R103)."""
    if order.payment_status:
        return order.payment_status == "refunded"
    return order.payment is not None and order.payment.status_id == _REFUNDED_ID


def is_paid(order: Order, settings: ShopSettings, facts: Facts) -> bool:
    """Whether the invoice is paid (R101)."""
    if order.payment_status in _PAID or not order.total:
        return True
    if order.payment_status == "authorized" and settings.authorized_counts_as_paid:
        return True
    if paid_by_status(order, settings):
        return True
    if not order.payment_status and order.payment and order.payment.status_id in _PAID_IDS:
        return True
    return bool(facts.payments) and moved(facts, "capture") >= order.total > ZERO


def paid_by_status(order: Order, settings: ShopSettings) -> bool:
    """The merchant's statuses that mean paid win over pending and unknown, not over failed."""
    return order.status in settings.paid_statuses and not has_failed(order)


def paid_on(order: Order, settings: ShopSettings, facts: Facts) -> date:
    """The day of payment of a paid order, in the shop's time (R102)."""
    captured = _last_capture(facts) if facts.payments else None
    if captured is not None:
        return captured
    changed = order.status_changed_at
    if changed and order.payment_status not in _PAID and paid_by_status(order, settings):
        return changed.date()
    return order.date


def moved(facts: Facts, kind: str) -> Decimal:
    """How much was captured or refunded in all, in the order's currency."""
    payments = facts.payments or ()
    steps = (step for payment in payments for step in payment.mutations if step.type == kind)
    return sum((abs(step.amount) for step in steps), ZERO)


def payment_method(order: Order, original: Order | None, facts: Facts) -> OrderPayment | None:
    """How was paid; a credit order follows its original (R104, R111)."""
    if order.payment is not None:
        return order.payment
    if facts.payments:
        return OrderPayment(facts.payments[0].gateway, facts.payments[0].method)
    return original.payment if original is not None else None


def _last_capture(facts: Facts) -> date | None:
    moments = [
        step.created_at
        for payment in facts.payments or ()
        for step in payment.mutations
        if step.type == "capture" and step.created_at is not None
    ]
    return local_day(max(moments)) if moments else None
