"""One shop -> its new and changed orders, decided, written to the ledger and sent on."""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from boekbrug.domain.facts import Facts
from boekbrug.domain.order import OrderStatus
from boekbrug.journey.log_fields import fields_of
from boekbrug.journey.message_facts import PAID, pack_payments
from boekbrug.journey.ports.ledger import WAITING, Ledger, LedgerRow, OrderKey, ShopMemory
from boekbrug.journey.ports.queues import OrderMessage, OrdersQueue
from boekbrug.journey.ports.shops import FetchedOrder, OrdersPage, Shop
from boekbrug.journey.ports.tenants import Administration, ConnectedShop, Tenants
from boekbrug.journey.sweep_plan import (
    Outcome,
    SweepPlan,
    digest,
    next_memory,
    order_key_date,
    plan,
    remembered,
    same_answer_next_time,
    shop_time,
    worth_remembering,
)
from boekbrug.journey.sweeps import SweepPage, identity, sweep_pages
from boekbrug.journey.triage import Desk, Fetched, Verdict, another, key_of, named, triage
from boekbrug.journey.trials import TRIAL_LIMIT

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRun:
    """What one shop needs for one run; ``may_go_on`` is asked before each further page."""

    shop: ConnectedShop
    api: Shop
    ledger: Ledger
    tenants: Tenants
    queue: OrdersQueue
    statuses: Callable[[Shop], dict[int, OrderStatus]]
    now: datetime
    may_go_on: Callable[[int], bool]


@dataclass(frozen=True, slots=True)
class ShopReport:
    """What a run did: orders read, of which new or changed, of which sent to booking.

    ``unfinished`` is true when a long first sweep has to go on in a next run.
    """

    fetched: int = 0
    fresh: int = 0
    sent: int = 0
    unfinished: bool = False


def fetch_shop(run: ShopRun, memory: ShopMemory | None) -> ShopReport:
    """Read what is new since the last run, decide, record, send on, remember.

    Raises what the ports raise (``RetryLater``, ``StopShop``); then nothing is remembered, and the
    next run reads the same again.
    """
    sweeps = plan(memory, run.shop.settings_version, _start_date(run, memory))
    known = memory.settled if memory and not sweeps.first else frozenset[bytes]()
    work = Work(run, known)
    offset, whole = 0, b""
    by_date = sweep_pages(run.api, sweeps.by_date, sweeps.offset, known=_known_page(memory, sweeps))
    for pages, page in enumerate(by_date, start=1):
        if page.unchanged:
            return ShopReport()
        work.take(page)
        whole = page.digest if pages == 1 and page.next_offset is None else b""
        if page.next_offset is not None and sweeps.first and not run.may_go_on(pages):
            offset = page.next_offset
            break
    if sweeps.by_status:
        for page in sweep_pages(run.api, sweeps.by_status):
            work.take(page)
    after = next_memory(
        memory,
        sweeps,
        work.outcomes.values(),
        settings_version=run.shop.settings_version,
        started=run.now,
        offset=offset,
    )
    if same_answer_next_time(sweeps, after, work.outcomes.values()):
        after = replace(after, page=whole)
    if worth_remembering(memory, after):
        run.ledger.remember(run.shop.shop_id, after)
    return replace(work.report, unfinished=offset > 0)


def fetch_again(run: ShopRun, numbers: Sequence[str]) -> ShopReport:
    """Read these orders by number, decide, record and send on; what the shop lost stays as it is.

    Raises what the ports raise; what was read before that is recorded and sent.
    """
    work = Work(run)
    for number in numbers:
        found = run.api.order(number)
        if found is not None:
            work.take(OrdersPage((found,), None))
    return work.report


def _known_page(memory: ShopMemory | None, sweeps: SweepPlan) -> bytes:
    """The answer that would mean "nothing new"; not for a shop that must be read all the same.

    That is one that is watched, or of which it is to be remembered that it answers again.
    """
    if memory is None or memory.failing_since or sweeps.first or sweeps.by_status:
        return b""
    return memory.page


def _start_date(run: ShopRun, memory: ShopMemory | None) -> date | None:
    """The merchant's start date, read only when a first sweep needs it."""
    if memory and memory.settings_version == run.shop.settings_version and not memory.offset:
        return None
    return run.tenants.settings(run.shop.shop_id, run.shop.settings_version).start_date


type Rows = Callable[[Collection[OrderKey]], dict[OrderKey, LedgerRow]]


