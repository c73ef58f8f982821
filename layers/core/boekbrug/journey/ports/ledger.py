"""What is known of every order: the truth, of which queues are only triggers."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from boekbrug.domain.facts import VatCheck

SKIPPED = "skipped"

WAITING = "waiting"

HELD = "held"

QUEUED = "queued"

POSTING = "posting"

BOOKED = "booked"

UNCLEAR = "unclear"

STATES = (SKIPPED, WAITING, HELD, QUEUED, POSTING, BOOKED, UNCLEAR)


@dataclass(frozen=True, slots=True)
class OrderKey:
    """Identity of an order: shop id and number (R2).

    A number is one order, whether or not the shop tells its uuid every time: ``uuid`` is ``-``.
    Only a second order under a number that another uuid has already is kept apart, by its own.
    """

    shop_id: str
    number: str
    uuid: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """What is known of one order; holds no customer data.

    ``uuid`` is the order's own, empty while the shop has not told it. ``fingerprint`` is the hash
    of the financial fields, ``revision`` rises with every change and guards conditional writes.
    ``reason`` is a stable code; ``detail`` one Dutch sentence without customer data. ``total`` is
    ``None`` when the order cannot be read, ``order_vat`` the VAT in it per rate, both as the shop
    has them; those of a ``credit`` order take off, whatever their sign (R110). ``vat`` is what was
    posted, euro per rate. ``concept`` and ``due`` tell how it was posted: as a concept, not paid
    yet. ``vat_check`` is what VIES said of the customer's VAT number, which itself is not kept.
    ``absent_at`` is when an unclear post was first looked for in vain, ``given_up_at`` when an
    earlier one was taken for lost. ``replaces`` is the booked row whose place this one takes, until
    nothing of that is left to be done (R124). ``by_request`` tells that a person wants it booked
    whatever its status, date or payment (R10).
    """

    key: OrderKey
    uuid: str = ""
    state: str
    reason: str = ""
    detail: str = ""
    messages: tuple[str, ...] = ()
    order_date: date
    total: Decimal | None = None
    order_vat: Mapping[str, Decimal] = field(default_factory=dict)
    credit: bool = False
    currency: str = "EUR"
    fingerprint: str
    settings_version: int = 0
    converter: str = ""
    revision: int = 0
    attempts: int = 0
    owner: str = ""
    posting_at: datetime | None = None
    entryid: str = ""
    invoicenumber: str = ""
    contactid: str = ""
    conceptid: str = ""
    reference: str = ""
    posted_total: Decimal | None = None
    vat: Mapping[str, Decimal] = field(default_factory=dict)
    payment_status: str = ""
    concept: bool = False
    due: bool = False
    vat_check: VatCheck | None = None
    absent_at: datetime | None = None
    given_up_at: datetime | None = None
    by_request: bool = False
    replaces: "LedgerRow | None" = None
    correlation_id: str = ""
    seen_at: datetime | None = None
    changed_at: datetime | None = None

    @property
    def judged(self) -> tuple[str, str, int]:
        """What a decision to book leans on: money, payment, and the merchant's choices."""
        return self.fingerprint, self.payment_status, self.settings_version


@dataclass(frozen=True, slots=True)
class TimelineEvent:
    """One step in the life of an order: when, which state, and a stable code with a short text."""

    at: datetime
    state: str
    code: str
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopMemory:
    """What fetching remembers per shop, in one packed item: a cache, the rows are the truth.

    ``settled`` holds the digests of recent orders that need nothing more, ``window_from`` the
    order date the next date sweep starts at (``None``: from the merchant's start date),
    ``watermark`` the local time up to which status changes were read, ``settings_version`` the
    choices under which it was made: other choices make it void. ``watching`` is true when an
    order older than the window could still become bookable by a status change.
    ``offset`` is where an unfinished long sweep goes on. ``page`` is the digest of an answer whose
    orders are all settled: the same answer again means that the shop is idle. ``failing_since`` is
    when a run could not read the shop, until one can. ``revision`` rises with every write: a run
    that began before the last one must not bring back what that took away.
    """

    settled: frozenset[bytes] = frozenset()
    window_from: date | None = None
    watermark: datetime | None = None
    settings_version: int = 0
    watching: bool = False
    offset: int = 0
    page: bytes = b""
    last_success: datetime | None = None
    failing_since: datetime | None = None
    revision: int = 0


class Ledger(Protocol):
    """One row per order. Every change of a row is one conditional write.

    Throttling and unreachable storage raise ``RetryLater``.
    """

    def memories(self, shop_ids: Collection[str]) -> dict[str, ShopMemory]:
        """The packed memories of a page of shops in one read."""

    def remember(self, shop_id: str, memory: ShopMemory) -> bool:
        """Write over the revision of ``memory``; false when another run was faster."""

    def rows(self, keys: Collection[OrderKey]) -> dict[OrderKey, LedgerRow]: ...
    def by_number(self, shop_id: str, number: str) -> list[LedgerRow]: ...
    def shop_rows(self, shop_id: str) -> Iterable[LedgerRow]:
        """All rows of a shop by ascending number, page by page."""

    def recent_rows(self, shop_id: str, since: date) -> Iterable[LedgerRow]:
        """Rows ordered or changed on that day or later, the highest number first.

        Reading ends at a page that holds none, so an old shop costs no more than a young one; a
        second old perhaps.
        """

    def newest_rows(
        self, shop_id: str, limit: int, *, before: OrderKey | None = None
    ) -> list[LedgerRow]:
        """The ``limit`` rows with the highest numbers, or those that follow ``before`` downwards.

        Fewer mean that there are no more; a second old perhaps.
        """

    def open_rows(self, shop_id: str = "") -> Iterable[LedgerRow]:
        """Rows that are not at their end, of one shop or of all; a second old perhaps.

        They are held, unclear or waiting, or booked again while their old entry is still there.
        """

    def remarked_rows(self, day: date) -> Iterable[LedgerRow]:
        """Rows booked on that day (UTC) with a notice or worse; a second old perhaps."""

    def record(self, changes: Sequence[tuple[LedgerRow, LedgerRow | None]]) -> set[OrderKey]:
        """Write (new, what it replaces) pairs; returns the keys that were written.

        A pair is written only when the stored row still has the revision of what it replaces
        (or there is none and it replaces nothing); the rest was changed by another worker and is
        left alone. Each row written gets ``revision`` one higher and an event in its timeline.
        """

    def start_posting(self, row: LedgerRow, *, owner: str, at: datetime) -> LedgerRow | None:
        """Turn queued into posting by ``owner``; ``None`` when the row is no longer queued.

        Also ``None`` when it was ``judged`` otherwise than ``row``: the order, its payment or the
        settings changed after the message was sent, and its newer message books it. Another
        revision alone is no hindrance.
        ``row`` carries what is to be stored with it (reference, posted total, VAT, ...); its uuid,
        what it replaces and when it was first seen stay as they are. A write
        whose own earlier, lost-acknowledged twin succeeded counts as success (seen by the owner).
        """

    def finish_posting(self, row: LedgerRow, *, owner: str) -> bool:
        """Posting (or unclear) by ``owner`` -> the state in ``row``; false when it is not ours."""

    def timeline(self, key: OrderKey) -> list[TimelineEvent]: ...
