"""Country and date -> rates: right on every date, and looked up as seldom as is safe (R55)."""

import threading
from contextlib import suppress
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from boekbrug.acumulus.vat_rates import AGAIN_AFTER, FRESH, CachedVatRates, Periods
from boekbrug.domain.facts import VatPeriod, VatRate
from boekbrug.errors import RetryLater

TODAY = date(2026, 3, 20)


class Lookup:
    """Rates that change on given dates; counts what it is asked, and fails on request."""

    def __init__(self, changes: dict[date, str] | None = None) -> None:
        self.changes = changes or {date(2000, 1, 1): "21"}
        self.asked: list[tuple[str, date]] = []
        self.down = False
        self.company: threading.Barrier | None = None

    def rate(self, on: date) -> Decimal:
        return Decimal(self.changes[max(day for day in self.changes if day <= on)])

    def vat_periods(self, country: str, on: date) -> Periods:
        self.asked.append((country, on))
        if self.company:
            with suppress(threading.BrokenBarrierError):
                self.company.wait()
        if self.down:
            raise RetryLater("down")
        if country == "AF":
            return ()
        return (VatPeriod(on, on, 2, (VatRate(self.rate(on), "normal"),)),)


class Store:
    """A shared store in memory, which can be out of order."""

    def __init__(self) -> None:
        self.values: dict[str, str] = {}
        self.down = False

    def get(self, key: str) -> str | None:
        if self.down:
            raise RetryLater("down")
        return self.values.get(key)

    def put(self, key: str, value: str, *, seconds: int) -> None:
        if self.down:
            raise RetryLater("down")
        assert seconds == FRESH
        self.values[key] = value


