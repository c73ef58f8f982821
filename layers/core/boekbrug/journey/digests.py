"""What is open, and what an owner was told of already -> what to tell now (R126). Pure.

One cause is told at once, then at most once a day while new orders join it, then once a week; and
once more when it is over. What was booked with a remark is told together, once a day.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from boekbrug.domain.days import AMSTERDAM
from boekbrug.domain.reasons import message
from boekbrug.journey.ports.findings import Finding
from boekbrug.journey.ports.ledger import HELD, UNCLEAR, LedgerRow
from boekbrug.journey.ports.mails import MailMemory, ToldCause
from boekbrug.journey.ports.tenants import NOTIFY_DAILY, NOTIFY_PROBLEMS, Account
from boekbrug.journey.replacing import left_behind
from boekbrug.journey.trials import TRIAL_LIMIT

PATIENCE = timedelta(days=1)
"""How long what goes on by itself, or is ours to mend, may take before its owner hears of it."""
EVERY_DAY = timedelta(days=7)
"""From the first mail on, as long new orders of the cause are told the next day."""
REMINDER = timedelta(days=7)
MOST_KEPT = 500  # orders of one cause that are remembered as told

OLD_ENTRY = "old_entry_stays"
OURS = frozenset({"fault", "books_wrong_url", "books_wrong_xml"})
"""Reasons that only the operator can mend."""
TOLD_ELSEWHERE = frozenset(
    {
        *("administration_paused", "administration_removed", "credentials_refused"),
        *(
            "posting_stopped",
            "resend",
            "retry",
            "role_refused",
            "shop_moved",
            "shop_on_hold",
            TRIAL_LIMIT,
        ),
    }
)
"""Reasons to wait that have a mail of their own, or that a person chose."""
TOLD_ONCE = frozenset(
    {
        *("cancelled_after_booking", "changed_after_booking", "credit_status_after_booking"),
        *("deleted_in_books", "details_changed_after_booking", "entry_differs"),
        *("entry_vat_differs", "payment_lost_after_booking", "refunded_after_booking"),
        *("shop_silent", "total_read_after_booking", "vanished_after_booking"),
        "vat_number_refused_after_booking",
    }
)
"""Findings of what happened: nobody is reminded of them, and in time they are let go."""
LET_GO = timedelta(days=130)
"""Longer than any sweep looks back: it is not found anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One order that somebody must hear of; ``reminds`` when it is told again after a week."""

    code: str
    shop_id: str
    number: str
    detail: str = ""
    reminds: bool = True

    @property
    def order(self) -> tuple[str, str]:
        """The shop's id and the number."""
        return self.shop_id, self.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One cause and its orders; ``outcomes`` counts what became of them once it is over."""

    code: str
    items: tuple[Item, ...]
    outcomes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """What was done since ``since``: orders per state, concepts counted apart."""

    since: datetime
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """One mail to one account: what waits for it, what was booked with a remark, a summary.

    ``shops`` are the names by shop id.
    """

    problems: tuple[Section, ...] = ()
    remarks: tuple[LedgerRow, ...] = ()
    summary: Summary | None = None
    shops: Mapping[str, str] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.problems or self.remarks or self.summary)


def item_of(row: LedgerRow, now: datetime) -> Item | None:
    """What its owner must hear of an open row by now, if anything."""
    code = UNCLEAR if row.state == UNCLEAR else row.reason
    detail, old = row.detail, left_behind(row)
    if old:
        code, detail = OLD_ENTRY, message(OLD_ENTRY, entry=old).text
    patient = row.state != HELD or code in OURS
    since = row.changed_at or row.seen_at or now
    if code in TOLD_ELSEWHERE or (patient and now - since < PATIENCE):
        return None
    return Item(code=code, shop_id=row.key.shop_id, number=row.key.number, detail=detail)


def item_of_finding(finding: Finding) -> Item:
    """What was found after booking, or of a shop as a whole."""
    return Item(
        code=finding.code,
        shop_id=finding.shop_id,
        number=finding.number,
        detail=finding.detail,
        reminds=finding.code not in TOLD_ONCE,
    )


def problems(
    items: Iterable[Item], memory: MailMemory, now: datetime
) -> tuple[tuple[Section, ...], MailMemory]:
    """The causes to tell of now, and what is remembered once that is told."""
    found: list[Section] = []
    causes = dict(memory.causes)
    for code, members in _by_code(items).items():
        told = causes.get(code)
        if _due(told, memory.closed.get(code), members, now):
            orders = tuple(item.order for item in members)[:MOST_KEPT]
            causes[code] = ToldCause(first=told.first if told else now, last=now, orders=orders)
            found.append(Section(code=code, items=members))
    return tuple(found), replace(memory, causes=causes)


def over(items: Iterable[Item], memory: MailMemory) -> tuple[str, ...]:
    """The codes of causes that were told and are gone."""
    open_codes = {item.code for item in items}
    return tuple(sorted(set(memory.causes) - open_codes))


def let_go(told: ToldCause, code: str, now: datetime) -> bool:
    """Whether a cause ended because it is so long ago: that is no news to anybody."""
    return code in TOLD_ONCE and now - told.last >= LET_GO - timedelta(days=1)


def after_closing(memory: MailMemory, codes: Iterable[str], now: datetime) -> MailMemory:
    """What is remembered once it was told that these are over."""
    gone = set(codes)
    kept = {code: told for code, told in memory.causes.items() if code not in gone}
    lately = {code: at for code, at in memory.closed.items() if _days(at, now) < 1}
    return replace(memory, causes=kept, closed=lately | dict.fromkeys(sorted(gone), now))


def remarks(
    rows: Iterable[LedgerRow], memory: MailMemory, now: datetime
) -> tuple[tuple[LedgerRow, ...], MailMemory]:
    """What was booked with a remark and not told yet: once a day, all of it together."""
    told, listed = memory.remarks, list(rows)
    known = set(told.orders) if told else set[tuple[str, str]]()
    fresh = [row for row in listed if _order(row) not in known]
    if not fresh or (told and _days(told.last, now) < 1):
        return (), memory
    # Older ones are not listed any more, so they need not be known either.
    orders = tuple(sorted({_order(row) for row in listed}))
    remembered = ToldCause(first=now, last=now, orders=orders)
    by_number = sorted(fresh, key=lambda row: (row.key.shop_id, row.key.number.zfill(12)))
    return tuple(by_number), replace(memory, remarks=remembered)


def _order(row: LedgerRow) -> tuple[str, str]:
    return row.key.shop_id, row.key.number


def summary_since(account: Account, memory: MailMemory, now: datetime) -> datetime | None:
    """From when on a summary is due now; ``None`` when none is."""
    if account.notify == NOTIFY_PROBLEMS:
        return None
    every = 1 if account.notify == NOTIFY_DAILY else 7
    if memory.summary_until is None:
        return now - timedelta(days=every)
    return memory.summary_until if _days(memory.summary_until, now) >= every else None


def summary(rows: Iterable[LedgerRow], since: datetime) -> Summary:
    """What became of the orders that changed since then."""
    changed = [row for row in rows if row.changed_at and row.changed_at > since]
    concepts = (bool(row.conceptid) and not row.entryid for row in changed)
    counts = Counter(
        "concept" if concept else row.state for concept, row in zip(concepts, changed, strict=True)
    )
    return Summary(since=since, counts=dict(counts))


def _due(
    told: ToldCause | None, closed: datetime | None, members: Sequence[Item], now: datetime
) -> bool:
    if told is None:
        return closed is None or _days(closed, now) >= 1
    if _days(told.last, now) < 1:
        return False
    joined = {item.order for item in members} - set(told.orders)
    if joined and _days(told.first, now) < EVERY_DAY.days:
        return True
    again = joined or any(item.reminds for item in members)
    return bool(again) and _days(told.last, now) >= REMINDER.days


def _by_code(items: Iterable[Item]) -> dict[str, tuple[Item, ...]]:
    found: dict[str, list[Item]] = {}
    for item in sorted(items, key=lambda one: (one.shop_id, one.number.zfill(12))):
        found.setdefault(item.code, []).append(item)
    return {code: tuple(members) for code, members in sorted(found.items())}


def _days(then: datetime, now: datetime) -> int:
    """Days by the owner's calendar."""
    return (_day(now) - _day(then)).days


def _day(moment: datetime) -> date:
    return moment.astimezone(AMSTERDAM).date()
