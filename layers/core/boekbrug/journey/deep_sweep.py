"""A shop's last weeks, read once more and whole -> nothing that was missed stays missed.

lists (plain, not archived, archived) ─▶ the same triage as fetching
count of the shop                     ─▶ compared with what the lists gave
holes in the numbers, credits announced by their originals,
rows that the lists no longer show    ─▶ asked for one by one, a bounded number a night
"""

import logging
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import islice, pairwise
from statistics import median

from boekbrug.domain.days import earlier
from boekbrug.domain.order import Order
from boekbrug.domain.reasons import message
from boekbrug.errors import RetryLater
from boekbrug.journey.after_booking import VANISHED, vanished, watched
from boekbrug.journey.fetch_shop import ShopRun, Work
from boekbrug.journey.following import Teller
from boekbrug.journey.gaps import gaps, is_jump
from boekbrug.journey.ports.findings import FollowMemory
from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    SKIPPED,
    WAITING,
    LedgerRow,
    OrderKey,
)
from boekbrug.journey.ports.shops import OrdersPage, Sweep, UnreadableOrder
from boekbrug.journey.replacing import or_what_stands
from boekbrug.journey.sweep_plan import shop_time
from boekbrug.journey.sweeps import identity, sweep_pages
from boekbrug.journey.triage import BY_OWNER, GONE, PERHAPS_POSTED, Fetched, lost

log = logging.getLogger(__name__)

WINDOW, LONG = timedelta(days=45), timedelta(days=120)
MOST_SINGLES = 100  # orders that are asked for one by one, a night
MOST_HOLES = 500  # that are remembered as asked for
FAILURES = 3  # of single orders, before the shop counts as away

LIST_EMPTY, ORDERS_MISSING, SILENT = "list_empty", "orders_missing", "shop_silent"

HABIT = 30  # orders that show how often a shop gets one
LEAST = 5  # orders that are a habit
TIMES, AT_LEAST = 5, timedelta(days=7)


def first_day(memory: FollowMemory, today: date, newest: date | None = None) -> tuple[date, bool]:
    """The first order date to sweep from, and whether it is the long sweep of the month.

    The window ends at the ``newest`` order that was seen, so a shop that rests keeps the same
    orders in sight. A run that was missed is made up for: it then begins before the last one.
    """
    last = memory.last_long
    long = last is None or (last.year, last.month) != (today.year, today.month)
    missed = today - memory.last_run.date() if memory.last_run else timedelta()
    back = LONG if long else min(max(WINDOW, missed + timedelta(days=1)), LONG)
    return earlier(min(today, newest or today), back), long


def silent_since(dates: Iterable[date], today: date) -> date | None:
    """The day of the last order of a shop that is silent for longer than is its habit.

    Longer than five times the usual time between two of its last thirty orders, and a week.
    """
    known = sorted(dates)[-HABIT:]
    if len(known) < LEAST:
        return None
    usual = median((after - before).days for before, after in pairwise(known))
    habit = max(TIMES * timedelta(days=float(usual)), AT_LEAST)
    return known[-1] if today - known[-1] > habit else None


