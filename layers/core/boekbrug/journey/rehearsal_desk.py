"""A page of a shop's orders -> what each would become, had booking done those before it."""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from boekbrug.domain.comparison import compare
from boekbrug.domain.facts import Facts, SentInvoice
from boekbrug.domain.invoice import Invoice
from boekbrug.domain.order import Order
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError, where
from boekbrug.journey.booking_facts import ORIGINAL_NOT_BOOKED
from boekbrug.journey.conversions import Conversions, outcome_of
from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    SKIPPED,
    UNCLEAR,
    WAITING,
    LedgerRow,
    OrderKey,
)
from boekbrug.journey.ports.shops import FetchedOrder, Shop
from boekbrug.journey.rehearsal import INVOICES, THERE, Rehearsed, in_cents, told
from boekbrug.journey.triage import BY_OWNER, PERHAPS_POSTED, Fetched, key_of, named

log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True)
class Desk:
    """What every order of a rehearsal is judged with.

    ``originals`` are the orders that ``conversions`` knows for credit orders: they grow with every
    page. ``found`` is what was rehearsed so far, by number.
    """

    api: Shop
    shop_id: str
    settings: ShopSettings
    conversions: Conversions
    rows: Callable[[list[OrderKey]], Mapping[OrderKey, LedgerRow]]
    originals: dict[str, Order]
    found: dict[str, Rehearsed] = field(default_factory=dict)

    def rehearse(self, fetched: Iterable[Fetched]) -> tuple[Rehearsed, ...]:
        """By ascending number, so that an original comes before its credit order."""
        listed = tuple(fetched)
        keys = [key_of(self.shop_id, one) for one in listed]
        rows = self.rows(keys)
        orders = (one.order for one in listed if isinstance(one, FetchedOrder))
        self.originals |= {order.number: order for order in orders}
        made = []
        for one, key in zip(listed, keys, strict=True):
            made.append(self._one(one, rows.get(key)))
            self.found[made[-1].number] = made[-1]
        return tuple(made)

    def _one(self, fetched: Fetched, row: LedgerRow | None) -> Rehearsed:
        if not isinstance(fetched, FetchedOrder):
            number, reason = named(fetched)[0] or "?", "unreadable_order"
            return Rehearsed(number=number, state=HELD, reason=reason)
        order = fetched.order
        seen = Rehearsed(
            number=order.number,
            day=order.date,
            total=order.total,
            currency=order.currency,
            state=THERE,
        )
        if row is not None and _is_settled(row):
            state = SKIPPED if row.reason == BY_OWNER else THERE
            return replace(seen, state=state, reason=row.reason, text=row.detail)
        try:
            return self._converted(seen, order)
        except BoekbrugError:
            raise
        except Exception as fault:  # noqa: BLE001  # one faulty order never hides the others
            log.error(  # noqa: TRY400  # the text of an unknown fault may hold customer data
                "order not rehearsed: fault", extra={"order": order.number, "why": where(fault)}
            )
            return replace(seen, state=HELD, reason="fault")

    def _converted(self, seen: Rehearsed, order: Order) -> Rehearsed:
        facts = self._facts(order)
        if isinstance(facts, str):
            return replace(seen, state=WAITING, reason=facts)
        outcome = outcome_of(order, self.settings, facts)
        state, reason, text = told(outcome)
        made = replace(seen, state=state, reason=reason, text=text)
        if not isinstance(outcome, Invoice):
            return made
        if self._state_of(order.credited_order_number) in (HELD, WAITING):
            return replace(seen, state=WAITING, reason=ORIGINAL_NOT_BOOKED)
        rates, whole = in_cents(compare(order, self.settings, facts, outcome), outcome)
        return replace(made, rates=rates, whole=whole)

    def _facts(self, order: Order) -> Facts | str:
        number = order.credited_order_number
        if number and number not in self.originals:
            original = self.api.order(number)
            if isinstance(original, FetchedOrder):
                self.originals[number] = original.order
        facts = self.conversions.facts(order, self.settings)
        if isinstance(facts, str) or self._state_of(number) not in INVOICES:
            return facts
        return replace(facts, already_sent={number: SentInvoice()})

    def _state_of(self, number: str) -> str:
        """What becomes of an order that was rehearsed before."""
        return self.found[number].state if number in self.found else ""


def _is_settled(row: LedgerRow) -> bool:
    """Whether something has become of the order already, or nothing will."""
    posted = row.state in (BOOKED, POSTING, UNCLEAR) or row.reason in PERHAPS_POSTED
    return posted or row.reason == BY_OWNER
