"""A booked order whose facts were mended -> booked again as it is now (R124).

The old row stays part of the new one until the old entry is in the bin (``journey.replacing``). The
post is made by ``book_orders``, as every other one: one at a time in an administration, under the
same limits. Whatever ends this half way, the next run or the next look-up goes on.
"""

from dataclasses import dataclass

from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.decisions import (
    BY_HAND,
    DecisionServices,
    Said,
    fetch_now,
    open_books,
    order_row,
    shop_run,
    sweep_from,
)
from boekbrug.journey.ports.ledger import BOOKED, LedgerRow
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.replacing import begun, left_behind, put_away


@dataclass(frozen=True, slots=True)
class Resent:
    """The row afterwards and what becomes of the old one.

    ``binned`` is the entry that went to the bin, ``stays`` the concept that cannot be removed,
    ``why_not`` the Dutch sentence when no new invoice is made: then the old one was not touched. A
    row that is not booked yet is on its way.
    """

    row: LedgerRow
    binned: str = ""
    stays: str = ""
    why_not: str = ""


def resend(services: DecisionServices, shop: ConnectedShop, number: str, said: Said) -> Resent:
    """Send an order on to be booked again as it is now; its old invoice stays until then.

    One that was booked again before has its old entry put away first, and nothing else is done.
    Raises ``DecisionRefused``, and as the ports do; then too the old invoice is untouched.
    """
    row = order_row(services, shop, number, (BOOKED,))
    if row.reason == BY_HAND or not (row.entryid or row.conceptid):
        stands = BY_HAND if row.reason == BY_HAND else row.state
        raise DecisionRefused("decision_not_possible", number=number, state=stands)
    ledger, now = services.fetching.ledger, services.fetching.clock.now()
    old = left_behind(row)
    if old:
        return Resent(put_away(ledger, open_books(services, shop), row, now), binned=old)
    named = f"boeking {row.entryid}" if row.entryid else f"concept {row.conceptid}"
    text = said.text(f"Opnieuw boeken in plaats van {named}")
    if shop_run(services, shop, services.fetching.orders_queue).api.order(number) is None:
        raise DecisionRefused("not_in_shop", number=number)
    if row.key not in ledger.record([(begun(row, text, now), row)]):
        raise DecisionRefused("decision_overtaken", number=number)
    sweep_from(services, shop, row.order_date)
    fetch_now(services, shop, [number])
    after = ledger.rows([row.key]).get(row.key, row)
    if after.replaces is None and after.state == BOOKED:
        return Resent(after, why_not=after.detail)
    return Resent(after, stays="" if row.entryid else row.conceptid)
