"""Ledger rows of a period -> shop beside books per VAT rate, and where they differ. Pure.

Orders count on the day they were placed. Each is of one kind, so that what the shop sold is what
was posted, and what is not in the books by kind, and what was posted differently: to the cent.
Everything is in euro. An order in another currency counts for what was posted of it; before that
its amount is kept apart.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from boekbrug.domain.amounts import ZERO
from boekbrug.domain.currency import EURO
from boekbrug.journey.after_booking import DELETED_IN_BOOKS, VAT_SLACK
from boekbrug.journey.decisions import BY_HAND
from boekbrug.journey.digests import OURS
from boekbrug.journey.gaps import gaps
from boekbrug.journey.overview import is_concept
from boekbrug.journey.ports.ledger import BOOKED, HELD, SKIPPED, UNCLEAR, LedgerRow
from boekbrug.journey.triage import PERHAPS_POSTED

A_DAY = timedelta(days=1)


class Kind(StrEnum):
    """What became of an order, as its books see it."""

    BOOKED = "booked"
    CONCEPT = "concept"
    BY_HAND = "by_hand"
    HELD = "held"
    WAITING = "waiting"
    UNCLEAR = "unclear"
    DELETED = "deleted"
    SKIPPED = "skipped"


POSTED = frozenset({Kind.BOOKED, Kind.CONCEPT, Kind.DELETED})
"""Of which it is known what was posted."""
TO_DO = (Kind.HELD, Kind.WAITING, Kind.UNCLEAR, Kind.CONCEPT, Kind.DELETED)
"""What should be in the books and is not, or not yet."""


class Step(StrEnum):
    """How a period is divided."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"


@dataclass(frozen=True, slots=True)
class Amounts:
    """VAT included, and the VAT in it per rate; rates without VAT are left out."""

    total: Decimal = ZERO
    vat: Mapping[Decimal, Decimal] = field(default_factory=dict)

    @property
    def net(self) -> Decimal:
        """Without VAT."""
        return self.total - sum(self.vat.values(), ZERO)

    def __add__(self, other: "Amounts") -> "Amounts":
        return Amounts(self.total + other.total, _vat(self.vat, other.vat, 1))

    def __sub__(self, other: "Amounts") -> "Amounts":
        return Amounts(self.total - other.total, _vat(self.vat, other.vat, -1))

    def __bool__(self) -> bool:
        return bool(self.total or self.vat)


NOTHING = Amounts()


def _vat(
    one: Mapping[Decimal, Decimal], other: Mapping[Decimal, Decimal], sign: int
) -> Mapping[Decimal, Decimal]:
    both = {rate: one.get(rate, ZERO) + sign * other.get(rate, ZERO) for rate in {*one, *other}}
    return {rate: amount for rate, amount in both.items() if amount}


@dataclass(frozen=True, slots=True)
class Checked:
    """One order; ``shop`` is ``None`` when its amount is not known in euro.

    ``stands`` is its row, or the one that counts while it is booked again (R124). ``booked`` is
    what is in the books of it, so nothing unless it is booked for good.
    """

    row: LedgerRow
    stands: LedgerRow
    kind: Kind
    shop: Amounts | None
    booked: Amounts

    @property
    def difference(self) -> Amounts:
        """What the shop sold less what is in the books."""
        return (self.shop or NOTHING) - self.booked

    @property
    def differs(self) -> bool:
        """Whether it was booked for another amount, or with other VAT than rounding makes."""
        if self.kind is not Kind.BOOKED:
            return False
        off = self.difference
        return bool(off.total) or any(abs(vat) > VAT_SLACK for vat in off.vat.values())


@dataclass(frozen=True, slots=True)
class Part:
    """Orders together; ``apart`` is what is not in ``amounts``, per currency.

    ``unreadable`` are orders of which the shop gave no amount.
    """

    count: int = 0
    amounts: Amounts = NOTHING
    apart: Mapping[str, Decimal] = field(default_factory=dict)
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Control:
    """One period; ``parts`` holds every kind, in the amounts of the shop."""

    since: date
    until: date
    parts: Mapping[Kind, Part]
    all: Part
    booked: Amounts

    @property
    def shop(self) -> Amounts:
        """What the shop sold."""
        return self.all.amounts

    @property
    def difference(self) -> Amounts:
        """The shop less the books."""
        return self.shop - self.booked

    @property
    def unexplained(self) -> Amounts:
        """What was booked differently: the difference that the other kinds do not explain."""
        return self.parts[Kind.BOOKED].amounts - self.booked

    @property
    def rates(self) -> list[Decimal]:
        """From high to low."""
        return sorted({*self.shop.vat, *self.booked.vat}, reverse=True)


@dataclass(frozen=True, slots=True)
class Cause:
    """Orders of one kind and reason."""

    kind: Kind
    reason: str
    orders: tuple[Checked, ...]
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Controls:
    """A period as a whole and in steps; its orders by day and number."""

    whole: Control
    steps: tuple[Control, ...]
    orders: tuple[Checked, ...]

    @property
    def differing(self) -> tuple[Checked, ...]:
        """What was booked differently."""
        return tuple(order for order in self.orders if order.differs)

    @property
    def causes(self) -> list[Cause]:
        """Why orders are not in the books; what needs somebody first, the most frequent first."""
        found: dict[tuple[Kind, str], list[Checked]] = {}
        for order in self.orders:
            if order.kind is not Kind.BOOKED:
                found.setdefault((order.kind, order.stands.reason), []).append(order)
        urgency = (*TO_DO, Kind.BY_HAND, Kind.SKIPPED)
        keys = sorted(found, key=lambda one: (urgency.index(one[0]), -len(found[one]), one[1]))
        return [Cause(*key, tuple(found[key]), together(found[key])) for key in keys]


