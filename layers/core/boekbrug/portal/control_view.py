"""A period beside its books -> one sentence, and what explains the difference, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from boekbrug.domain.amounts import ZERO
from boekbrug.journey.control import (
    TO_DO,
    Cause,
    Checked,
    Control,
    Controls,
    Kind,
    Part,
    Step,
    together,
)
from boekbrug.journey.ports.findings import Finding
from boekbrug.journey.sentences import cause_in_words, sentence
from boekbrug.portal.formats import money, rate, short_day
from boekbrug.portal.periods import Period, days_told, today_of
from boekbrug.portal.visit import Visit

MOST_SHOWN = 5  # orders of one cause; the file has all of them
MOST_ROWS = 60  # orders on one page
_QUIET = (Kind.BY_HAND, Kind.SKIPPED)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A light, the sentence that says it, and what more there is to say."""

    light: str
    sentence: str
    more: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """One order in a list; ``words`` is what only this order has to tell."""

    order: Checked
    amount: str
    words: str


@dataclass(frozen=True, slots=True)
class ToldCause:
    """A cause in words; ``more`` is how many orders are not shown."""

    kind: Kind
    count: int
    worth: str
    sentence: str
    entries: tuple[Entry, ...]
    more: int


@dataclass(frozen=True, slots=True)
class Line:
    """One step on the way from shop to books."""

    key: str
    part: Part


# --------------------------------------------------------------------------- one sentence


def verdict(
    visit: Visit, period: Period, found: Controls, findings: Sequence[Finding], holes: int
) -> Verdict:
    """What an accountant wants to know first; ``holes`` numbers are missing."""
    parts = found.whole.parts
    to_do = together(one for one in found.orders if one.kind in TO_DO)
    odd = {one.row.key.number for one in found.differing} | {one.number for one in findings}
    more = [_counted(visit, kind, parts[kind]) for kind in (*TO_DO, *_QUIET)]
    more += [_number(visit, "odd", len(odd) if to_do.count else 0)]
    more += [_number(visit, "missing", holes)]
    told = {"period": period.told(visit)}
    if to_do.count:
        key = "check.to_do_one" if to_do.count == 1 else "check.to_do"
        words = visit.say(key, n=to_do.count, amount=worth(visit, to_do), **told)
        light = "attention"
    elif not found.whole.all.count:
        light, words = "busy", visit.say("check.nothing", **told)
    elif odd:
        key = "check.differs_one" if len(odd) == 1 else "check.differs_many"
        light, words = "attention", visit.say(key, n=len(odd), **told)
    else:
        so_far = period.until >= today_of(visit)
        key = "check.all_booked_so_far" if so_far else "check.all_booked"
        light, words = "good", visit.say(key, **told)
    return Verdict(light, words, tuple(one for one in more if one))


def _counted(visit: Visit, kind: Kind, part: Part) -> str:
    return _number(visit, kind, part.count, amount=worth(visit, part))


def _number(visit: Visit, what: str, n: int, **more: str) -> str:
    """So many of something; nothing of none."""
    return visit.say(f"check.count_{what}{'_one' if n == 1 else ''}", n=n, **more) if n else ""


def worth(visit: Visit, part: Part) -> str:
    """How much: in euro, and what nobody turned into euro beside it."""
    told = [money(total, visit.language, code) for code, total in sorted(part.apart.items())]
    told += [visit.say("check.unknown")] if part.unreadable else []
    if part.amounts or not told:
        told.insert(0, money(part.amounts.total, visit.language))
    return " + ".join(told)


def way_to_books(whole: Control) -> list[Line]:
    """The kinds that are there, between what was sold and what was booked."""
    kinds = (*TO_DO, *_QUIET)
    return [
        Line(f"check.kind_{kind}", whole.parts[kind]) for kind in kinds if whole.parts[kind].count
    ]


# --------------------------------------------------------------------------- orders by cause


def told_causes(visit: Visit, found: Controls) -> list[ToldCause]:
    """Each with its first orders, as long as they fit on a page."""
    room, told = MOST_ROWS, []
    for cause in found.causes:
        one = _told(visit, cause, min(MOST_SHOWN, room))
        room -= len(one.entries)
        told.append(one)
    return told


def _told(visit: Visit, cause: Cause, most: int) -> ToldCause:
    words = [explained(visit, order) for order in cause.orders]
    shared = words[0] if len(set(words)) == 1 else _shared(visit, cause)
    entries = tuple(
        Entry(order, order_worth(visit, order), said.removeprefix(shared).strip())
        for order, said in zip(cause.orders[:most], words, strict=False)
    )
    return ToldCause(
        kind=cause.kind,
        count=cause.part.count,
        worth=worth(visit, cause.part),
        sentence=shared,
        entries=entries,
        more=cause.part.count - len(entries),
    )


def explained(visit: Visit, order: Checked) -> str:
    """What became of one order."""
    if order.kind is Kind.DELETED:
        return visit.say("check.why_deleted")
    return sentence(order.stands, visit.language)


def _shared(visit: Visit, cause: Cause) -> str:
    """What all orders of a cause have in common, if there are words for it."""
    if cause.kind in (Kind.CONCEPT, Kind.BY_HAND, Kind.DELETED):
        return visit.say(f"check.why_{cause.kind}")
    return cause_in_words(cause.reason, visit.language)


def order_worth(visit: Visit, order: Checked) -> str:
    """Its amount in euro, or as the shop has it."""
    return worth(visit, together([order]))


def differences(visit: Visit, orders: Iterable[Checked]) -> list[Entry]:
    """What was booked differently, each with the amounts that differ."""
    return [Entry(order, order_worth(visit, order), _compared(visit, order)) for order in orders]


def _compared(visit: Visit, order: Checked) -> str:
    sold, booked, off = order.shop or order.booked, order.booked, order.difference

    def told(key: str, shop: Decimal, books: Decimal, percent: Decimal = ZERO) -> str:
        amounts = {"shop": money(shop, visit.language), "booked": money(books, visit.language)}
        return visit.say(key, rate=rate(percent, visit.language), **amounts)

    total = [told("check.total_differs", sold.total, booked.total)] if off.total else []
    vat = [
        told("check.vat_differs", sold.vat.get(one, ZERO), booked.vat.get(one, ZERO), one)
        for one in sorted(off.vat, reverse=True)
    ]
    return " ".join(total + vat)


# --------------------------------------------------------------------------- names of steps


def step_name(visit: Visit, one: Control, step: Step) -> str:
    """In a table: days short, the rest in words."""
    if step is Step.DAY:
        return short_day(one.since)
    return days_told(visit, one.since, one.until)


def short_name(visit: Visit, one: Control, step: Step) -> str:
    """As it fits under a bar."""
    if step is Step.DAY:
        return f"{one.since:%d-%m}"
    if step is Step.QUARTER:
        return visit.say("check.quarter_short", n=(one.since.month + 2) // 3)
    return visit.say("check.months_short").split()[one.since.month - 1]
