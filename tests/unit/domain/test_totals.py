"""The invoice equals the order to the cent, or says why not (R63, R79-R84)."""

from decimal import Decimal

import pytest

from boekbrug.domain.order import Order
from tests.unit.domain.builders import (
    acumulus_total,
    book,
    business,
    codes,
    line,
    order,
    rows,
    shipping,
    tax,
    warnings,
)


def three(total: str) -> Order:
    """Three lines of 10.01 without VAT, 12.11 with."""
    return order(*[line("12.11", net="10.01") for _ in range(3)], total=total)


def test_source_that_hits_the_total() -> None:
    """VAT over the sum or per line: the source that gives the order's total (R63)."""
    assert rows(book(three("36.34")))[0] == ("1", "10.0100", "21")
    assert rows(book(three("36.33")))[0] == ("1", "10.0083", "21")
    assert codes(book(three("36.34"))) == codes(book(three("36.33"))) == []


def test_computed_as_acumulus_does() -> None:
    """Four decimals times quantity times VAT, rounded once (R79)."""
    what = order(line("20.00", "21", "2", net="16.529"), line("5.00", "9", net="4.5872"))
    invoice = book(what)
    assert rows(invoice) == [("2", "8.2645", "21"), ("1", "4.5872", "9")]
    assert invoice.total == acumulus_total(invoice) == 25


def test_six_decimals_without_vat() -> None:
    """Reverse-charged amounts with six decimals and their cents hit the total (R63, R79)."""
    lines = (
        line("37.07", "0", "3", net="37.066113"),
        line("41.32", "0", "7", net="41.322310"),
        shipping("12.36", "0", net="12.355371"),
    )
    invoice = book(business(*lines, tax_strategy="reverse_charged_vat"))
    assert (invoice.total, invoice.concept) == (Decimal("90.75"), False)


def test_rounding_line() -> None:
    """A cent is a rounding difference: one line, noted, final (R80)."""
    invoice = book(order(line("10.01"), line("20.02"), line("5.00"), total="35.04"))
    last = invoice.lines[-1]
    assert (last.product, str(last.unitprice), last.vatrate) == (
        "Afrondingsverschil",
        "0.0083",
        21,
    )
    assert (invoice.concept, codes(invoice), invoice.total) == (
        False,
        ["rounding_line"],
        Decimal("35.04"),
    )


def test_rounding_line_has_the_rate_of_the_largest_line() -> None:
    """The rounding line follows the largest line, vouchers aside (R80)."""
    lines = (line("10.90", "9"), line("1.21"), line("-50.00", "0", kind="gift_card"))
    invoice = book(order(*lines, total="-37.88"))
    assert rows(invoice)[-1][2] == "9"


@pytest.mark.parametrize(
    ("count", "off", "rounding"),
    [
        (1, "0.01", True),
        (1, "0.02", False),
        (5, "0.05", True),
        (9, "0.05", True),
        (9, "0.06", False),
    ],
)
def test_what_counts_as_rounding(count: int, off: str, rounding: bool) -> None:
    """A cent a line, five cents at most (R80, R81)."""
    lines = [line("12.10") for _ in range(count)]
    total = Decimal("12.10") * count + Decimal(off)
    invoice = book(order(*lines, total=str(total)))
    assert invoice.concept is not rounding
    assert (invoice.total == total) is rounding


def test_missing_amount() -> None:
    """More than rounding is told with its amount, and no line is made up (R81)."""
    what = order(line("20.00"), line("25.00"), total="48.50", taxes=(tax("8.42", "21"),))
    invoice = book(what)
    assert (warnings(invoice), invoice.total) == (["amount_missing"], 45)
    assert "3,50" in invoice.messages[0].text
    assert "0,61" in invoice.messages[0].text
    assert "48,50" in invoice.messages[0].text
    assert warnings(book(order(line("20.00"), total="10.00"))) == ["amount_too_much"]


def test_missing_amount_by_setting() -> None:
    """Add a line and still look, or ignore (R81)."""
    what = order(line("20.00"), line("25.00"), total="48.50")
    added = book(what, missing_amount="add_line")
    assert (added.total, warnings(added)) == (Decimal("48.50"), ["amount_corrected"])
    assert (added.lines[-1].product, rows(added)[-1]) == ("Correctie", ("1", "2.8926", "21"))
    ignored = book(what, missing_amount="ignore")
    assert (ignored.total, ignored.concept, codes(ignored)) == (45, False, ["amount_ignored"])


def test_vat_per_rate_against_the_shop() -> None:
    """The shop's own VAT totals may be off: told, not a reason for a concept (R82, F6)."""
    double = book(order(line("60.00"), taxes=(tax("20.82", "21"),)))
    assert (double.concept, codes(double)) == (False, ["vat_differs"])
    cent = book(order(line("60.00"), line("10.90", "9"), taxes=(tax("10.42", "21"),)))
    assert codes(cent) == []


def test_vat_is_not_compared_when_the_total_differs() -> None:
    """The missing amount names the VAT then (R82)."""
    what = order(line("20.00"), total="48.50", taxes=(tax("20.82", "21"),))
    assert codes(book(what)) == ["amount_missing"]


def test_many_lines_with_large_quantities() -> None:
    """Small losses of many lines add up: whole lines win them back (R64, R79)."""
    lines = [line("41.37", "21", "37", text=f"Soort {n}") for n in range(25)]
    invoice = book(order(*lines))
    assert (invoice.total, codes(invoice)) == (Decimal("1034.25"), [])


def test_negative_total_of_an_ordinary_order() -> None:
    """A negative order that is no credit order is for a person (R110)."""
    assert warnings(book(order(line("-12.10")))) == ["negative_total"]
