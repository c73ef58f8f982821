"""Order -> the one right invoice, or why there is none: the rules in the order they apply.

currency ─▶ sale (who, where, when) ─▶ lines and rates ─▶ VAT type ─▶ amounts to the cent
         ─▶ customer ─▶ head ─▶ final, or a concept with every reason
"""

from decimal import Decimal

from boekbrug.domain import head
from boekbrug.domain.amounts import ONE, dutch, dutch_number
from boekbrug.domain.choice import MARGIN
from boekbrug.domain.contact import contact
from boekbrug.domain.credit import check_credit
from boekbrug.domain.currency import currency_of, exchange_rate
from boekbrug.domain.facts import Facts
from boekbrug.domain.head import check_refunds
from boekbrug.domain.invoice import Hold, Invoice, InvoiceLine, Skip
from boekbrug.domain.linerates import fix_rates
from boekbrug.domain.lines import Draft, draft_lines
from boekbrug.domain.mixed import settle_rates
from boekbrug.domain.order import Order
from boekbrug.domain.reasons import message
from boekbrug.domain.sale import Sale
from boekbrug.domain.settings import ShopSettings
from boekbrug.domain.totals import (
    book_lines,
    check_vat,
    invoice_total,
    vat_per_rate,
)
from boekbrug.domain.vattype import STRATEGIES, choose, needs_country_rates
from boekbrug.domain.vies import check_vies


def convert(order: Order, settings: ShopSettings, facts: Facts) -> Invoice | Hold | Skip:
    """The invoice of an order that ``eligibility.decide`` let through.

    Amounts in the result are euro. Everything found on the way is in its messages; a warning
    makes it a concept, an error holds it (section 0).
    """
    if not order.lines:
        return _hold("no_lines")
    exchange = exchange_rate(order, settings, facts.store)
    if exchange is None:
        return _hold("no_exchange_rate", currency=currency_of(order, facts.store))
    sale = Sale(order, settings, facts, exchange)
    if sale.basis.tax_strategy not in STRATEGIES:
        return _hold("unknown_tax_strategy")
    if needs_country_rates(sale):
        return _hold("vat_rates_missing", waits=True, country=sale.country)
    _look_around(sale)
    drafts = settle_rates(sale, draft_lines(sale))
    choice = choose(sale, _drafts_of_basis(sale, drafts))
    fix_rates(sale, choice, drafts)
    wanted = invoice_total(sale)
    lines, total = book_lines(sale, choice, drafts, wanted)
    margin = choice.vattype == MARGIN
    vat = vat_per_rate(lines, margin=margin)
    if total == wanted and not margin:
        check_vat(sale, lines, vat)
    return _invoice(sale, choice.vattype, lines, total, vat)


def _hold(reason: str, *, waits: bool = False, **values: object) -> Hold:
    return Hold(reason, (message(reason, **values),), waits)


def _look_around(sale: Sale) -> None:
    """What is odd about the order as a whole, whatever its lines say."""
    found, source = sale.findings, sale.place.source
    if sale.home != "NL":
        found.add("administration_not_dutch", country=sale.home)
    if source:
        code = "country_from_order" if source == "order" else "country_unknown"
        found.add(code, country=sale.place.code)
    store = sale.facts.store.region_code
    if store and store != sale.home:
        found.add("store_elsewhere", store=store, home=sale.home)
    if sale.credit:
        check_credit(sale.order, sale.facts, found)
    elif sale.order.total < 0:
        found.add("negative_total", amount=dutch(sale.order.total * sale.factor))
    check_refunds(sale)
    check_vies(sale)


def _drafts_of_basis(sale: Sale, drafts: list[Draft]) -> list[Draft]:
    """The lines that decide about the VAT type: of a credit order those of its original (R111)."""
    original = sale.original
    if original is None or not original.lines:
        return drafts
    sold = Sale(original, sale.settings, sale.facts, ONE)
    return settle_rates(sold, draft_lines(sold))


def _invoice(
    sale: Sale,
    vattype: int,
    lines: tuple[InvoiceLine, ...],
    total: Decimal,
    vat: dict[str, Decimal],
) -> Invoice:
    exchange = abs(sale.factor)
    if exchange != ONE:
        currency = currency_of(sale.order, sale.facts.store)
        sale.findings.add("currency_converted", currency=currency, rate=dutch_number(exchange))
    customer = contact(sale, vattype, lines)
    status, paid = head.payment(sale)
    accountnumber, costcenter = head.account(sale)
    return Invoice(
        order_number=sale.order.number,
        customer=customer,
        concept=head.is_concept(sale),
        vattype=vattype,
        description=head.description(sale),
        lines=lines,
        total=total,
        vat=vat,
        issuedate=head.issue_date(sale, paid),
        paymentstatus=status,
        paymentdate=paid,
        costcenter=costcenter,
        accountnumber=accountnumber,
        template=head.template(sale.settings, status),
        warehousecountry=sale.warehouse or None,
        descriptiontext=head.description_text(sale),
        invoicenotes=head.notes(sale, exchange),
        messages=tuple(sale.findings.messages),
    )
