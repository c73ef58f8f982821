"""One shop in one night: its deep sweep, and the life of its invoices after booking.

every night   paid later -> Acumulus knows (R119); a concept that became an invoice -> its ids;
              a VAT number that VIES could not tell of -> asked again (R26)
three looks   each entry is compared with what was posted (R83), and missed when it is gone
told once     what changed in the shop after booking (R121, R122)
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from boekbrug.domain.facts import Facts
from boekbrug.domain.order import Order
from boekbrug.domain.reasons import message
from boekbrug.domain.settings import ShopSettings
from boekbrug.domain.vies import number_to_check
from boekbrug.errors import RetryLater, StopShop
from boekbrug.journey import after_booking as after
from boekbrug.journey.breaker import BOOKS_AWAY
from boekbrug.journey.deep_sweep import Night, first_day
from boekbrug.journey.fetch_shop import ShopRun
from boekbrug.journey.following import FollowServices, Teller
from boekbrug.journey.look_up import REFUSALS
from boekbrug.journey.message_facts import PAID
from boekbrug.journey.ports.books import Books, Entry
from boekbrug.journey.ports.findings import FollowMemory
from boekbrug.journey.ports.ledger import QUEUED, UNCLEAR, LedgerRow, OrderKey
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.replacing import concept_left, left_behind
from boekbrug.journey.shop_away import SHOP_AWAY
from boekbrug.journey.sweep_plan import WINDOW as FETCH_WINDOW
from boekbrug.journey.sweep_plan import shop_time

log = logging.getLogger(__name__)

FOLLOWED = timedelta(days=90)
"""How long after its order date, or its post if that came later, an invoice is followed (R119)."""
LOOKS = (timedelta(), timedelta(days=7), timedelta(days=30))
"""When after its post an entry is looked at: every look is a call."""
MOST_LOOKS = 300  # entries, and as many concepts, of a shop in one night
MOST_ASKED = 50  # unpaid orders older than the sweep that are asked for, a night

ACCOUNT_GONE, COST_CENTER_GONE, TEMPLATE_GONE = "account_gone", "cost_center_gone", "template_gone"
PAID_IN_BOOKS = "2"


@dataclass(slots=True)
class Picklists:
    """The ids an administration has, each list read once a night and only when it is used."""

    books: Books
    _known: dict[str, frozenset[int]] = field(default_factory=dict)

    def ids(self, kind: str) -> frozenset[int]:
        """The ids of the accounts, cost centres or templates. Raises ``RetryLater``."""
        if kind not in self._known:
            lists = {
                ACCOUNT_GONE: self.books.accounts,
                COST_CENTER_GONE: self.books.cost_centers,
                TEMPLATE_GONE: self.books.templates,
            }
            self._known[kind] = frozenset(choice.id for choice in lists[kind]())
        return self._known[kind]


@dataclass(slots=True)
class ShopFollowed:
    """What became of a shop: rows to look up, and how much was told and marked as paid.

    ``refused`` is why Acumulus let us in no more.
    """

    unclear: list[LedgerRow] = field(default_factory=list)
    told: int = 0
    paid: int = 0
    refused: str = ""


def follow_shop(
    services: FollowServices,
    shop: ConnectedShop,
    run: ShopRun,
    picklists: Picklists | None,
    time_left: Callable[[], bool] = lambda: True,
) -> ShopFollowed:
    """Sweep, compare, tell, remember; ``picklists`` is ``None`` while Acumulus lets nobody in.

    Raises what the ports raise; what was done until then is kept, and done again without harm.
    """
    memory = services.memories.of(shop.shop_id)
    following = _Following(services, shop, run, memory)
    try:
        following.sweep()
        following.numbers(picklists.books if picklists else None, time_left)
        if picklists is not None:
            following.books(picklists, time_left)
    except BooksRefused as refused:
        following.report.refused = refused.code
    finally:
        if following.memory != memory:
            services.memories.keep(shop.shop_id, following.memory)
    return following.report


class BooksRefused(Exception):
    """When it is Acumulus that lets us in no more, and not the shop."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class _Following:
    """One shop, as it is read and changed in one night."""

    def __init__(
        self, services: FollowServices, shop: ConnectedShop, run: ShopRun, memory: FollowMemory
    ) -> None:
        self.services = services
        self.shop = shop
        self.run = run
        self.memory = memory
        self.today = shop_time(run.now).date()
        self.since, self.long = first_day(memory, self.today, self._newest())
        recent = min(self.since, self.today - FOLLOWED)
        found = services.ledger.recent_rows(shop.shop_id, recent)
        self.rows: dict[OrderKey, LedgerRow] = {row.key: row for row in found}
        self.teller = Teller(services, shop.shop_id)
        self.watch: dict[OrderKey, Order] = {}
        self.unchecked: dict[OrderKey, Order] = {}
        self.report = ShopFollowed()
        self._view: after.View | None = None

    def _newest(self) -> date | None:
        """About the date of the newest order that fetching saw."""
        memory = self.services.ledger.memories([self.shop.shop_id]).get(self.shop.shop_id)
        if memory is None or memory.window_from is None:
            return None
        return memory.window_from + FETCH_WINDOW

    # ----------------------------------------------------------------- the shop

    def sweep(self) -> None:
        """The lists, and each booked order beside its row."""
        night = Night(
            run=self.run,
            teller=self.teller,
            memory=self.memory,
            rows=self.rows,
            on_booked=self._beside,
            since=self.since,
            long=self.long,
            asks=self._older(),
        )
        night.sweep()
        self.teller.let_go({key.number for key in night.seen})
        self.teller.over("", SHOP_AWAY)  # it was read just now
        if not any(row.state == QUEUED for row in self.rows.values()):
            self.teller.over("", BOOKS_AWAY)  # nothing waits for it any more
        self.memory = replace(
            self.memory,
            last_run=self.run.now,
            last_long=self.today if self.long else self.memory.last_long,
            holes=night.remembered_holes(),
        )
        self.report.unclear = [
            row
            for row in self.rows.values()
            if row.state == UNCLEAR or left_behind(row) or after.may_be_double(row, self.run.now)
        ]
        self.report.told = self.teller.told

    @property
    def _settings(self) -> ShopSettings:
        return self.services.tenants.settings(self.shop.shop_id, self.shop.settings_version)

    def view(self) -> after.View:
        """The shop's choices and statuses."""
        if self._view is None:
            statuses = self.run.statuses(self.run.api)
            facts = Facts(now=self.run.now, store=self.shop.store, statuses=statuses)
            self._view = after.View(settings=self._settings, facts=facts)
        return self._view

    def _beside(self, row: LedgerRow, order: Order) -> None:
        """A booked row and its order of now: tell what differs, and what no longer does."""
        if not after.watched(row):
            return
        self._tell(row, after.OF_THE_ORDER, after.about_order(row, order, self.view()))
        if (row.due or _is_concept(row)) and self._followed(row):
            self.watch[row.key] = order
        if after.number_unchecked(row):
            self.unchecked[row.key] = order

    def _tell(self, row: LedgerRow, codes: Iterable[str], found: Mapping[str, str]) -> None:
        """What is so is told, what is not is over."""
        for code in codes:
            if code in found:
                self.teller.tell(row.key.number, code, found[code])
            else:
                self.teller.over(row.key.number, code)

    def _followed(self, row: LedgerRow) -> bool:
        return _begun(row) >= self.today - FOLLOWED

    def _older(self) -> list[str]:
        """Numbers of orders that the sweep does not show and that something may still come of."""
        older = sorted(
            (
                row
                for row in self.rows.values()
                if ((row.due and after.watched(row)) or after.number_unchecked(row))
                and row.order_date < self.since
                and self._followed(row)
            ),
            key=lambda row: row.order_date,
        )
        if len(older) > MOST_ASKED:  # each gets its turn, another part every night
            start = self.today.toordinal() * MOST_ASKED % len(older)
            older = (older + older)[start : start + MOST_ASKED]
        return [row.key.number for row in older]

    def numbers(self, books: Books | None, time_left: Callable[[], bool]) -> None:
        """Ask VIES once more what it could not tell when the order was booked (R26)."""
        checks = self.services.booking.one.vies
        for key, order in self.unchecked.items():
            if not time_left():
                raise RetryLater("no time left in this run", code="out_of_time")
            number = number_to_check(order, self._settings, self.view().facts)
            for check in checks.of(number, self.shop.administration_id, books).values():
                row = self.rows[key]
                self._beside(self._write(after.with_check(row, check), row), order)
        self.report.told = self.teller.told

    # ----------------------------------------------------------------- the books

    def books(self, picklists: Picklists, time_left: Callable[[], bool]) -> None:
        """Payments, concepts, looks and picklists; each call is safe to repeat."""
        try:
            self._in_the_books(picklists, time_left)
        except StopShop as refused:
            raise BooksRefused(refused.code) from None

    def _in_the_books(self, picklists: Picklists, time_left: Callable[[], bool]) -> None:
        books = picklists.books
        self._compare_choices(picklists)
        for step, rows in (
            (self._follow_concept, self._concepts()),
            (self._follow_old_concept, self._old_concepts()),
        ):
            for row in rows:
                if not time_left():
                    raise RetryLater("no time left in this run", code="out_of_time")
                self._patiently(step, books, row)
        for key, order in self.watch.items():
            now = self.rows.get(key)
            if now is not None and after.paid_since(now, order, self.view()):
                self._patiently(self._pay, books, now, order)
        self._look(books, time_left)
        self.report.told = self.teller.told

    def _patiently[**Step](
        self, step: Callable[Step, None], *args: Step.args, **options: Step.kwargs
    ) -> None:
        """A refusal concerns one entry and stops nothing; anything else does."""
        try:
            step(*args, **options)
        except RetryLater as failed:
            if failed.code not in REFUSALS:
                raise
            log.warning("not followed", extra={"shop": self.shop.shop_id, "code": failed.code})

    def _compare_choices(self, picklists: Picklists) -> None:
        """Accounts, cost centres and templates that the settings name and Acumulus lacks."""
        for kind, chosen in _chosen(self._settings).items():
            lacking = sorted(chosen - picklists.ids(kind)) if chosen else []
            if lacking:
                self.teller.tell("", kind, message(kind, ids=", ".join(map(str, lacking))).text)
            else:
                self.teller.over("", kind)

    def _concepts(self) -> list[LedgerRow]:
        found = [
            row
            for row in self.rows.values()
            if _is_concept(row)
            and after.watched(row)
            and self._followed(row)
            and not self.teller.knows(row.key.number, after.CONCEPT_GONE)
        ]
        return found[:MOST_LOOKS]

    def _old_concepts(self) -> list[LedgerRow]:
        """Whose order was booked again: Acumulus lets nobody but their owner remove them (R124)."""
        found = [r for r in self.rows.values() if concept_left(r) and self._followed(r)]
        for number, code in self.teller.told_of(*after.OF_OLD_CONCEPTS):
            if not any(row.key.number == number for row in found):
                self.teller.over(number, code)
        return found[:MOST_LOOKS]

    def _follow_old_concept(self, books: Books, row: LedgerRow) -> None:
        conceptid = concept_left(row)
        entries = books.concept_entries(conceptid)
        others = tuple(one for one in entries or () if one != row.entryid)
        gone = entries is None or (entries and not others)
        found = {} if gone else after.about_old_concept(conceptid, others)
        self._tell(row, after.OF_OLD_CONCEPTS, found)
        if gone:
            self._write(replace(row, replaces=None), row)

    def _follow_concept(self, books: Books, row: LedgerRow) -> None:
        """Not yet, once, several times, or gone (R120)."""
        entries = books.concept_entries(row.conceptid)
        if entries is None:
            self.teller.tell(row.key.number, after.CONCEPT_GONE, after.gone(row))
        elif len(entries) > 1:
            self.teller.tell(row.key.number, after.CONCEPT_SEVERAL, after.several(entries))
        elif entries:
            entry = books.entry(entries[0])
            final = replace(
                row,
                reason=after.CONCEPT_FINAL,
                entryid=entries[0],
                invoicenumber=entry.invoicenumber if entry else row.invoicenumber,
                contactid=(entry.contactid if entry else "") or row.contactid,
                due=entry is not None and entry.paymentstatus != PAID_IN_BOOKS,
            )
            self.teller.over(row.key.number, after.CONCEPT_SEVERAL)
            kept = self._write(final, row)
            self._judge(kept, entry)

    def _pay(self, books: Books, row: LedgerRow, order: Order) -> None:
        """Tell Acumulus that an invoice that was due is paid, on the day of capture (R119)."""
        entry = books.entry(row.entryid)
        if entry is None or entry.deleted:
            self._judge(row, entry)
            return
        if entry.paymentstatus != PAID_IN_BOOKS:
            paid = order.payment_status in PAID
            payments = self.run.api.payments(order.number) if paid else ()
            day = after.payment_day(order, payments, self.view())
            books.set_paid(entry.token, paid=True, on=day)
        self.report.paid += 1
        self._write(
            replace(row, reason=after.PAID_LATER, due=False, payment_status=order.payment_status),
            row,
        )

    # ----------------------------------------------------------------- looks

    def _look(self, books: Books, time_left: Callable[[], bool]) -> None:
        """Compare the entries whose look is due, the longest overdue first, as far as it goes."""
        due = _due_looks(self.rows.values(), self.memory.looked_until, self.run.now)
        for at, row in due[:MOST_LOOKS]:
            if not time_left():
                raise RetryLater("no time left in this run", code="out_of_time")
            self._patiently(self._look_at, books, row)
            self.memory = replace(self.memory, looked_until=at)
        if len(due) <= MOST_LOOKS:
            self.memory = replace(self.memory, looked_until=self.run.now)

    def _look_at(self, books: Books, row: LedgerRow) -> None:
        self._judge(row, books.entry(row.entryid))

    def _judge(self, row: LedgerRow, entry: Entry | None) -> None:
        """Is it there, and is it what was posted (R83, R123)?"""
        found = after.about_entry(row, entry)
        self._tell(row, after.OF_THE_ENTRY, found)
        if after.DELETED_IN_BOOKS in found:
            self._write(replace(row, reason=after.DELETED_IN_BOOKS, due=False), row)

    def _write(self, changed: LedgerRow, row: LedgerRow) -> LedgerRow:
        """Over the row as it was read; what somebody else wrote meanwhile stays."""
        changed = replace(changed, changed_at=self.run.now)
        self.services.ledger.record([(changed, row)])
        stored = self.services.ledger.rows([row.key]).get(row.key, row)
        self.rows[row.key] = stored
        return stored


