"""The head of the invoice: reference, dates, payment, account, template (R97-R106, R112, R113)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

from boekbrug.domain.amounts import dutch, dutch_number
from boekbrug.domain.currency import currency_of
from boekbrug.domain.invoice import Invoice
from boekbrug.domain.order import OrderPayment
from boekbrug.domain.payment import (
    DUE,
    PAID,
    is_paid,
    is_refunded,
    moved,
    paid_on,
    payment_method,
)
from boekbrug.domain.reasons import message
from boekbrug.domain.sale import Sale
from boekbrug.domain.settings import ShopSettings

_LONGEST = 40
"""A reference must come back from Acumulus as it was sent."""


def description(sale: Sale) -> str:
    """The order reference: the only link back from Acumulus to the order (R100).

    Never more than 40 characters; a credit that names its original in full would sometimes be.
    """
    prefix = sale.settings.order_prefix
    number = f"{prefix}{sale.order.number}"
    if not sale.credit:
        return f"Bestelling {number}"
    if not sale.order.credited_order_number:
        return f"Creditorder {number}"
    original = f"{prefix}{sale.order.credited_order_number}"
    forms = (
        f"Creditorder {number} - bestelling {original}",
        f"Creditorder {number} - best. {original}",
    )
    return next((form for form in forms if len(form) <= _LONGEST), f"Creditorder {number}")


def description_text(sale: Sale) -> str | None:
    """A credit names the invoice it belongs to (R112)."""
    sent = sale.facts.already_sent.get(sale.order.credited_order_number) if sale.credit else None
    return f"Credit op factuur {sent.invoicenumber}" if sent and sent.invoicenumber else None


def notes(sale: Sale, exchange: Decimal) -> str | None:
    """At what rate a foreign currency was converted (R117)."""
    if exchange == 1:
        return None
    currency = currency_of(sale.order, sale.facts.store)
    return f"Bedragen omgerekend van {currency}, koers {dutch_number(exchange)}"


def payment(sale: Sale) -> tuple[int, date | None]:
    """Payment status and date; a credit order is paid on its own day (R101, R102, R113)."""
    if sale.credit:
        return PAID, sale.order.date
    if is_paid(sale.order, sale.settings, sale.facts):
        return PAID, paid_on(sale.order, sale.settings, sale.facts)
    return DUE, None


def issue_date(sale: Sale, paid: date | None) -> date | None:
    """The invoice date; ``None`` = the day of sending, which Acumulus fills in (R97, R112)."""
    chosen = sale.settings.issue_date
    if chosen == "transfer_date":
        return None
    if chosen == "payment_date" and paid is not None:
        return paid
    return sale.order.date


def without_date(invoice: Invoice) -> Invoice:
    """The invoice on the day of sending, when the period of its own date is locked (R98)."""
    moved = message("issue_date_moved", day=f"{invoice.issuedate:%d-%m-%Y}")
    return replace(invoice, issuedate=None, messages=(*invoice.messages, moved))


def account(sale: Sale) -> tuple[int | None, int | None]:
    """Account and cost centre: by payment method, else the shop's own (R104)."""
    settings = sale.settings
    if not settings.accounts_by_payment and not settings.cost_centers_by_payment:
        return settings.account or None, settings.cost_center or None
    used = payment_method(sale.order, sale.original, sale.facts)
    return (
        _by_payment(settings.accounts_by_payment, used) or settings.account or None,
        _by_payment(settings.cost_centers_by_payment, used) or settings.cost_center or None,
    )


def template(settings: ShopSettings, status: int) -> int | None:
    """Paid invoices have a template of their own, else that of due ones (R105)."""
    paid = settings.template_paid if status == PAID else None
    return paid or settings.template_due or None


def check_refunds(sale: Sale) -> None:
    """Money went back and no credit order says so (R103)."""
    order = sale.order
    if sale.credit or order.credit_order_numbers:
        return
    refunded = moved(sale.facts, "refund") if sale.facts.payments else Decimal(0)
    if is_refunded(order) or (refunded and refunded >= order.total):
        sale.findings.add("refund_without_credit")
    elif refunded:
        sale.findings.add("partial_refund", amount=dutch(refunded))


def is_concept(sale: Sale) -> bool:
    """R106; for an administration that is not Dutch nothing becomes final (R28)."""
    chosen = sale.settings.concept
    if sale.home != "NL" or chosen == "always":
        return True
    return chosen == "auto" and sale.findings.warns


def _by_payment(choices: dict[str, int], used: OrderPayment | None) -> int | None:
    """``gateway:method`` before ``method``; an issuer behind the method does not count."""
    if used is None or not choices:
        return None
    method = used.method.partition(":")[0].lower()
    folded = {key.lower(): value for key, value in choices.items()}
    return folded.get(f"{used.gateway.lower()}:{method}") or folded.get(method)
