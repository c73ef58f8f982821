"""The outcome of choosing a VAT type, and what the choosers ask of the lines (R30-R50)."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from boekbrug.domain.amounts import ZERO, to_cents
from boekbrug.domain.lines import Draft
from boekbrug.domain.rates import Rates, fitting

NATIONAL = 1
NATIONAL_REVERSED = 2
EU_REVERSED = 3
OUTSIDE_EU = 4
MARGIN = 5
EU_VAT = 6
FOREIGN_VAT = 7


class Zero(Enum):
    """What a line at 0% becomes."""

    RATE = "0"
    """0, which belongs to the type."""
    FREE = "-1"
    """-1, VAT free: services outside the EU (R36), exempt sellers (R53)."""
    ASK = "ask"
    """What the merchant said that 0% means (R53)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A VAT type, the positive rates it allows, and what becomes of lines at 0%.

    ``allowed`` is ``None`` when the rates are not known (an administration abroad, R28).
    """

    vattype: int
    allowed: Rates | None = ()
    zero: Zero = Zero.RATE


def taxed(drafts: Iterable[Draft]) -> list[Draft]:
    """The lines that say something about VAT: with an amount, and no vouchers (R59, R75)."""
    return [draft for draft in drafts if not (draft.free or draft.voucher)]


def all_at_zero(drafts: Iterable[Draft]) -> bool:
    """Lines with an amount, none of them at a positive rate."""
    lines = taxed(drafts)
    return bool(lines) and not [draft for draft in lines if draft.rate]


def is_charged(drafts: Iterable[Draft]) -> bool:
    """Whether anything is left to pay for what is sold: not for samples, nor after 100% off."""
    return bool(to_cents(sum((draft.net for draft in taxed(drafts)), ZERO)))


def positive_rates(drafts: Iterable[Draft]) -> list[Decimal]:
    """The different positive rates on those lines."""
    return list(
        dict.fromkeys(d.rate for d in taxed(drafts) if d.rate is not None and d.rate > ZERO)
    )


def all_fit(rates: Iterable[Decimal], allowed: Rates | None) -> bool:
    """Whether every rate is one of the allowed; unknown rates fit anything (R28)."""
    return allowed is None or all(fitting(rate, allowed) is not None for rate in rates)
