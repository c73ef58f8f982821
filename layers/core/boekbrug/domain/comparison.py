"""An order beside its invoice: amounts per VAT rate, and what differs to the cent.

All in euro. What the shop charged is turned into euro and into the sign of the invoice first
(R110, R117), so that both sides say the same when the invoice is right.
"""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from boekbrug.domain.amounts import HUNDRED, ONE, ZERO, plain, to_cents, vat_factor
from boekbrug.domain.choice import MARGIN
from boekbrug.domain.credit import is_credit, turns_sign
from boekbrug.domain.currency import exchange_rate
from boekbrug.domain.facts import Facts
from boekbrug.domain.invoice import Invoice, InvoiceLine
from boekbrug.domain.order import Order, Price
from boekbrug.domain.settings import ShopSettings


@dataclass(frozen=True, slots=True)
class Amounts:
    """Including VAT, and the VAT in it; unrounded per rate."""

    gross: Decimal
    vat: Decimal

    @property
    def net(self) -> Decimal:
        """Without VAT."""
        return self.gross - self.vat


@dataclass(frozen=True, slots=True)
class Pair:
    """One rate, or the whole: ``rate`` is ``None`` when the shop did not say it."""

    rate: Decimal | None
    order: Amounts
    invoice: Amounts

    @property
    def difference(self) -> Decimal:
        """The invoice less the order, in cents, VAT included."""
        return to_cents(self.invoice.gross - self.order.gross)


@dataclass(frozen=True, slots=True)
class Comparison:
    """The rates from low to high, and the whole.

    Under the margin scheme (``margin``) the VAT of a rate says nothing about the invoice: it is
    due over the margin only. The VAT of the whole is right then too.
    """

    rates: tuple[Pair, ...]
    whole: Pair
    margin: bool


def compare(order: Order, settings: ShopSettings, facts: Facts, invoice: Invoice) -> Comparison:
    """What was charged beside what Acumulus will compute."""
    factor = _factor(order, settings, facts)
    margin = invoice.vattype == MARGIN
    ordered, invoiced = _ordered(order, factor), _invoiced(invoice, margin=margin)
    rates = tuple(
        Pair(rate, _at(rate, ordered.get(rate, ZERO)), _at(rate, invoiced.get(rate, ZERO)))
        for rate in sorted({*ordered, *invoiced}, key=_by_rate)
    )
    vat = sum((pair.order.vat for pair in rates), ZERO)
    whole = Pair(
        None,
        Amounts(to_cents(order.total * factor), vat),
        Amounts(invoice.total, sum(invoice.vat.values(), ZERO)),
    )
    return Comparison(rates, whole, margin)


def order_vat(order: Order) -> dict[str, Decimal]:
    """The VAT per rate that the customer paid, in cents, as the order has it: its own currency.

    Rates without VAT in them are left out, and what nobody said the rate of.
    """
    taxed = ((rate, gross) for rate, gross in _ordered(order, ONE).items() if rate)
    found = {plain(rate): to_cents(_at(rate, gross).vat) for rate, gross in taxed}
    return {rate: vat for rate, vat in found.items() if vat}


def price_gross(price: Price) -> Decimal:
    """What the customer paid for a line at one rate, also when the shop left it out."""
    return (
        to_cents(price.net * vat_factor(price.rate or ZERO)) if price.gross is None else price.gross
    )


def line_gross(line: InvoiceLine, *, margin: bool) -> Decimal:
    """What a line of the invoice comes to, unrounded; prices of margin lines include VAT."""
    amount = line.unitprice * line.quantity
    return amount if margin else amount * vat_factor(line.vatrate)


def _factor(order: Order, settings: ShopSettings, facts: Facts) -> Decimal:
    sign = -ONE if is_credit(order, facts) and turns_sign(order) else ONE
    return sign * (exchange_rate(order, settings, facts.store) or ONE)


def _ordered(order: Order, factor: Decimal) -> dict[Decimal | None, Decimal]:
    totals: dict[Decimal | None, Decimal] = defaultdict(Decimal)
    for line in order.lines:
        for price in line.prices:
            totals[_key(price.rate)] += price_gross(price) * factor
    return totals


def _invoiced(invoice: Invoice, *, margin: bool) -> dict[Decimal | None, Decimal]:
    totals: dict[Decimal | None, Decimal] = defaultdict(Decimal)
    for line in invoice.lines:
        # VAT free and 0 % are one column in the order: the shop knows no difference.
        totals[_key(max(line.vatrate, ZERO))] += line_gross(line, margin=margin)
    return totals


def _at(rate: Decimal | None, gross: Decimal) -> Amounts:
    percent = rate or ZERO
    return Amounts(gross, gross * percent / (HUNDRED + percent))


def _key(rate: Decimal | None) -> Decimal | None:
    return None if rate is None else rate.normalize()


def _by_rate(rate: Decimal | None) -> Decimal:
    return -ONE if rate is None else rate
