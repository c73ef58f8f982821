"""The bars of the small chart."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from boekbrug.portal.bars import HEIGHT, Bar, chart

MONEY = st.decimals(min_value=-99999, max_value=99999, places=2)


def test_bars_stand_on_a_line_and_credits_hang_below_it() -> None:
    """In whole units; what is nothing has no bar."""
    found = chart([(Decimal(300), Decimal(150)), (Decimal(-100), Decimal(0))])

    assert found is not None
    assert (found.width, found.zero, found.highest) == (200, 750, Decimal(300))
    assert found.bars == (
        Bar("shop", 12, 0, 750),
        Bar("booked", 52, 375, 375),
        Bar("shop", 112, 750, 250),
    )


def test_there_is_no_chart_of_one_step_or_of_nothing() -> None:
    """Two numbers say it faster."""
    assert chart([(Decimal(300), Decimal(150))]) is None
    assert chart([(Decimal(0), Decimal(0))] * 3) is None


@given(st.lists(st.tuples(MONEY, MONEY), min_size=2, max_size=100))
def test_no_bar_leaves_the_picture(pairs: list[tuple[Decimal, Decimal]]) -> None:
    """But for the rounding of one unit."""
    found = chart(pairs)

    for bar in found.bars if found else ():
        assert bar.y >= -1
        assert bar.y + bar.height <= HEIGHT + 1
