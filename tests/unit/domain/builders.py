"""Orders, facts and settings for tests of the rules: a test states only what matters to it."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from boekbrug.domain.convert import convert
from boekbrug.domain.facts import EuThreshold, Facts, SentInvoice, VatPeriod, VatRate
from boekbrug.domain.invoice import Hold, Invoice, Skip
from boekbrug.domain.order import (
    Address,
    Article,
    ArticleOption,
    Debtor,
    Order,
    OrderLine,
    OrderPayment,
    OrderStatus,
    Payment,
    PaymentMutation,
    Price,
    Store,
    TaxTotal,
)
from boekbrug.domain.settings import ShopSettings, read_settings

CENT = Decimal("0.01")
AMSTERDAM = ZoneInfo("Europe/Amsterdam")
NOW = datetime(2025, 6, 15, 12, tzinfo=AMSTERDAM)
DAY = date(2025, 6, 2)
CREDIT_STATUS = 10


def amount(text: str | int | Decimal) -> Decimal:
    """A decimal from a readable number."""
    return Decimal(text)


def price(gross: str, rate: str | None = "21", net: str | None = None) -> Price:
    """A price including VAT; the net amount has six decimals, cut off as the shop does."""
    percent = Decimal(rate or 0)
    exact = Decimal(gross) * 100 / (100 + percent)
    cut = exact.quantize(Decimal("0.000001"), "ROUND_DOWN")
    return Price(
        net=cut if net is None else Decimal(net),
        gross=Decimal(gross),
        rate=None if rate is None else Decimal(rate),
    )


def line(
    gross: str = "12.10",
    rate: str | None = "21",
    quantity: str | None = "1",
    *,
    net: str | None = None,
    kind: str = "article",
    text: str = "Mok",
    sku: str = "MOK",
    cost: str | None = None,
    options: Iterable[str] = (),
    prices: tuple[Price, ...] | None = None,
) -> OrderLine:
    """A line of one article, or a side line of another kind without articles."""
    chosen = tuple(ArticleOption(option, str(number)) for number, option in enumerate(options, 1))
    article = Article(text, sku, None if cost is None else Decimal(cost), chosen)
    return OrderLine(
        type=kind,
        description=text,
        quantity=None if quantity is None else Decimal(quantity),
        prices=prices if prices is not None else (price(gross, rate, net),),
        articles=(article,) if kind == "article" else (),
    )


def shipping(gross: str = "6.05", rate: str | None = "21", **more: Any) -> OrderLine:
    """Shipping costs."""
    return line(gross, rate, kind="shipping", text="Verzendkosten", **more)


def address(country: str = "NL", **more: Any) -> Address:
    """A complete address in a country."""
    given = {
        "name": "Sanne de Vries",
        "street": "Lindelaan",
        "number": "14",
        "zipcode": "3512 AB",
        "city": "Utrecht",
        "country_code": country,
    }
    return Address(**(given | more))


def order(
    *lines: OrderLine,
    country: str = "NL",
    zipcode: str = "3512 AB",
    city: str = "Utrecht",
    company: str = "",
    vat_number: str = "",
    delivery: Address | None = None,
    total: str | None = None,
    on: date = DAY,
    email: str = "sanne@example.com",
    **more: Any,
) -> Order:
    """An order of one mug of 12.10 by a Dutch consumer, unless told otherwise."""
    lines = lines or (line(),)
    grosses = (one.gross for each in lines for one in each.prices if one.gross is not None)
    invoice = address(country, zipcode=zipcode, city=city, company=company, vat_number=vat_number)
    given: dict[str, Any] = {
        "uuid": "5b1c0d1e-6f0a-4e59-9a39-1f6d7f0c2a11",
        "number": "1042",
        "placed_at": datetime(on.year, on.month, on.day, 10, 31, 7),  # noqa: DTZ001  # shop's time
        "status": 3,
        "total": Decimal(total) if total is not None else sum(grosses, Decimal(0)),
        "lines": lines,
        "debtor": Debtor(id="c-1", email=email, invoice=invoice, delivery=delivery),
        "tax_strategy": "",
        "payment_status": "captured",
        "payment": OrderPayment("mollie", "ideal", 1),
    }
    return Order(**(given | more))


def business(
    *lines: OrderLine, country: str = "BE", number: str | None = None, **more: Any
) -> Order:
    """An order of a company with a VAT number of its country."""
    numbers = {"BE": "BE0123456749", "DE": "DE136695976", "NL": "NL123456789B01"}
    given = numbers.get(country, "") if number is None else number
    return order(*lines, country=country, company="Atelier X", vat_number=given, **more)


def periods(*rates: str, region: int = 2) -> tuple[VatPeriod, ...]:
    """One period since 2015 with these rates."""
    rows = tuple(VatRate(Decimal(rate)) for rate in rates)
    return (VatPeriod(date(2015, 1, 1), None, region, rows),)


RATES: dict[str, tuple[VatPeriod, ...]] = {
    "BE": periods("21", "12", "6", "0"),
    "DE": (
        VatPeriod(
            date(2015, 1, 1), date(2020, 6, 30), 2, (VatRate(Decimal(19)), VatRate(Decimal(7)))
        ),
        VatPeriod(
            date(2020, 7, 1), date(2020, 12, 31), 2, (VatRate(Decimal(16)), VatRate(Decimal(5)))
        ),
        VatPeriod(date(2021, 1, 1), None, 2, (VatRate(Decimal(19)), VatRate(Decimal(7)))),
    ),
    "FR": periods("20", "10", "5.5", "2.1", "0"),
    "FI": periods("25.5", "14", "10", "0"),
    "IE": periods("23", "13.5", "9", "0"),
    "IT": periods("22", "10", "5", "4"),
    "ES": periods("21", "10", "4", "0"),
    "PT": periods("23", "13", "6"),
    "AT": periods("20", "13", "10", "0"),
    "GR": periods("24", "13", "6"),
    "LU": periods("17", "14", "8", "3"),
    "SE": periods("25", "12", "6"),
    "GB": (
        VatPeriod(
            date(2015, 1, 1), date(2020, 12, 31), 2, (VatRate(Decimal(20)), VatRate(Decimal(5)))
        ),
        VatPeriod(
            date(2021, 1, 1),
            None,
            3,
            (VatRate(Decimal(20)), VatRate(Decimal(5)), VatRate(Decimal(0))),
        ),
    ),
    "CH": (),
    "US": (),
    "NO": (),
}


def facts(**more: Any) -> Facts:
    """The usual rates, a shop in the Netherlands, nothing sent yet."""
    given: dict[str, Any] = {
        "now": NOW,
        "store": Store("s-1", domain="https://www.mokken.example", region_code="NL"),
        "statuses": {
            3: OrderStatus(3, "Betaald"),
            CREDIT_STATUS: OrderStatus(CREDIT_STATUS, "Retour", credit_order=True),
        },
        "vat_rates": RATES,
    }
    return Facts(**(given | more))


def settings(**more: Any) -> ShopSettings:
    """The defaults, booking at status 3."""
    return read_settings({"trigger_statuses": [3], **more})


def outcome(what: Order, given: Facts | None = None, **choices: Any) -> Invoice | Hold | Skip:
    """What becomes of an order under these choices."""
    return convert(what, settings(**choices), given or facts())


def book(what: Order, given: Facts | None = None, **choices: Any) -> Invoice:
    """The invoice of an order; fails when there is none."""
    found = outcome(what, given, **choices)
    assert isinstance(found, Invoice), found
    return found


def codes(found: Invoice | Hold | Skip, severity: str = "") -> list[str]:
    """The codes of the messages, of one severity when asked."""
    return [one.code for one in found.messages if not severity or one.severity == severity]


def warnings(found: Invoice | Hold | Skip) -> list[str]:
    """The codes that make an invoice a concept."""
    return codes(found, "warning")


def rows(invoice: Invoice) -> list[tuple[str, str, str]]:
    """Quantity, unit price and rate of every line, as they are sent."""
    return [
        (format(one.quantity.normalize(), "f"), f"{one.unitprice:.4f}", rate_text(one.vatrate))
        for one in invoice.lines
    ]


def rate_text(rate: Decimal) -> str:
    """A rate as it is sent."""
    return format(rate.normalize() + 0, "f")


def acumulus_total(invoice: Invoice) -> Decimal:
    """The total as Acumulus computes it (R79), worked out anew."""
    total = Decimal(0)
    for one in invoice.lines:
        unit = one.unitprice.quantize(Decimal("0.0001"), ROUND_HALF_UP)
        quantity = one.quantity.quantize(CENT, ROUND_HALF_UP)
        rate = Decimal(0) if invoice.vattype == 5 else max(one.vatrate, Decimal(0))
        total += unit * quantity * (1 + rate / 100)
    return total.quantize(CENT, ROUND_HALF_UP)


def threshold(nltaxed: str, *, reached: bool = False, year: int = 2025) -> EuThreshold:
    """How far the threshold for distance sales is used."""
    return EuThreshold(year, Decimal(10000), Decimal(nltaxed), reached)


def credit_of(original: Order, *lines: OrderLine, **more: Any) -> Order:
    """A credit order of an original, of its own lines unless told otherwise."""
    given: dict[str, Any] = {
        "number": "1057",
        "uuid": "0d1b6c5e-2f3a-4b5c-8d7e-9f0a1b2c3d4e",
        "status": CREDIT_STATUS,
        "credited_order_number": original.number,
        "payment_status": "unknown",
        "payment": None,
    }
    if lines:
        prices = (one.gross or Decimal(0) for each in lines for one in each.prices)
        given |= {"lines": lines, "total": sum(prices, Decimal(0))}
    return replace(original, **(given | more))


def with_original(original: Order, *, sent: bool = True, **more: Any) -> Facts:
    """The original of a credit order is known, and in Acumulus."""
    known = {original.number: SentInvoice(entryid="55", invoicenumber="20250017")} if sent else {}
    return facts(originals={original.number: original}, already_sent=known, **more)


def captured(amount_: str, at: datetime, kind: str = "capture", **more: Any) -> Payment:
    """A payment with one step."""
    step = PaymentMutation(kind, Decimal(amount_), at)
    given = {"gateway": "mollie", "method": "ideal", "currency": "EUR", "is_test": False}
    return Payment(amount=Decimal(amount_), mutations=(step,), **(given | more))


def tax(amount_: str, rate: str) -> TaxTotal:
    """One entry of the shop's own VAT totals."""
    return TaxTotal(Decimal(amount_), Decimal(rate))
