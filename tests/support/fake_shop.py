"""The ports ``Shops`` and ``Shop`` in memory: order documents in, the same answers as the API."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from boekbrug.domain.days import earlier
from boekbrug.domain.order import OrderStatus, Payment, Store
from boekbrug.errors import BoekbrugError, RetryLater, StopShop
from boekbrug.journey.ports.shops import FetchedOrder, OrdersPage, Shop, Sweep, UnreadableOrder
from boekbrug.journey.ports.tenants import Secret
from boekbrug.mijnwebwinkel.to_order import fetched_order
from tests.support.orders import STORE_ID

LIMIT, STEP = 100, 90

STATUSES = (
    OrderStatus(1, "Bestelling in behandeling"),
    OrderStatus(2, "Verzonden"),
    OrderStatus(3, "Betaald"),
    OrderStatus(10, "Retour", credit_order=True),
)


@dataclass
class FakeShop:
    """One shop; a test changes it at will, also between two pages (``before_page``)
    or when a single order is asked for (``before_order``).

    ``counted`` is a count that is wrong. ``failing`` is raised by every call; ``calls`` remembers
    what was asked.
    """

    shop: Store = field(default_factory=lambda: Store(id=STORE_ID, name="Voorbeeldwinkel"))
    documents: list[dict[str, Any]] = field(default_factory=list)
    paid: dict[str, tuple[Payment, ...]] = field(default_factory=dict)
    statuses: tuple[OrderStatus, ...] = STATUSES
    methods: tuple[tuple[str, str, str], ...] = (("mollie", "ideal", "iDEAL"),)
    failing: BoekbrugError | None = None
    counted: int | None = None
    before_page: Callable[[int], None] = lambda _offset: None
    before_order: Callable[[str], None] = lambda _number: None
    calls: list[str] = field(default_factory=list)

    def store(self) -> Store:
        self._called("store")
        return self.shop

    def order_statuses(self) -> tuple[OrderStatus, ...]:
        self._called("order_statuses")
        return self.statuses

    def orders_page(self, sweep: Sweep, offset: int = 0, *, known: bytes = b"") -> OrdersPage:
        self._called(f"orders_page {offset}")
        self.before_page(offset)
        found = sorted((d for d in self.documents if _listed(d, sweep)), key=_place)
        shown = found[offset : offset + LIMIT]
        digest = blake2b(json.dumps(shown).encode(), digest_size=8).digest()
        if digest == known:
            return OrdersPage((), None, digest, unchanged=True)
        next_offset = offset + STEP if len(shown) == LIMIT else None
        return OrdersPage(tuple(_fetched(document) for document in shown), next_offset, digest)

    def count(self, sweep: Sweep) -> int:
        self._called("count")
        if self.counted is not None:
            return self.counted
        return sum(_listed(document, sweep) for document in self.documents)

    def order(self, number: str) -> FetchedOrder | UnreadableOrder | None:
        self._called(f"order {number}")
        self.before_order(number)
        return next((_fetched(d) for d in self.documents if str(d["number"]) == number), None)

    def payments(self, number: str) -> tuple[Payment, ...]:
        self._called(f"payments {number}")
        return self.paid.get(number, ())

    def payment_methods(self) -> tuple[tuple[str, str, str], ...]:
        self._called("payment_methods")
        return self.methods

    def add(self, *documents: dict[str, Any]) -> None:
        """New orders come in."""
        self.documents.extend(documents)

    def edit(self, number: str, **changes: Any) -> None:
        """The merchant changes an order."""
        for document in self.documents:
            if str(document["number"]) == number:
                document.update(changes)

    def remove(self, numbers: Iterable[str]) -> None:
        """Orders leave the list."""
        gone = set(numbers)
        self.documents[:] = [d for d in self.documents if str(d["number"]) not in gone]

    def _called(self, what: str) -> None:
        self.calls.append(what)
        if self.failing is not None:
            raise self.failing


@dataclass
class FakeShops:
    """Which token opens which shop; any other token is refused at the first call.

    Every token is refused while ``partner_refused``; ``failing`` is raised when the partner token
    is asked for alone.
    """

    by_token: dict[str, FakeShop] = field(default_factory=dict)
    partner_refused: bool = False
    failing: BoekbrugError | None = None
    address: str = "shop.example:443"

    def open(self, token: Secret) -> Shop:
        refused = FakeShop(failing=StopShop("token unknown", code="token_refused"))
        return refused if self.partner_refused else self.by_token.get(token.text, refused)

    def partner_token_works(self) -> bool:
        if self.failing is not None:
            raise self.failing
        return not self.partner_refused


def unreachable() -> RetryLater:
    """The error of a shop that does not answer, for ``FakeShop.failing``."""
    return RetryLater("no answer", code="shop_unreachable")


def _fetched(document: dict[str, Any]) -> FetchedOrder | UnreadableOrder:
    return fetched_order(document, json.dumps(document).encode())


def _place(document: dict[str, Any]) -> int:
    digits = "".join(filter(str.isdigit, str(document["number"])))
    return int(digits or 0)


def _listed(document: dict[str, Any], sweep: Sweep) -> bool:
    """The filters of the list; test orders are never in it."""
    changed = f"{document['status_changed_date']} {document['status_changed_time']}"
    # As the real client asks: a day early, since nobody knows whether the date is inclusive.
    first = sweep.start_date and earlier(sweep.start_date, timedelta(days=1)).isoformat()
    since = sweep.status_changed_since
    return (
        str(document["number"]).isdigit()
        and (first is None or document["date"] >= first)
        and (since is None or changed >= since.isoformat(sep=" ", timespec="seconds"))
        and (sweep.archived is None or bool(document.get("archived")) == sweep.archived)
    )
