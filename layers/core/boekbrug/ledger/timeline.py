"""A change of a row -> the event in the order's timeline. Pure; shared by all ledgers.

A row keeps the last ``EVENTS_KEPT`` events. The slot of an event is its revision modulo that
number, so that an event costs no read and no extra write, and a row cannot grow without end.
"""

from datetime import UTC, datetime, time

from boekbrug.journey.ports.ledger import BOOKED, LedgerRow, TimelineEvent

EVENTS_KEPT = 12
SAID_BY_A_PERSON = ("by_hand", "found")
"""Reasons of a booking that somebody told us of; the row's detail says what was told."""

LONGEST_TEXT = 120  # characters; the whole sentence of the current state is in the row itself


def event_of(row: LedgerRow) -> TimelineEvent:
    """What a person reads of this change: when, which state, and why or under which number."""
    ids = row.invoicenumber or row.entryid or row.conceptid
    text = ids if row.state == BOOKED and row.reason not in SAID_BY_A_PERSON else row.detail
    return TimelineEvent(_moment(row), row.state, row.reason, text[:LONGEST_TEXT])


def slot(revision: int) -> int:
    """Where the event of a revision is kept."""
    return revision % EVENTS_KEPT


def _moment(row: LedgerRow) -> datetime:
    """When it changed; a row without any time is as old as its order."""
    known = row.changed_at or row.posting_at or row.seen_at
    return known or datetime.combine(row.order_date, time(), UTC)
