"""What a shop's orders would become: a value per order, and their sums. Pure.

Nothing of a customer is in it, so it can be kept for a while.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from boekbrug.domain.amounts import ONE, ZERO, to_cents
from boekbrug.domain.comparison import Amounts, Comparison, Pair
from boekbrug.domain.invoice import Hold, Invoice, Skip
from boekbrug.journey.ports.ledger import BOOKED, HELD, SKIPPED, WAITING

CONCEPT, THERE = "concept", "there"
"""An invoice that a person makes final, and an order that was posted before."""

INVOICES = frozenset({BOOKED, CONCEPT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsed:
    """One order and what would become of it; ``text`` is a Dutch sentence of ``reason``.

    ``rates`` and ``whole`` are the order beside its invoice, in euro and in cents; there are none
    without an invoice. ``total`` is in the order's currency, ``None`` when it cannot be read.
    """

    number: str
    day: date | None = None
    total: Decimal | None = None
    currency: str = "EUR"
    state: str
    reason: str = ""
    text: str = ""
    rates: tuple[Pair, ...] = ()
    whole: Pair | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What Acumulus said of one invoice in test mode; ``refusal`` is a code, empty when it is fine.

    ``told`` is what Acumulus said about it.
    """

    number: str
    refusal: str = ""
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """As far as it came.

    ``since`` is the first day; ``from_start`` tells that it is the shop's own start point.
    ``listed`` is how many orders the shop has from then on, ``left_out`` how many of the oldest
    were too many to look at. ``going_on`` until all others were looked at.
    """

    since: date | None
    from_start: bool
    settings_version: int
    at: datetime
    listed: int
    left_out: int = 0
    going_on: bool = False
    orders: tuple[Rehearsed, ...] = ()
    checked: tuple[Checked, ...] = ()

    @property
    def looked(self) -> int:
        """How many orders were looked at."""
        return len(self.orders)

    @property
    def to_look(self) -> int:
        """How many there are to look at; before the end, as the shop counted them."""
        if not self.going_on:
            return self.looked
        return max(self.listed - self.left_out, self.looked)

    @property
    def counts(self) -> Mapping[str, int]:
        """How many orders per state."""
        return Counter(order.state for order in self.orders)

    @property
    def invoices(self) -> tuple[Rehearsed, ...]:
        """What would be posted."""
        return tuple(order for order in self.orders if order.state in INVOICES)

    @property
    def differing(self) -> tuple[Rehearsed, ...]:
        """Invoices that are not to the cent what the shop charged."""
        return tuple(order for order in self.invoices if order.whole and order.whole.difference)


def rates_of(orders: Iterable[Rehearsed]) -> tuple[Pair, ...]:
    """The sums per VAT rate, from low to high; what has no rate comes first."""
    found: dict[Decimal | None, list[Pair]] = {}
    for order in orders:
        for pair in order.rates:
            found.setdefault(pair.rate, []).append(pair)
    by_rate = sorted(found, key=lambda rate: -ONE if rate is None else rate)
    return tuple(_sum(rate, found[rate]) for rate in by_rate)


def whole_of(orders: Iterable[Rehearsed]) -> Pair:
    """The sum of all."""
    return _sum(None, [order.whole for order in orders if order.whole])


def in_cents(comparison: Comparison, invoice: Invoice) -> tuple[tuple[Pair, ...], Pair]:
    """The rates and the whole as they are added up: what Acumulus computes is in cents already."""
    vat = {max(Decimal(rate), ZERO): amount for rate, amount in invoice.vat.items()}
    rates = tuple(
        Pair(
            pair.rate,
            _rounded(pair.order),
            Amounts(to_cents(pair.invoice.gross), vat.get(pair.rate or ZERO, ZERO)),
        )
        for pair in comparison.rates
    )
    whole = comparison.whole
    return rates, Pair(None, _rounded(whole.order), whole.invoice)


def told(outcome: Invoice | Hold | Skip) -> tuple[str, str, str]:
    """State, reason and sentence of an outcome."""
    text = outcome.messages[0].text if outcome.messages else ""
    match outcome:
        case Invoice(concept=concept, messages=messages):
            return CONCEPT if concept else BOOKED, messages[0].code if messages else "", text
        case Hold(reason=reason, waits=waits):
            return WAITING if waits else HELD, reason, text
        case Skip(reason=reason):
            return SKIPPED, reason, text


def _sum(rate: Decimal | None, pairs: Iterable[Pair]) -> Pair:
    listed = tuple(pairs)
    return Pair(
        rate, _added(pair.order for pair in listed), _added(pair.invoice for pair in listed)
    )


def _added(amounts: Iterable[Amounts]) -> Amounts:
    gross, vat = ZERO, ZERO
    for one in amounts:
        gross, vat = gross + one.gross, vat + one.vat
    return Amounts(gross, vat)


def _rounded(amounts: Amounts) -> Amounts:
    return Amounts(to_cents(amounts.gross), to_cents(amounts.vat))
