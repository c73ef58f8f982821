"""A period beside its books -> files that a Dutch Excel opens as they are meant.

Semicolons, a decimal comma, and a mark in front that says UTF-8. A text that a spreadsheet would
take for a formula gets an apostrophe in front; amounts are ours and stay numbers.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from boekbrug.domain.amounts import ZERO, to_cents
from boekbrug.journey.control import NOTHING, Amounts, Checked, Control, Controls, Kind, Step
from boekbrug.journey.gaps import is_jump
from boekbrug.portal.control_view import explained, step_name
from boekbrug.portal.formats import rate, short_day
from boekbrug.portal.visit import Visit

type Reading = Callable[[Amounts], Decimal]
type Cell = str | int | Decimal | date | None

MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_BETWEEN = tuple(kind for kind in Kind if kind is not Kind.BOOKED)


def summary(visit: Visit, found: Controls, step: Step) -> bytes:
    """For each step and for the whole: how many, without VAT, each rate, and the total."""
    head = ["period", "since", "until", "what", "shop", "booked", "difference"]
    heads = [visit.say(f"check.csv_{name}") for name in head]
    heads += [visit.say(f"check.kind_{kind}") for kind in _BETWEEN]
    heads.append(visit.say("check.csv_unexplained"))
    lines: list[list[Cell]] = [[*heads]]
    for one in found.steps:
        if one.all.count:
            lines += _lines(visit, one, step_name(visit, one, step))
    lines += _lines(visit, found.whole, visit.say("check.whole"))
    return _file(lines)


def _lines(visit: Visit, one: Control, name: str) -> Iterable[list[Cell]]:
    when: list[Cell] = [name, one.since, one.until]
    counts = [one.parts[kind].count for kind in _BETWEEN]
    booked = one.parts[Kind.BOOKED].count
    yield [
        *when,
        visit.say("check.csv_count"),
        *(one.all.count, booked, one.all.count - booked, *counts, None),
    ]
    yield [*when, visit.say("check.net"), *_across(one, lambda amounts: amounts.net)]
    for percent in one.rates:
        label = visit.say("check.at_rate", rate=rate(percent, visit.language))
        yield [*when, label, *_across(one, _vat_at(percent))]
    yield [*when, visit.say("check.total"), *_across(one, lambda amounts: amounts.total)]


def _vat_at(percent: Decimal) -> Reading:
    return lambda amounts: amounts.vat.get(percent, ZERO)


def _across(one: Control, of: Reading) -> list[Cell]:
    """One line of amounts, which adds up from left to right."""
    between = [of(one.parts[kind].amounts) for kind in _BETWEEN]
    return [of(one.shop), of(one.booked), of(one.difference), *between, of(one.unexplained)]


def orders(visit: Visit, found: Controls, gaps: Sequence[range]) -> bytes:
    """A line for each order, and for each number that is missing."""
    names = ["number", "day", "state", "invoice", "entry", "currency", "order_total"]
    heads = [visit.say(f"check.csv_{name}") for name in (*names, "shop", "booked", "difference")]
    rates = found.whole.rates
    for percent in rates:
        told = rate(percent, visit.language)
        heads += [visit.say(f"check.csv_vat_{side}", rate=told) for side in ("shop", "booked")]
    heads.append(visit.say("check.csv_why"))
    lines: list[list[Cell]] = [[*heads]]
    lines += [_order(visit, order, rates) for order in found.orders]
    width = len(heads) - 3
    for gap in (gap for gap in gaps if not is_jump(gap)):
        missing = visit.say("check.csv_missing")
        lines += [[str(number), None, missing, *[None] * width] for number in gap]
    return _file(lines)


def _order(visit: Visit, order: Checked, rates: Sequence[Decimal]) -> list[Cell]:
    row, stands, shop, booked = order.row, order.stands, order.shop, order.booked
    line: list[Cell] = [
        *(row.key.number, row.order_date, visit.say(f"check.kind_{order.kind}")),
        *(stands.invoicenumber, stands.entryid or stands.conceptid, row.currency, row.total),
        *(shop.total if shop else None, booked.total, order.difference.total if shop else None),
    ]
    for percent in rates:
        line += [_vat(shop, percent), _vat(booked, percent)]
    return [*line, explained(visit, order)]


def _vat(amounts: Amounts | None, percent: Decimal) -> Decimal | None:
    return None if amounts is None else (amounts or NOTHING).vat.get(percent, ZERO)


# --------------------------------------------------------------------------- one file


def _file(lines: Iterable[Iterable[Cell]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([cell(value) for value in line] for line in lines)
    return (MARK + text.getvalue()).encode()


def cell(value: Cell) -> str:
    """One value as a spreadsheet reads it back."""
    match value:
        case None:
            return ""
        case Decimal():
            return f"{to_cents(value)}".replace(".", ",")
        case date():
            return short_day(value)
        case int():
            return str(value)
        case str():
            return f"'{value}" if value.startswith(_FORMULA) else value
