"""What a person decides about an order -> its row, with the reason, and what follows from it.

    retry            held, waiting, skipped -> waiting(retry) -> fetched again now -> queued ...
    book anyway      skipped -> as retry, whatever its status, date or payment (R10)
    do not book      -> skipped(by_owner); only a person takes that back
    booked by hand   -> booked(by_hand); never posted
    it is there      unclear -> booked, after Acumulus showed the booking
    it is not there  unclear -> as retry, after Acumulus did not show it

Every decision is one conditional write on the row as it was read, so it never meets a worker half
way; nothing here posts. What a person says is kept in the order's timeline.
"""

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import batched, chain

from boekbrug.domain.days import earlier
from boekbrug.domain.eligibility import NOT_BY_ITSELF
from boekbrug.errors import BoekbrugError, RetryLater
from boekbrug.journey.book_orders import BatchServices
from boekbrug.journey.connect_rows import open_credentials, open_token
from boekbrug.journey.customer_again import customer_of
from boekbrug.journey.decision_texts import DecisionRefused
from boekbrug.journey.fetch_orders import FetchServices
from boekbrug.journey.fetch_shop import ShopRun, fetch_again
from boekbrug.journey.look_up import NOBODY, Lists, sight
from boekbrug.journey.ports.books import Books, Entry
from boekbrug.journey.ports.ledger import BOOKED, HELD, QUEUED, SKIPPED, UNCLEAR, WAITING, LedgerRow
from boekbrug.journey.ports.queues import OrdersQueue
from boekbrug.journey.ports.tenants import ConnectedShop
from boekbrug.journey.replacing import or_what_stands
from boekbrug.journey.triage import (
    BY_OWNER,
    LOOK_UP_FAILED,
    PERHAPS_POSTED,
    POSTING_LEASE,
    RETRY,
    UNCLEAR_CONCEPT,
)

log = logging.getLogger(__name__)

BOOK = "Toch boeken"
BY_HAND, FOUND = "by_hand", "found"
UNDECIDED = (HELD, WAITING, SKIPPED, QUEUED)
"""States in which nothing of the order can be on its way to Acumulus, or come there unasked."""

OLDEST_SWEEP = timedelta(days=120)
MOST_AT_ONCE = 10  # orders that somebody waits for; more are fetched by the next free function
A_MESSAGE = 50
TRIES = 3  # of a memory that a run writes meanwhile; then the look-ups fetch the order
LONGEST_REASON, LONGEST_NAME = 80, 40  # together about what the timeline keeps
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class DecisionServices:
    """What deciding needs: the same as fetching and booking."""

    fetching: FetchServices
    booking: BatchServices


@dataclass(frozen=True, slots=True)
class Said:
    """Why a person decides so, and who it is; kept with the order, so no customer data."""

    why: str
    by: str

    def text(self, decision: str) -> str:
        """One line for the timeline. Raises ``DecisionRefused`` without a reason."""
        why = " ".join(self.why.split())[:LONGEST_REASON]
        if not why:
            raise DecisionRefused("decision_without_reason")
        return f"{decision}: {why} ({self.by[:LONGEST_NAME]})"


def retry(services: DecisionServices, shop: ConnectedShop, number: str, said: Said) -> LedgerRow:
    """Fetch and judge an order again now; returns its row afterwards.

    When the shop does not answer, the order waits and the next run does it. Raises
    ``DecisionRefused`` and ``RetryLater`` (our own storage).
    """
    row = order_row(services, shop, number, UNDECIDED)
    _again(services, shop, [row], said)
    return _stored(services, row)


