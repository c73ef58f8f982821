"""Credit orders: what they are, their sign, their original, and what may be odd (R109-R116)."""

from decimal import Decimal

from boekbrug.domain.amounts import ZERO, dutch
from boekbrug.domain.facts import Facts
from boekbrug.domain.findings import Findings
from boekbrug.domain.order import Order


def is_credit(order: Order, facts: Facts) -> bool:
    """An original is named, or the status is one of credit orders (R109)."""
    number = order.credited_order_number
    if number and number.strip("0 "):
        return True
    status = facts.statuses.get(order.status) if order.status is not None else None
    return status is not None and status.credit_order


def turns_sign(order: Order) -> bool:
    """Whether every amount of a credit order must be negated: decided once, by its total (R110)."""
    return order.total > ZERO


def original_of(order: Order, facts: Facts) -> Order | None:
    """The order that a credit order belongs to, when it is known (R111)."""
    return facts.originals.get(order.credited_order_number)


def check_credit(order: Order, facts: Facts, findings: Findings) -> None:
    """Zero totals (R110), an original that was never sent (R114), too much credited (R115)."""
    if not order.total:
        findings.add("credit_zero")
    if order.credited_order_number not in facts.already_sent:
        findings.add("original_not_sent")
    original = original_of(order, facts)
    if original is None:
        return
    credited = _credited(order, facts)
    if credited > abs(original.total):
        findings.add(
            "credit_exceeds_original", credited=dutch(credited), original=dutch(abs(original.total))
        )


def _credited(order: Order, facts: Facts) -> Decimal:
    """This credit and the other known ones of the same original."""
    others = (
        other.total
        for other in facts.originals.values()
        if other.credited_order_number == order.credited_order_number
        and other.number != order.number
    )
    return sum((abs(total) for total in others), abs(order.total))
