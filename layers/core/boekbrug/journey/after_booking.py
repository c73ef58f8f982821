"""A booked order beside the order and the entry of now -> what its owner must hear of. Pure.

Nothing is booked again and nothing is taken back by itself (R121-R123): what differs is told once,
with the difference to the cent, and told as solved when the difference is gone.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from boekbrug.domain.facts import Facts, VatCheck
from boekbrug.domain.fingerprint import fingerprint
from boekbrug.domain.messages import Message
from boekbrug.domain.order import Order, OrderStatus, Payment
from boekbrug.domain.payment import has_failed, is_paid, paid_on
from boekbrug.domain.reasons import message
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.look_up import euro
from boekbrug.journey.ports.books import Entry
from boekbrug.journey.ports.ledger import BOOKED, LedgerRow

CHANGED = "changed_after_booking"
DETAILS_CHANGED = "details_changed_after_booking"
TOTAL_READ = "total_read_after_booking"
REFUNDED = "refunded_after_booking"
CANCELLED = "cancelled_after_booking"
PAYMENT_LOST = "payment_lost_after_booking"
CREDIT_STATUS = "credit_status_after_booking"
NUMBER_REFUSED = "vat_number_refused_after_booking"
OF_THE_ORDER = (
    *(CHANGED, DETAILS_CHANGED, TOTAL_READ, REFUNDED, CANCELLED, PAYMENT_LOST, CREDIT_STATUS),
    NUMBER_REFUSED,
)
VANISHED = "vanished_after_booking"

ENTRY_DIFFERS, ENTRY_VAT_DIFFERS = "entry_differs", "entry_vat_differs"
DELETED_IN_BOOKS = "deleted_in_books"
OF_THE_ENTRY = (ENTRY_DIFFERS, ENTRY_VAT_DIFFERS, DELETED_IN_BOOKS)
CONCEPT_SEVERAL, CONCEPT_GONE = "concept_several", "concept_gone"
OF_OLD_CONCEPTS = OLD_CONCEPT, OLD_CONCEPT_FINAL = "old_concept_stays", "old_concept_final"
PAID_LATER = "paid_later"
NUMBER_CHECKED = "vat_number_checked"
NOT_CHECKED = "vies_not_checked"
CONCEPT_FINAL = "concept_made_final"

VAT_SLACK = Decimal("0.02")
"""Without VAT the sum of rounded lines may differ so much from ours; the total may not."""

LATEST_POST = timedelta(days=3)
"""So long after it was taken for lost a post is still looked for: three nights."""

_CANCELLED = re.compile(r"annul|cancel", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What an order is compared under: the shop's choices and statuses, and the moment."""

    settings: ShopSettings
    facts: Facts

    @property
    def now(self) -> datetime:
        """The moment of the run."""
        return self.facts.now

    def status(self, order: Order) -> OrderStatus | None:
        """The order's status with its text; ids are the shop's own."""
        return self.facts.statuses.get(order.status) if order.status is not None else None


def watched(row: LedgerRow) -> bool:
    """Whether what happens to the order matters: we booked it, and it stands in the books."""
    return row.state == BOOKED and row.reason not in {"by_hand", DELETED_IN_BOOKS}


def may_be_double(row: LedgerRow, now: datetime) -> bool:
    """Whether an earlier post, taken for lost, could still turn up beside this booking."""
    return watched(row) and row.given_up_at is not None and now - row.given_up_at < LATEST_POST


def about_order(row: LedgerRow, order: Order, view: View) -> Mapping[str, str]:
    """Code -> Dutch detail of what happened to a booked order in the shop (R103, R121, R122)."""
    found: list[Message] = []
    if fingerprint(order) != row.fingerprint:
        found.append(_changed(row, order))
    if not (order.credited_order_number or order.credit_order_numbers or _is_credit(row)):
        found += _uncredited(row, order, view)
    return {one.code: one.text for one in found}


def _uncredited(row: LedgerRow, order: Order, view: View) -> Iterator[Message]:
    """What asks for a credit order, while there is none."""
    check = row.vat_check
    if check is not None and not check.valid and "vies_invalid" not in row.messages:
        yield message(NUMBER_REFUSED, day=f"{check.at:%d-%m-%Y}")
    if order.payment_status == "refunded" != row.payment_status:
        yield message(REFUNDED, amount=_amount(order.total, order.currency or row.currency))
    status = view.status(order)
    if status is not None and status.credit_order:
        yield message(CREDIT_STATUS, status=status.description)
    elif status is not None and _CANCELLED.search(status.description):
        yield message(CANCELLED, status=status.description)
    elif has_failed(order) and row.payment_status != order.payment_status:
        yield message(PAYMENT_LOST)


