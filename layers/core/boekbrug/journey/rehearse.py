"""A connected shop -> what its orders would become, step by step; nothing is posted.

The shop is only read, also while it is not switched on. What was found is kept for a day, in parts:
a step reads a page of the list or more, and the next one goes on where it ended.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from pydantic import TypeAdapter

from boekbrug.domain.order import Order
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.connect_rows import open_token
from boekbrug.journey.conversions import Conversions, OnceAYear
from boekbrug.journey.decisions import DecisionServices, open_books
from boekbrug.journey.order_view import AsIf
from boekbrug.journey.ports.shops import Shop, Sweep
from boekbrug.journey.ports.tenants import Cache, ConnectedShop
from boekbrug.journey.rehearsal import Checked, Rehearsal, Rehearsed
from boekbrug.journey.rehearsal_desk import Desk
from boekbrug.journey.sweeps import sweep_pages

DAYS_BACK = 90
MOST = 2000
"""Orders that are looked at: of more, the latest."""
KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class RehearsalServices:
    """What rehearsing needs: the same as deciding, and where it is kept."""

    deciding: DecisionServices
    cache: Cache

    @property
    def now(self) -> datetime:
        """The time."""
        return self.deciding.fetching.clock.now()

    def api(self, shop: ConnectedShop) -> Shop:
        """The shop, to read."""
        fetching = self.deciding.fetching
        return fetching.shops.open(open_token(fetching.sealer, shop))

    def settings(self, shop: ConnectedShop, version: int) -> ShopSettings:
        """The choices of a version."""
        return self.deciding.fetching.tenants.settings(shop.shop_id, version)


def begin(services: RehearsalServices, shop: ConnectedShop, *, from_start: bool) -> None:
    """Count what there is to look at, in place of an earlier rehearsal. Raises as ``go_on``."""
    since = services.settings(shop, shop.settings_version).start_date
    if not from_start:
        since = (services.now - timedelta(days=DAYS_BACK)).date()
    listed = services.api(shop).count(Sweep(start_date=since))
    first = max(0, listed - MOST)
    begun = _Kept(
        since=since,
        from_start=from_start,
        settings_version=shop.settings_version,
        at=services.now,
        listed=listed,
        first=first,
        offset=first,
    )
    _keep(services, shop, begun)


def rehearsal(services: RehearsalServices, shop: ConnectedShop) -> Rehearsal | None:
    """What was found so far; ``None`` before it began, or when it was too long ago."""
    kept = _kept(services, shop)
    return _found(services, shop, kept) if kept else None


def go_on(
    services: RehearsalServices,
    shop: ConnectedShop,
    *,
    time_left: Callable[[], bool] = lambda: True,
) -> Rehearsal | None:
    """Look at the next page of orders, and at more while there is time.

    Raises what the ports raise; what was found before that is kept. Two at the same time find the
    same twice.
    """
    kept = _kept(services, shop)
    if kept is None or kept.offset is None:
        return _found(services, shop, kept) if kept else None
    desk = _desk(services, shop, kept)
    for page in sweep_pages(desk.api, Sweep(start_date=kept.since), kept.offset):
        _keep_page(services, shop, kept, _in_period(kept, desk.rehearse(page.orders)))
        kept = replace(kept, pages=kept.pages + 1, offset=page.next_offset)
        _keep(services, shop, kept)
        if not time_left():
            break
    return _found(services, shop, kept)


def as_rehearsed(services: RehearsalServices, shop: ConnectedShop) -> AsIf | None:
    """How one order of the rehearsal is looked at: under its choices, after its invoices."""
    kept = _kept(services, shop)
    if kept is None:
        return None
    invoices = _found(services, shop, kept).invoices
    return AsIf(_choices(services, shop, kept), frozenset(order.number for order in invoices))


def _in_period(kept: "_Kept", orders: tuple[Rehearsed, ...]) -> tuple[Rehearsed, ...]:
    """The list begins a day early: the shop does not say which day it counts."""
    since = kept.since or date.min
    return tuple(order for order in orders if order.day is None or order.day >= since)


def keep_checked(
    services: RehearsalServices, shop: ConnectedShop, checked: tuple[Checked, ...]
) -> None:
    """With the rehearsal that a sample was taken of."""
    kept = _kept(services, shop)
    if kept is not None:
        _keep(services, shop, replace(kept, checked=checked))


def _desk(services: RehearsalServices, shop: ConnectedShop, kept: "_Kept") -> Desk:
    api, originals = services.api(shop), dict[str, Order]()
    return Desk(
        api=api,
        shop_id=shop.shop_id,
        settings=_choices(services, shop, kept),
        conversions=Conversions(
            sources=services.deciding.booking.one,
            report=OnceAYear(open_books(services.deciding, shop)),
            shop=shop,
            statuses=services.deciding.fetching.statuses(api),
            originals=originals,
            now=services.now,
        ),
        rows=services.deciding.fetching.ledger.rows,
        originals=originals,
        found={one.number: one for one in _found(services, shop, kept).orders},
    )


def _choices(services: RehearsalServices, shop: ConnectedShop, kept: "_Kept") -> ShopSettings:
    settings = services.settings(shop, kept.settings_version)
    if kept.from_start:
        return settings
    return settings.model_copy(update={"start_date": kept.since, "start_number": None})


# --------------------------------------------------------------------------- kept


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """How far it is; ``offset`` is where the list goes on, ``None`` at its end.

    The orders are kept apart, as many parts as there are ``pages``.
    """

    since: date | None
    from_start: bool
    settings_version: int
    at: datetime
    listed: int
    first: int
    offset: int | None
    pages: int = 0
    checked: tuple[Checked, ...] = ()


_HEAD, _PAGE = TypeAdapter(_Kept), TypeAdapter(tuple[Rehearsed, ...])


def _kept(services: RehearsalServices, shop: ConnectedShop) -> _Kept | None:
    found = services.cache.get(_name(shop), now=services.now)
    return None if found is None else _HEAD.validate_python(found)


def _keep(services: RehearsalServices, shop: ConnectedShop, kept: _Kept) -> None:
    value = _HEAD.dump_python(kept, mode="json")
    services.cache.put(_name(shop), value, expires=kept.at + KEPT)


def _keep_page(
    services: RehearsalServices, shop: ConnectedShop, kept: _Kept, orders: tuple[Rehearsed, ...]
) -> None:
    name, value = _page_name(shop, kept, kept.pages), _PAGE.dump_python(orders, mode="json")
    services.cache.put(name, value, expires=kept.at + KEPT)


def _found(services: RehearsalServices, shop: ConnectedShop, kept: _Kept) -> Rehearsal:
    orders: dict[str, Rehearsed] = {}
    for page in range(kept.pages):
        found = services.cache.get(_page_name(shop, kept, page), now=services.now)
        orders |= {order.number: order for order in _PAGE.validate_python(found or ())}
    return Rehearsal(
        since=kept.since,
        from_start=kept.from_start,
        settings_version=kept.settings_version,
        at=kept.at,
        listed=kept.listed,
        left_out=kept.first,
        going_on=kept.offset is not None,
        orders=tuple(orders.values()),
        checked=kept.checked,
    )


def _name(shop: ConnectedShop) -> str:
    return f"rehearsal#{shop.shop_id}"


def _page_name(shop: ConnectedShop, kept: _Kept, page: int) -> str:
    return f"{_name(shop)}#{kept.at.isoformat()}#{page}"
