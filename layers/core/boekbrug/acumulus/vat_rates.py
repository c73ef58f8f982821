"""Country and date -> its legal VAT rates, looked up as seldom as is safe (R55).

Rates hold for long periods, so asking for every date would be waste; but a month can change in its
middle. So the first date of a month that is needed is asked itself. From the second on, a month
whose first and last day have the same rates is taken as a whole (no country changes its rates and
back within a month), and any other month is asked day by day.
"""

import json
import threading
import time
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Protocol

from boekbrug.domain.facts import VatPeriod, VatRate
from boekbrug.errors import BoekbrugError

FRESH = 12 * 3600  # seconds; a new rate is known to Acumulus long before its first day
AGAIN_AFTER = 60.0  # seconds after a failure; else each order of a batch waits for it once more
LARGEST = 4000  # days that are remembered

type Periods = tuple[VatPeriod, ...]


class DayRates(Protocol):
    """Where the rates of one day come from; raises one of our errors when they cannot be read."""

    def vat_periods(self, country: str, on: date) -> Periods: ...


class SharedRates(Protocol):
    """A store behind all processes: text by key, gone after some seconds.

    It may forget, and it may raise one of our errors: then Acumulus is asked.
    """

    def get(self, key: str) -> str | None: ...
    def put(self, key: str, value: str, *, seconds: int) -> None: ...


@dataclass(frozen=True, slots=True)
class _Known:
    """The rates of the days from one to another, both inclusive, until a moment."""

    first: date
    last: date
    periods: Periods
    until: float

    def holds(self, on: date, now: float) -> bool:
        return self.first <= on <= self.last and now < self.until


class CachedVatRates:
    """The port ``VatRates``; safe to use from several threads.

    ``seconds`` is a clock that never goes back, ``today`` the date in UTC.
    """

    def __init__(
        self,
        source: DayRates,
        *,
        store: SharedRates | None = None,
        seconds: Callable[[], float] = time.monotonic,
        today: Callable[[], date] = lambda: datetime.now(UTC).date(),
    ) -> None:
        self._source = source
        self._store = store
        self._seconds = seconds
        self._today = today
        self._days: dict[tuple[str, date], _Known] = {}
        self._months: dict[tuple[str, int, int], _Known] = {}
        self._failed: dict[str, float] = {}
        self._locks: dict[str, threading.Lock] = {}

    def periods(self, country: str, on: date) -> Periods | None:
        """The period around a date; empty: no VAT data; ``None``: it could not be read."""
        country = country.strip().upper()
        if not (len(country) == 2 and country.isascii() and country.isalpha()):
            return ()
        found = self._remembered(country, on)
        if found is not None:
            return found
        # One look-up at a time per country: a batch of many threads asks the same thing.
        with self._locks.setdefault(country, threading.Lock()):
            found = self._remembered(country, on)
            return self._asked(country, on) if found is None else found

    def _remembered(self, country: str, on: date) -> Periods | None:
        now = self._seconds()
        for known in (
            self._months.get((country, on.year, on.month)),
            self._days.get((country, on)),
        ):
            if known is not None and known.holds(on, now):
                return known.periods
        return None

    def _asked(self, country: str, on: date) -> Periods | None:
        if self._seconds() < self._failed.get(country, 0.0):
            return None
        try:
            return self._of_month(country, on)
        except BoekbrugError:
            self._failed[country] = self._seconds() + AGAIN_AFTER
            return None

    def _of_month(self, country: str, on: date) -> Periods:
        month = (country, on.year, on.month)
        seen_before = month in self._months
        if not seen_before or on > self._today():
            only = self._of_day(country, on)
            self._months.setdefault(month, _Known(on, on, only, 0.0))
            return only
        first = on.replace(day=1)
        last = min(on.replace(day=monthrange(on.year, on.month)[1]), self._today())
        at_first, at_last = self._of_day(country, first), self._of_day(country, last)
        if _rates(at_first) != _rates(at_last):
            return self._of_day(country, on)
        whole = tuple(replace(period, start=first, until=last) for period in at_first)
        self._months[month] = _Known(first, last, whole, self._seconds() + FRESH)
        return whole

    def _of_day(self, country: str, on: date) -> Periods:
        known = self._days.get((country, on))
        if known is not None and known.holds(on, self._seconds()):
            return known.periods
        found = self._shared(country, on)
        if found is None:
            found = self._source.vat_periods(country, on)
            self._share(country, on, found)
        if len(self._days) >= LARGEST:
            self._days.clear()
            self._months.clear()
        self._days[country, on] = _Known(on, on, found, self._seconds() + FRESH)
        return found

    def _shared(self, country: str, on: date) -> Periods | None:
        try:
            stored = self._store.get(_key(country, on)) if self._store else None
        except BoekbrugError:
            return None
        return _unpacked(stored, on) if stored else None

    def _share(self, country: str, on: date, found: Periods) -> None:
        if self._store is None:
            return
        try:
            self._store.put(_key(country, on), _packed(found), seconds=FRESH)
        except BoekbrugError:
            return  # only a saving is lost


def _rates(periods: Periods) -> list[tuple[int | None, list[VatRate]]]:
    return [
        (period.region, sorted(period.rates, key=lambda r: (r.rate, r.kind))) for period in periods
    ]


def _key(country: str, on: date) -> str:
    return f"vat/{country}/{on.isoformat()}"


def _packed(periods: Periods) -> str:
    rows = [[p.region, [[str(r.rate), r.kind] for r in p.rates]] for p in periods]
    return json.dumps(rows, separators=(",", ":"))


def _unpacked(stored: str, on: date) -> Periods | None:
    """What ``_packed`` made; anything else counts as forgotten."""
    try:
        return tuple(
            VatPeriod(on, on, region, tuple(VatRate(Decimal(rate), kind) for rate, kind in rates))
            for region, rates in json.loads(stored)
        )
    except (ValueError, TypeError, ArithmeticError):
        return None