def book_anyway(
    services: DecisionServices, shop: ConnectedShop, number: str, said: Said
) -> LedgerRow:
    """Book an order now that its settings leave out (R10); one that was never fetched, too.

    A test order, and one that was booked before, stay out. Raises as ``retry``.
    """
    if not shop.paused and not services.fetching.ledger.by_number(shop.shop_id, number):
        said.text("")
        fetch_now(services, shop, [number])
    row = order_row(services, shop, number, UNDECIDED)
    if row.state == SKIPPED and row.reason not in NOT_BY_ITSELF:
        raise DecisionRefused("never_booked", number=number)
    _again(services, shop, [replace(row, by_request=True)], said, decision=BOOK)
    return _stored(services, row)


def retry_cause(
    services: DecisionServices, shop: ConnectedShop, reason: str, said: Said
) -> list[LedgerRow]:
    """The same for every order of a shop that is held or waits for this reason."""
    rows = [
        row
        for row in services.fetching.ledger.open_rows(shop.shop_id)
        if row.reason == reason and _standing(row) in (HELD, WAITING)
    ]
    marked = _again(services, shop, rows, said)
    found = services.fetching.ledger.rows([row.key for row in marked])
    return [found[row.key] for row in marked]


def do_not_book(
    services: DecisionServices, shop: ConnectedShop, number: str, said: Said
) -> LedgerRow:
    """Leave an order out of the books for good, unless it is retried. Raises as ``retry``."""
    row = order_row(services, shop, number, UNDECIDED)
    text = said.text("Niet boeken")
    left_out = replace(row, state=SKIPPED, reason=BY_OWNER, detail=text, by_request=False)
    return _decide(services, row, or_what_stands(left_out, services.fetching.clock.now()))


def booked_by_hand(
    services: DecisionServices,
    shop: ConnectedShop,
    number: str,
    said: Said,
    *,
    invoicenumber: str = "",
) -> LedgerRow:
    """Believe that the order is in the books already: it is never posted. Raises as ``retry``."""
    row = order_row(services, shop, number, (*UNDECIDED, UNCLEAR))
    named = f"Met de hand geboekt ({invoicenumber})" if invoicenumber else "Met de hand geboekt"
    text = said.text(named)
    booked = replace(
        row,
        state=BOOKED,
        reason=BY_HAND,
        detail=text,
        invoicenumber=invoicenumber.strip(),
        replaces=None,
    )
    return _decide(services, row, booked)


def resolve_there(
    services: DecisionServices,
    shop: ConnectedShop,
    number: str,
    said: Said,
    *,
    entryid: str = "",
    invoicenumber: str = "",
) -> LedgerRow:
    """An unclear order that a person found in Acumulus: booked, once Acumulus shows the same.

    Raises ``DecisionRefused`` when that booking is not of this order, and as ``Books``' reads.
    """
    row = order_row(services, shop, number, (UNCLEAR, HELD))
    text = said.text("Gevonden in Acumulus")
    entry = _entry(open_books(services, shop), row, entryid.strip(), invoicenumber.strip())
    return _decide(services, row, _found(row, entry, text))


def resolve_absent(
    services: DecisionServices, shop: ConnectedShop, number: str, said: Said
) -> LedgerRow:
    """An unclear order that a person did not find in Acumulus: fetched and queued again.

    The same lists are read as in a look-up: an order that is there after all is refused, and so is
    one whose post may still be on its way, or whose absence cannot be read now. Raises as
    ``resolve_there``.
    """
    row = order_row(services, shop, number, (UNCLEAR,))
    said.text("")
    now = services.fetching.clock.now()
    since = row.posting_at or row.changed_at
    if since is not None and now - since < POSTING_LEASE:
        raise DecisionRefused("posted_just_now", number=number)
    there = _there_after_all(services, shop, row)
    if there is not None:
        raise DecisionRefused("entry_is_there", number=number, entry=there.entryid or "?")
    _again(services, shop, [row], said)
    return _stored(services, row)


# --------------------------------------------------------------------------- rows


