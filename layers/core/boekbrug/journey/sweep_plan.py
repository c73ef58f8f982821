"""Which orders to ask a shop for, and what to remember afterwards (shop API, section 9). Pure.

The date sweep starts ten days before the newest order that was seen (never later than today), and
earlier when an order of before is still on its way: so a missed run, an emptied queue and a late
order are all covered by the next sweep. The sweep by status change finds older orders that became
bookable; it is only needed while such orders exist (``watching``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import blake2b

from boekbrug.domain.days import AMSTERDAM, earlier
from boekbrug.domain.fingerprint import fingerprint
from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    SKIPPED,
    WAITING,
    ShopMemory,
)
from boekbrug.journey.ports.shops import FetchedOrder, Sweep, UnreadableOrder

WINDOW = timedelta(days=10)
STATUS_OVERLAP = timedelta(hours=26)  # zone doubt and the change of clocks
DAY = timedelta(days=1)
MOST_DIGESTS = 2000
UNFINISHED = (QUEUED, WAITING, POSTING)


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """The sweeps of one run; ``first`` means that nothing usable is remembered."""

    by_date: Sweep
    by_status: Sweep | None
    offset: int
    first: bool


def plan(memory: ShopMemory | None, settings_version: int, start_date: date | None) -> SweepPlan:
    """The first sweep, and the one after other choices, covers everything since the start date."""
    if memory is None or memory.settings_version != settings_version:
        return SweepPlan(Sweep(start_date=start_date), None, 0, first=True)
    if memory.offset:
        return SweepPlan(Sweep(start_date=start_date), None, memory.offset, first=True)
    since = memory.watermark if memory.watching else None
    by_status = Sweep(status_changed_since=since - STATUS_OVERLAP) if since else None
    return SweepPlan(Sweep(start_date=memory.window_from), by_status, 0, first=False)


def digest(fetched: FetchedOrder | UnreadableOrder) -> bytes:
    """Eight bytes that change whenever something changes that a decision looks at.

    The last bit is 0; ``remembered`` uses it.
    """
    if isinstance(fetched, UnreadableOrder):
        return _even(fetched.raw)
    order = fetched.order
    text = "|".join(
        (
            order.uuid,
            order.number,
            str(order.date),
            str(order.status),
            order.payment_status,
            ",".join(order.credit_order_numbers),
            fingerprint(order),
        )
    )
    return _even(text.encode())


def _even(content: bytes) -> bytes:
    value = blake2b(content, digest_size=8).digest()
    return value[:-1] + bytes([value[-1] & 0xFE])


def remembered(mark: bytes, settled: frozenset[bytes]) -> str | None:
    """The state that is remembered for a digest, ``None`` when it is new: see ``Outcome.mark``."""
    if mark in settled:
        return BOOKED
    return SKIPPED if mark[:-1] + bytes([mark[-1] | 1]) in settled else None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fetched order: its digest, order date and the state of its row."""

    digest: bytes
    date: date
    state: str

    @property
    def settled(self) -> bool:
        """Whether fetching has nothing more to do until the order itself changes."""
        return self.state not in UNFINISHED

    @property
    def may_change(self) -> bool:
        """Whether a change of status or payment could still make it bookable."""
        return self.state in (SKIPPED, HELD)

    @property
    def mark(self) -> bytes:
        """The digest as it is remembered: the last bit is 1 for an order that may change."""
        return self.digest[:-1] + bytes([self.digest[-1] | self.may_change])


def shop_time(moment: datetime) -> datetime:
    """A moment as the shop's own clock shows it, without offset, as its filters expect."""
    return moment.astimezone(AMSTERDAM).replace(tzinfo=None)


def next_memory(
    memory: ShopMemory | None,
    run: SweepPlan,
    outcomes: Iterable[Outcome],
    *,
    settings_version: int,
    started: datetime,
    offset: int = 0,
) -> ShopMemory:
    """What to remember after pages were read and stored; ``offset`` > 0: the sweep goes on there.

    ``started`` is when the run began: what changed since is read again next time.
    """
    seen = list(outcomes)
    before = memory if run.offset or not run.first else None
    today = shop_time(started).date()
    window_from = _window_from(seen, before, run, today)
    old = min(today - WINDOW, window_from) if window_from else today - WINDOW
    watching = (before is not None and before.watching) or any(
        outcome.date < old and outcome.may_change for outcome in seen
    )
    newest = sorted((o for o in seen if o.settled), key=lambda o: o.date, reverse=True)
    carried = before.settled if before and run.offset else frozenset[bytes]()
    goes_on = before.watermark if before and run.offset else None
    return ShopMemory(
        settled=frozenset(outcome.mark for outcome in newest[:MOST_DIGESTS])
        | (carried if len(carried) < MOST_DIGESTS else frozenset()),
        window_from=window_from,
        watermark=goes_on or shop_time(started),
        settings_version=settings_version,
        watching=watching,
        offset=offset,
        last_success=started if not offset else None,
        revision=memory.revision if memory else 0,
    )


def _window_from(
    seen: list[Outcome], before: ShopMemory | None, run: SweepPlan, today: date
) -> date | None:
    known = before.window_from if before else None
    if not seen:
        return run.by_date.start_date if run.first else known
    anchor = earlier(min(today, max(outcome.date for outcome in seen)), WINDOW)
    unfinished = [earlier(outcome.date, DAY) for outcome in seen if not outcome.settled]
    part = [known] if known and run.offset else []
    return min([anchor, *unfinished, *part])


def same_answer_next_time(run: SweepPlan, after: ShopMemory, outcomes: Iterable[Outcome]) -> bool:
    """Whether the next run asks the same, and the same answer would need nothing done."""
    return (
        not after.watching
        and not after.offset
        and after.window_from == run.by_date.start_date
        and all(outcome.settled for outcome in outcomes)
    )


def worth_remembering(before: ShopMemory | None, after: ShopMemory) -> bool:
    """An idle shop costs no write: only what the next run needs differently is stored."""
    if before is None or before.offset or after.settings_version != before.settings_version:
        return True
    if before.failing_since:
        return True
    same = (before.settled, before.window_from, before.watching) == (
        after.settled,
        after.window_from,
        after.watching,
    )
    if not same or before.watermark is None or after.watermark is None:
        return True
    if after.page and not before.page:  # once: an answer that differs every time is no help
        return True
    return after.watching and after.watermark - before.watermark > DAY


def order_key_date(fetched: FetchedOrder | UnreadableOrder, today: date) -> date:
    """The order date, or today for an order that could not be read."""
    return fetched.order.date if isinstance(fetched, FetchedOrder) else today
