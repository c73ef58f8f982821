"""Days and the shop's clock, for every date from the year 1 to the year 9999."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
"""The clock of the shops, of their owners and of Acumulus."""


def earlier(day: date, by: timedelta) -> date:
    """The day that lies so much before another; the first day there is when none does."""
    return day - by if day - date.min > by else date.min


def local_day(moment: datetime) -> date:
    """The day that a moment with an offset falls on in the Netherlands."""
    try:
        return moment.astimezone(AMSTERDAM).date()
    except OverflowError:  # the first and the last hours there are, by another clock
        return moment.date()