def order_row(
    services: DecisionServices, shop: ConnectedShop, number: str, states: Sequence[str]
) -> LedgerRow:
    """The row of a number, when it is in one of these states; else ``DecisionRefused``."""
    rows = services.fetching.ledger.by_number(shop.shop_id, number)
    if not rows:
        raise DecisionRefused("unknown_order", number=number)
    fitting = [row for row in rows if _standing(row) in states]
    if not fitting:
        row = _latest(rows)
        if _standing(row) == UNCLEAR:
            reference = row.reference or number
            raise DecisionRefused("perhaps_posted", number=number, reference=reference)
        raise DecisionRefused("decision_not_possible", number=number, state=row.state)
    return _latest(fitting)


def _latest(rows: Sequence[LedgerRow]) -> LedgerRow:
    return max(rows, key=lambda row: row.changed_at or row.seen_at or _NEVER)


def _standing(row: LedgerRow) -> str:
    """What is held because it may be in Acumulus is as unclear as it was."""
    return UNCLEAR if row.reason in PERHAPS_POSTED else row.state


def _decide(services: DecisionServices, row: LedgerRow, decided: LedgerRow) -> LedgerRow:
    """Write the decision over the row as it was read, or refuse: somebody was faster."""
    decided = replace(decided, changed_at=services.fetching.clock.now())
    if row.key not in services.fetching.ledger.record([(decided, row)]):
        raise DecisionRefused("decision_overtaken", number=row.key.number)
    log.info(
        "decided by a person",
        extra={"shop": row.key.shop_id, "order": row.key.number, "reason": decided.reason},
    )
    return _stored(services, decided)


def _stored(services: DecisionServices, row: LedgerRow) -> LedgerRow:
    return services.fetching.ledger.rows([row.key]).get(row.key, row)


# --------------------------------------------------------------------------- fetching again


def _again(
    services: DecisionServices,
    shop: ConnectedShop,
    rows: Sequence[LedgerRow],
    said: Said,
    *,
    decision: str = "Opnieuw proberen",
) -> list[LedgerRow]:
    """Mark the rows, then fetch them; whatever ends this half way, the next run goes on."""
    text = said.text(decision)
    if rows:
        sweep_from(services, shop, min(row.order_date for row in rows))
    marked: list[LedgerRow] = []
    for row in rows:
        waiting = replace(row, state=WAITING, reason=RETRY, detail=text, messages=())
        if _standing(row) == UNCLEAR:
            waiting = replace(waiting, given_up_at=services.fetching.clock.now())
        try:
            marked.append(_decide(services, row, waiting))
        except DecisionRefused:
            if len(rows) == 1:
                raise
    numbers = [row.key.number for row in marked]
    if len(numbers) > MOST_AT_ONCE:
        for some in batched(numbers, A_MESSAGE, strict=False):
            services.fetching.shops_queue.send([shop.shop_id], numbers=some)
    elif numbers and not shop.paused:
        fetch_now(services, shop, numbers)
    return marked


def sweep_from(services: DecisionServices, shop: ConnectedShop, day: date) -> None:
    """The next run reads from this day on and takes nothing for settled."""
    ledger, today = services.fetching.ledger, services.fetching.clock.now().date()
    since = max(earlier(day, timedelta(days=1)), today - OLDEST_SWEEP)
    for _ in range(TRIES):
        memory = ledger.memories([shop.shop_id]).get(shop.shop_id)
        if memory is None:
            return
        window_from = min(since, memory.window_from) if memory.window_from else None
        widened = replace(memory, settled=frozenset(), page=b"", window_from=window_from)
        if ledger.remember(shop.shop_id, widened):
            return


def fetch_now(services: DecisionServices, shop: ConnectedShop, numbers: Sequence[str]) -> None:
    """Now, if the shop answers; a refused token is the next run's to find and tell."""
    try:
        fetch_again(shop_run(services, shop, services.fetching.orders_queue), numbers)
    except BoekbrugError as failed:
        log.warning("not fetched now", extra={"shop": shop.shop_id, "code": failed.code})


