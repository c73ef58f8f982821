"""A shop's ledger rows of a period, wherever in its history that lies.

Rows are kept by number. Numbers rise with the days, nearly always, so the place of a period is
found by halving, and reading costs what the period holds.
"""

from datetime import date, timedelta
from itertools import islice

from boekbrug.journey.overview import MOST_OPEN
from boekbrug.journey.ports import Ledger, LedgerRow, OrderKey

A_READ = 500
MOST_ROWS = 20_000
SLACK = timedelta(days=3)
"""An order may be so much older than the numbers below it."""


class TooManyRowsError(Exception):
    """When a period holds more orders than are read for one page."""


def period_rows(
    ledger: Ledger, shop_id: str, since: date, until: date, *, today: date
) -> list[LedgerRow]:
    """All rows of the period, and some around it.

    Raises ``TooManyRowsError``, and ``RetryLater`` when our own storage cannot be read.
    """
    # An order that could not be read may have no number, and then stands anywhere.
    found = {row.key: row for row in islice(ledger.open_rows(shop_id), MOST_OPEN)}
    before = _place(ledger, shop_id, until + SLACK) if today - until > SLACK else None
    while True:
        read = ledger.newest_rows(shop_id, A_READ, before=before)
        found |= {row.key: row for row in read}
        if len(read) < A_READ or all(row.order_date < since for row in read):
            return list(found.values())
        if len(found) > MOST_ROWS:
            raise TooManyRowsError
        before = read[-1].key


def _place(ledger: Ledger, shop_id: str, day: date) -> OrderKey | None:
    """A number that the orders until this day are below; ``None``: begin at the top."""
    newest = ledger.newest_rows(shop_id, 1)
    if not newest or not newest[0].key.number.isdecimal():
        return None
    low, high = 0, int(newest[0].key.number) + 1
    while high - low > A_READ // 10:
        middle = (low + high) // 2
        below = ledger.newest_rows(shop_id, 1, before=OrderKey(shop_id, str(middle), ""))
        if below and below[0].order_date > day:
            high = middle
        else:
            low = middle
    return OrderKey(shop_id, str(high), "")
