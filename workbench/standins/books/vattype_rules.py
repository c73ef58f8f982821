"""An invoice in, whether its vattype suits its lines and customer out (Acumulus API, vattype)."""

from decimal import Decimal
from xml.etree import ElementTree as ET

from workbench.standins.books.records import VAT_FREE, Invoice
from workbench.standins.books.vat_rates import EU_COUNTRIES, rates_on
from workbench.standins.books.wire import text_of


def fits(customer: ET.Element, invoice: Invoice) -> bool:
    """Whether every rate is allowed for the type, and the customer has what it needs."""
    allowed = _allowed(invoice)
    return all(line.vatrate in allowed for line in invoice.lines) and _suits(customer, invoice)


def _allowed(invoice: Invoice) -> set[Decimal]:
    country = {1: "NL", 5: "NL", 6: invoice.countrycode, 7: "GB"}.get(invoice.vattype)
    if country is None:
        return {Decimal(0)}
    rates = {Decimal(row["vatrate"]) for row in rates_on(country, invoice.issuedate)} - {VAT_FREE}
    return rates | {VAT_FREE} if invoice.vattype in {1, 5} else rates


def _suits(customer: ET.Element, invoice: Invoice) -> bool:
    country = text_of(customer, "countrycode") or ""
    is_company = bool(text_of(customer, "companyname1") and text_of(customer, "vatnumber"))
    suits = {
        2: is_company,
        3: is_company and country in EU_COUNTRIES - {"NL"} | {"XI"},
        4: bool(country) and country not in EU_COUNTRIES and _only_products(invoice),
        5: all(line.costprice is not None for line in invoice.lines),
        6: bool(country),
        7: country == "GB",
    }
    return suits.get(invoice.vattype, True)


def _only_products(invoice: Invoice) -> bool:
    return all(line.nature == "Product" for line in invoice.lines)
