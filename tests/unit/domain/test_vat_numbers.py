"""VAT numbers as customers type them, and what they prove (R24-R26, R34)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from boekbrug.domain.facts import Facts, VatCheck
from boekbrug.domain.order import Order
from boekbrug.domain.vatnumbers import of_member_state, read_vat_number
from boekbrug.domain.vies import number_to_check
from tests.unit.domain.builders import (
    NOW,
    book,
    business,
    codes,
    facts,
    line,
    order,
    settings,
    warnings,
)


@pytest.mark.parametrize(
    ("typed", "country", "text"),
    [
        ("fr 05.502.086.580", "FR", "FR05502086580"),
        ("0123.456.749", "BE", "BE0123456749"),
        ("BE 123.456.749", "BE", "BE0123456749"),
        ("btw: BE 0123/456/749", "BE", "BE0123456749"),
        ("DE-136695976", "DE", "DE136695976"),
        ("136695976", "DE", "DE136695976"),
        ("u12345678", "AT", "ATU12345678"),
        ("123456789b01", "NL", "NL123456789B01"),
        ("GR123456789", "GR", "EL123456789"),
        ("123456789", "GR", "EL123456789"),
        ("XI 123 4567 89", "GB", "XI123456789"),
        ("123456789", "XI", "XI123456789"),
        ("LU12345678", "FR", "LU12345678"),
        ("B12345678", "ES", "ESB12345678"),
        ("IE1234567FA", "IE", "IE1234567FA"),
        ("SE123456789001", "SE", "SE123456789001"),
        ("12345678901", "MC", "FR12345678901"),
    ],
)
def test_normalised(typed: str, country: str, text: str) -> None:
    """One form, with the prefix of the country when it is missing (R25)."""
    number = read_vat_number(typed, country)
    assert number is not None
    assert (number.text, number.plausible) == (text, True)


@pytest.mark.parametrize("typed", ["DE12345", "NL123456789", "FR123", "onbekend", "BE2123456749"])
def test_wrong_pattern(typed: str) -> None:
    """A wrong pattern is no VAT number (R26)."""
    number = read_vat_number(typed, "DE")
    assert number is not None
    assert not number.plausible


def test_nothing_typed() -> None:
    """Nothing, or only punctuation, is no number (R25)."""
    assert read_vat_number("", "DE") is None
    assert read_vat_number(" - ", "DE") is None


def test_numbers_from_outside_the_eu() -> None:
    """Where no pattern is known a number is taken as it is (R91)."""
    number = read_vat_number("CHE-123.456.789", "CH")
    assert number is not None
    assert (number.text, number.plausible) == ("CHE123456789", True)
    assert not of_member_state(number, date(2025, 1, 1), goods=True)


def test_member_states_by_date() -> None:
    """British numbers counted until 2021, Northern Irish ones count for goods since (R34, R37)."""
    british, irish = read_vat_number("GB123456789", "GB"), read_vat_number("XI123456789", "GB")
    assert british is not None
    assert irish is not None
    assert of_member_state(british, date(2020, 12, 31), goods=True)
    assert not of_member_state(british, date(2021, 1, 1), goods=True)
    assert of_member_state(irish, date(2021, 1, 1), goods=True)
    assert not of_member_state(irish, date(2021, 1, 1), goods=False)


def reverse_charged(country: str = "BE", number: str | None = None, **more: object) -> Order:
    """A reverse-charged order of 100.00."""
    return business(
        line("100.00", "0"),
        country=country,
        number=number,
        tax_strategy="reverse_charged_vat",
        **more,
    )


def test_business_needs_company_and_number() -> None:
    """A company name alone does not make a business (R24)."""
    invoice = book(order(company="Bakker BV"))
    assert (invoice.vattype, invoice.customer.companyname1) == (1, "Bakker BV")
    assert invoice.customer.vattypeid == "1"


def test_malformed_number_counts_as_absent() -> None:
    """A number of the wrong form is no reason for 0% (R26, R32)."""
    invoice = book(reverse_charged("DE", "DE12345"))
    assert (invoice.vattype, warnings(invoice)) == (3, ["vat_number_invalid"])
    assert invoice.customer.vatnumber is None


def test_check_digits_are_a_hint() -> None:
    """Wrong check digits are told; the form decides (R26)."""
    invoice = book(reverse_charged("DE", "DE123456789"))
    assert (invoice.concept, codes(invoice)) == (False, ["vat_number_check_digits"])


def test_check_digits_of_british_numbers() -> None:
    """Until 2021 a British number was one of a member state, and was not doubted for it (R26)."""
    what = order(
        line("100.00", "0"),
        country="GB",
        company="Ltd",
        vat_number="GB 980 7806 84",
        on=date(2020, 6, 2),
        tax_strategy="reverse_charged_vat",
    )
    assert (book(what).vattype, codes(book(what))) == (3, [])


def vies(number: str, *, valid: bool) -> Facts:
    """VIES answered."""
    return facts(vies={number: VatCheck(valid, NOW)})


def test_vies() -> None:
    """VIES invalid: warning; not reached: notice; valid: nothing (R26)."""
    what = reverse_charged()
    no, yes = vies("BE0123456749", valid=False), vies("BE0123456749", valid=True)
    assert warnings(book(what, no, vies_check=True)) == ["vies_invalid"]
    assert codes(book(what, facts(), vies_check=True)) == ["vies_not_checked"]
    assert codes(book(what, yes, vies_check=True)) == []
    assert codes(book(what, facts())) == []


def test_vies_knows_better_than_check_digits() -> None:
    """A number that VIES knows is not doubted for its digits (R26)."""
    known = vies("DE123456789", valid=True)
    assert codes(book(reverse_charged("DE", "DE123456789"), known, vies_check=True)) == []


ASKED = [
    (reverse_charged(), {}, "BE0123456749"),
    (reverse_charged("GR", "el 094259216"), {}, "EL094259216"),
    (reverse_charged("FR", "LU12345678"), {}, "LU12345678"),
    (reverse_charged(), {"sells": "services"}, "BE0123456749"),
    (
        business(line("100", "0"), country="NL", number="NL123456789B01"),
        {"domestic_reverse_charge": True},
        "NL123456789B01",
    ),
]
NOT_ASKED = [
    (business(line("121.00"), country="BE"), {}),  # VAT was paid
    (reverse_charged("DE", "DE12345"), {}),  # no number can look so
    (reverse_charged("FR", "NL123456789B01"), {}),  # not of another member state
    (reverse_charged("GB", "GB123456789", on=date(2020, 6, 1)), {}),  # not in VIES now
    (order(line("100", "0"), country="BE", vat_number="BE0123456749"), {}),  # no company
    (business(line("100", "0"), country="CH", number="BE0123456749"), {}),  # an export
    (business(line("100", "0"), country="NL", number="NL123456789B01"), {}),
    (reverse_charged(credited_order_number="900"), {}),
]


@pytest.mark.parametrize(("what", "choices", "number"), ASKED)
def test_the_number_that_a_zero_rate_leans_on_is_asked(
    what: Order, choices: dict[str, Any], number: str
) -> None:
    """Reverse charge abroad, and at home when the merchant applies it (R26)."""
    chosen = settings(vies_check=True, **choices)
    assert number_to_check(what, chosen, facts()) == number
    assert "vies_not_checked" in codes(book(what, vies_check=True, **choices))
    assert number_to_check(what, settings(**choices), facts()) == ""


@pytest.mark.parametrize(("what", "choices"), NOT_ASKED)
def test_no_other_number_is_asked(what: Order, choices: dict[str, Any]) -> None:
    """What nothing leans on is nobody's business, and costs nothing (R26)."""
    assert number_to_check(what, settings(vies_check=True, **choices), facts()) == ""
    assert "vies_not_checked" not in codes(book(what, vies_check=True, **choices))


