"""An order and its invoice -> what stands left, right and below, in the visitor's words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import quote

from boekbrug.domain.choice import MARGIN
from boekbrug.domain.comparison import line_gross, price_gross
from boekbrug.domain.invoice import Invoice
from boekbrug.domain.order import Address, Order, OrderLine
from boekbrug.domain.payment import DUE
from boekbrug.domain.reasons import in_english
from boekbrug.journey.order_view import OrderView
from boekbrug.journey.overview import is_concept
from boekbrug.journey.ports.ledger import BOOKED, LedgerRow, TimelineEvent
from boekbrug.journey.sentences import reason_in_words
from boekbrug.portal.formats import day, money
from boekbrug.portal.texts import CATALOGUE
from boekbrug.portal.visit import Visit

type Facts = list[tuple[str, str]]
"""Labels with what they say; what is empty is left out."""

CUT_AT = 120
"""As long as the text of an event is kept; the whole sentence of now is above it."""
_LOUDEST_FIRST = ("error", "warning", "notice", "note")


@dataclass(frozen=True, slots=True)
class SideLine:
    """One line of an order or an invoice; ``rate`` is ``None`` when nobody said it."""

    text: str
    small: str
    rate: Decimal | None
    amount: Decimal


def order_parts(view: OrderView, visit: Visit) -> Mapping[str, object]:
    """What the template of one order shows besides the view itself."""
    order, invoice = view.order, view.invoice
    return {
        "order_facts": _order_facts(view, order, visit) if order else [],
        "order_lines": _order_lines(order) if order else [],
        "invoice_title": f"orders.invoice_side_{_invoice_kind(view)}",
        "invoice_facts": _invoice_facts(invoice, visit) if invoice else [],
        "invoice_lines": _invoice_lines(invoice, visit) if invoice else [],
        "compared": view.comparison,
        "messages": _messages(view, visit),
        "support": _support(view, visit),
        "timeline": [(one, _event(one, visit)) for one in reversed(view.explanation.timeline)],
    }


# --------------------------------------------------------------------------- the order


def _order_facts(view: OrderView, order: Order, visit: Visit) -> Facts:
    debtor = order.debtor
    there = _where(debtor.delivery) if debtor.delivery else ""
    return _said(
        visit,
        ordered_at=day(order.date, visit.language),
        status=view.status.description if view.status else "",
        customer=_who(debtor.invoice) or _joined(debtor.company, debtor.name),
        address=_where(debtor.invoice),
        delivery="" if there == _where(debtor.invoice) else there,
        email=debtor.email,
        vat_number=debtor.invoice.vat_number,
        vat=_joined(order.tax_region, _known(visit, f"orders.strategy_{order.tax_strategy or ''}")),
        payment=_payment(order, visit),
        credits=order.credited_order_number,
        total=money(order.total, visit.language, order.currency),
    )


def _payment(order: Order, visit: Visit) -> str:
    way = f"{order.payment.gateway} {order.payment.method}".strip() if order.payment else ""
    state = order.payment_status
    return _joined(_known(visit, f"orders.payment_{state}") if state else "", way)


def _order_lines(order: Order) -> list[SideLine]:
    return [
        SideLine(_order_text(line), _options(line), price.rate, price_gross(price))
        for line in order.lines
        for price in line.prices
    ]


def _order_text(line: OrderLine) -> str:
    described = line.description or " + ".join(one.description for one in line.articles)
    several = line.quantity is not None and line.quantity != 1
    return (f"{line.quantity.normalize():f} × " if several and line.quantity else "") + (
        described or line.type
    )


def _options(line: OrderLine) -> str:
    return _joined(*(option.description for one in line.articles for option in one.options))


# --------------------------------------------------------------------------- the invoice


def _invoice_kind(view: OrderView) -> str:
    row, invoice = view.row, view.invoice
    if invoice is None:
        return "none"
    if view.posted and row is not None:
        booked = "posted_concept" if is_concept(row) else "posted"
        return booked if row.state == BOOKED else "unclear"
    return "concept" if invoice.concept else "would"


def _invoice_facts(invoice: Invoice, visit: Visit) -> Facts:
    customer, language = invoice.customer, visit.language
    issued = day(invoice.issuedate, language) if invoice.issuedate else ""
    return _said(
        visit,
        description=invoice.description,
        vat_type=visit.say(f"orders.vattype_{invoice.vattype}"),
        invoice_date=issued or visit.say("orders.day_of_sending"),
        customer=_joined(customer.companyname1, customer.fullname),
        country=_joined(customer.countrycode, customer.country),
        vat_number=customer.vatnumber or "",
        payment=_paid(invoice, visit),
        note=(invoice.descriptiontext or "").replace("\\n", " "),
        total=money(invoice.total, language),
    )


def _paid(invoice: Invoice, visit: Visit) -> str:
    if invoice.paymentdate:
        return visit.say("orders.paid_on", day=day(invoice.paymentdate, visit.language))
    return visit.say("orders.due" if invoice.paymentstatus == DUE else "orders.paid")


def _invoice_lines(invoice: Invoice, visit: Visit) -> list[SideLine]:
    margin = invoice.vattype == MARGIN
    return [
        SideLine(
            line.product,
            f"{line.quantity.normalize():f} × {_unit(line.unitprice, visit.language)}",
            line.vatrate,
            line_gross(line, margin=margin),
        )
        for line in invoice.lines
    ]


def _unit(price: Decimal, language: str) -> str:
    """With the four decimals that Acumulus keeps."""
    text = f"{price:,.4f}"
    return text if language == "en" else text.translate(str.maketrans(",.", ".,"))


# --------------------------------------------------------------------------- below


def _support(view: OrderView, visit: Visit) -> Facts:
    """What whoever helps the owner asks for; no customer in it."""
    row = view.row
    return _said(
        visit,
        reason=row.reason if row else "",
        settings=visit.say("orders.version", n=view.settings_version),
        converter=row.converter if row else "",
        correlation=row.correlation_id if row else "",
    )


def _messages(view: OrderView, visit: Visit) -> list[tuple[str, str]]:
    """Severity and sentence of what is not told above; what Acumulus itself remarked comes last."""
    found = view.outcome.messages if view.outcome else ()
    loud_first = sorted(found, key=lambda one: _LOUDEST_FIRST.index(one.severity.value))
    told = [(one.severity.value, _in_language(one.code, one.text, visit)) for one in loud_first]
    ours = {one.code for one in found}
    remarked = view.row.messages if view.row and view.posted else ()
    told += [("notice", f"Acumulus: {code}") for code in _foreign(remarked, ours)]
    return [one for one in told if one[1] not in view.explanation.text]


def _foreign(codes: Iterable[str], ours: set[str]) -> list[str]:
    """Codes that Acumulus gave: ours are words in small letters."""
    return [code for code in codes if code not in ours and not code.islower()]


def _event(event: TimelineEvent, visit: Visit) -> str:
    """One step of the timeline: the number of a booking, or why."""
    if event.state == BOOKED and event.code == "concept":
        return visit.say("orders.event_concept")
    if event.state == BOOKED and event.code not in ("by_hand", "found"):
        return visit.say("orders.event_invoice", number=event.text) if event.text else ""
    key = f"orders.event_{event.state}"
    if key in CATALOGUE:
        return visit.say(key)
    cut = len(event.text) >= CUT_AT
    if cut and visit.language == "en":
        return reason_in_words(event.code, language=visit.language)
    return reason_in_words(event.code, event.text + "…" * cut, visit.language)


def order_path(number: str) -> str:
    """Where an order is shown, whatever stands in its number."""
    return f"/bestellingen/{quote(number, safe='')}"


def booked_as(row: LedgerRow, visit: Visit) -> str:
    """Under which number an order is in Acumulus, for a list."""
    if row.state != BOOKED:
        return ""
    if is_concept(row):
        return visit.say("orders.concept_number", number=row.conceptid)
    if row.invoicenumber:
        return visit.say("orders.invoice_number", number=row.invoicenumber)
    return visit.say("orders.booking_number", number=row.entryid) if row.entryid else ""


# --------------------------------------------------------------------------- words


def _said(visit: Visit, **facts: str) -> Facts:
    return [(visit.say(f"orders.fact_{name}"), text) for name, text in facts.items() if text]


def _known(visit: Visit, key: str) -> str:
    """The words for a value of the shop; a new value is shown as the shop says it."""
    return visit.say(key) if key in CATALOGUE else key.partition("_")[2]


def _in_language(code: str, text: str, visit: Visit) -> str:
    return in_english(code, text) if visit.language == "en" else text


def _who(address: Address) -> str:
    return _joined(address.company, address.name)


def _where(address: Address) -> str:
    street = f"{address.street} {address.number}".strip()
    place = f"{address.zipcode} {address.city}".strip()
    return _joined(street, place, address.country_code or address.country)


def _joined(*parts: str | None) -> str:
    return ", ".join(part for part in parts if part)
