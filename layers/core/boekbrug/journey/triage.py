"""A fetched order beside its ledger row -> what the row must become, and whether to send it. Pure.

no row      decide
skipped     decide again: its status or payment may have changed; not when the owner decided so
waiting     decide again: what it waited for may have come
queued      decide again with the order of now, then send again (a lost message is no loss)
held        decide again only when the order or the merchant's choices changed; never when it may
            be in Acumulus
posting     lost its worker when its lease is over: unclear, never sent again by itself
booked, unclear   not fetching's business
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import blake2b
from operator import attrgetter

from boekbrug.domain.comparison import order_vat
from boekbrug.domain.credit import is_credit
from boekbrug.domain.currency import currency_of
from boekbrug.domain.eligibility import decide
from boekbrug.domain.facts import Facts
from boekbrug.domain.fingerprint import fingerprint
from boekbrug.domain.invoice import Hold, Skip
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    SKIPPED,
    UNCLEAR,
    WAITING,
    LedgerRow,
    OrderKey,
)
from boekbrug.journey.ports.shops import FetchedOrder, UnreadableOrder
from boekbrug.journey.replacing import or_what_stands

BY_OWNER = "by_owner"
"""The reason of an order that its owner does not want to be booked: only he takes that back."""

RETRY = "retry"
"""The reason of an order that waits to be fetched again now."""
GONE = "vanished"
"""The reason of an order that was never booked and that the shop no longer has."""

POSTED_TWICE, IN_THE_BIN = "posted_twice", "found_in_bin"
UNCLEAR_CONCEPT, LOOK_UP_FAILED = "unclear_concept", "look_up_failed"
PERHAPS_POSTED = frozenset({POSTED_TWICE, IN_THE_BIN, UNCLEAR_CONCEPT, LOOK_UP_FAILED})
"""Why a look-up ended with a person: the order may be in Acumulus, so it is never sent again by
itself, whatever changes about it."""

FIRST = "-"
"""The place of the first, and nearly always only, order of a number."""

POSTING_LEASE = timedelta(seconds=200)
"""Longer than one post can take, with all its time limits: a row still posting after it lost its
worker. It begins at the claim of the order, so the function itself may live longer."""

Fetched = FetchedOrder | UnreadableOrder


@dataclass(frozen=True, slots=True)
class Verdict:
    """``row`` is the row to write over ``replaces``, or ``None`` when nothing changes.

    ``key`` is where the order is kept. ``send`` tells whether it goes on to booking.
    """

    fetched: Fetched
    key: OrderKey
    replaces: LedgerRow | None
    row: LedgerRow | None
    send: bool = False

    @property
    def state(self) -> str:
        """The state the order is in once the verdict is written."""
        row = self.row or self.replaces
        return row.state if row else WAITING


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What every verdict of a run is based on; ``blocked`` is why nothing may be posted now."""

    shop_id: str
    settings: ShopSettings
    settings_version: int
    facts: Facts
    blocked: str = ""

    @property
    def now(self) -> datetime:
        """The moment of the run."""
        return self.facts.now


def named(fetched: Fetched) -> tuple[str, str]:
    """Number and uuid as the shop tells them, each ``""`` when it does not."""
    if isinstance(fetched, FetchedOrder):
        return fetched.order.number, fetched.order.uuid
    return _fit(fetched.number), _fit(fetched.uuid)


def key_of(shop_id: str, fetched: Fetched) -> OrderKey:
    """Where the order of this number is kept (R2); one that tells no number has its own place."""
    number, uuid = named(fetched)
    if number:
        return OrderKey(shop_id, number, FIRST)
    return OrderKey(shop_id, "?", uuid or blake2b(fetched.raw, digest_size=8).hexdigest())


def another(key: OrderKey, uuid: str, known: str) -> OrderKey:
    """The place of an order that comes for ``key``, where ``known`` is the uuid that has it.

    Only two uuids that differ are two orders: one that is not told is no other.
    """
    return replace(key, uuid=uuid) if uuid and known and uuid != known else key


def _fit(name: str) -> str:
    """A name that can be a key: of an order that cannot be read anything may stand there."""
    return name if re.fullmatch("[A-Za-z0-9_-]{1,64}", name) else ""


