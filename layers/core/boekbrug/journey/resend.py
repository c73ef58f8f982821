"""A booked order whose facts were mended -> its new invoice, then the old entry to the bin (R124).

    booked(old) ─▶ waiting(resend) ─▶ queued ─▶ posting ─▶ booked(new) ─▶ old entry to the bin
         ▲                  │            │          │
         └── no new invoice: the old one stays ─────┘ (an unclear one is looked up first)

The post goes through the same claim as every other, so it is made once. The old entry's number is
in the timeline: whoever ends half way asks again, and only what is left is done.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from boekbrug.errors import BoekbrugError
from boekbrug.journey.book_order import book_order
from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import (
    BY_HAND,
    DecisionServices,
    Said,
    open_books,
    order_row,
    shop_run,
    sweep_from,
)
from boekbrug.journey.fetch_shop import fetch_again
from boekbrug.journey.ports import (
    BOOKED,
    HELD,
    QUEUED,
    SKIPPED,
    WAITING,
    Books,
    ConnectedShop,
    LedgerRow,
    OrderKey,
    OrderMessage,
    TimelineEvent,
)

RESEND = "resend"
NOT_POSTED = (HELD, QUEUED, SKIPPED, WAITING)
_OLD = re.compile(r"^Opnieuw boeken in plaats van boeking (\d+):")


@dataclass(frozen=True, slots=True)
class Resent:
    """The row afterwards and what became of the old one.

    ``binned`` is the entry that went to the bin, ``stays`` the concept that cannot be removed,
    ``why_not`` the reason code when no new invoice was made: then the old one was not touched.
    """

    row: LedgerRow
    binned: str = ""
    stays: str = ""
    why_not: str = ""


def resend(services: DecisionServices, shop: ConnectedShop, number: str, said: Said) -> Resent:
    """Book an order again as it is now; creation first, so that a failure leaves the old invoice.

    Raises ``DecisionRefused``, and as the ports do; then too the old invoice is untouched.
    """
    row = order_row(services, shop, number, (BOOKED,))
    if row.reason == BY_HAND or not (row.entryid or row.conceptid):
        raise DecisionRefused("decision_not_possible", number=number, state=row.reason or row.state)
    books = open_books(services, shop)
    left = _left_behind(services, books, row)
    if left:
        books.delete_entry(left)
        return Resent(row, binned=left)
    old = f"boeking {row.entryid}" if row.entryid else f"concept {row.conceptid}"
    text = said.text(f"Opnieuw boeken in plaats van {old}")
    if shop_run(services, shop, _Hand()).api.order(number) is None:
        raise DecisionRefused("not_in_shop", number=number)
    sweep_from(services, shop, row.order_date)  # whatever ends this half way, a run looks at it
    _mark(services, row, text)
    try:
        why_not = _book(services, books, shop, number)
    except BoekbrugError:
        _restore(services, row)
        raise
    return _outcome(services, books, row, why_not)


def _left_behind(services: DecisionServices, books: Books, row: LedgerRow) -> str:
    """The old entry of an earlier resend that ended before it went to the bin."""
    for old in replaced(services.fetching.ledger.timeline(row.key)):
        if old != row.entryid:
            entry = books.entry(old)
            if entry is not None and not entry.deleted:
                return entry.entryid
    return ""


def replaced(timeline: Iterable[TimelineEvent]) -> list[str]:
    """The entries whose place a resend was to take, the oldest first."""
    told = (_OLD.match(event.text) for event in timeline if event.code == RESEND)
    return [found[1] for found in told if found]


def _mark(services: DecisionServices, row: LedgerRow, text: str) -> None:
    marked = replace(
        row,
        state=WAITING,
        reason=RESEND,
        detail=text,
        entryid="",
        invoicenumber="",
        conceptid="",
        changed_at=services.fetching.clock.now(),
    )
    if row.key not in services.fetching.ledger.record([(marked, row)]):
        raise DecisionRefused("decision_overtaken", number=row.key.number)


class _Hand:
    """An orders queue that keeps what it is given: this process books it itself."""

    def __init__(self) -> None:
        self.messages: list[OrderMessage] = []

    def send(self, messages: Sequence[OrderMessage]) -> set[OrderKey]:
        self.messages += messages
        return {message.key for message in messages}


def _book(services: DecisionServices, books: Books, shop: ConnectedShop, number: str) -> str:
    """Fetch and book it here; why there is no new invoice, else ``""``."""
    hand = _Hand()
    fetch_again(shop_run(services, shop, hand), [number])
    for message in hand.messages:
        booking = book_order(services.booking.one, books, shop, message)
        return "" if booking.state == BOOKED else booking.reason or booking.state
    return "not_to_be_booked"


def _outcome(services: DecisionServices, books: Books, old: LedgerRow, why_not: str) -> Resent:
    """The stored row decides, whoever wrote it: the old entry goes only when a new one is there."""
    now = services.fetching.ledger.rows([old.key])[old.key]
    if now.state == BOOKED and (now.entryid or now.conceptid):
        if old.entryid:
            books.delete_entry(old.entryid)
        return Resent(now, binned=old.entryid, stays="" if old.entryid else old.conceptid)
    reason = now.reason or why_not
    return Resent(_restore(services, old), why_not=reason)


def _restore(services: DecisionServices, old: LedgerRow) -> LedgerRow:
    """Nothing new was made: the old invoice is the order's again; what is unclear stays so."""
    ledger = services.fetching.ledger
    now = ledger.rows([old.key])[old.key]
    if now.state in NOT_POSTED:
        back = replace(old, changed_at=services.fetching.clock.now())
        ledger.record([(back, now)])
    return ledger.rows([old.key])[old.key]
