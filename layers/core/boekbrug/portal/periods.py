"""What was asked for -> the period that is looked at, or a sentence at the field."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from boekbrug.journey.control import A_DAY, Step, first_day, last_day
from boekbrug.journey.sweep_plan import shop_time
from boekbrug.portal.formats import day
from boekbrug.portal.visit import Visit

THIS_QUARTER, LAST_QUARTER, THIS_MONTH, LAST_MONTH = NAMES = (
    *("dit-kwartaal", "vorig-kwartaal", "deze-maand", "vorige-maand"),
)
"""Periods that have a name, as they stand in an address."""
STEPS: Mapping[str, Step] = {"dag": Step.DAY, "maand": Step.MONTH, "kwartaal": Step.QUARTER}
"""The steps, likewise."""

YEARS = range(2000, 2100)
"""What a day may be asked of; another year is a slip of the hand."""
A_YEAR = timedelta(days=366)
MOST_DAYS = timedelta(days=92)  # a quarter
_A_MONTH = timedelta(days=31)
_ISO, _DUTCH = (
    re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})"),
    re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})"),
)


@dataclass(frozen=True, slots=True)
class Period:
    """Both days included; ``name`` is empty for one of the visitor's own."""

    since: date
    until: date
    step: Step
    name: str = ""

    @property
    def query(self) -> Mapping[str, str]:
        """What asks for it in an address, without its step."""
        if self.name:
            return {"periode": self.name}
        return {"van": self.since.isoformat(), "tot": self.until.isoformat()}

    def told(self, visit: Visit) -> str:
        """As it stands in a sentence."""
        if self.name:
            return visit.say(f"check.period_{self.name.replace('-', '_')}")
        if _is_whole(self.since, self.until, Step.QUARTER):
            return visit.say("check.period_quarter", quarter=_quarter(visit, self.since))
        return days_told(visit, self.since, self.until)


def days_told(visit: Visit, since: date, until: date) -> str:
    """``oktober 2026``, ``4e kwartaal van 2026``, or the first and the last day."""
    if since == until:
        return day(since, visit.language)
    if _is_whole(since, until, Step.MONTH):
        month = visit.say("common.months").split()[since.month - 1]
        return f"{month} {since.year}"
    if _is_whole(since, until, Step.QUARTER):
        return _quarter(visit, since)
    return visit.say(
        "check.period_own", since=day(since, visit.language), until=day(until, visit.language)
    )


def _is_whole(since: date, until: date, step: Step) -> bool:
    return since == first_day(until, step) and until == last_day(since, step)


def _quarter(visit: Visit, since: date) -> str:
    return visit.say("check.quarter", n=(since.month + 2) // 3, year=since.year)


def may_be_in(step: Step, period: Period) -> bool:
    """Whether a period is long enough for such steps, and not too long."""
    if step is Step.DAY:
        return timedelta(0) < period.until - period.since < MOST_DAYS
    return period.until - period.since >= _A_MONTH


def today_of(visit: Visit) -> date:
    """The day it is for the shop and its owner."""
    return shop_time(visit.now).date()


def asked(visit: Visit, begin: date | None) -> tuple[Period | None, Mapping[str, str]]:
    """The period, or what is wrong by field. ``begin`` is the day that the shop was started."""
    errors: dict[str, str] = {}
    days = _own_days(visit, errors) if {"van", "tot"} & visit.query.fields.keys() else None
    if errors:
        return None, errors
    name = "" if days else _name(visit, begin)
    since, until = days or _days_of(name, today_of(visit))
    step = _step(visit, since, until, errors)
    return (None, errors) if step is None else (Period(since, until, step, name), errors)


def _own_days(visit: Visit, errors: dict[str, str]) -> tuple[date, date] | None:
    found = {field: _read_day(visit.query.text(field)) for field in ("van", "tot")}
    since, until = found["van"], found["tot"]
    if since is None or until is None:
        for field in (field for field, one in found.items() if one is None):
            key = "check.no_date" if visit.query.text(field) else "check.date_missing"
            errors[field] = visit.say(key)
        return None
    if until < since:
        errors["tot"] = visit.say("check.ends_before")
    elif until - since >= A_YEAR:
        errors["tot"] = visit.say("check.too_long")
    return since, until


def _read_day(typed: str) -> date | None:
    """As a date field sends it, or as people here write it."""
    iso, dutch = _ISO.fullmatch(typed), _DUTCH.fullmatch(typed)
    parts = iso.groups() if iso else dutch.groups()[::-1] if dutch else ()
    try:
        found = date(*map(int, parts))
    except (TypeError, ValueError):
        return None
    return found if found.year in YEARS else None


def _name(visit: Visit, begin: date | None) -> str:
    """Without a choice: the quarter whose VAT return is due, if there was a shop then."""
    chosen = visit.query.text("periode")
    if chosen in NAMES:
        return chosen
    today = today_of(visit)
    quarter = first_day(today, Step.QUARTER)
    due = today.month == quarter.month and (begin is None or begin < quarter)
    return LAST_QUARTER if due else THIS_QUARTER


def _days_of(name: str, today: date) -> tuple[date, date]:
    step = Step.QUARTER if name in (THIS_QUARTER, LAST_QUARTER) else Step.MONTH
    if name in (LAST_QUARTER, LAST_MONTH):
        today = first_day(today, step) - A_DAY
    return first_day(today, step), last_day(today, step)


def _step(visit: Visit, since: date, until: date, errors: dict[str, str]) -> Step | None:
    chosen = visit.query.text("per")
    if not chosen:
        return Step.DAY if until - since < _A_MONTH else Step.MONTH
    step = STEPS.get(chosen)
    if step is None:
        errors["per"] = visit.say("check.no_step")
    elif step is Step.DAY and until - since >= MOST_DAYS:
        errors["per"] = visit.say("check.too_many_days", n=MOST_DAYS.days)
        return None
    return step