def triage(
    desk: Desk, fetched: Fetched, row: LedgerRow | None, *, key: OrderKey | None = None
) -> Verdict:
    """Decide what the row of a fetched order must become.

    ``key`` is where a new row goes, if its number is another order's already.
    """
    key = row.key if row else key or key_of(desk.shop_id, fetched)
    if row is not None and (
        row.state in (BOOKED, UNCLEAR) or row.reason in {BY_OWNER, *PERHAPS_POSTED}
    ):
        return Verdict(fetched, key, row, None)
    if row is not None and row.state == POSTING:
        return Verdict(fetched, key, row, lost(row, desk.now))
    if isinstance(fetched, UnreadableOrder):
        return _unreadable(desk, fetched, key, row)
    if row is not None and row.state == HELD and not _changed(desk, fetched, row):
        return Verdict(fetched, key, row, None)
    return _decided(desk, fetched, key, row)


def lost(row: LedgerRow, now: datetime) -> LedgerRow | None:
    """A posting row whose worker is gone for certain, as unclear; ``None`` while it may live."""
    since = row.posting_at or row.changed_at or now
    if now - since < POSTING_LEASE:
        return None
    return replace(row, state=UNCLEAR, reason="worker_lost", changed_at=now)


def _changed(desk: Desk, fetched: FetchedOrder, row: LedgerRow) -> bool:
    order = fetched.order
    return (
        row.settings_version != desk.settings_version
        or row.fingerprint != fingerprint(order)
        or row.payment_status != order.payment_status
        or row.order_date != order.date
        or row.reason == "unreadable_order"
    )


def _unreadable(
    desk: Desk, fetched: UnreadableOrder, key: OrderKey, row: LedgerRow | None
) -> Verdict:
    mark = blake2b(fetched.raw, digest_size=8).hexdigest()
    if row is not None and row.fingerprint == mark:
        return Verdict(fetched, key, row, None)
    held = LedgerRow(
        key=key,
        uuid=named(fetched)[1] or (row.uuid if row else ""),
        state=HELD,
        reason="unreadable_order",
        detail=fetched.problem,
        order_date=desk.now.date(),
        fingerprint=mark,
        settings_version=desk.settings_version,
        seen_at=row.seen_at if row else desk.now,
        changed_at=desk.now,
        given_up_at=row.given_up_at if row else None,
        by_request=row.by_request if row else False,
        replaces=row.replaces if row else None,
    )
    return Verdict(fetched, key, row, or_what_stands(held, desk.now))


def _decided(desk: Desk, fetched: FetchedOrder, key: OrderKey, row: LedgerRow | None) -> Verdict:
    asked = row is not None and row.by_request
    decision = decide(fetched.order, desk.settings, desk.facts, manual=asked)
    match decision:
        case Skip(reason=reason, messages=messages):
            state = SKIPPED
        case Hold(reason=reason, messages=messages, waits=waits):
            state = WAITING if waits else HELD
        case None:
            state, reason, messages = (
                (WAITING, desk.blocked, ()) if desk.blocked else (QUEUED, "", ())
            )
    fresh = replace(_row(desk, fetched, key, row), state=state, reason=reason)
    if messages:
        fresh = replace(
            fresh, detail=messages[0].text, messages=tuple(message.code for message in messages)
        )
    fresh = or_what_stands(fresh, desk.now)
    if row is not None and _same(row, fresh):
        return Verdict(fetched, key, row, None, send=state == QUEUED)
    return Verdict(fetched, key, row, fresh, send=state == QUEUED)


def _row(desk: Desk, fetched: FetchedOrder, key: OrderKey, row: LedgerRow | None) -> LedgerRow:
    order = fetched.order
    return LedgerRow(
        key=key,
        uuid=order.uuid or (row.uuid if row else ""),
        state=WAITING,
        order_date=order.date,
        total=order.total,
        order_vat=order_vat(order),
        credit=is_credit(order, desk.facts),
        currency=currency_of(order, desk.facts.store),
        fingerprint=fingerprint(order),
        settings_version=desk.settings_version,
        payment_status=order.payment_status,
        attempts=row.attempts if row else 0,
        correlation_id=row.correlation_id if row else _correlation(desk, fetched),
        seen_at=row.seen_at if row else desk.now,
        changed_at=desk.now,
        revision=row.revision if row else 0,
        given_up_at=row.given_up_at if row else None,
        by_request=row.by_request if row else False,
        replaces=row.replaces if row else None,
    )


def _correlation(desk: Desk, fetched: FetchedOrder) -> str:
    """Follows the order through every log, from the shop to the invoice."""
    text = f"{desk.shop_id}|{fetched.order.number}|{fetched.order.uuid}|{desk.now.isoformat()}"
    return blake2b(text.encode(), digest_size=6).hexdigest()


_MATTERS = attrgetter(
    "uuid", "state", "reason", "fingerprint", "settings_version", "payment_status"
)


def _same(row: LedgerRow, fresh: LedgerRow) -> bool:
    """Whether writing would change nothing that matters."""
    return bool(_MATTERS(row) == _MATTERS(fresh))
