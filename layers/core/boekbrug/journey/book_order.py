"""One order message -> one invoice in Acumulus, at most once.

    convert ─▶ claim (queued -> posting) ─▶ POST ─▶ remember (posting -> booked | unclear | ...)

Two ledger writes and one POST, nothing else on the way of an ordinary order. ``posting`` is
written before the first byte goes out, so whatever happens afterwards, the order is never posted
again by itself.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import uuid4

from boekbrug import CONVERTER
from boekbrug.domain.comparison import order_vat
from boekbrug.domain.convert import convert
from boekbrug.domain.credit import is_credit
from boekbrug.domain.currency import currency_of
from boekbrug.domain.eligibility import decide
from boekbrug.domain.facts import Facts
from boekbrug.domain.fingerprint import fingerprint
from boekbrug.domain.head import without_date
from boekbrug.domain.invoice import Hold, Invoice, Skip
from boekbrug.domain.messages import Message
from boekbrug.domain.order import Order, OrderStatus
from boekbrug.domain.payment import DUE
from boekbrug.domain.vies import number_to_check
from boekbrug.errors import NeedsOperator, NeedsOwner, RetryLater, StopShop, Unclear
from boekbrug.journey.booking_facts import ToldByShop, booking_facts
from boekbrug.journey.log_fields import fields_of
from boekbrug.journey.message_facts import unpack_payments
from boekbrug.journey.ports.books import Books, Posted, VatRates
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    SKIPPED,
    UNCLEAR,
    WAITING,
    Ledger,
    LedgerRow,
    OrderKey,
)
from boekbrug.journey.ports.queues import OrderMessage
from boekbrug.journey.ports.shops import FetchedOrder, UnreadableOrder
from boekbrug.journey.ports.tenants import ConnectedShop, Tenants
from boekbrug.journey.replacing import or_what_stands, put_away
from boekbrug.journey.triage import GONE, RETRY, lost
from boekbrug.journey.trials import TRIAL_LIMIT
from boekbrug.journey.vies_checks import ViesChecks

log = logging.getLogger(__name__)

PERIOD_LOCKED = "period_locked"


@dataclass(frozen=True, slots=True, kw_only=True)
class BookServices:
    """What booking one order needs.

    ``vies`` checks VAT numbers for shops that want it. ``read`` turns raw order bytes into an
    order; ``read_again`` asks the shop for an order that was too large for the queue.
    """

    tenants: Tenants
    ledger: Ledger
    vat_rates: VatRates
    vies: ViesChecks
    clock: Clock
    read: Callable[[bytes], FetchedOrder | UnreadableOrder]
    read_again: Callable[[ConnectedShop, str], FetchedOrder | UnreadableOrder | None]


@dataclass(frozen=True, slots=True)
class Booking:
    """What became of a message: the state of its order and why; ``posted`` when it went out now.

    ``busy`` when Acumulus may still be working on it.
    """

    key: OrderKey
    state: str
    reason: str = ""
    posted: bool = False
    busy: bool = False


def book_order(
    services: BookServices,
    books: Books,
    shop: ConnectedShop,
    message: OrderMessage,
    *,
    time_left: Callable[[], bool] = lambda: True,
) -> Booking:
    """Book one order; ``time_left`` is asked once more before the claim, after all look-ups.

    Raises ``RetryLater`` (nothing was sent, the order is queued again) and ``StopShop``
    (credentials refused, nothing was booked, the order waits).
    """
    fetched = _read(services, shop, message)
    if not isinstance(fetched, FetchedOrder):
        return set_aside(services, message, *_unread(fetched))
    order = fetched.order
    settings = services.tenants.settings(shop.shop_id, message.settings_version)
    told = _told(services, message, order)
    facts = booking_facts(
        services, books, shop, order, settings=settings, told=told, now=services.clock.now()
    )
    if isinstance(facts, str):
        return set_aside(services, message, WAITING, facts)
    number = number_to_check(order, settings, facts)
    if number:
        facts = replace(facts, vies=services.vies.of(number, shop.administration_id, books))
    refused = decide(order, settings, facts, manual=message.by_request)
    match refused or convert(order, settings, facts):
        case Invoice() as invoice:
            attempt = _Attempt(services, books, message, order, facts, time_left)
            return attempt.post(invoice, may_move=settings.locked_period == "transfer_date")
        case Hold(reason=reason, messages=messages, waits=waits):
            state = WAITING if waits else HELD
            return set_aside(services, message, state, reason, messages, order=order)
        case Skip(reason=reason, messages=messages):
            return set_aside(services, message, SKIPPED, reason, messages, order=order)


type Read = FetchedOrder | UnreadableOrder | RetryLater | StopShop | None


def _read(services: BookServices, shop: ConnectedShop, message: OrderMessage) -> Read:
    """The order; of one that was too large for the queue, what the shop says now."""
    if message.raw:
        return services.read(message.raw)
    try:
        return services.read_again(shop, message.key.number)
    except (RetryLater, StopShop) as failed:
        return failed


def _unread(instead: Read) -> tuple[str, str]:
    """State and reason without an order; a shop that fails is the business of its next run."""
    match instead:
        case None:
            return SKIPPED, GONE
        case UnreadableOrder():
            return HELD, "unreadable_order"
        case _:
            return WAITING, RETRY


def _told(services: BookServices, message: OrderMessage, order: Order) -> ToldByShop:
    """What the message carries of what only the shop knows."""
    status, original = order.status, services.read(message.original) if message.original else None
    return ToldByShop(
        statuses={} if status is None else {status: OrderStatus(status, "", message.credit_status)},
        payments=unpack_payments(message.payments),
        original=original.order if isinstance(original, FetchedOrder) else None,
    )


# --------------------------------------------------------------------------- posting


@dataclass(frozen=True, slots=True)
class _Attempt:
    """One order on its way into the books."""

    services: BookServices
    books: Books
    message: OrderMessage
    order: Order
    facts: Facts
    time_left: Callable[[], bool]

    def post(self, invoice: Invoice, *, may_move: bool) -> Booking:
        """Claim, post once, remember.

        ``may_move`` lets an invoice leave a locked period: nothing of it was booked for certain,
        so the order is queued again and gets a claim of its own, without a date (R98).
        """
        if not self.time_left():
            raise RetryLater("no time left in this run", code="out_of_time")
        services, owner = self.services, uuid4().hex
        row = _posting_row(self.message, self.order, self.facts, invoice)
        claimed = services.ledger.start_posting(row, owner=owner, at=services.clock.now())
        if claimed is None:
            return _already_taken(services, self.message)
        try:
            posted = self.books.add_invoice(invoice)
        except RetryLater:
            _finish(services, replace(claimed, state=QUEUED), owner)
            raise
        except StopShop as refused:
            _finish(services, replace(claimed, state=WAITING, reason=refused.code), owner)
            raise
        except (NeedsOwner, NeedsOperator) as refused:
            if may_move and refused.code == PERIOD_LOCKED and invoice.issuedate is not None:
                _finish(services, replace(claimed, state=QUEUED, reason=PERIOD_LOCKED), owner)
                return self.post(without_date(invoice), may_move=False)
            return _refused(services, claimed, owner, refused)
        except Unclear as unclear:
            booking = _finish(services, replace(claimed, state=UNCLEAR, reason=unclear.code), owner)
            return replace(booking, busy=unclear.busy)
        booking = _finish(services, _booked(claimed, posted), owner)
        if claimed.replaces is not None:
            self._put_old_away()
        return booking

    def _put_old_away(self) -> None:
        """Of an order that is booked again (R124); what fails now is done by the look-ups."""
        ledger, key = self.services.ledger, self.message.key
        try:
            for row in ledger.rows([key]).values():
                put_away(ledger, self.books, row, self.services.clock.now())
        except (RetryLater, StopShop, NeedsOperator) as failed:
            log.warning("old entry stays", extra={"order": key.number, "code": failed.code})


def _refused(
    services: BookServices, claimed: LedgerRow, owner: str, refused: NeedsOwner | NeedsOperator
) -> Booking:
    if refused.code == "quota_exhausted":
        _finish(services, replace(claimed, state=WAITING, reason=TRIAL_LIMIT), owner)
        raise StopShop(refused.detail, code=TRIAL_LIMIT) from None
    held = replace(claimed, state=HELD, reason=refused.code, detail=refused.detail)
    return _finish(services, held, owner)


def _posting_row(message: OrderMessage, order: Order, facts: Facts, invoice: Invoice) -> LedgerRow:
    return LedgerRow(
        key=message.key,
        state=POSTING,
        order_date=order.date,
        total=order.total,
        order_vat=order_vat(order),
        credit=is_credit(order, facts),
        currency=currency_of(order, facts.store),
        fingerprint=fingerprint(order),
        payment_status=order.payment_status,
        settings_version=message.settings_version,
        converter=CONVERTER,
        reference=invoice.description,
        posted_total=invoice.total,
        vat=invoice.vat,
        concept=invoice.concept,
        due=not invoice.concept and invoice.paymentstatus == DUE,
        vat_check=next(iter(facts.vies.values()), None),
        detail=invoice.messages[0].text if invoice.messages else "",
        messages=tuple(found.code for found in invoice.messages),
        correlation_id=message.correlation_id,
        revision=message.revision,
    )


def _booked(claimed: LedgerRow, posted: Posted) -> LedgerRow:
    return replace(
        claimed,
        state=BOOKED,
        reason="concept" if posted.conceptid and not posted.entryid else "",
        entryid=posted.entryid,
        invoicenumber=posted.invoicenumber,
        contactid=posted.contactid,
        conceptid=posted.conceptid,
        messages=claimed.messages + posted.warnings,
    )


def _finish(services: BookServices, row: LedgerRow, owner: str) -> Booking:
    """Remember the outcome; when even that fails the row stays ``posting`` and becomes unclear."""
    now = services.clock.now()
    outcome, row = row, or_what_stands(replace(row, changed_at=now), now)
    kept = services.ledger.finish_posting(row, owner=owner)
    log.log(
        logging.INFO if kept else logging.ERROR,
        "order posted" if kept else "answer of a post not kept",
        extra={**fields_of(row), "entryid": row.entryid, "conceptid": row.conceptid},
    )
    return Booking(row.key, outcome.state, outcome.reason, posted=True)


def _already_taken(services: BookServices, message: OrderMessage) -> Booking:
    """A second delivery: the row tells what became of the first, nothing is posted."""
    row = services.ledger.rows([message.key]).get(message.key)
    if row is None:
        return Booking(message.key, SKIPPED, "not_in_ledger")
    return _moved_on(services, row)


def _moved_on(services: BookServices, row: LedgerRow) -> Booking:
    """The row as it is; one whose worker is gone is unclear from now on."""
    unclear = lost(row, services.clock.now()) if row.state == POSTING else None
    if unclear is not None:
        services.ledger.record([(unclear, row)])
        row = unclear
    return Booking(row.key, row.state, row.reason)


def set_aside(
    services: BookServices,
    message: OrderMessage,
    state: str,
    reason: str,
    messages: Sequence[Message] = (),
    *,
    order: Order | None = None,
    detail: str = "",
) -> Booking:
    """Record why a queued order is not booked now; a row that moved on meanwhile is left alone.

    ``order`` is what was judged: when the row knows a newer version, that one has its own message.
    """
    row = services.ledger.rows([message.key]).get(message.key)
    if row is None:
        return Booking(message.key, SKIPPED, "not_in_ledger")
    if row.state != QUEUED or (order and _overtaken(row, message, order)):
        return _moved_on(services, row)
    now = services.clock.now()
    fresh = replace(
        row,
        state=state,
        reason=reason,
        detail=messages[0].text if messages else detail,
        messages=tuple(found.code for found in messages),
        changed_at=now,
    )
    services.ledger.record([(or_what_stands(fresh, now), row)])
    log.info("order set aside", extra=fields_of(fresh))
    return Booking(row.key, state, reason)


def _overtaken(row: LedgerRow, message: OrderMessage, order: Order) -> bool:
    """Whether the order or the merchant's choices changed after this message was sent."""
    judged = (fingerprint(order), order.payment_status, message.settings_version)
    asked = message.by_request == row.by_request
    return row.revision != message.revision and not (asked and judged == row.judged)
