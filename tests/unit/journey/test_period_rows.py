"""The rows of a period, wherever in a shop's history it lies."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boekbrug.journey import period_rows as reading
from boekbrug.journey.period_rows import SLACK, TooManyRowsError, period_rows
from boekbrug.journey.ports.ledger import HELD, LedgerRow
from boekbrug.ledger.memory import MemoryLedger
from tests.support.ledger_rows import SHOP, a_row

BEGIN, TODAY = date(2024, 1, 1), date(2026, 3, 20)


class CountingLedger(MemoryLedger):
    """Remembers how many rows were read, page by page."""

    def __init__(self, rows: Iterable[LedgerRow]) -> None:
        super().__init__()
        self.pages: list[int] = []
        self.record([(row, None) for row in rows])

    def newest_rows(self, *args: Any, **kwargs: Any) -> list[LedgerRow]:
        found = super().newest_rows(*args, **kwargs)
        self.pages.append(len(found))
        return found


def numbers(rows: Iterable[LedgerRow], since: date, until: date) -> set[str]:
    return {row.key.number for row in rows if since <= row.order_date <= until}


@given(st.data())
def test_every_order_of_a_period_is_found(data: st.DataObject) -> None:
    """Of a shop that skips numbers and days, and whose days are now and then out of order."""
    steps = data.draw(st.lists(st.tuples(st.integers(1, 400), st.integers(0, 20)), max_size=40))
    number, day, rows = 1000, BEGIN, []
    for up, later in steps:
        number, day = number + up, day + timedelta(days=later)
        early = timedelta(days=data.draw(st.integers(0, SLACK.days)))
        rows.append(a_row(str(number), order_date=day - early))
    since = data.draw(st.dates(BEGIN - timedelta(days=9), TODAY))
    until = since + timedelta(days=data.draw(st.integers(0, 120)))

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reading, "A_READ", 10)
        patched.setattr(reading, "FEW_ROWS", 10)
        found = period_rows(CountingLedger(rows), SHOP, since, until)

    assert numbers(found, since, until) == numbers(rows, since, until)


def test_a_period_long_ago_is_found_by_halving(monkeypatch: pytest.MonkeyPatch) -> None:
    """A handful of single rows, then what the period holds; not all that came since."""
    monkeypatch.setattr(reading, "A_READ", 50)
    monkeypatch.setattr(reading, "FEW_ROWS", 100)
    ledger = CountingLedger(
        a_row(str(10_000 + at), order_date=BEGIN + timedelta(days=at // 5)) for at in range(4000)
    )
    since, until = date(2024, 3, 1), date(2024, 3, 31)

    found = period_rows(ledger, SHOP, since, until)

    assert len(numbers(found, since, until)) == 31 * 5
    assert ledger.pages.count(1) <= 14
    assert sum(ledger.pages) < 100 + 31 * 5 + 2 * 50 + 5 * SLACK.days + 20


def test_of_few_orders_all_are_read_whatever_their_numbers() -> None:
    """A merchant who began to number anew has new orders below old ones."""
    old = [a_row(str(9000 + at), order_date=BEGIN) for at in range(700)]
    new = [a_row(str(1 + at), order_date=TODAY) for at in range(700)]

    found = period_rows(CountingLedger([*old, *new]), SHOP, TODAY, TODAY)

    assert len(numbers(found, TODAY, TODAY)) == 700


def test_an_order_without_a_number_is_found_too() -> None:
    """One that could not be read stands below all others, and is open."""
    rows = [a_row(str(1000 + at)) for at in range(3)] + [a_row("?", HELD, total=None)]

    found = period_rows(CountingLedger(rows), SHOP, TODAY - timedelta(30), TODAY)

    assert {row.key.number for row in found} == {"1000", "1001", "1002", "?"}


def test_more_orders_than_fit_are_refused_rather_than_left_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A sum over a part of them would be a wrong answer."""
    monkeypatch.setattr(reading, "A_READ", 2)
    monkeypatch.setattr(reading, "MOST_ROWS", 5)
    ledger = CountingLedger(a_row(str(1000 + at)) for at in range(9))

    with pytest.raises(TooManyRowsError):
        period_rows(ledger, SHOP, TODAY - timedelta(30), TODAY)


def test_a_shop_without_orders_has_none() -> None:
    """Today and long ago."""
    for until in (TODAY, TODAY - timedelta(days=400)):
        assert period_rows(MemoryLedger(), SHOP, BEGIN, until) == []