def _begun(row: LedgerRow) -> date:
    """The later one of order date and day of the post."""
    return (
        max(row.order_date, shop_time(row.posting_at).date()) if row.posting_at else row.order_date
    )


def _is_concept(row: LedgerRow) -> bool:
    return bool(row.conceptid) and not row.entryid


def _due_looks(
    rows: Iterable[LedgerRow], looked_until: datetime | None, now: datetime
) -> list[tuple[datetime, LedgerRow]]:
    """Entries with a look between the last one and now, by its moment."""
    found: list[tuple[datetime, LedgerRow]] = []
    for row in rows:
        posted = row.posting_at
        if posted is None or not row.entryid or not after.watched(row):
            continue
        moments = [posted + wait for wait in LOOKS if posted + wait <= now]
        late = [one for one in moments if looked_until is None or one > looked_until]
        if late:
            found.append((max(late), row))
    return sorted(found, key=lambda one: one[0])


def _chosen(settings: ShopSettings) -> dict[str, set[int]]:
    """What the settings name, by the code of its absence."""
    named = {
        ACCOUNT_GONE: {settings.account, *settings.accounts_by_payment.values()},
        COST_CENTER_GONE: {settings.cost_center, *settings.cost_centers_by_payment.values()},
        TEMPLATE_GONE: {settings.template_due, settings.template_paid},
    }
    return {kind: {one for one in ids if one} for kind, ids in named.items()}
