"""Order lines -> drafts: one per line and rate, in invoice order, amounts in euro (R61-R78)."""

from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from operator import attrgetter

from boekbrug.domain.amounts import CENT, HALF_CENT, HUNDRED, ONE, ZERO, to_cents, vat_factor
from boekbrug.domain.nature import is_margin_line
from boekbrug.domain.order import OrderLine, Price
from boekbrug.domain.sale import Sale


class Kind(IntEnum):
    """What a line is for; the numbers are the order on the invoice (R61)."""

    GOODS = 0
    SHIPPING = 1
    PAYMENT = 2
    OTHER = 3
    DISCOUNT = 4
    VOUCHER = 5


_KINDS = {
    "article": Kind.GOODS,
    "custom": Kind.GOODS,
    "digital": Kind.GOODS,
    "physical": Kind.GOODS,
    "shipping": Kind.SHIPPING,
    "shippingfee": Kind.SHIPPING,
    "payment": Kind.PAYMENT,
    "paymentfee": Kind.PAYMENT,
    "surcharge": Kind.OTHER,
    "deposit": Kind.OTHER,
    "rounding": Kind.OTHER,
    "discount": Kind.DISCOUNT,
    "giftcard": Kind.VOUCHER,
    "voucher": Kind.VOUCHER,
    "storecredit": Kind.VOUCHER,
    "cadeaubon": Kind.VOUCHER,
    "cadeaukaart": Kind.VOUCHER,
    "webshopgiftcard": Kind.VOUCHER,
    "podiumgiftcard": Kind.VOUCHER,
}


@dataclass(slots=True)
class Draft:
    """A line in the making: amounts of the whole line in euro, with the invoice's sign.

    ``rate`` is ``None`` until it is known; ``suspect`` when it is missing or contradicts the
    amounts (R54). ``part`` marks one of several rates of a line (R65). ``voucher`` lines are
    payments, not sales (R75); ``free`` lines have no amount (R59).
    """

    line: OrderLine
    kind: Kind
    net: Decimal
    gross: Decimal | None
    rate: Decimal | None
    part: bool = False
    suspect: bool = False
    voucher: bool = False
    free: bool = False
    margin: bool = False

    @property
    def known_gross(self) -> Decimal:
        """Including VAT: as the shop gave it, else computed (shop API, section 10, 10)."""
        if self.gross is not None:
            return self.gross
        rate = self.rate
        if rate is None or rate <= ZERO:
            return self.net
        return to_cents(self.net * (HUNDRED + rate) / HUNDRED)

    @property
    def side(self) -> bool:
        """Shipping, costs and discounts: lines that may be spread over rates (R66)."""
        return self.kind is not Kind.GOODS and not self.voucher


def draft_lines(sale: Sale) -> list[Draft]:
    """All lines of the order as drafts, in the order of the invoice (R61)."""
    drafts: list[Draft] = []
    for line in sale.order.lines:
        kind = _KINDS.get(line.type)
        if kind is None:
            kind = _kind_of(line, sale)
        if kind is Kind.VOUCHER and _is_voucher(line, sale):
            drafts.append(_voucher(line, sale))
            continue
        prices = line.prices or (_NOTHING,)
        for price in prices:
            drafts.append(_draft(line, kind, price, len(prices) > 1, sale))  # noqa: PERF401  # hot
    if not sale.settings.send_free_shipping:
        drafts = _without_free_shipping(drafts)
    drafts.sort(key=_kind)
    return drafts


def _kind_of(line: OrderLine, sale: Sale) -> Kind:
    """The kind of a line by its type; the type never decides about amounts (F15, R61)."""
    word = "".join(letter for letter in line.type.lower() if letter.isalpha())
    kind = _KINDS.get(word)
    if kind is None:
        if word:
            sale.findings.add("line_type_unknown", type=word[:30])
        kind = Kind.GOODS if line.articles else Kind.OTHER
    return kind


_NOTHING = Price(ZERO, ZERO, None)
_kind = attrgetter("kind")


def _draft(line: OrderLine, kind: Kind, price: Price, part: bool, sale: Sale) -> Draft:
    net, gross, rate = price.net, price.gross, price.rate
    suspect = rate is None
    if gross is not None and rate is not None:
        # A cent, or half a cent for each piece when the shop rounded the price of every one (R52).
        off = abs(net * vat_factor(rate) - gross)
        suspect = off > CENT and off > HALF_CENT * abs(line.quantity or ONE)
    free = not gross and abs(net) < HALF_CENT
    if sale.factor != ONE:
        net *= sale.factor
        gross = None if gross is None else gross * sale.factor
    draft = Draft(line, kind, net, gross, rate, part, suspect and not free, free=free)
    if sale.settings.margin_goods != "none":
        draft.margin = is_margin_line(line, sale.settings)
    return draft


def _is_voucher(line: OrderLine, sale: Sale) -> bool:
    """A redeemed gift card, or the sale of one for any purpose (R75, R76).

    The sale of a card with VAT on it (for a single purpose) is an ordinary line.
    """
    amount = sum((price.net for price in line.prices), ZERO) * sale.factor
    sold = amount < 0 if sale.credit else amount > 0
    return not (sold and any(price.rate for price in line.prices))


def is_sold(draft: Draft, sale: Sale) -> bool:
    """Whether a line is sold (or its sale credited), not paid with."""
    return draft.net < 0 if sale.credit else draft.net > 0


def _voucher(line: OrderLine, sale: Sale) -> Draft:
    """One line without VAT: what the card was worth, including VAT (R75)."""
    amount = sum((_with_vat(price) for price in line.prices), ZERO) * sale.factor
    return Draft(line, Kind.VOUCHER, amount, amount, ZERO, voucher=True)


def _with_vat(price: Price) -> Decimal:
    if price.gross is not None:
        return price.gross
    return to_cents(price.net * (HUNDRED + (price.rate or ZERO)) / HUNDRED)


def _without_free_shipping(drafts: list[Draft]) -> list[Draft]:
    """Without 0.00 shipping lines, unless nothing would be left (R73)."""
    kept = [draft for draft in drafts if not (draft.free and draft.kind is Kind.SHIPPING)]
    return kept or drafts