# --------------------------------------------------------------------------- a period


def control(rows: Iterable[LedgerRow], since: date, until: date, step: Step) -> Controls:
    """The orders that were placed from ``since`` until ``until``, both included."""
    within = sorted(
        (row for row in rows if since <= row.order_date <= until),
        key=lambda row: (row.order_date, row.key.number.zfill(12), row.key.uuid),
    )
    orders = [checked(row) for row in within]
    by_step: dict[date, list[Checked]] = {first: [] for first, _ in stretches(since, until, step)}
    for order in orders:
        by_step[max(since, first_day(order.row.order_date, step))].append(order)
    return Controls(
        whole=_control(since, until, orders),
        steps=tuple(
            _control(first, last, by_step[first]) for first, last in stretches(since, until, step)
        ),
        orders=tuple(orders),
    )


def stretches(since: date, until: date, step: Step) -> Iterator[tuple[date, date]]:
    """First and last day of each step; those at the ends may be shorter."""
    while since <= until:
        last = min(until, last_day(since, step))
        yield since, last
        since = last + A_DAY


def first_day(day: date, step: Step) -> date:
    """Of the month or quarter that a day is in."""
    match step:
        case Step.DAY:
            return day
        case Step.MONTH:
            return day.replace(day=1)
        case Step.QUARTER:
            return date(day.year, day.month - (day.month - 1) % 3, 1)


def last_day(day: date, step: Step) -> date:
    """Likewise."""
    if step is Step.DAY:
        return day
    month = first_day(day, step).month + (0 if step is Step.MONTH else 2)
    return date(day.year, month, monthrange(day.year, month)[1])


def _control(since: date, until: date, orders: Sequence[Checked]) -> Control:
    return Control(
        since=since,
        until=until,
        parts={kind: together(one for one in orders if one.kind is kind) for kind in Kind},
        all=together(orders),
        booked=sum((order.booked for order in orders), NOTHING),
    )


def together(orders: Iterable[Checked]) -> Part:
    """So many, and how much."""
    listed = list(orders)
    apart: dict[str, Decimal] = {}
    unreadable = 0
    for row in (order.row for order in listed if order.shop is None):
        if row.total is None:
            unreadable += 1
        else:
            apart[row.currency] = apart.get(row.currency, ZERO) + _sold(row).total
    amounts = sum((order.shop for order in listed if order.shop is not None), NOTHING)
    return Part(len(listed), amounts, apart, unreadable)


# --------------------------------------------------------------------------- one order


def checked(row: LedgerRow) -> Checked:
    """What became of an order, with its amounts on both sides."""
    again = row.replaces if row.state not in (BOOKED, UNCLEAR) else None
    stands = again or row
    kind = _kind(stands)
    posted = _posted(stands) if kind in POSTED else None
    known = row.currency == EURO and row.total is not None
    return Checked(
        row=row,
        stands=stands,
        kind=kind,
        shop=_sold(row) if known else posted,
        booked=posted if posted and kind is Kind.BOOKED else NOTHING,
    )


def _kind(row: LedgerRow) -> Kind:
    if row.state == BOOKED:
        return _kind_of_booked(row)
    if row.state == UNCLEAR or row.reason in PERHAPS_POSTED:
        return Kind.UNCLEAR
    if row.reason in OURS:
        return Kind.WAITING  # nobody but us can mend that
    return {HELD: Kind.HELD, SKIPPED: Kind.SKIPPED}.get(row.state, Kind.WAITING)


def _kind_of_booked(row: LedgerRow) -> Kind:
    if row.reason == BY_HAND or row.posted_total is None:
        return Kind.BY_HAND
    if row.reason == DELETED_IN_BOOKS:
        return Kind.DELETED
    return Kind.CONCEPT if is_concept(row) else Kind.BOOKED


def _sold(row: LedgerRow) -> Amounts:
    """In the order's currency; a credit order takes off (R110)."""
    total = row.total or ZERO
    sign = -1 if row.credit and total > ZERO else 1
    return Amounts(sign * total, {rate: sign * vat for rate, vat in _rates(row.order_vat)})


def _posted(row: LedgerRow) -> Amounts | None:
    if row.posted_total is None:
        return None
    return Amounts(row.posted_total, dict(_rates(row.vat)))


def _rates(vat: Mapping[str, Decimal]) -> Iterator[tuple[Decimal, Decimal]]:
    return ((Decimal(rate), amount) for rate, amount in vat.items() if amount)


# --------------------------------------------------------------------------- missing numbers


def missing(rows: Iterable[LedgerRow], since: date, until: date) -> list[range]:
    """Gaps in the numbers beside an order of the period, from low to high.

    ``rows`` may be of a longer period: a number that one of them has is not missing.
    """
    listed = list(rows)
    within = {
        int(row.key.number)
        for row in listed
        if since <= row.order_date <= until and row.key.number.isdecimal()
    }
    found = gaps(row.key.number for row in listed)
    return [gap for gap in found if within & {gap.start - 1, gap.stop}][::-1]
