"""A shop and a start point -> how many orders would be booked, and for how much (R1-R11).

Only read and counted: whether each is booked as an invoice, a concept or not yet is shown by the
rehearsal, once the shop is connected.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from boekbrug.domain.amounts import ZERO
from boekbrug.domain.currency import currency_of
from boekbrug.domain.eligibility import decide
from boekbrug.domain.facts import Facts
from boekbrug.domain.invoice import Skip
from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError
from boekbrug.journey.connect_checks import title
from boekbrug.journey.connect_texts import ConnectRefused
from boekbrug.journey.ports.shops import FetchedOrder, Shop, Sweep, UnreadableOrder
from boekbrug.journey.sweeps import sweep_pages


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """What would be booked from a start point on.

    ``totals`` are per currency. ``read`` of ``listed`` orders were looked at: fewer when there was
    no time for all. ``first`` and ``last`` are the numbers at both ends. ``before`` counts the
    orders from before the start, when there are none since.
    """

    orders: int = 0
    totals: Mapping[str, Decimal] = field(default_factory=dict)
    first: str = ""
    last: str = ""
    read: int = 0
    listed: int = 0
    before: int = 0

    @property
    def complete(self) -> bool:
        """Whether every order was looked at."""
        return self.read >= self.listed


def prospect(
    shop: Shop,
    store: Store,
    settings: ShopSettings,
    *,
    now: datetime,
    time_left: Callable[[], bool] = lambda: True,
) -> Prospect:
    """Count what these choices would book of all orders from the start date on.

    Raises what the port raises.
    """
    statuses = {status.id: status for status in shop.order_statuses()}
    sweep = Sweep(start_date=settings.start_date)
    listed = shop.count(sweep)
    if not listed:
        return Prospect(before=shop.count(Sweep()))
    count = _Count(settings, Facts(now=now, store=store, statuses=statuses))
    for page in sweep_pages(shop, sweep):
        for fetched in page.orders:
            count.add(fetched)
        if page.next_offset is not None and not time_left():
            return count.told(listed)
    return count.told(count.read)


def start_at(shop: Shop, store: Store, number: str) -> tuple[date, int]:
    """The day and number to start at, of the first order that is to be booked.

    Raises ``ConnectRefused`` when the shop does not have it.
    """
    try:
        found = shop.order(number) if number.isascii() and number.isdigit() else None
    except BoekbrugError:
        raise ConnectRefused("start_unread", setting="start_number", number=number) from None
    if not isinstance(found, FetchedOrder):
        raise ConnectRefused(
            "start_unknown", setting="start_number", shop=title(store), number=number
        )
    return found.order.date, int(found.order.number)


class _Count:
    """The orders that were read so far."""

    def __init__(self, settings: ShopSettings, facts: Facts) -> None:
        self._settings = settings
        self._facts = facts
        self._numbers: list[str] = []
        self._totals: dict[str, Decimal] = {}
        self.read = 0

    def add(self, fetched: FetchedOrder | UnreadableOrder) -> None:
        """One that cannot be read will be held, so it counts as none."""
        self.read += 1
        if isinstance(fetched, UnreadableOrder):
            return
        order = fetched.order
        if isinstance(decide(order, self._settings, self._facts), Skip):
            return
        self._numbers.append(order.number)
        currency = currency_of(order, self._facts.store)
        self._totals[currency] = self._totals.get(currency, ZERO) + order.total

    def told(self, listed: int) -> Prospect:
        """As it is now."""
        return Prospect(
            orders=len(self._numbers),
            totals=dict(sorted(self._totals.items())),
            first=self._numbers[0] if self._numbers else "",
            last=self._numbers[-1] if self._numbers else "",
            read=self.read,
            listed=listed,
        )
