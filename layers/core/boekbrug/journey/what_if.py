"""Other settings -> which of the latest orders would be booked differently, and how.

Each order is converted twice, under the settings of now and under the new ones, and the outcomes
are compared. What differs in the same way is told once, with a few orders as examples.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from boekbrug.domain.invoice import Customer, Hold, Invoice, InvoiceLine, Skip
from boekbrug.domain.order import Order, OrderStatus
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.conversions import Conversions, Outcome
from boekbrug.journey.ports.shops import FetchedOrder, Shop
from boekbrug.journey.recent_orders import recent_orders

MOST_NUMBERS = 3
"""Orders named as examples of one difference."""

DECISION, VAT, TOTAL, LINES, CUSTOMER, TEXTS, DATE = (
    "decision",
    "vat",
    "total",
    "lines",
    "customer",
    "texts",
    "date",
)
FIELDS: Mapping[str, Callable[[Invoice], Any]] = {
    "vattype": lambda invoice: invoice.vattype,
    VAT: lambda invoice: dict(invoice.vat),
    TOTAL: lambda invoice: invoice.total,
    DATE: lambda invoice: invoice.issuedate,
    "paid": lambda invoice: invoice.paymentstatus,
    "account": lambda invoice: invoice.accountnumber,
    "cost_center": lambda invoice: invoice.costcenter,
    "template": lambda invoice: invoice.template,
    "warehouse": lambda invoice: invoice.warehousecountry,
    LINES: lambda invoice: invoice.lines,
    TEXTS: lambda invoice: (invoice.description, invoice.descriptiontext, invoice.invoicenotes),
    CUSTOMER: lambda invoice: invoice.customer,
}
"""What of an invoice is compared; the amounts first, which matter most."""

OF_THE_ORDER = frozenset({VAT, TOTAL, DATE, LINES, TEXTS, CUSTOMER})
"""Differences whose values belong to one order: others of the same kind have other values."""


@dataclass(frozen=True, slots=True)
class Decision:
    """``booked``, ``concept``, ``held``, ``waiting`` or ``skipped``, and why.

    ``text`` is the Dutch sentence of the message ``code``.
    """

    state: str
    reason: str = ""
    code: str = ""
    text: str = ""


type Value = (
    Decision
    | Decimal
    | Mapping[str, Decimal]
    | date
    | tuple[InvoiceLine, ...]
    | tuple[str, ...]
    | str
    | int
    | None
)


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that would not be the same; of a customer it is only told that it differs."""

    what: str
    before: Value
    after: Value


@dataclass(frozen=True, slots=True)
class Example:
    """Orders that would change in the same way; the values are those of the first number."""

    differences: tuple[Difference, ...]
    numbers: tuple[str, ...]
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """``changed`` of the ``looked`` latest orders; ``newly`` would be booked, ``no_more`` not."""

    looked: int = 0
    changed: int = 0
    newly: int = 0
    no_more: int = 0
    examples: tuple[Example, ...] = ()


def what_if(
    shop: Shop,
    conversions: Callable[[Mapping[int, OrderStatus], Mapping[str, Order]], Conversions],
    before: ShopSettings,
    after: ShopSettings,
) -> WhatIf:
    """Compare both settings on the latest orders. Raises what the ports raise."""
    statuses = {status.id: status for status in shop.order_statuses()}
    orders = [one.order for one in recent_orders(shop) if isinstance(one, FetchedOrder)]
    made = conversions(statuses, {order.number: order for order in orders})
    pairs = ((order, made.outcome(order, before), made.outcome(order, after)) for order in orders)
    return compared(pairs)


def compared(pairs: Iterator[tuple[Order, Outcome, Outcome]]) -> WhatIf:
    """Count what differs and group it, the most frequent difference first."""
    found = WhatIf()
    groups: dict[object, Example] = {}
    for order, before, after in pairs:
        found = replace(found, looked=found.looked + 1)
        told = differences(before, after)
        if not told:
            continue
        found = replace(
            found,
            changed=found.changed + 1,
            newly=found.newly + (not _books(before) and _books(after)),
            no_more=found.no_more + (_books(before) and not _books(after)),
        )
        alike = tuple((one.what, _kind(one)) for one in told)
        example = groups.get(alike, Example(told, (), 0))
        groups[alike] = replace(
            example,
            numbers=(*example.numbers, order.number)[:MOST_NUMBERS],
            count=example.count + 1,
        )
    return replace(found, examples=tuple(sorted(groups.values(), key=lambda one: -one.count)))


def differences(before: Outcome, after: Outcome) -> tuple[Difference, ...]:
    """What is not the same: first whether it is booked at all, then everything on the invoice."""
    found = []
    was, will_be = _decision(before), _decision(after)
    if (was.state, was.reason) != (will_be.state, will_be.reason):
        found.append(Difference(DECISION, was, will_be))
    if isinstance(before, Invoice) and isinstance(after, Invoice):
        for what, value in FIELDS.items():
            one, other = value(before), value(after)
            if one != other:
                found.append(Difference(what, _told(one, other), _told(other, one)))
    return tuple(found)


def _decision(outcome: Outcome) -> Decision:
    messages = outcome.messages
    match outcome:
        case Invoice(concept=concept):
            state, reason = "concept" if concept else "booked", ""
            messages = messages if concept else ()
        case Hold(reason=reason, waits=waits):
            state = "waiting" if waits else "held"
        case Skip(reason=reason):
            state = "skipped"
    first = messages[0] if messages else None
    return Decision(state, reason, first.code if first else "", first.text if first else "")


def _books(outcome: Outcome) -> bool:
    return isinstance(outcome, Invoice)


def _kind(one: Difference) -> object:
    """What makes two differences the same."""
    if one.what in OF_THE_ORDER:
        return None
    if isinstance(one.before, Decision) and isinstance(one.after, Decision):
        return one.before.state, one.before.reason, one.after.state, one.after.reason
    return one.before, one.after


def _told(one: Any, other: Any) -> Any:
    """What a page may show: of lines those that the other has not, of a customer nothing."""
    if isinstance(one, Customer):
        return None
    if isinstance(one, tuple):
        return tuple(part for part in one if part and part not in other)
    return one
