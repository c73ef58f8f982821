"""Amounts: exact decimals, rounded half up, written for Acumulus or for a Dutch reader (R84)."""

from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
CENT = Decimal("0.01")
HALF_CENT = Decimal("0.005")
UNIT = Decimal("0.0001")
"""Acumulus keeps four decimals of a unit price (A1)."""

_NO_CENTS = Decimal("0.00")
_NO_UNITS = Decimal("0.0000")


def to_cents(amount: Decimal) -> Decimal:
    """Rounded half up to two decimals; never a negative zero."""
    return amount.quantize(CENT, ROUND_HALF_UP) or _NO_CENTS


def to_unit(amount: Decimal) -> Decimal:
    """Rounded half up to the four decimals that Acumulus keeps; never a negative zero."""
    return amount.quantize(UNIT, ROUND_HALF_UP) or _NO_UNITS


@lru_cache(maxsize=256)
def vat_factor(rate: Decimal) -> Decimal:
    """What an amount without VAT is multiplied by: 1.21 for 21, 1 for 0 and VAT free."""
    return (HUNDRED + rate) / HUNDRED if rate > ZERO else ONE


@lru_cache(maxsize=1024)
def plain(number: Decimal) -> str:
    """With a point, without exponent or trailing zeros: 21.00 -> "21", 25.50 -> "25.5" (R57)."""
    return format(number.normalize() + ZERO, "f")


def dutch(amount: Decimal) -> str:
    """An amount in cents as Dutch readers write it: 1234.5 -> "1.234,50"."""
    return f"{to_cents(amount):,}".translate(_DUTCH)


def dutch_number(number: Decimal) -> str:
    """A rate or quantity as Dutch readers write it: 25.50 -> "25,5"."""
    return plain(number).replace(".", ",")


_DUTCH = str.maketrans(",.", ".,")
