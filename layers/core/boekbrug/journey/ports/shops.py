"""What a shop tells: its orders, page by page."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from boekbrug.domain.order import Order, OrderStatus, Payment, Store
from boekbrug.journey.ports.tenants import Secret


@dataclass(frozen=True, slots=True)
class Sweep:
    """Which orders to list, ascending by number.

    ``start_date`` filters on the order date, ``status_changed_since`` (local to the shop) on the
    last status change; ``None`` leaves the filter out.
    """

    start_date: date | None = None
    status_changed_since: datetime | None = None
    archived: bool | None = None


@dataclass(frozen=True, slots=True)
class FetchedOrder:
    """An order as fetched: our reading of it, and the bytes it was read from (JSON, UTF-8)."""

    order: Order
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class UnreadableOrder:
    """An order that could not be read; ``problem`` names field and reason, never a value."""

    number: str
    uuid: str
    problem: str
    raw: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class OrdersPage:
    """One page of a sweep; ``next_offset`` is ``None`` on the last page.

    ``digest`` (eight bytes) changes with any byte of the answer. A page that is ``unchanged`` was
    not read: its orders are the ones that gave the digest the caller knows.
    """

    orders: tuple[FetchedOrder | UnreadableOrder, ...]
    next_offset: int | None
    digest: bytes = b""
    unchanged: bool = False


class Shop(Protocol):
    """The API of one shop, read only.

    Raises ``RetryLater`` (unreachable, throttled, not JSON) or ``StopShop`` (token refused).
    """

    def store(self) -> Store: ...
    def order_statuses(self) -> tuple[OrderStatus, ...]: ...

    def orders_page(self, sweep: Sweep, offset: int = 0, *, known: bytes = b"") -> OrdersPage:
        """A page of at most 100 orders; pages overlap by ten, so nothing is skipped silently.

        An answer whose digest is ``known`` comes back ``unchanged`` and is not parsed.
        """

    def count(self, sweep: Sweep) -> int:
        """How many orders the shop says a sweep would give."""

    def order(self, number: str) -> FetchedOrder | UnreadableOrder | None:
        """One order by number; ``None`` when the shop does not know it."""

    def payments(self, number: str) -> tuple[Payment, ...]: ...
    def payment_methods(self) -> tuple[tuple[str, str, str], ...]:
        """The shop's (gateway, method, display name), for choosing accounts."""


class Shops(Protocol):
    """Opens the API of a connected shop; ``address`` is host and port, for sentences."""

    @property
    def address(self) -> str: ...

    def open(self, token: Secret) -> Shop: ...

    def partner_token_works(self) -> bool:
        """Whether our own token is accepted, asked without a shop's. Raises ``RetryLater``."""