def _is_credit(row: LedgerRow) -> bool:
    """An order that its status made a credit order, and that was booked as one (R11)."""
    return row.posted_total is not None and row.posted_total < 0


def _changed(row: LedgerRow, order: Order) -> Message:
    currency = order.currency or row.currency
    now = _amount(order.total, currency)
    if row.total is None:
        return message(TOTAL_READ, now=now)
    was = _amount(row.total, row.currency)
    if was == now:
        return message(DETAILS_CHANGED, total=was)
    difference = "–"  # between two currencies
    if row.currency == currency:
        difference = _amount(order.total - row.total, currency)
    return message(CHANGED, was=was, now=now, difference=difference)


def number_unchecked(row: LedgerRow) -> bool:
    """Whether VIES could not tell of the customer's VAT number, and has not told since (R26)."""
    return watched(row) and row.vat_check is None and NOT_CHECKED in row.messages


def with_check(row: LedgerRow, check: VatCheck) -> LedgerRow:
    """The row with VIES' answer, which the remark that there was none makes way for."""
    remark = message(NOT_CHECKED).text
    return replace(
        row,
        reason=row.reason or NUMBER_CHECKED,
        vat_check=check,
        messages=tuple(code for code in row.messages if code != NOT_CHECKED),
        detail="" if row.detail == remark else row.detail,
    )


def vanished(row: LedgerRow) -> str:
    """What is told of a booked order that the shop no longer has."""
    amount = "€ ?" if row.total is None else _amount(row.total, row.currency)
    return message(VANISHED, amount=amount).text


# --------------------------------------------------------------------------- the entry


def about_entry(row: LedgerRow, entry: Entry | None) -> Mapping[str, str]:
    """Code -> detail of what is wrong with an entry (R83, R123); ``None``: Acumulus lost it."""
    if entry is None or entry.deleted:
        return {DELETED_IN_BOOKS: message(DELETED_IN_BOOKS, entry=row.entryid).text}
    return differences(row, entry)


def differences(row: LedgerRow, entry: Entry) -> Mapping[str, str]:
    """How an entry differs from what was posted, in amounts; empty when it does not (R83)."""
    if row.posted_total is None:
        return {}
    if entry.total is not None and entry.total != row.posted_total:
        return _difference(ENTRY_DIFFERS, entry.total, row.posted_total)
    without = row.posted_total - sum(row.vat.values(), Decimal(0))
    shown = entry.total_excl_vat
    if shown is not None and row.vat and abs(shown - without) > VAT_SLACK:
        return _difference(ENTRY_VAT_DIFFERS, shown, without)
    return {}


def _difference(code: str, shown: Decimal, posted: Decimal) -> Mapping[str, str]:
    told = message(
        code, shown=euro(shown), posted=euro(posted), difference=euro(abs(shown - posted))
    )
    return {code: told.text}


def several(entryids: tuple[str, ...]) -> str:
    """What is told of a concept that was made final more than once (R120)."""
    return message(CONCEPT_SEVERAL, entries=", ".join(entryids)).text


def gone(row: LedgerRow) -> str:
    """What is told of a concept that Acumulus no longer knows (R120)."""
    return message(CONCEPT_GONE, concept=row.conceptid).text


def about_old_concept(conceptid: str, entryids: tuple[str, ...]) -> Mapping[str, str]:
    """Code -> detail of a concept whose order was booked again (R124)."""
    if not entryids:
        return {OLD_CONCEPT: message(OLD_CONCEPT, concept=conceptid).text}
    told = message(OLD_CONCEPT_FINAL, concept=conceptid, entries=", ".join(entryids))
    return {OLD_CONCEPT_FINAL: told.text}


# --------------------------------------------------------------------------- payment


def paid_since(row: LedgerRow, order: Order, view: View) -> bool:
    """Whether an invoice that was due is paid by now (R101, R119)."""
    return row.due and watched(row) and is_paid(order, view.settings, view.facts)


def payment_day(order: Order, payments: tuple[Payment, ...], view: View) -> date:
    """The day of the last capture, local to the shop (R102)."""
    facts = Facts(now=view.now, store=view.facts.store, payments=payments)
    return paid_on(order, view.settings, facts)


def _amount(amount: Decimal, currency: str) -> str:
    if currency == "EUR":
        return euro(amount)
    return f"{currency} " + euro(amount).removeprefix("€ ")
