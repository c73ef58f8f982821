"""Shop beside books over a period: what the accountant looks at before a VAT return."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.control import (
    Checked,
    Control,
    Controls,
    Kind,
    Step,
    control,
    first_day,
    last_day,
    missing,
)
from boekbrug.journey.gaps import is_jump
from boekbrug.journey.period_rows import MOST_ROWS, TooManyRowsError, period_rows
from boekbrug.journey.ports.findings import Finding
from boekbrug.portal.area import Area
from boekbrug.portal.bars import HEIGHT, chart
from boekbrug.portal.control_csv import orders, summary
from boekbrug.portal.control_view import (
    differences,
    short_name,
    step_name,
    told_causes,
    verdict,
    way_to_books,
    worth,
)
from boekbrug.portal.order_page import order_path
from boekbrug.portal.periods import NAMES, STEPS, YEARS, Period, asked, may_be_in
from boekbrug.portal.render import url
from boekbrug.portal.visit import Answer, Download, Page, Visit

area = Area()

CHECK = "/controle"
MOST_GAPS, MOST_FINDINGS, MOST_DIFFERING = 30, 20, 20
MOST_LINES = 260  # of the table of steps; then without a line for each VAT rate
CSV = "text/csv; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Seen:
    """What was read of a period."""

    found: Controls
    gaps: Sequence[range]
    findings: Sequence[Finding]


@area.get(CHECK, nav="check")
def page(visit: Visit) -> Answer:
    settings = _settings(visit)
    period, errors = asked(visit, settings.start_date)
    seen = _seen(visit, period) if period else None
    if period is not None and seen is None:
        errors = {"van": visit.say("check.too_many_orders", n=MOST_ROWS)}
    return _page(visit, settings, period, seen, errors)


@area.get("/controle.csv", nav="check")
def download_summary(visit: Visit) -> Answer:
    return _download(visit, "controle")


@area.get("/controle/bestellingen.csv", nav="check")
def download_orders(visit: Visit) -> Answer:
    return _download(visit, "bestellingen")


def _download(visit: Visit, what: str) -> Answer:
    period, _ = asked(visit, _settings(visit).start_date)
    seen = _seen(visit, period) if period else None
    if period is None or seen is None:
        return page(visit)
    name = f"{what}-{period.since}-{period.until}.csv"
    if what == "bestellingen":
        return Download(name, CSV, orders(visit, seen.found, seen.gaps))
    return Download(name, CSV, summary(visit, seen.found, period.step))


def _settings(visit: Visit) -> ShopSettings:
    shop = visit.shop
    return visit.services.tenants.settings(shop.shop_id, shop.settings_version)


def _seen(visit: Visit, period: Period) -> Seen | None:
    """``None`` for more orders than are read for one page."""
    services, shop_id = visit.services, visit.shop.shop_id
    since, until = period.since, period.until
    try:
        rows = period_rows(services.ledger, shop_id, since, until)
    except TooManyRowsError:
        return None
    found = control(rows, since, until, period.step)
    return Seen(found, missing(rows, since, until), _findings(visit, found.orders))


def _findings(visit: Visit, found: Sequence[Checked]) -> list[Finding]:
    """What was found after booking, of orders of the period."""
    there = (Kind.BOOKED, Kind.CONCEPT)
    booked = {order.row.key.number for order in found if order.kind in there}
    read = islice(visit.services.findings.open(visit.shop.shop_id), MOST_ROWS)
    return [one for one in read if one.number in booked]


def _page(
    visit: Visit,
    settings: ShopSettings,
    period: Period | None,
    seen: Seen | None,
    errors: Mapping[str, str],
) -> Page:
    chosen = {
        "names": NAMES,
        "steps": [(slug, visit.say(f"check.per_{slug}")) for slug in STEPS],
        "period": period,
        "seen": seen,
        "settings": settings,
        "paused": visit.shop.paused,
    }
    shown = _shown(visit, period, seen) if period and seen else {}
    values: dict[str, object] = {}
    if period:
        values = {"van": period.since, "tot": period.until, "per": _slug(period.step)}
    return Page("check/check.html.j2", {**chosen, **shown}, errors=errors, values=values)


def _slug(step: Step) -> str:
    return next(slug for slug, one in STEPS.items() if one is step)


def _shown(visit: Visit, period: Period, seen: Seen) -> Mapping[str, object]:
    found, step = seen.found, period.step
    steps = [one for one in found.steps if one.all.count]
    holes = _holes(visit, seen.gaps)
    lines = sum(1 + len(one.rates) for one in steps)
    return {
        "verdict": verdict(visit, period, found, seen.findings, holes.count),
        "whole": found.whole,
        "sold": worth(visit, found.whole.all),
        "parts": [(line, worth(visit, line.part)) for line in way_to_books(found.whole)],
        "step": step,
        "other_steps": [
            (f"check.in_steps_{one}", url(visit, CHECK, **period.query, per=slug))
            for slug, one in STEPS.items()
            if one is not step and may_be_in(one, period)
        ],
        "by_step": [(step_name(visit, one, step), one) for one in steps],
        "with_rates": lines <= MOST_LINES,
        "chart": chart([(one.shop.total, one.booked.total) for one in found.steps]),
        "height": HEIGHT,
        "labels": [short_name(visit, one, step) for one in found.steps],
        "causes": told_causes(visit, found),
        "differing": differences(visit, found.differing[:MOST_DIFFERING]),
        "more_differing": len(found.differing[MOST_DIFFERING:]),
        "findings": seen.findings[:MOST_FINDINGS],
        "holes": holes,
        "jumps": [gap for gap in seen.gaps if is_jump(gap)][:MOST_GAPS],
        "order_path": order_path,
        "query": period.query,
        "step_slug": _slug(step),
        "latest": None if found.whole.all.count else _latest(visit),
        "closer": lambda one: _closer(visit, period, one),
    }


def _latest(visit: Visit) -> tuple[date, str] | None:
    """The day of the newest order and where its quarter is looked at, for an empty period."""
    for row in visit.services.ledger.newest_rows(visit.shop.shop_id, 1):
        if row.order_date.year not in YEARS:
            return None
        quarter = [one(row.order_date, Step.QUARTER) for one in (first_day, last_day)]
        return row.order_date, url(visit, CHECK, van=quarter[0], tot=quarter[1])
    return None


def _closer(visit: Visit, period: Period, one: Control) -> str:
    """Where a step is looked at by itself; nowhere when it is all that is looked at."""
    if (one.since, one.until) == (period.since, period.until):
        return ""
    step = Step.MONTH if period.step is Step.QUARTER else Step.DAY
    return url(visit, CHECK, van=one.since, tot=one.until, per=_slug(step))


@dataclass(frozen=True, slots=True)
class Holes:
    """Numbers that no order has; ``words`` is what the shop said when it was asked."""

    count: int
    shown: Sequence[range]
    more: int
    words: str


def _holes(visit: Visit, gaps: Sequence[range]) -> Holes:
    holes = [gap for gap in gaps if not is_jump(gap)]
    numbers = {str(number) for gap in holes for number in gap}
    asked_for = visit.services.follow_memories.of(visit.shop.shop_id).holes if numbers else set()
    return Holes(
        count=len(numbers),
        shown=holes[:MOST_GAPS],
        more=sum(len(gap) for gap in holes[MOST_GAPS:]),
        words=_asked(visit, len(numbers & asked_for), len(numbers)),
    )


def _asked(visit: Visit, known: int, of: int) -> str:
    if not known:
        return visit.say("check.asked_none")
    return visit.say("check.asked_all") if known == of else visit.say("check.asked_some", n=known)
