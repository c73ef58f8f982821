"""The invoice as Acumulus takes it (Acumulus API, section 3; R84)."""

from decimal import Decimal
from typing import Any

from boekbrug.acumulus.from_invoice import invoice_tree
from boekbrug.domain.invoice import Invoice
from tests.unit.domain.builders import book, line, order, shipping


def tree(invoice: Invoice) -> Any:
    """The customer node."""
    return invoice_tree(invoice)["customer"]


def test_tree() -> None:
    """Tags as Acumulus names them, texts for values, lines always a list."""
    customer = tree(book(order(line(sku="MOK"), shipping()), account=12, template_due=5))
    assert customer["countrycode"] == "NL"
    invoice = customer["invoice"]
    assert invoice == {
        "concept": "0",
        "vattype": "1",
        "issuedate": "2025-06-02",
        "accountnumber": "12",
        "paymentstatus": "2",
        "paymentdate": "2025-06-02",
        "description": "Bestelling 1042",
        "template": "5",
        "line": [
            {
                "itemnumber": "MOK",
                "product": "Mok",
                "nature": "Product",
                "unitprice": "10.0000",
                "vatrate": "21",
                "quantity": "1",
            },
            {
                "product": "Verzendkosten",
                "nature": "Product",
                "unitprice": "5.0000",
                "vatrate": "21",
                "quantity": "1",
            },
        ],
    }


def test_tags_without_a_value_are_left_out() -> None:
    """What is not known is not sent."""
    customer = tree(book(order()))
    assert None not in customer.values()
    assert "vatnumber" not in customer
    assert "costcenter" not in customer["invoice"]
    assert "costprice" not in customer["invoice"]["line"][0]


def test_numbers() -> None:
    """A point, four decimals, no thousands separators, no exponents (R84, R57)."""
    lines = (line("1493.745", "25.5", "1000", net="1190.23506"), line("0.00", "25.5"))
    sent = tree(book(order(*lines, country="FI", total="1493.75")))["invoice"]["line"]
    assert [one["vatrate"] for one in sent] == ["25.5", "25.5"]
    assert sent[1]["unitprice"] == "0.0000"
    big = tree(book(order(line("1210000.00", quantity="100"))))["invoice"]["line"][0]
    assert (big["unitprice"], big["quantity"]) == ("10000.0000", "100")


def test_margin_invoice() -> None:
    """Every line of a margin invoice has a purchase price (R42)."""
    margin = tree(book(order(line("100.00", cost="60"), shipping()), margin_goods="only"))
    assert [one["costprice"] for one in margin["invoice"]["line"]] == ["60.00", "0.00"]


def test_empty_text_stays() -> None:
    """An empty text is sent as an empty tag: it clears what the contact had."""
    invoice = book(order())
    invoice.customer.companyname1 = ""
    assert tree(invoice)["companyname1"] == ""
    assert Decimal(tree(invoice)["invoice"]["line"][0]["unitprice"]) == 10
