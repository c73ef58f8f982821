"""A shop's ledger rows of a period, wherever in its history that lies.

Rows are kept by number. Of a shop with few orders all are read. Of others it is taken that numbers
rise with the days: then the place of a period is found by halving, and reading costs what the
period holds.
"""

from datetime import date, timedelta
from itertools import islice

from boekbrug.journey.overview import MOST_OPEN
from boekbrug.journey.ports.ledger import Ledger, LedgerRow, OrderKey

A_READ = 500
FEW_ROWS, MOST_ROWS = 2_000, 20_000
SLACK = timedelta(days=3)
"""An order may be so much older than the numbers below it."""


class TooManyRowsError(Exception):
    """When a period holds more orders than are read for one page."""


def period_rows(ledger: Ledger, shop_id: str, since: date, until: date) -> list[LedgerRow]:
    """All rows of the period, and others beside them.

    Raises ``TooManyRowsError``, and ``RetryLater`` when our own storage cannot be read.
    """
    # An order that could not be read may have no number, and then stands anywhere.
    found = {row.key: row for row in islice(ledger.open_rows(shop_id), MOST_OPEN)}
    before: OrderKey | None = None
    halved = False
    while True:
        read = ledger.newest_rows(shop_id, A_READ, before=before)
        found |= {row.key: row for row in read}
        many = len(found) >= FEW_ROWS
        if len(read) < A_READ or (many and all(row.order_date < since for row in read)):
            return list(found.values())
        if len(found) > MOST_ROWS:
            raise TooManyRowsError
        before = read[-1].key
        if many and not halved and read[-1].order_date > until + SLACK:
            before, halved = _place(ledger, before, until + SLACK), True


def _place(ledger: Ledger, before: OrderKey, day: date) -> OrderKey:
    """Further down: a number that the orders until this day are below."""
    if not before.number.isdecimal():
        return before
    low, high = 0, int(before.number)
    while high - low > A_READ // 10:
        middle = (low + high) // 2
        below = ledger.newest_rows(before.shop_id, 1, before=_at(before, middle))
        if below and below[0].order_date > day:
            high = middle
        else:
            low = middle
    return _at(before, high)


def _at(key: OrderKey, number: int) -> OrderKey:
    """Just below the orders of a number."""
    return OrderKey(key.shop_id, str(number), "")
