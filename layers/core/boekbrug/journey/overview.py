"""A shop -> one light and one sentence, what was done lately, and what waits for whom.

Read in a handful of small pages, however many orders the shop has: the newest rows, the rows that
are open, what following up found. Counts end where the reading ends, and say so.
"""

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from itertools import islice
from typing import Protocol

from boekbrug.journey.breaker import BOOKS_AWAY
from boekbrug.journey.digests import OURS, PATIENCE
from boekbrug.journey.hourly import EVERY, last_strike
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.findings import Finding, Findings
from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    UNCLEAR,
    Ledger,
    LedgerRow,
    ShopMemory,
)
from boekbrug.journey.ports.tenants import Cache, ConnectedShop, Tenants
from boekbrug.journey.sentences import Words
from boekbrug.journey.standstill import Standstill, standstills

LATELY = timedelta(days=7)
MOST_READ = 200  # of the newest rows
MOST_OPEN = 1000  # of what is open: that many only when something is wrong
MOST_SHOWN = 8
MOST_AT_ONCE = 8  # shops of one account that are looked at together
OVERDUE = 2 * EVERY
"""A run that is later than this is not a matter of minutes."""
A_MOMENT = timedelta(minutes=2)
_NEVER = datetime.min.replace(tzinfo=UTC)


class Light(StrEnum):
    """How a shop does: all is well, somebody should look, nothing goes on."""

    GOOD = "good"
    ATTENTION = "attention"
    BAD = "bad"


class OverviewSources(Protocol):
    """Where an overview is read."""

    @property
    def tenants(self) -> Tenants: ...
    @property
    def ledger(self) -> Ledger: ...
    @property
    def findings(self) -> Findings: ...
    @property
    def cache(self) -> Cache: ...
    @property
    def clock(self) -> Clock: ...


@dataclass(frozen=True, slots=True)
class Count:
    """How many; ``more`` when there may be more than were read."""

    number: int
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """One shop in one line; ``needs_you`` and ``findings`` are what its owner should look at."""

    shop: ConnectedShop
    light: Light
    sentence: Words
    standstills: tuple[Standstill, ...] = ()
    needs_you: tuple[LedgerRow, ...] = ()
    waiting: tuple[LedgerRow, ...] = ()
    findings: tuple[Finding, ...] = ()
    more: bool = False
    """Whether more is open than was read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All that the first page shows of a shop.

    ``booked`` and ``concepts`` are of the last week; ``moving`` tells that orders are on their way
    to Acumulus right now.
    """

    glance: Glance
    booked: Count
    concepts: Count
    needs_you: Count
    waiting: Count
    latest: tuple[LedgerRow, ...]
    moving: bool
    last_run: datetime | None
    next_run: datetime | None


def overview(sources: OverviewSources, shop: ConnectedShop) -> Overview:
    """Look at one shop. Raises ``RetryLater`` when our own storage cannot be read."""
    now = sources.clock.now()
    memory = sources.ledger.memories([shop.shop_id]).get(shop.shop_id)
    last, following = _runs(sources, shop, memory, now)
    glance = _glance(sources, shop, memory, now, late=_is_late(last, now))
    newest = sources.ledger.newest_rows(shop.shop_id, MOST_READ)
    booked = [row for row in newest if row.state == BOOKED and now - booked_at(row) < LATELY]
    more = len(newest) == MOST_READ and _since(newest[-1], now) < LATELY
    underway = [row for row in newest if row.state in (QUEUED, POSTING)]
    return Overview(
        glance=glance,
        booked=Count(len(booked), more),
        concepts=Count(sum(is_concept(row) for row in booked), more),
        needs_you=Count(len(glance.needs_you), glance.more),
        waiting=Count(len(glance.waiting) + len(underway), glance.more),
        latest=_latest(newest),
        moving=any(is_moving(row, now) for row in underway),
        last_run=last,
        next_run=following,
    )


def glances(sources: OverviewSources, shops: Sequence[ConnectedShop]) -> list[Glance]:
    """A line for each shop, in the same order."""
    now = sources.clock.now()
    known = sources.ledger.memories([shop.shop_id for shop in shops]) if shops else {}

    def glance(shop: ConnectedShop) -> Glance:
        return _glance(sources, shop, known.get(shop.shop_id), now)

    with ThreadPoolExecutor(max_workers=MOST_AT_ONCE) as pool:
        return list(pool.map(glance, shops))


def is_concept(row: LedgerRow) -> bool:
    """Booked, but a person makes it final in Acumulus."""
    return row.state == BOOKED and bool(row.conceptid) and not row.entryid


def booked_at(row: LedgerRow) -> datetime:
    """When it was posted, or was found to be."""
    return row.posting_at or row.changed_at or _NEVER


def is_moving(row: LedgerRow, now: datetime) -> bool:
    """Whether a person who waits for it will see it booked in a moment."""
    return row.state in (QUEUED, POSTING) and _since(row, now) < A_MOMENT


def needs_owner(row: LedgerRow, now: datetime) -> bool:
    """Whether its owner must choose or mend something; what only we can mend is not his."""
    if row.state == UNCLEAR:
        return _since(row, now) >= PATIENCE
    return row.state == HELD and row.reason not in OURS


# --------------------------------------------------------------------------- one light


