"""Drafts -> invoice lines whose total is the order's to the cent (R62-R64, R79-R82).

The total is computed as Acumulus will: unit prices of four decimals times quantity times VAT,
added up, rounded to cents once.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from boekbrug.domain.amounts import (
    CENT,
    HALF_CENT,
    HUNDRED,
    ONE,
    ZERO,
    dutch,
    dutch_number,
    plain,
    to_cents,
    to_unit,
    vat_factor,
)
from boekbrug.domain.choice import MARGIN, Choice
from boekbrug.domain.invoice import InvoiceLine
from boekbrug.domain.lines import Draft
from boekbrug.domain.linetexts import described, item_number, line_nature, product_text
from boekbrug.domain.nature import purchase_price
from boekbrug.domain.rates import VAT_FREE
from boekbrug.domain.sale import Sale

_MOST_ROUNDING = Decimal("0.05")
"""More than this is no rounding, however many lines there are (R80)."""

type Source = Callable[[Draft, bool], Decimal]


@dataclass(slots=True)
class Booked:
    """One line as Acumulus will compute it.

    ``whole`` lines are sent as one piece with the quantity in the text (R64); ``gross`` includes
    VAT, unrounded.
    """

    draft: Draft
    unit: Decimal
    quantity: Decimal
    whole: bool
    gross: Decimal


def invoice_total(sale: Sale) -> Decimal:
    """What the invoice must add up to, in euro (R79)."""
    return to_cents(sale.order.total * sale.factor)


def book_lines(
    sale: Sale, choice: Choice, drafts: list[Draft], wanted: Decimal
) -> tuple[tuple[InvoiceLine, ...], Decimal]:
    """The lines of the invoice, with a rounding or correction line when one is needed.

    Beside them the total that Acumulus will make of them, in cents; ``wanted`` is the order's
    (R79).
    """
    margin = choice.vattype == MARGIN
    booked, total = _best(drafts, wanted, margin=margin)
    lines = [_line(sale, line, margin=margin) for line in booked]
    if total == wanted:
        return tuple(lines), total
    lines += _difference(sale, booked, wanted - total, margin=margin)
    return tuple(lines), _total_of_lines(lines, margin=margin)


def _total_of(booked: list[Booked]) -> Decimal:
    """What Acumulus will make of the lines (R79)."""
    return to_cents(sum([line.gross for line in booked], ZERO))


# --------------------------------------------------------------------------- hitting the total


def _best(drafts: list[Draft], wanted: Decimal, *, margin: bool) -> tuple[list[Booked], Decimal]:
    """The first way to book the lines that hits the total; else the nearest (R63, R64)."""
    nearest: tuple[list[Booked], Decimal] = ([], ZERO)
    for exact in (False, True):
        for source in (_from_net, _from_gross):
            booked = [_book(draft, source(draft, margin), exact, margin) for draft in drafts]
            total = _total_of(booked)
            if total == wanted:
                return booked, total
            if not nearest[0] or abs(wanted - total) < abs(wanted - nearest[1]):
                nearest = booked, total
    return nearest


def _from_net(draft: Draft, margin: bool) -> Decimal:
    """The amount without VAT as the shop gave it; margin lines include VAT (R42)."""
    return draft.known_gross if margin and draft.rate != VAT_FREE else draft.net


def _from_gross(draft: Draft, margin: bool) -> Decimal:
    """The amount without VAT, derived from the amount including VAT (R63)."""
    gross, rate = draft.gross, draft.rate or ZERO
    if gross is None:
        return _from_net(draft, margin)
    return gross if margin else gross / vat_factor(rate)


def _book(draft: Draft, amount: Decimal, exact: bool, margin: bool) -> Booked:
    """Per unit in four decimals; as one piece when that loses cents (R62, R64).

    ``exact`` asks for one piece as soon as anything is lost.
    """
    factor = ONE if margin else vat_factor(draft.rate or ZERO)
    quantity = draft.line.quantity
    if draft.part or not quantity or quantity == 1:
        unit = to_unit(amount)
        return Booked(draft, unit, ONE, draft.part and _is_several(quantity), unit * factor)
    quantity = abs(quantity)
    unit = to_unit(amount / quantity)
    lost = abs(unit * quantity - amount)
    limit = CENT / HUNDRED / 2 if exact else HALF_CENT
    if lost * factor >= limit or (quantity % ONE and quantity != quantity.quantize(CENT)):
        unit = to_unit(amount)
        return Booked(draft, unit, ONE, whole=True, gross=unit * factor)
    return Booked(draft, unit, quantity, whole=False, gross=unit * quantity * factor)


def _is_several(quantity: Decimal | None) -> bool:
    return bool(quantity) and abs(quantity or ONE) != 1


def _line(sale: Sale, booked: Booked, *, margin: bool) -> InvoiceLine:
    draft = booked.draft
    line = draft.line
    quantity, unit = booked.quantity, booked.unit
    cost = _cost(sale, booked) if margin else None
    if margin and sale.credit and unit < 0:
        # The purchase price stays positive: what goes back is the number of articles.
        quantity, unit = -quantity, -unit
    plain_text = not (booked.whole or draft.part)
    return InvoiceLine(
        product=described(draft, sale) if plain_text else product_text(draft, sale, _told(booked)),
        unitprice=unit,
        vatrate=draft.rate or ZERO,
        quantity=quantity,
        itemnumber=item_number(line) if line.articles else "",
        nature=line_nature(draft, sale),
        costprice=cost,
    )


def _told(booked: Booked) -> Decimal | None:
    return abs(booked.draft.line.quantity or ONE) if booked.whole else None


def _cost(sale: Sale, booked: Booked) -> Decimal:
    """The purchase price per unit in euro; 0 for all but margin goods (R42, R71)."""
    if not booked.draft.margin:
        return ZERO.quantize(CENT)
    price = purchase_price(booked.draft.line) * abs(sale.factor)
    whole = abs(booked.draft.line.quantity or ONE) if booked.whole else ONE
    return to_cents(price * whole)


# --------------------------------------------------------------------------- what is left over


def _difference(
    sale: Sale, booked: list[Booked], missing: Decimal, *, margin: bool
) -> list[InvoiceLine]:
    """A rounding line (R80); anything larger is told and, on request, corrected (R81)."""
    if abs(missing) <= min(CENT * len(booked), _MOST_ROUNDING):
        sale.findings.add("rounding_line", amount=dutch(missing))
        return [_extra_line(sale, booked, missing, "Afrondingsverschil", margin=margin)]
    choice = sale.settings.missing_amount
    codes = {"add_line": "amount_corrected", "ignore": "amount_ignored"}
    too_much = abs(invoice_total(sale)) < abs(_total_of(booked))
    default = "amount_too_much" if too_much else "amount_missing"
    sale.findings.add(
        codes.get(choice, default),
        amount=dutch(missing if choice == "add_line" else abs(missing)),
        vat=_missing_vat(sale, booked, margin=margin),
        order=dutch(invoice_total(sale)),
        lines=dutch(_total_of(booked)),
    )
    if choice != "add_line":
        return []
    return [_extra_line(sale, booked, missing, "Correctie", margin=margin)]


def _extra_line(
    sale: Sale, booked: list[Booked], missing: Decimal, text: str, *, margin: bool
) -> InvoiceLine:
    """One line that makes the total fit, at the rate of the largest line (R80)."""
    sold = [line for line in booked if not line.draft.voucher] or booked
    rate = max(sold, key=lambda line: abs(line.gross)).draft.rate or ZERO
    factor = ONE if margin else vat_factor(rate)
    unit = to_unit(missing / factor)
    exact = sum((line.gross for line in booked), ZERO)
    if to_cents(exact + unit * factor) != invoice_total(sale):
        unit = to_unit((invoice_total(sale) - exact) / factor)
    cost = ZERO.quantize(CENT) if margin else None
    return InvoiceLine(
        product=text,
        unitprice=unit,
        vatrate=rate,
        quantity=ONE,
        nature=sale.nature,
        costprice=cost,
    )


def _missing_vat(sale: Sale, booked: list[Booked], *, margin: bool) -> str:
    """How much VAT is missing beside the amount, when the shop says how much there should be."""
    if margin or not sale.order.taxes:
        return ""
    stated = sum((tax.amount for tax in sale.order.taxes), ZERO) * sale.factor
    sent = sum((vat_amount(line) for line in booked), ZERO)
    return f" (btw: {dutch(stated - sent)})"


def vat_amount(line: Booked) -> Decimal:
    """The VAT in a line, unrounded."""
    rate = line.draft.rate or ZERO
    return line.gross * rate / (HUNDRED + rate) if rate > ZERO else ZERO


# --------------------------------------------------------------------------- as Acumulus computes


def _total_of_lines(lines: list[InvoiceLine], *, margin: bool) -> Decimal:
    total = ZERO
    for line in lines:
        amount = line.unitprice * line.quantity
        total += amount if margin else amount * vat_factor(line.vatrate)
    return to_cents(total)


def vat_per_rate(lines: tuple[InvoiceLine, ...], *, margin: bool) -> dict[str, Decimal]:
    """The VAT of the invoice per rate, in cents; of margin lines over the margin only (R42)."""
    amounts: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = line.vatrate
        taxed = line.unitprice - (line.costprice or ZERO) if margin else line.unitprice
        amounts[rate] = amounts.get(rate, ZERO) + taxed * line.quantity
    return {plain(rate): to_cents(_vat(rate, amounts[rate], margin)) for rate in amounts}


def _vat(rate: Decimal, amount: Decimal, margin: bool) -> Decimal:
    """VAT on an amount without VAT; a margin includes it."""
    if rate <= ZERO:
        return ZERO
    return amount * rate / (HUNDRED + rate if margin else HUNDRED)


def check_vat(sale: Sale, lines: tuple[InvoiceLine, ...], vat: dict[str, Decimal]) -> None:
    """The VAT per rate against what the shop says; a difference is only told (R82, F6)."""
    stated: dict[str, Decimal] = {}
    for tax in sale.order.taxes:
        if tax.rate is not None and tax.rate > ZERO:
            key = plain(tax.rate)
            stated[key] = stated.get(key, ZERO) + tax.amount * sale.factor
    tolerance = CENT * max(len(lines), 2)
    for key, amount in stated.items():
        sent = vat.get(key, ZERO)
        if abs(amount - sent) > tolerance:
            sale.findings.add(
                "vat_differs",
                rate=dutch_number(Decimal(key)),
                invoice=dutch(sent),
                order=dutch(amount),
            )
