"""Our invoice -> the tree of texts that Acumulus' invoice_add takes (Acumulus API, section 3)."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from operator import attrgetter

from boekbrug.acumulus.xml import Tree
from boekbrug.domain.amounts import plain
from boekbrug.domain.invoice import Customer, Invoice, InvoiceLine

_CUSTOMER_TAGS = tuple(field.name for field in fields(Customer))
_customer_values = attrgetter(*_CUSTOMER_TAGS)


def invoice_tree(invoice: Invoice) -> Tree:
    """``{"customer": {..., "invoice": {..., "line": [...]}}}``; tags without a value are left out.

    An empty text stays: it clears the value of an existing contact. Numbers have a point and no
    thousands separators (R84).
    """
    values = zip(_CUSTOMER_TAGS, _customer_values(invoice.customer), strict=True)
    customer: Tree = {tag: value for tag, value in values if value is not None}
    customer["invoice"] = _head(invoice)
    return {"customer": customer}


def _head(invoice: Invoice) -> Tree:
    head: Tree = {"concept": "1" if invoice.concept else "0", "vattype": str(invoice.vattype)}
    _add_date(head, "issuedate", invoice.issuedate)
    _add_number(head, "costcenter", invoice.costcenter)
    _add_number(head, "accountnumber", invoice.accountnumber)
    head["paymentstatus"] = str(invoice.paymentstatus)
    _add_date(head, "paymentdate", invoice.paymentdate)
    if invoice.warehousecountry:
        head["warehousecountry"] = invoice.warehousecountry
    head["description"] = invoice.description
    if invoice.descriptiontext:
        head["descriptiontext"] = invoice.descriptiontext
    _add_number(head, "template", invoice.template)
    if invoice.invoicenotes:
        head["invoicenotes"] = invoice.invoicenotes
    head["line"] = [_line(line) for line in invoice.lines]
    return head


def _line(line: InvoiceLine) -> Tree:
    tree: Tree = {}
    if line.itemnumber:
        tree["itemnumber"] = line.itemnumber
    tree["product"] = line.product
    if line.nature:
        tree["nature"] = line.nature
    tree["unitprice"] = _amount(line.unitprice, 4)
    tree["vatrate"] = plain(line.vatrate)
    tree["quantity"] = plain(line.quantity)
    if line.costprice is not None:
        tree["costprice"] = _amount(line.costprice, 2)
    return tree


def _amount(amount: Decimal, decimals: int) -> str:
    return f"{amount:.{decimals}f}"


def _add_date(tree: Tree, tag: str, day: date | None) -> None:
    if day is not None:
        tree[tag] = day.isoformat()


def _add_number(tree: Tree, tag: str, number: int | None) -> None:
    if number is not None:
        tree[tag] = str(number)