def _glance(
    sources: OverviewSources,
    shop: ConnectedShop,
    memory: ShopMemory | None,
    now: datetime,
    *,
    late: bool = False,
) -> Glance:
    still = tuple(standstills(sources.tenants, shop))
    read = list(islice(sources.ledger.open_rows(shop.shop_id), MOST_OPEN))
    needs = tuple(row for row in read if needs_owner(row, now))
    waiting = tuple(row for row in read if row.state != BOOKED and not needs_owner(row, now))
    found = tuple(islice(sources.findings.open(shop.shop_id), MOST_READ))
    away = _away(memory, found, now)
    if away is not None and not still:
        light, sentence = Light.ATTENTION, away
    else:
        light, sentence = _light(still, needs, waiting, found, late=late)
    return Glance(
        shop=shop,
        light=light,
        sentence=sentence,
        standstills=still,
        needs_you=needs,
        waiting=waiting,
        findings=found,
        more=len(read) == MOST_OPEN,
    )


def _light(
    still: Sequence[Standstill],
    needs: Sequence[LedgerRow],
    waiting: Sequence[LedgerRow],
    found: Sequence[Finding],
    *,
    late: bool,
) -> tuple[Light, Words]:
    """What matters most is told; the rest is on the page."""
    stopped = next((one for one in still if one.to_do and not one.chosen), None)
    if stopped is not None:
        return Light.BAD, stopped.words
    if still:
        return Light.ATTENTION, still[0].words
    if needs:
        return Light.ATTENTION, _many(needs, _NEEDS_ONE, _NEEDS_MANY)
    if found:
        return Light.ATTENTION, _many(found, _FOUND_ONE, _FOUND_MANY)
    ours = [row for row in waiting if row.state == HELD]
    if ours:
        return Light.ATTENTION, _many(ours, _OURS_ONE, _OURS_MANY)
    return (Light.ATTENTION, _LATE) if late else (Light.GOOD, _GOOD)


def _away(memory: ShopMemory | None, found: Sequence[Finding], now: datetime) -> Words | None:
    """What is told while the shop, or Acumulus, has not answered for hours."""
    since = memory.failing_since if memory else None
    if since is not None and now - since >= OVERDUE:
        hours = int((now - since) / timedelta(hours=1))
        return Words(*(text.format(n=hours) for text in _SHOP_AWAY))
    return _BOOKS_AWAY if any(one.code == BOOKS_AWAY for one in found) else None


def _many(what: Sequence[object], one: Words, many: Words) -> Words:
    words = one if len(what) == 1 else many
    return Words(*(text.format(n=len(what)) for text in words))


# --------------------------------------------------------------------------- runs and bookings


def _runs(
    sources: OverviewSources, shop: ConnectedShop, memory: ShopMemory | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """When the shop was looked at last and will be next; nobody knows it of a shop that rests."""
    struck = last_strike(sources.cache, now)
    if shop.paused:
        return (memory.last_success if memory else None), None
    known = [at for at in (struck, memory.last_success if memory else None) if at]
    following = struck + EVERY if struck and now - struck < OVERDUE else None
    return max(known, default=None), following


def _is_late(last: datetime | None, now: datetime) -> bool:
    return last is not None and now - last >= OVERDUE


def _latest(newest: Iterable[LedgerRow]) -> tuple[LedgerRow, ...]:
    """The last bookings, the latest first."""
    booked = [row for row in newest if row.state == BOOKED]
    return tuple(sorted(booked, key=booked_at, reverse=True)[:MOST_SHOWN])


def _since(row: LedgerRow, now: datetime) -> timedelta:
    """How long ago it became what it is."""
    return now - (row.changed_at or row.seen_at or now)


_GOOD = Words("Alles loopt; er wacht niets op u.", "All is well; nothing waits for you.")
_LATE = Words(
    "De laatste ronde is langer geleden dan een uur. Er gaat niets verloren: de volgende haalt "
    "alles in.",
    "The last run is more than an hour ago. Nothing is lost: the next one catches up.",
)
_SHOP_AWAY = Words(
    "De bestellingen konden al {n} uur niet worden opgehaald. Er gaat niets verloren: zodra het "
    "weer lukt, worden zij ingehaald.",
    "The orders could not be fetched for {n} hours. Nothing is lost: they are caught up as soon as "
    "it works again.",
)
_BOOKS_AWAY = Words(
    "Acumulus antwoordt al uren niet. Er gaat niets verloren: de bestellingen wachten en worden "
    "daarna geboekt.",
    "Acumulus has not answered for hours. Nothing is lost: the orders wait and are booked "
    "afterwards.",
)
_NEEDS_ONE = Words(
    "Er wacht 1 bestelling op een keuze van u.", "1 order waits for a choice of yours."
)
_NEEDS_MANY = Words(
    "Er wachten {n} bestellingen op een keuze van u.", "{n} orders wait for a choice of yours."
)
_FOUND_ONE = Words(
    "Alles is geboekt, maar er is iets om naar te kijken.",
    "Everything is booked, but there is something to look at.",
)
_FOUND_MANY = Words(
    "Alles is geboekt, maar er zijn {n} dingen om naar te kijken.",
    "Everything is booked, but there are {n} things to look at.",
)
_OURS_ONE = Words(
    "1 bestelling wacht door een fout van ons; de beheerder weet ervan en u hoeft niets te doen.",
    "1 order waits because of a fault of ours; the operator knows and you need to do nothing.",
)
_OURS_MANY = Words(
    "{n} bestellingen wachten door een fout van ons; de beheerder weet ervan en u hoeft niets te "
    "doen.",
    "{n} orders wait because of a fault of ours; the operator knows and you need to do nothing.",
)
