"""A booked order that is booked again (R124): what stands until its new invoice is certain.

    booked(old) ─▶ waiting(resend) ─▶ queued ─▶ posting ─▶ booked(new) ─▶ old entry to the bin
         ▲                  │            │          └────▶ unclear ─▶ looked up as every post
         └── no new invoice: the old row is the order's again

The new row carries the old one (``replaces``) until nothing of it is left to be done, so whoever
goes on knows what that is, wherever it was cut off.
"""

from dataclasses import replace
from datetime import datetime

from boekbrug.journey.ports.books import Books
from boekbrug.journey.ports.ledger import BOOKED, HELD, SKIPPED, WAITING, Ledger, LedgerRow
from boekbrug.journey.sentences import reason_in_words

RESEND, RESENT, RESEND_FAILED = "resend", "resent", "resend_failed"


def begun(row: LedgerRow, text: str, now: datetime) -> LedgerRow:
    """A booked row on its way to its next invoice."""
    return replace(
        row,
        state=WAITING,
        reason=RESEND,
        detail=text,
        messages=(),
        entryid="",
        invoicenumber="",
        conceptid="",
        absent_at=None,
        changed_at=now,
        replaces=replace(row, replaces=None),
    )


def or_what_stands(row: LedgerRow, now: datetime) -> LedgerRow:
    """The row as it is, or the one it was to replace when it would end without an invoice."""
    old = row.replaces
    if old is None or row.state not in (HELD, SKIPPED, WAITING):
        return row
    return replace(
        old,
        reason=old.reason or RESEND_FAILED,
        detail=f"Opnieuw boeken lukte niet: {reason_in_words(row.reason, row.detail)}",
        revision=row.revision,
        attempts=row.attempts,
        changed_at=now,
    )


def left_behind(row: LedgerRow) -> str:
    """The old entry that goes to the bin now that the new one is certain; ``""`` for none."""
    old = row.replaces
    if old is None or row.state != BOOKED or old.entryid == row.entryid:
        return ""
    return old.entryid


def concept_left(row: LedgerRow) -> str:
    """The old concept of a booked row that only its owner can remove; ``""`` for none."""
    old = row.replaces
    return old.conceptid if old and row.state == BOOKED and not old.entryid else ""


def put_away(ledger: Ledger, books: Books, row: LedgerRow, now: datetime) -> LedgerRow:
    """Move the old entry of a booked row to the bin; returns the row afterwards.

    Safe to repeat. A concept cannot be removed: the row goes on carrying it, and the night looks
    until its owner did that. Raises as ``Books.delete_entry`` and the ledger do.
    """
    old = left_behind(row)
    if not old:
        return row
    books.delete_entry(old)
    settled = replace(
        row,
        reason=row.reason or RESENT,
        changed_at=now,
        replaces=None,
    )
    ledger.record([(settled, row)])
    return ledger.rows([row.key]).get(row.key, row)
