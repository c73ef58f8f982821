"""VAT rates per country and date: what Acumulus answered, or the built-in Dutch table (R52-R57)."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from boekbrug.domain.amounts import CENT, HALF_CENT, ZERO
from boekbrug.domain.countries import EU
from boekbrug.domain.facts import VatPeriod
from boekbrug.domain.order import Order, Store
from boekbrug.domain.place import fiscal_country
from boekbrug.domain.settings import ShopSettings

type Rates = tuple[Decimal, ...]

VAT_FREE = Decimal(-1)
"""Acumulus' rate for exempt and out of scope; it is not the same as 0 (section 0)."""

# The Dutch rates from a day on, newest first (A5, R55).
_DUTCH = (
    (date(2019, 1, 1), (Decimal(21), Decimal(9), ZERO)),
    (date(2012, 10, 1), (Decimal(21), Decimal(6), ZERO)),
    (date.min, (Decimal(19), Decimal(6), ZERO)),
)

_RATE_TOLERANCE = HALF_CENT
_ROUNDING = CENT * Decimal("0.56")
"""How far a rounded amount can be off: half a cent and a little (R54)."""


def dutch_rates(on: date) -> Rates:
    """The Dutch rates on a day, highest first (A5)."""
    return next(rates for since, rates in _DUTCH if on >= since)


def rates_on(known: Mapping[str, tuple[VatPeriod, ...]], country: str, on: date) -> Rates | None:
    """The rates of a country on the tax date (R46, R56).

    Empty = the country has no VAT data then; ``None`` = the look-up failed, which for the
    Netherlands is answered by the built-in table (R55).
    """
    periods = known.get(country)
    period = _period(periods, on) if periods else None
    if period is not None:
        return tuple([row.rate for row in period.rates if row.rate >= ZERO])
    if country == "NL":
        return dutch_rates(on)
    return None if periods is None else ()


def region_on(known: Mapping[str, tuple[VatPeriod, ...]], country: str, on: date) -> int | None:
    """Acumulus' countryregion: 1 Netherlands, 2 EU, 3 world; ``None`` when unknown (A4, R18)."""
    periods = known.get(country)
    period = _period(periods, on) if periods else None
    return period.region if period else None


def fitting(rate: Decimal, allowed: Rates) -> Decimal | None:
    """The allowed rate that equals ``rate`` within 0.005, or ``None`` (R57)."""
    for other in allowed:
        if rate == other or abs(rate - other) <= _RATE_TOLERANCE:
            return other
    return None


def possible(net: Decimal, vat: Decimal, allowed: Rates) -> list[Decimal]:
    """The allowed rates that amount and VAT, both rounded to cents, leave possible (R54)."""
    net, vat = abs(net), abs(vat)
    low = (vat - _ROUNDING) / (net + _ROUNDING) * 100
    if net <= _ROUNDING:
        return [rate for rate in allowed if rate >= low]
    high = (vat + _ROUNDING) / (net - _ROUNDING) * 100
    return [rate for rate in allowed if low <= rate <= high]


def countries_needed(
    order: Order, settings: ShopSettings, store: Store, original: Order | None = None
) -> tuple[tuple[str, date], ...]:
    """Which (country, tax date) rates must be known before ``convert`` (R55).

    The home country is always the first; a foreign one follows when it may decide about the VAT
    type. For a credit order the original counts, when it is given (R111). ``store`` is not needed
    today; it is part of the question.
    """
    del store
    basis = original or order
    country = fiscal_country(basis, settings)
    country = "GB" if country == "XI" else country
    home = (settings.home_country, basis.date)
    if country == settings.home_country or country not in EU | {"GB"}:
        return (home,)
    return home, (country, basis.date)


def _period(periods: tuple[VatPeriod, ...], on: date) -> VatPeriod | None:
    """The period of a day: the newest of two that share their border."""
    found = None
    for period in periods:
        begun = period.start is None or period.start <= on
        if begun and (period.until is None or on <= period.until):
            found = period if found is None else max(found, period, key=_start)
    return found


def _start(period: VatPeriod) -> date:
    return period.start or date.min
