"""What an owner can choose from in the settings, as the shop and Acumulus told it not long ago.

Reading it takes seven calls, so it is kept for a day; a button reads it anew. A list that does not
come leaves the others usable.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from boekbrug.domain.order import OrderStatus
from boekbrug.errors import BoekbrugError
from boekbrug.journey.connect_rows import ConnectServices, open_credentials, open_token
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.ports.books import Books, Choice
from boekbrug.journey.ports.shops import FetchedOrder, Shop
from boekbrug.journey.ports.tenants import Cache, ConnectedShop
from boekbrug.journey.recent_orders import recent_orders

KEPT = timedelta(days=1)
KEPT_IN_PART = timedelta(minutes=1)
"""A list that did not come is asked for again soon, but not with every page."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopChoices:
    """The lists as they were read at a moment; ``None`` for one that did not come.

    ``counts`` tells how many of the ``counted`` latest orders have a status now;
    ``payment_methods`` are gateway, method, name.
    """

    read_at: datetime
    statuses: tuple[OrderStatus, ...] | None = None
    counts: Mapping[int, int] = field(default_factory=dict)
    counted: int | None = None
    payment_methods: tuple[tuple[str, str, str], ...] | None = None
    accounts: tuple[Choice, ...] | None = None
    cost_centers: tuple[Choice, ...] | None = None
    templates: tuple[Choice, ...] | None = None

    @property
    def complete(self) -> bool:
        """Whether every list came."""
        lists = (self.statuses, self.counted, self.payment_methods)
        picked = (self.accounts, self.cost_centers, self.templates)
        return None not in lists and None not in picked


_JSON = TypeAdapter(ShopChoices)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lists:
    """Where the choices of one shop on one administration come from, and how they are kept."""

    shop: Callable[[], Shop]
    books: Callable[[], Books]
    cache: Cache
    name: str


def lists_of(services: ConnectServices, cache: Cache, shop: ConnectedShop) -> Lists:
    """Where those of a connected shop come from; nothing is opened yet."""

    def books() -> Books:
        administration = services.tenants.administration(shop.administration_id)
        if administration is None:
            raise ConnectRefused("unknown_administration", administration=shop.administration_id)
        return services.administrations.open(open_credentials(services.sealer, administration))

    return Lists(
        shop=lambda: services.shops.open(open_token(services.sealer, shop)),
        books=books,
        cache=cache,
        name=f"{shop.shop_id}#{shop.administration_id}",
    )


def shop_choices(lists: Lists, *, now: datetime, anew: bool = False) -> ShopChoices:
    """As they are kept, or read when they are not, are too old or are wanted ``anew``.

    Raises ``RetryLater`` when our own storage does not answer.
    """
    name = f"choices#{lists.name}"
    kept = None if anew else lists.cache.get(name, now=now)
    if kept is not None:
        return _JSON.validate_python(kept)
    read = _read(lists, now)
    until = now + (KEPT if read.complete else KEPT_IN_PART)
    lists.cache.put(name, _JSON.dump_python(read, mode="json"), expires=until)
    return read


def _read(lists: Lists, now: datetime) -> ShopChoices:
    """Both systems at the same time, each one call after the other."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        shop, books = pool.submit(_of_shop, lists), pool.submit(_of_books, lists)
        return ShopChoices(read_at=now, **shop.result(), **books.result())


def _of_shop(lists: Lists) -> dict[str, Any]:
    shop = _or_none(lists.shop)
    if shop is None:
        return {}
    statuses = _or_none(shop.order_statuses)
    if statuses is None:  # it would let the owner wait for the others too
        return {}
    recent = _or_none(lambda: recent_orders(shop))
    orders = [one.order for one in recent or () if isinstance(one, FetchedOrder)]
    return {
        "statuses": statuses,
        "payment_methods": _or_none(shop.payment_methods),
        "counts": Counter(order.status for order in orders if order.status is not None),
        "counted": None if recent is None else len(recent),
    }


def _of_books(lists: Lists) -> dict[str, Any]:
    books = _or_none(lists.books)
    if books is None:
        return {}
    return {
        "accounts": _or_none(books.accounts),
        "cost_centers": _or_none(books.cost_centers),
        "templates": _or_none(books.templates),
    }


def _or_none[T](read: Callable[[], T]) -> T | None:
    try:
        return read()
    except BoekbrugError:
        return None
