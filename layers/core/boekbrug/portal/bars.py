"""Amounts -> the bars of a small chart, in whole units of its height. No float."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from boekbrug.domain.amounts import ZERO

HEIGHT = 1000
STEP, BAR = 100, 36  # units of width: a pair of bars, and one of them


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle; ``kind`` is ``shop`` or ``booked``."""

    kind: str
    x: int
    y: int
    height: int


@dataclass(frozen=True, slots=True)
class Chart:
    """``zero`` is how high nothing is, ``highest`` the largest amount of all."""

    width: int
    zero: int
    bars: tuple[Bar, ...]
    highest: Decimal


def chart(pairs: Sequence[tuple[Decimal, Decimal]]) -> Chart | None:
    """Shop and books, beside each other for each step; ``None`` when there is nothing to see."""
    amounts = [amount for pair in pairs for amount in pair]
    top, bottom = max([ZERO, *amounts]), min([ZERO, *amounts])
    if len(pairs) < 2 or top == bottom:
        return None

    def height(amount: Decimal) -> int:
        return int((amount * HEIGHT / (top - bottom)).to_integral_value())

    zero = height(top)
    bars = tuple(
        Bar(kind, at * STEP + offset, zero - max(high, 0), abs(high))
        for at, pair in enumerate(pairs)
        for kind, offset, high in zip(
            ("shop", "booked"), (12, 12 + BAR + 4), map(height, pair), strict=True
        )
        if high
    )
    return Chart(len(pairs) * STEP, zero, bars, top)
