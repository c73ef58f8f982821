"""The hash of what matters for the books (R122)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from boekbrug.domain.fingerprint import fingerprint
from boekbrug.domain.order import Order
from tests.unit.domain.builders import address, line, order, shipping

BASE = order(line("12.10"), shipping("6.05"))


def with_debtor(**changes: Any) -> Order:
    """The same order with another invoice address."""
    return replace(BASE, debtor=replace(BASE.debtor, invoice=address(**changes)))


@pytest.mark.parametrize(
    "same",
    [
        with_debtor(city="Amsterdam", name="Iemand Anders"),
        replace(BASE, status=7, discount_code="x", delivery_type="pickup"),
        replace(BASE, total=Decimal("18.1500")),
        replace(BASE, lines=BASE.lines[::-1]),
        replace(BASE, lines=(line("12.10", "21.00", text="Ander"), shipping("6.050", "21.0"))),
        replace(BASE, business_model="B2C"),
    ],
)
def test_what_does_not_matter(same: Order) -> None:
    """Texts, statuses, addresses, notation and the order of lines change nothing (R122)."""
    assert fingerprint(same) == fingerprint(BASE)


@pytest.mark.parametrize(
    "other",
    [
        replace(BASE, total=Decimal("18.16")),
        replace(BASE, currency="GBP"),
        replace(BASE, tax_region="BE"),
        replace(BASE, tax_strategy="zero_percent"),
        replace(BASE, business_model="B2B"),
        replace(BASE, credited_order_number="1001"),
        replace(BASE, lines=(line("12.11"), shipping("6.05"))),
        replace(BASE, lines=(line("12.10", "9"), shipping("6.05"))),
        with_debtor(vat_number="NL123456789B01"),
    ],
)
def test_what_matters(other: Order) -> None:
    """Amounts, rates, currency, tax treatment and VAT number change it (R122)."""
    assert fingerprint(other) != fingerprint(BASE)


def test_form() -> None:
    """Thirty-two hexadecimal digits."""
    assert len(fingerprint(BASE)) == 32
    assert int(fingerprint(BASE), 16) >= 0