def test_number_of_another_member_state() -> None:
    """Any member state but the one of departure will do (R34)."""
    other = book(reverse_charged("FR", "LU12345678"))
    assert (other.vattype, other.concept) == (3, False)
    assert "vat_number_other_country" in codes(other, "notice")
    assert warnings(book(reverse_charged("FR", "NL123456789B01"))) == ["vat_number_home"]
    assert warnings(book(reverse_charged("FR", "GB123456789"))) == ["vat_number_outside_eu"]


def test_company_name_is_needed() -> None:
    """Reverse charge needs a company name, and every reason is told (R31, R51)."""
    what = order(
        line("100.00", "0"), country="BE", tax_strategy="reverse_charged_vat", total="103.50"
    )
    found = warnings(book(what))
    assert found == ["company_name_missing", "vat_number_missing", "amount_missing"]


def test_number_on_an_ordinary_order() -> None:
    """Malformed numbers are left out of ordinary invoices and told (R91)."""
    what = order(company="Bakker BV", vat_number="weet ik niet")
    invoice = book(what)
    assert (invoice.concept, codes(invoice)) == (False, ["vat_number_unusable"])
    without = replace(
        what, debtor=replace(what.debtor, invoice=replace(what.debtor.invoice, company=""))
    )
    assert codes(book(without)) == []
