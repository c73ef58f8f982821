"""Credit orders (R109-R116) and currency (R117, R118)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from boekbrug.domain.credit import is_credit
from boekbrug.domain.invoice import Hold
from boekbrug.domain.order import Order, Store
from tests.unit.domain.builders import (
    acumulus_total,
    address,
    book,
    business,
    codes,
    credit_of,
    facts,
    line,
    order,
    outcome,
    rows,
    shipping,
    threshold,
    warnings,
    with_original,
)


def negated(what: Order) -> Order:
    """The same order with every amount, and the quantities, turned round."""
    lines = tuple(
        replace(
            one,
            quantity=None if one.quantity is None else -one.quantity,
            prices=tuple(
                replace(price, net=-price.net, gross=None if price.gross is None else -price.gross)
                for price in one.prices
            ),
        )
        for one in what.lines
    )
    return replace(what, lines=lines, total=-what.total)


@pytest.mark.parametrize(
    ("number", "status", "credit"),
    [("1001", 3, True), ("", 3, False), ("0", 3, False), ("", 10, True), ("", None, False)],
)
def test_what_is_a_credit_order(number: str, status: int | None, credit: bool) -> None:
    """An original is named, or the status says so (R109)."""
    what = order(credited_order_number=number, status=status)
    assert is_credit(what, facts()) is credit


@pytest.mark.parametrize("sign", [1, -1])
def test_sign_is_decided_once(sign: int) -> None:
    """Positive or negative amounts: the invoice is negative (R110)."""
    original = order(line("24.20", quantity="2"))
    credit = credit_of(original)
    invoice = book(credit if sign > 0 else negated(credit), with_original(original))
    assert rows(invoice) == [("2", "-10.0000", "21")]
    assert (invoice.total, invoice.concept) == (Decimal("-24.20"), False)


@pytest.mark.parametrize("sign", [1, -1])
def test_lines_keep_their_own_sign(sign: int) -> None:
    """A refunded discount or gift card is a positive line (R110, R75)."""
    original = order(
        line("121.00"), line("-12.10", kind="discount"), line("-25.00", "0", kind="gift_card")
    )
    credit = credit_of(original)
    invoice = book(credit if sign > 0 else negated(credit), with_original(original))
    assert rows(invoice) == [
        ("1", "-100.0000", "21"),
        ("1", "10.0000", "21"),
        ("1", "25.0000", "-1"),
    ]
    assert (invoice.total, invoice.concept) == (Decimal("-83.90"), False)


def test_gift_card_sale_credited() -> None:
    """Crediting the sale of a gift card is VAT free as the sale was (R76, R110)."""
    original = order(line("50.00", "0", kind="gift_card"))
    invoice = book(credit_of(original), with_original(original))
    assert (rows(invoice), invoice.concept) == ([("1", "-50.0000", "-1")], False)


def test_credit_of_zero() -> None:
    """A credit of zero does not tell what was credited (R110)."""
    original = order(line("12.10"), line("-12.10", kind="discount"))
    assert warnings(book(credit_of(original), with_original(original))) == ["credit_zero"]


def test_original_day_decides() -> None:
    """6% of 2018 credited in 2019 is fine (R111, R56)."""
    original = order(line("10.60", "6"), on=date(2018, 12, 20))
    credit = credit_of(original, placed_at=order(on=date(2019, 1, 10)).placed_at)
    invoice = book(credit, with_original(original))
    assert (invoice.vattype, invoice.concept) == (1, False)
    assert invoice.issuedate == date(2019, 1, 10)


def test_original_type_decides() -> None:
    """The VAT type follows the original, whatever the credit order says itself (R111)."""
    original = order(line("12.10"), line("10.60", "6"), country="BE", tax_region="BE")
    credit = credit_of(original, line("12.10"), tax_region="")
    invoice = book(credit, with_original(original))
    assert (invoice.vattype, invoice.concept, invoice.customer.countrycode) == (6, False, "BE")


def test_original_country_decides() -> None:
    """A customer who moved since is credited where the original was taxed (R111)."""
    original = order(line("11.90", "19"), country="DE", tax_region="DE")
    debtor = replace(original.debtor, invoice=address("NL"))
    invoice = book(credit_of(original, debtor=debtor), with_original(original))
    assert (invoice.vattype, invoice.customer.countrycode) == (6, "DE")
    moved = replace(original.debtor, invoice=address("DE", city="Bonn", zipcode="53111"))
    near = book(credit_of(original, debtor=moved), with_original(original))
    assert near.customer.city == "Bonn"


def test_todays_settings_do_not_judge_a_credit() -> None:
    """The choice between home and foreign VAT is not held against an old sale (R40, R111)."""
    original = order(country="DE", tax_region="NL")
    invoice = book(credit_of(original), with_original(original), eu_vat="always")
    assert (invoice.vattype, invoice.concept) == (1, False)


def test_reference_to_the_invoice() -> None:
    """Both order numbers in the description, the invoice in the text (R100, R112)."""
    invoice = book(credit_of(order()), with_original(order()), order_prefix="WA")
    assert invoice.description == "Creditorder WA1057 - bestelling WA1042"
    assert invoice.descriptiontext == "Credit op factuur 20250017"


def test_reference_stays_short() -> None:
    """Long numbers shorten the words, never the numbers (R100)."""
    original = order(number="1042100")
    credit = credit_of(original, number="1057100")
    invoice = book(credit, with_original(original), order_prefix="WA")
    assert invoice.description == "Creditorder WA1057100 - best. WA1042100"
    longest = book(credit, with_original(original), order_prefix="WINKEL")
    assert longest.description == "Creditorder WINKEL1057100"


def test_credit_is_paid() -> None:
    """A credit is paid on its own day (R113)."""
    invoice = book(credit_of(order()), with_original(order()))
    assert (invoice.paymentstatus, invoice.paymentdate) == (2, invoice.issuedate)


def test_original_never_sent() -> None:
    """No negative revenue without the revenue being there (R114)."""
    assert warnings(book(credit_of(order()))) == ["original_not_sent"]
    known = with_original(order(), sent=False)
    assert warnings(book(credit_of(order()), known)) == ["original_not_sent"]


def test_credit_by_status_alone() -> None:
    """A credit that names no original cannot be matched with one (R109, R114)."""
    credit = credit_of(order(), credited_order_number="")
    invoice = book(credit)
    assert (invoice.description, warnings(invoice)) == ("Creditorder 1057", ["original_not_sent"])


def test_partial_credit() -> None:
    """What the credit order contains, and nothing of the rest (R115)."""
    original = order(line("36.30", quantity="3"), shipping("6.05"))
    credit = credit_of(original, line("12.10"))
    invoice = book(credit, with_original(original))
    assert (invoice.total, len(invoice.lines), invoice.concept) == (Decimal("-12.10"), 1, False)


def test_more_credited_than_sold() -> None:
    """Credits larger than the original are for a person (R115)."""
    original = order(line("12.10"))
    credit = credit_of(original, line("24.20"))
    assert warnings(book(credit, with_original(original))) == ["credit_exceeds_original"]
    first = credit_of(original, number="1056")
    both = facts(
        originals={"1042": original, "1056": first},
        already_sent=with_original(original).already_sent,
    )
    assert warnings(book(credit_of(original), both)) == ["credit_exceeds_original"]


def test_threshold_is_not_for_credits() -> None:
    """A credit of a German order at home VAT is final, whatever the threshold (R116)."""
    original = order(country="DE")
    given = with_original(original, eu_threshold=threshold("12000", reached=True))
    invoice = book(credit_of(original), given)
    assert (invoice.vattype, invoice.concept) == (1, False)


def test_credit_of_a_reverse_charge() -> None:
    """Type 3 stays type 3 (R111)."""
    original = business(line("100.00", "0"), tax_strategy="reverse_charged_vat")
    invoice = book(credit_of(original), with_original(original))
    assert (invoice.vattype, invoice.concept, rows(invoice)) == (
        3,
        False,
        [("1", "-100.0000", "0")],
    )


def test_credit_of_margin_goods() -> None:
    """The number goes negative, so that purchase prices stay what they were (R42, R110)."""
    original = order(line("200.00", "21", "2", cost="60.00"))
    invoice = book(credit_of(original), with_original(original), margin_goods="only")
    assert rows(invoice) == [("-2", "100.0000", "21")]
    assert (str(invoice.lines[0].costprice), invoice.total) == ("60.00", -200)


def test_account_of_the_original() -> None:
    """A credit order carries no payment: the account of the original (R104, R111)."""
    invoice = book(
        credit_of(order()), with_original(order()), accounts_by_payment={"mollie:ideal": 12}
    )
    assert invoice.accountnumber == 12


# --------------------------------------------------------------------------- currency


def test_euro_passes() -> None:
    """Euro needs no rate and no remark (R117)."""
    assert book(order()).invoicenotes is None


@pytest.mark.parametrize(
    ("currency", "rate", "gross", "total"),
    [("CHF", "1.05", "100.00", "105.00"), ("GBP", "1.17", "99.99", "116.99")],
)
def test_converted(currency: str, rate: str, gross: str, total: str) -> None:
    """Every amount at one rate, the total to the cent, the rate in the notes (R117)."""
    what = order(line(gross), line("12.10"), line("-12.10", kind="discount"), currency=currency)
    invoice = book(what, exchange_rates={currency: rate})
    assert invoice.total == acumulus_total(invoice) == Decimal(total)
    assert invoice.invoicenotes is not None
    assert currency in invoice.invoicenotes
    assert (invoice.concept, codes(invoice)) == (False, ["currency_converted"])


def test_purchase_prices_are_converted() -> None:
    """Margin goods in another currency: both prices in euro (R42, R117)."""
    what = order(line("100.00", cost="60.00"), currency="GBP")
    invoice = book(what, exchange_rates={"GBP": "1.20"}, margin_goods="only")
    assert rows(invoice) == [("1", "120.0000", "21")]
    assert str(invoice.lines[0].costprice) == "72.00"


@pytest.mark.parametrize("rates", [{}, {"GBP": "1.17"}])
def test_no_rate_no_invoice(rates: dict[str, str]) -> None:
    """Foreign amounts are never booked as euro (R118)."""
    found = outcome(order(currency="USD"), exchange_rates=rates)
    assert isinstance(found, Hold)
    assert (found.reason, found.waits) == ("no_exchange_rate", False)
    assert "USD" in found.messages[0].text


def test_without_a_currency_of_its_own() -> None:
    """The order has the currency of its shop (R13, R118)."""
    given = facts(store=Store(id="shop", currency="SEK"))
    what = order(line("100.00"), currency="")
    held = outcome(what, given)
    assert isinstance(held, Hold)
    assert (held.reason, "SEK" in held.messages[0].text) == ("no_exchange_rate", True)
    invoice = book(what, given, exchange_rates={"SEK": "0.09"})
    assert (str(invoice.total), invoice.invoicenotes) == (
        "9.00",
        "Bedragen omgerekend van SEK, koers 0,09",
    )
    assert str(book(what).total) == "100.00"