def shop_run(services: DecisionServices, shop: ConnectedShop, queue: OrdersQueue) -> ShopRun:
    """One shop, ready to be asked for single orders; ``queue`` gets what is to be booked."""
    fetching = services.fetching
    return ShopRun(
        shop=shop,
        api=fetching.shops.open(open_token(fetching.sealer, shop)),
        ledger=fetching.ledger,
        tenants=fetching.tenants,
        queue=queue,
        statuses=fetching.statuses,
        now=fetching.clock.now(),
        may_go_on=lambda _pages: True,
    )


# --------------------------------------------------------------------------- Acumulus


def open_books(services: DecisionServices, shop: ConnectedShop) -> Books:
    """The books of the shop's administration; raises ``DecisionRefused`` when it is gone."""
    administration = services.fetching.tenants.administration(shop.administration_id)
    if administration is None or administration.account_id != shop.account_id:
        raise DecisionRefused("administration_gone")
    credentials = open_credentials(services.booking.sealer, administration)
    return services.booking.administrations.open(credentials)


def _entry(books: Books, row: LedgerRow, entryid: str, invoicenumber: str) -> Entry:
    """The booking a person means, when it is there and of this order."""
    if not entryid and invoicenumber:
        listed = (one for one in _listed(books, row) if one.invoicenumber == invoicenumber)
        entryid = next((one.entryid for one in listed), "")
    entry = books.entry(entryid) if entryid else None
    if entry is None or entry.deleted:
        raise DecisionRefused("entry_unknown")
    if not row.reference or entry.description.strip() != row.reference:
        raise DecisionRefused(
            "entry_of_another_order", entry=entry.entryid, reference=row.reference or "?"
        )
    return entry


def _found(row: LedgerRow, entry: Entry, text: str) -> LedgerRow:
    old = row.replaces
    return replace(
        row,
        state=BOOKED,
        reason=FOUND,
        detail=text,
        entryid=entry.entryid,
        invoicenumber=entry.invoicenumber,
        contactid=entry.contactid or row.contactid,
        replaces=old if old and old.entryid != entry.entryid else None,
    )


def _there_after_all(
    services: DecisionServices, shop: ConnectedShop, row: LedgerRow
) -> Entry | None:
    """A live entry of this post, in whatever list a look-up reads.

    Raises ``DecisionRefused`` when a list cannot be read, unless that is why a person was asked.
    """
    by_person_only = row.reason in (LOOK_UP_FAILED, UNCLEAR_CONCEPT)
    customer = customer_of(shop_run(services, shop, services.fetching.orders_queue), row)
    if customer is None and not by_person_only:
        raise DecisionRefused("absence_unproven", number=row.key.number)
    try:
        seen = sight(Lists(open_books(services, shop)), row, customer or NOBODY)
    except RetryLater:
        if not by_person_only:
            raise DecisionRefused("absence_unproven", number=row.key.number) from None
        return None
    others = services.fetching.ledger.by_number(row.key.shop_id, row.key.number)
    old = {one.entryid for one in others if one.key != row.key}
    old |= {row.replaces.entryid} if row.replaces else set()
    return next((entry for entry in seen.live if entry.entryid not in old), None)


def _listed(books: Books, row: LedgerRow) -> Iterator[Entry]:
    """What can be listed without knowing the contact: the newest, and what is unpaid."""
    year = (row.posting_at or _NEVER).year
    years = {row.order_date.year, year} - {_NEVER.year}
    unpaid = (_unpaid(books, one) for one in sorted(years))
    mine = books.contact_invoices(row.contactid) if row.contactid else ()
    return chain(books.recent_entries(), mine, *unpaid)


def _unpaid(books: Books, year: int) -> tuple[Entry, ...]:
    try:
        return books.unpaid_invoices(year)
    except RetryLater:  # one more place to look, not the only one
        return ()
