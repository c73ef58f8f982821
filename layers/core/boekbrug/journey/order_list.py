"""The orders of a shop -> one page of them, the newest first, all or those of one kind.

A page costs a bounded number of reads. When what is looked for is rare, reading ends before the
page is full; then the page says how far was looked, and goes on from there when asked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import islice

from boekbrug.journey.overview import MOST_OPEN, is_concept
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

A_PAGE = 50
A_READ = 200
MOST_READS = 5  # of a page of one kind

ALL, NEEDS_YOU, WAITS, IS_BOOKED, IS_CONCEPT, IS_SKIPPED = KINDS = (
    *("", "needs_you", "waiting", "booked", "concept", "skipped"),
)
"""Which orders are listed."""

_OF_KIND: Mapping[str, Callable[[LedgerRow], bool]] = {
    ALL: lambda _row: True,
    IS_BOOKED: lambda row: row.state == BOOKED and not is_concept(row),
    IS_CONCEPT: is_concept,
    IS_SKIPPED: lambda row: row.state == SKIPPED,
}


@dataclass(frozen=True, slots=True)
class OrdersListed:
    """``older`` is where the next page begins, ``None`` at the end.

    ``looked_until`` is the order at which reading ended although the page is not full.
    """

    rows: tuple[LedgerRow, ...]
    older: OrderKey | None = None
    looked_until: str = ""


def list_orders(
    ledger: Ledger, shop_id: str, kind: str = ALL, *, before: OrderKey | None = None
) -> OrdersListed:
    """One page. Raises ``RetryLater`` when our own storage cannot be read."""
    if kind == NEEDS_YOU:
        return OrdersListed(_open(ledger, shop_id, (HELD, UNCLEAR)))
    if kind == WAITS:
        newest = ledger.newest_rows(shop_id, A_READ)
        underway = tuple(row for row in newest if row.state in (QUEUED, POSTING))
        return OrdersListed(underway + _open(ledger, shop_id, (WAITING,)))
    return _newest(ledger, shop_id, kind, before)


def _open(ledger: Ledger, shop_id: str, states: tuple[str, ...]) -> tuple[LedgerRow, ...]:
    read = islice(ledger.open_rows(shop_id), MOST_OPEN)
    found = [row for row in read if row.state in states]
    return tuple(sorted(found, key=lambda row: row.key.number.zfill(12), reverse=True))


def _newest(ledger: Ledger, shop_id: str, kind: str, before: OrderKey | None) -> OrdersListed:
    wanted = _OF_KIND[kind]
    a_read = A_READ if kind else A_PAGE + 1
    found: list[LedgerRow] = []
    for _ in range(MOST_READS):
        read = ledger.newest_rows(shop_id, a_read, before=before)
        found += [row for row in read if wanted(row)]
        if len(found) > A_PAGE:
            return OrdersListed(tuple(found[:A_PAGE]), found[A_PAGE - 1].key)
        if len(read) < a_read:
            return OrdersListed(tuple(found))
        before = read[-1].key
    return OrdersListed(tuple(found), before, before.number if before else "")


def to_cursor(key: OrderKey) -> str:
    """The place of an order in a list, as an address can hold it."""
    return f"{key.number}:{key.uuid}"


def from_cursor(shop_id: str, cursor: str) -> OrderKey | None:
    """What ``to_cursor`` wrote; nothing for anything else."""
    number, colon, uuid = cursor.partition(":")
    return OrderKey(shop_id, number, uuid) if number and colon else None