@dataclass(slots=True)
class Night:
    """One shop in one night: what its rows say, and what was seen of it.

    ``on_booked`` gets each booked row with its order as it is now.
    """

    run: ShopRun
    teller: Teller
    memory: FollowMemory
    rows: dict[OrderKey, LedgerRow]
    on_booked: Callable[[LedgerRow, Order], None]
    since: date
    long: bool
    asks: Collection[str] = ()
    seen: set[OrderKey] = field(default_factory=set)
    forms: dict[str, int] = field(default_factory=dict)
    dates: dict[OrderKey, date] = field(default_factory=dict)
    credits: set[str] = field(default_factory=set)
    holes: set[str] = field(default_factory=set)
    work: Work = field(init=False)

    def __post_init__(self) -> None:
        self.work = Work(self.run, rows=self._known_rows)
        self.dates = {row.key: row.order_date for row in self.rows.values()}

    def sweep(self) -> None:
        """Everything that this page promises. Raises ``RetryLater`` and ``StopShop``."""
        self._free_lost_claims()
        plain = self._listed(None)
        for archived in (False, True):
            self._listed(archived)
        self._count(plain)
        if self.seen or not self._in_window():
            self.teller.over("", LIST_EMPTY)
            self._ask_for(self._singles())
        else:
            self.teller.tell("", LIST_EMPTY, message(LIST_EMPTY).text)
        self._listen()

    def _known_rows(self, keys: Collection[OrderKey]) -> dict[OrderKey, LedgerRow]:
        """What was read for the whole shop at once; the rest one by one."""
        missing = [key for key in keys if key not in self.rows]
        if missing:
            self.rows |= self.run.ledger.rows(missing)
        return {key: self.rows[key] for key in keys if key in self.rows}

    # ----------------------------------------------------------------- lists

    def _listed(self, archived: bool | None) -> set[str]:
        """Read a list and settle it; returns the identity of everything on it."""
        found: set[str] = set()
        sweep = Sweep(start_date=self.since, archived=archived)
        for page in sweep_pages(self.run.api, sweep):
            found |= {identity(fetched) for fetched in page.orders}
            self._take(page.orders)
        return found

    def _take(self, orders: Iterable[Fetched]) -> list[OrderKey]:
        """Settle what was not seen tonight in this form; returns where that is kept."""
        fresh = [one for one in orders if self.forms.get(identity(one)) != hash(one.raw)]
        verdicts = self.work.take(OrdersPage(tuple(fresh), None))
        for verdict in verdicts:
            fetched, row = verdict.fetched, verdict.row or verdict.replaces
            self.forms[identity(fetched)] = hash(fetched.raw)
            self.seen.add(verdict.key)
            if isinstance(fetched, UnreadableOrder):
                continue
            self.dates[verdict.key] = fetched.order.date
            self.credits.update(fetched.order.credit_order_numbers)
            self.teller.over(fetched.order.number, VANISHED)
            if row is not None and row.state == BOOKED:
                self.on_booked(row, fetched.order)
        return [verdict.key for verdict in verdicts]

    def _count(self, listed: set[str]) -> None:
        """The shop's own count beside its list; read once more before anybody hears of it."""
        sweep = Sweep(start_date=self.since)
        try:
            if self.run.api.count(sweep) != len(listed):
                listed |= self._listed(None)
                counted = self.run.api.count(sweep)
                if counted > len(listed):
                    missing = message(ORDERS_MISSING, count=counted - len(listed))
                    self.teller.tell("", ORDERS_MISSING, missing.text)
                    return
        except RetryLater as failed:
            log.warning("not counted", extra={"shop": self.run.shop.shop_id, "code": failed.code})
            return
        self.teller.over("", ORDERS_MISSING)

    # ----------------------------------------------------------------- one by one

    def _singles(self) -> Iterator[str]:
        """Numbers worth asking for, the most important first."""
        unlisted = [row for row in self._in_window() if row.key not in self.seen]
        yield from (row.key.number for row in unlisted if _undecided(row))
        yield from (
            row.key.number
            for row in unlisted
            if watched(row) and not self.teller.knows(row.key.number, VANISHED)
        )
        known = {key.number for key in self.rows} | {key.number for key in self.seen}
        yield from sorted(self.credits - known)
        yield from self.asks
        within = {row.key.number for row in self._in_window()} | {key.number for key in self.seen}
        asked = known if self.long else known | self.memory.holes
        holes = (number for gap in gaps(within) if not is_jump(gap) for number in reversed(gap))
        yield from (str(number) for number in holes if str(number) not in asked)

    def _in_window(self) -> list[LedgerRow]:
        """Rows of orders that the lists must show."""
        rows = (row for row in self.rows.values() if row.order_date >= self.since)
        return [row for row in rows if row.key.number.isdecimal()]

    def _ask_for(self, numbers: Iterable[str]) -> None:
        failures = 0
        seen = {key.number for key in self.seen}
        wanted = (number for number in dict.fromkeys(numbers) if number not in seen)
        for number in islice(wanted, MOST_SINGLES):
            try:
                found = self.run.api.order(number)
            except RetryLater:
                failures += 1
                if failures == FAILURES:
                    raise
                continue
            there = self._take([found]) if found is not None else []
            if not isinstance(found, UnreadableOrder):  # which order that is nobody knows
                self._settle_gone(number, there)

    def _settle_gone(self, number: str, there: Collection[OrderKey]) -> None:
        """Rows of this number that are not ``there``, where the shop's order of it is kept."""
        rows = [row for row in self.rows.values() if row.key.number == number]
        for row in rows:
            if row.key in there:
                continue
            if _undecided(row):
                gone = replace(row, state=SKIPPED, reason=GONE, detail="", changed_at=self.run.now)
                self.run.ledger.record([(or_what_stands(gone, self.run.now), row)])
            elif watched(row):
                self.teller.tell(number, VANISHED, vanished(row))
        if not there and not rows:
            self.holes.add(number)

    def remembered_holes(self) -> frozenset[str]:
        """The numbers that need not be asked for tomorrow."""
        before = frozenset[str]() if self.long else self.memory.holes
        lowest = min((int(key.number) for key in self.seen if key.number.isdecimal()), default=0)
        asked = sorted((int(one) for one in before | self.holes), reverse=True)
        return frozenset(str(one) for one in asked[:MOST_HOLES] if one >= lowest)

    # ----------------------------------------------------------------- the rest

    def _free_lost_claims(self) -> None:
        """A claim whose worker is gone, also of an order that the shop no longer lists."""
        for row in [row for row in self.rows.values() if row.state == POSTING]:
            unclear = lost(row, self.run.now)
            if unclear is not None and self.run.ledger.record([(unclear, row)]):
                self.rows |= self.run.ledger.rows([row.key])

    def _listen(self) -> None:
        """A shop that is silent for longer than is its habit is told of once."""
        last = silent_since(self.dates.values(), shop_time(self.run.now).date())
        if last is not None and self._was_alive(last):
            self.teller.tell("", SILENT, message(SILENT, day=f"{last:%d-%m-%Y}").text)
        elif self.seen:
            self.teller.over("", SILENT)

    def _was_alive(self, last: date) -> bool:
        """Whether its last order was seen while it was new: else it was silent when connected."""
        seen = ((row.order_date, row.seen_at) for row in self.rows.values())
        return any(
            day == last and at is not None and shop_time(at).date() - day <= AT_LEAST
            for day, at in seen
        )


def _undecided(row: LedgerRow) -> bool:
    """Not booked, and nothing of it can be on its way: when it is gone, it is gone."""
    if row.reason in {GONE, BY_OWNER, *PERHAPS_POSTED}:
        return False
    return row.state in (QUEUED, WAITING, SKIPPED, HELD)