class Clock:
    """Seconds that pass when the test says so."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def cached(
    lookup: Lookup, store: Store | None = None, clock: Clock | None = None
) -> CachedVatRates:
    return CachedVatRates(lookup, store=store, seconds=clock or Clock(), today=lambda: TODAY)


def rate_on(rates: CachedVatRates, on: date, country: str = "DE") -> Decimal:
    """The rate of the period that holds the date."""
    periods = rates.periods(country, on)
    assert periods
    (period,) = periods
    assert period.start is not None
    assert period.until is not None
    assert period.start <= on <= period.until
    return period.rates[0].rate


DAYS = st.dates(date(2025, 11, 1), TODAY + timedelta(days=40))


@given(
    st.dictionaries(DAYS, st.sampled_from(["19", "16", "21"]), max_size=1),
    st.lists(DAYS, max_size=40),
)
def test_every_date_has_its_own_rate(changes: dict[date, str], days: list[date]) -> None:
    """Also around a change in the middle of a month, whatever was asked before."""
    lookup = Lookup({date(2000, 1, 1): "19"} | changes)
    rates = cached(lookup)

    for day in days:
        assert rate_on(rates, day) == lookup.rate(day)


def test_one_order_is_one_lookup() -> None:
    """The first date of a month is asked itself, once."""
    lookup = Lookup()
    rates = cached(lookup)

    for _ in range(3):
        rate_on(rates, date(2026, 3, 10))

    assert lookup.asked == [("DE", date(2026, 3, 10))]


def test_a_year_of_orders_is_three_lookups_a_month() -> None:
    """A backlog does not ask for every date: one date, and the ends of its month."""
    lookup = Lookup()
    rates = cached(lookup)

    for day in range(365):
        rate_on(rates, date(2025, 1, 1) + timedelta(days=day))

    assert len(lookup.asked) <= 3 * 12


def test_a_month_with_a_change_is_asked_day_by_day() -> None:
    """The ends of the month differ, so nothing is assumed in between."""
    lookup = Lookup({date(2000, 1, 1): "19", date(2026, 2, 15): "21"})
    rates = cached(lookup)

    asked = [str(rate_on(rates, date(2026, 2, day))) for day in (10, 14, 15, 16)]

    assert asked == ["19", "19", "21", "21"]


def test_today_is_the_end_of_this_month() -> None:
    """Days to come are never assumed: a later date is asked itself."""
    lookup = Lookup({date(2000, 1, 1): "19", date(2026, 3, 25): "21"})
    rates = cached(lookup)

    found = [rate_on(rates, date(2026, 3, day)) for day in (2, 3, 26, 24)]

    assert found == [19, 19, 21, 19]


def test_a_failure_is_none_and_not_repeated_at_once() -> None:
    """An order that cannot be judged waits; the next one does not wait for the same timeout."""
    lookup, clock = Lookup(), Clock()
    lookup.down = True
    rates = cached(lookup, clock=clock)

    assert rates.periods("DE", TODAY) is None
    assert rates.periods("DE", TODAY) is None
    assert len(lookup.asked) == 1

    lookup.down = False
    clock.now = AGAIN_AFTER + 1
    assert rate_on(rates, TODAY) == 21


def test_what_is_known_survives_a_failure() -> None:
    """A country whose date is known needs no look-up."""
    lookup = Lookup()
    rates = cached(lookup)
    rate_on(rates, TODAY)
    lookup.down = True

    assert rates.periods("DE", date(2026, 3, 1)) is None
    assert rate_on(rates, TODAY) == 21


def test_a_country_without_data_is_empty_and_remembered() -> None:
    """Empty is an answer of its own: outside the EU."""
    lookup = Lookup()
    rates = cached(lookup)

    assert rates.periods("AF", TODAY) == ()
    assert rates.periods(" af ", TODAY) == ()
    assert len(lookup.asked) == 1


@pytest.mark.parametrize("country", ["", "N", "NLD", "1A", "ÉÉ", "Nederland"])
def test_what_is_no_country_code_is_not_asked(country: str) -> None:
    """Acumulus has no data for something that is no code."""
    lookup = Lookup()

    assert cached(lookup).periods(country, TODAY) == ()
    assert lookup.asked == []


def test_answers_go_stale() -> None:
    """After half a day Acumulus is asked again."""
    lookup, clock = Lookup(), Clock()
    rates = cached(lookup, clock=clock)
    rate_on(rates, TODAY)
    lookup.changes = {date(2000, 1, 1): "22"}

    assert rate_on(rates, TODAY) == 21
    clock.now = FRESH + 1
    assert rate_on(rates, TODAY) == 22


def test_another_process_finds_it_in_the_store() -> None:
    """What one process looked up, the next one reads, exactly."""
    store, first, second = Store(), Lookup({date(2000, 1, 1): "25.50"}), Lookup()
    found = cached(first, store).periods("FI", TODAY)

    assert cached(second, store).periods("FI", TODAY) == found
    assert second.asked == []
    cached(first, store).periods("AF", TODAY)
    assert cached(second, store).periods("AF", TODAY) == ()
    assert second.asked == []


@pytest.mark.parametrize("stored", ["", "x", "[[1]]", "[[1,[[1,2,3]]]]", '[[1,[["x","y"]]]]', "7"])
def test_a_broken_store_costs_a_lookup_and_nothing_else(stored: str) -> None:
    """Nonsense in the store counts as forgotten; a store that fails is done without."""
    store = Store()
    store.values[f"vat/DE/{TODAY.isoformat()}"] = stored
    assert rate_on(cached(Lookup(), store), TODAY) == 21

    store.down = True
    assert rate_on(cached(Lookup(), store), TODAY) == 21


def test_many_threads_ask_once() -> None:
    """A batch of administrations needs the same country at the same moment."""
    lookup = Lookup()
    lookup.company = threading.Barrier(2, timeout=0.2)  # the look-up waits for a second one
    rates = cached(lookup)
    threads = [threading.Thread(target=rates.periods, args=("DE", TODAY)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(lookup.asked) == 1
