"""Pages of a shop's orders -> every order once, although the list changes while it is read.

Pages overlap by ten (shop API, section 4.2). As long as one order of the last ten is on the next
page nothing was skipped; when none is, more than ten orders left the list meanwhile and the pass
starts again.
"""

from collections.abc import Generator, Iterator
from dataclasses import replace

from boekbrug.errors import RetryLater
from boekbrug.journey.ports.shops import FetchedOrder, OrdersPage, Shop, Sweep, UnreadableOrder

OVERLAP = 10
PASSES = 2

SweepPage = OrdersPage
"""A page without the orders that an earlier page gave in the same form."""


def sweep_pages(
    shop: Shop, sweep: Sweep, offset: int = 0, *, known: bytes = b""
) -> Iterator[SweepPage]:
    """The pages of a sweep from ``offset`` on; an order that changed meanwhile comes again.

    ``known`` is the digest of a first page that need not be read again.

    Raises what ``Shop.orders_page`` raises, and ``RetryLater`` when the list changed too much in
    both passes.
    """
    seen: set[tuple[str, int]] = set()
    for _ in range(PASSES):
        if (yield from _one_pass(shop, sweep, offset, seen, known)):
            return
    raise RetryLater("the list of orders changed while it was read", code="shop_list_changed")


def sweep_orders(
    shop: Shop, sweep: Sweep, offset: int = 0
) -> Iterator[FetchedOrder | UnreadableOrder]:
    """The orders of ``sweep_pages``, one by one."""
    for page in sweep_pages(shop, sweep, offset):
        yield from page.orders


def _one_pass(
    shop: Shop, sweep: Sweep, offset: int, seen: set[tuple[str, int]], known: bytes
) -> Generator[SweepPage, None, bool]:
    """The pages of one pass; returns whether it came to the end of the list without a gap."""
    tail: set[str] = set()
    before: list[str] = []
    at: int | None = offset
    while at is not None:
        page = shop.orders_page(sweep, at, known=known if at == offset else b"")
        names = [identity(fetched) for fetched in page.orders]
        if tail and tail.isdisjoint(names):
            return False
        if page.next_offset is not None and names == before:
            raise RetryLater("the shop gives the same page again", code="shop_list_stuck")
        yield replace(page, orders=_unseen(page, names, seen))
        before, tail, at = names, set(names[-OVERLAP:]), page.next_offset
    return True


def _unseen(
    page: OrdersPage, names: list[str], seen: set[tuple[str, int]]
) -> tuple[FetchedOrder | UnreadableOrder, ...]:
    fresh: list[FetchedOrder | UnreadableOrder] = []
    for fetched, name in zip(page.orders, names, strict=True):
        form = (name, hash(fetched.raw))
        if form not in seen:
            seen.add(form)
            fresh.append(fetched)
    return tuple(fresh)


def identity(fetched: FetchedOrder | UnreadableOrder) -> str:
    """How an order is told from others in a list: uuid, else number, else its content."""
    named = fetched.order if isinstance(fetched, FetchedOrder) else fetched
    return named.uuid or named.number or repr(hash(fetched.raw))
