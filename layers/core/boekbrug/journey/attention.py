"""A ledger row -> does somebody have to hear of it, and where it is found for that. Pure.

The ledger's only index holds these rows and no others, so that looking for them costs nothing
while all goes well, however many orders there are.
"""

from collections.abc import Iterable
from datetime import date, datetime

from boekbrug.domain.messages import Severity
from boekbrug.domain.reasons import catalogue
from boekbrug.journey.ports.ledger import BOOKED, HELD, UNCLEAR, WAITING, LedgerRow
from boekbrug.journey.replacing import left_behind

FOUND_LATER = frozenset({"by_hand", "found", "found_again"})
"""Reasons of bookings that were known only after their post."""

OPEN = "OPEN"
"""Where the rows are that are not at their end: held, unclear, waiting, or an old entry is left."""

_QUIET = frozenset(entry.code for entry in catalogue() if entry.severity is Severity.NOTE)


def worth_telling(codes: Iterable[str]) -> tuple[str, ...]:
    """The codes that are a notice or worse (R126); what Acumulus remarked is one too."""
    return tuple(code for code in codes if code not in _QUIET)


def place(row: LedgerRow) -> str:
    """Where the index holds a row; ``""`` for a row that nobody needs to hear of."""
    if row.state in (HELD, UNCLEAR, WAITING) or left_behind(row):
        return OPEN
    booked = _booked_at(row) if row.state == BOOKED else None
    if booked is not None and worth_telling(row.messages):
        return place_of_day(booked.date())
    return ""


def _booked_at(row: LedgerRow) -> datetime | None:
    """When it was booked, or found to be: what happens to it afterwards is no new remark."""
    return row.changed_at if row.reason in FOUND_LATER else row.posting_at or row.changed_at


def place_of_day(day: date) -> str:
    """Where the index holds what was booked on a day (UTC) with something to tell."""
    return f"BOOKED#{day.isoformat()}"
