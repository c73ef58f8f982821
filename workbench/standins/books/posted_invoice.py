"""The posted <customer> and <invoice> in, an invoice with the API's defaults and fallbacks out."""

import re
from collections.abc import Iterable
from decimal import Decimal
from xml.etree import ElementTree as ET

from workbench.standins.books.ask import Ask, is_date
from workbench.standins.books.messages import Refused
from workbench.standins.books.records import VAT_FREE, Invoice, Line, rounded
from workbench.standins.books.vattype_rules import fits
from workbench.standins.books.wire import lines_of, text_of

_DECIMAL = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")


def read_invoice(ask: Ask, customer: ET.Element, posted: ET.Element) -> Invoice:
    """The invoice, still without its contact; raises Refused, leaves warnings in ``ask``."""
    paymentstatus = text_of(posted, "paymentstatus") or "1"
    if paymentstatus not in {"1", "2"}:
        raise Refused("SIMPAYSTATUS")
    invoice = Invoice(
        contactid="",
        countrycode=(text_of(customer, "countrycode") or "NL").upper(),
        number=_number(posted),
        vattype=_vattype(ask, posted),
        issuedate=_date(posted, "issuedate", ask.today, "SIMISSUEDATE"),
        costcenter=_costcenter(ask, posted),
        accountnumber=_account(ask, posted),
        template=_template(ask, posted),
        paymentstatus=paymentstatus,
        paymentdate=_date(posted, "paymentdate", "", "SIMPAYDATE"),
        description=_description(ask, posted),
        descriptiontext=lines_of(text_of(posted, "descriptiontext") or ""),
        invoicenotes=lines_of(text_of(posted, "invoicenotes") or ""),
        warehousecountry=text_of(posted, "warehousecountry") or "",
        lines=tuple(_line(ask, line) for line in posted.findall("line")),
    )
    _check_lines(ask, customer, invoice)
    return invoice


def _number(posted: ET.Element) -> str:
    number = text_of(posted, "number") or ""
    if number and not number.isdecimal():
        raise Refused("SIMNUMBER")
    return number.lstrip("0")


def _vattype(ask: Ask, posted: ET.Element) -> int:
    text = text_of(posted, "vattype") or ""
    if text in {"1", "2", "3", "4", "5", "6", "7"}:
        return int(text)
    ask.warn("CE005BVTC")
    return 1


def _date(posted: ET.Element, tag: str, default: str, codetag: str) -> str:
    text = text_of(posted, tag)
    if not text:
        return default
    if not is_date(text):
        raise Refused(codetag)
    return text


def _description(ask: Ask, posted: ET.Element) -> str:
    text = text_of(posted, "description") or ""
    return text[: ask.switches.description_length] if ask.switches.description_length else text


def _costcenter(ask: Ask, posted: ET.Element) -> str:
    """An id; a name still works, with a warning."""
    text = text_of(posted, "costcenter")
    for row in ask.contract.costcenters:
        if text and text == row["costcentername"]:
            ask.warn("WW83E0ZZ")
            return row["costcenterid"]
    ids = (row["costcenterid"] for row in ask.contract.costcenters)
    return _first_available(ask, text, ids, "SIMCOSTCENTER")


def _account(ask: Ask, posted: ET.Element) -> str:
    """The id of an active account; a negative id is an account outside Acumulus."""
    text = text_of(posted, "accountnumber")
    if text and re.fullmatch("-[0-9]+", text):
        return text
    active = (row["accountid"] for row in ask.contract.accounts if row["accountstatus"] == "1")
    return _first_available(ask, text, active, "SIMACCOUNT")


def _template(ask: Ask, posted: ET.Element) -> str:
    ids = (row["invoicetemplateid"] for row in ask.contract.templates)
    return _first_available(ask, text_of(posted, "template"), ids, "SIMTEMPLATE")


def _first_available(ask: Ask, text: str | None, ids: Iterable[str], codetag: str) -> str:
    known = list(ids)
    if text in known:
        return str(text)
    if text and ask.switches.unknown_ids == "warn":
        ask.warn(codetag)
    return known[0] if known else ""


def _line(ask: Ask, line: ET.Element) -> Line:
    unitprice = _decimal(line, "unitprice", 4)
    if unitprice is None:
        raise Refused("SIMNOPRICE")
    cost = _decimal(line, "costprice", 2)
    quantity = _decimal(line, "quantity", 2)
    return Line(
        product=text_of(line, "product") or "",
        unitprice=unitprice,
        vatrate=_vatrate(ask, line),
        quantity=Decimal(1) if quantity is None else quantity,
        itemnumber=text_of(line, "itemnumber") or "",
        nature=text_of(line, "nature") or "Product",
        costprice=cost,
    )


def _vatrate(ask: Ask, line: ET.Element) -> Decimal:
    rate = _decimal(line, "vatrate", 4)
    if rate is not None:
        return rate
    if ask.switches.missing_vatrate == "refuse":
        raise Refused("SIMNORATE")
    return Decimal(21)


def _decimal(line: ET.Element, tag: str, decimals: int) -> Decimal | None:
    text = text_of(line, tag)
    if not text:
        return None
    if not _DECIMAL.fullmatch(text):
        raise Refused("SIMDECIMAL")
    number = Decimal(text)
    return rounded(number, decimals) if -number.as_tuple().exponent > decimals else number  # type: ignore[operator]  # a number that matched _DECIMAL is finite


def _check_lines(ask: Ask, customer: ET.Element, invoice: Invoice) -> None:
    if not invoice.lines:
        raise Refused("SIMNOLINES")
    if invoice.vattype == 6 and any(line.vatrate == VAT_FREE for line in invoice.lines):
        raise Refused("SIMFREE6")
    if ask.switches.vattype_rules != "off" and not fits(customer, invoice):
        if ask.switches.vattype_rules == "refuse":
            raise Refused("SIMVATTYPE")
        ask.warn("SIMVATTYPE")