class Work:
    """The orders of a run on their way from page to ledger to queue.

    ``known`` are digests of orders that need nothing more. ``rows`` reads the ledger's rows; for
    who has them already, a second old or not: a write over an old one is refused.
    """

    def __init__(
        self, run: ShopRun, known: frozenset[bytes] = frozenset(), rows: Rows | None = None
    ) -> None:
        self.run = run
        self.known = known
        self.rows = rows or run.ledger.rows
        self.outcomes: dict[str, Outcome] = {}
        self.report = ShopReport()
        self._desk: Desk | None = None

    def take(self, page: SweepPage) -> list[Verdict]:
        """Settle every order of a page that is new or changed; the others cost nothing.

        Returns the verdicts on those that are not known.
        """
        today = shop_time(self.run.now).date()
        fresh: list[tuple[Fetched, bytes]] = []
        for fetched in page.orders:
            mark = digest(fetched)
            state = remembered(mark, self.known)
            if state is None:
                fresh.append((fetched, mark))
            else:
                self._settled(fetched, mark, state, today)
        verdicts = self._decide([fetched for fetched, _ in fresh])
        written = self._record(verdicts)
        for (fetched, mark), verdict in zip(fresh, verdicts, strict=True):
            # A row that another worker changed meanwhile is looked at again by the next run.
            state = verdict.state if verdict.row is None or verdict.key in written else WAITING
            self._settled(fetched, mark, state, today)
        sent = self._send([one for one in verdicts if one.row is None or one.key in written])
        self.report = ShopReport(
            fetched=self.report.fetched + len(page.orders),
            fresh=self.report.fresh + sum(verdict.row is not None for verdict in verdicts),
            sent=self.report.sent + sent,
        )
        return verdicts

    def _settled(self, fetched: Fetched, mark: bytes, state: str, today: date) -> None:
        self.outcomes[identity(fetched)] = Outcome(mark, order_key_date(fetched, today), state)

    @property
    def desk(self) -> Desk:
        """What the verdicts of this run are based on; made when it is first needed."""
        self._desk = self._desk or self._open_desk()
        return self._desk

    def _decide(self, fresh: Sequence[Fetched]) -> list[Verdict]:
        if not fresh:
            return []
        shop_id = self.run.shop.shop_id
        first = [key_of(shop_id, fetched) for fetched in fresh]
        rows = self.rows(list(dict.fromkeys(first)))
        keys = _places(fresh, first, rows)
        moved = set(keys).difference(first)
        rows = rows | self.rows(sorted(moved, key=str)) if moved else rows
        return [
            triage(self.desk, fetched, rows.get(key), key=key)
            for fetched, key in zip(fresh, keys, strict=True)
        ]

    def _open_desk(self) -> Desk:
        run, shop = self.run, self.run.shop
        administration = run.tenants.administration(shop.administration_id)
        return Desk(
            shop_id=shop.shop_id,
            settings=run.tenants.settings(shop.shop_id, shop.settings_version),
            settings_version=shop.settings_version,
            facts=Facts(now=run.now, store=shop.store, statuses=run.statuses(run.api)),
            blocked=_blocked(administration),
        )

    def _record(self, verdicts: Sequence[Verdict]) -> set[OrderKey]:
        """Write what changed; returns the keys that were written."""
        changes = [(verdict.row, verdict.replaces) for verdict in verdicts if verdict.row]
        written = self.run.ledger.record(changes) if changes else set[OrderKey]()
        for verdict in verdicts:
            if verdict.row and verdict.key in written:
                _log(verdict.row)
        return written

    def _send(self, verdicts: Sequence[Verdict]) -> int:
        """Send in order; when the shop fails in between, what is ready goes and the rest waits."""
        messages: list[OrderMessage] = []
        try:
            for verdict in verdicts:
                if verdict.send and isinstance(verdict.fetched, FetchedOrder):
                    ready = self._message(verdict.fetched, verdict)
                    messages.append(ready)  # one by one: it is kept when the next one fails
        finally:
            sent = self.run.queue.send(messages) if messages else set[OrderKey]()
        return len(sent)

    def _message(self, fetched: FetchedOrder, verdict: Verdict) -> OrderMessage:
        order, shop, row = fetched.order, self.run.shop, verdict.row or verdict.replaces
        paid = order.payment_status in PAID
        original = order.credited_order_number and self.run.api.order(order.credited_order_number)
        return OrderMessage(
            key=verdict.key,
            account_id=shop.account_id,
            administration_id=shop.administration_id,
            settings_version=shop.settings_version,
            correlation_id=row.correlation_id if row else "",
            raw=fetched.raw,
            payments=pack_payments(self.run.api.payments(order.number)) if paid else b"",
            original=original.raw if isinstance(original, FetchedOrder) else b"",
            credit_status=self._credit_status(order.status),
            by_request=row is not None and row.by_request,
            revision=row.revision + (verdict.row is not None) if row else 0,
        )

    def _credit_status(self, status: int | None) -> bool:
        known = self.desk.facts.statuses.get(status) if status is not None else None
        return known is not None and known.credit_order


def _places(
    fresh: Sequence[Fetched], first: Sequence[OrderKey], rows: Mapping[OrderKey, LedgerRow]
) -> list[OrderKey]:
    """Where each order is kept: under its number, unless that is another order's already."""
    known = {key: row.uuid for key, row in rows.items()}
    found = []
    for fetched, key in zip(fresh, first, strict=True):
        uuid = named(fetched)[1]
        known[key] = known.get(key) or uuid
        found.append(another(key, uuid, known[key]))
    return found


def _blocked(administration: Administration | None) -> str:
    """Why nothing may be posted now, if so."""
    if administration is None:
        return "administration_paused"
    if administration.paused == TRIAL_LIMIT:
        return TRIAL_LIMIT
    return "administration_paused" if administration.paused else ""


def _log(row: LedgerRow) -> None:
    log.info("order decided", extra=fields_of(row))
