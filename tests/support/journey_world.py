"""A small world for the journey: shops and administrations in memory, and a clock that is set."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

from boekbrug.domain.order import Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.book_order import BookServices
from boekbrug.journey.book_orders import BatchServices, BookReport, book_orders
from boekbrug.journey.fetch_orders import FetchReport, FetchServices, fetch_orders
from boekbrug.journey.follow_up import FollowReport, follow_page, schedule_follow_ups
from boekbrug.journey.following import FollowServices
from boekbrug.journey.hourly import HourlyServices, hour_strikes
from boekbrug.journey.ports.ledger import LedgerRow
from boekbrug.journey.ports.tenants import Account, Administration, ConnectedShop, Secret
from boekbrug.journey.schedule_fetches import ScheduleServices
from boekbrug.journey.trials import DEFAULT_CAP
from boekbrug.journey.unclear_posts import (
    LookedUp,
    administrations_of,
    look_up_posts,
    open_posts,
)
from boekbrug.journey.vies_checks import ViesChecks
from boekbrug.ledger.cache import MemoryCache
from boekbrug.ledger.findings import MemoryFindings, MemoryFollowMemories
from boekbrug.ledger.memory import MemoryLedger
from boekbrug.mijnwebwinkel.to_order import read_order
from boekbrug.notices.memory import MemoryNotices
from boekbrug.queues.memory import MemoryOrdersQueue, MemoryShopsQueue
from boekbrug.settings.memory import MemorySealer, MemoryTenants
from tests.support.fake_books import FakeAdministration, FakeAdministrations, FakeVatRates
from tests.support.fake_shop import FakeShop, FakeShops
from tests.support.fake_vies import FakeVies
from tests.support.orders import STORE_ID

BEGIN = datetime(2026, 3, 20, 12, 0, tzinfo=UTC)
ACCOUNT = Account(account_id="owner", emails=("owner@example.com",))


@dataclass
class SetClock:
    """A clock that stands still until it is moved."""

    at: datetime = BEGIN

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class World:
    """All that the journey touches; ``hour`` lets the hourly rule strike and drains the queues."""

    clock: SetClock = field(default_factory=SetClock)
    tenants: MemoryTenants = field(default_factory=MemoryTenants)
    ledger: Any = field(default_factory=MemoryLedger)
    sealer: MemorySealer = field(default_factory=MemorySealer)
    shops: FakeShops = field(default_factory=FakeShops)
    books: FakeAdministrations = field(default_factory=FakeAdministrations)
    notices: MemoryNotices = field(default_factory=MemoryNotices)
    orders_queue: Any = field(default_factory=MemoryOrdersQueue)
    shops_queue: MemoryShopsQueue = field(default_factory=MemoryShopsQueue)
    follow_queue: MemoryShopsQueue = field(default_factory=MemoryShopsQueue)
    findings: MemoryFindings = field(default_factory=MemoryFindings)
    follow_memories: MemoryFollowMemories = field(default_factory=MemoryFollowMemories)
    cache: MemoryCache = field(default_factory=MemoryCache)
    vies: FakeVies = field(default_factory=FakeVies)
    trial_cap: int = DEFAULT_CAP
    read: Any = read_order

    def __post_init__(self) -> None:
        self.tenants.put_account(ACCOUNT)

    @cached_property
    def checks(self) -> ViesChecks:
        """What a process remembers of who asks VIES."""
        self.vies.now = self.clock.now
        return ViesChecks(self.vies)

    def administration(self, code: str = "123456", **about: Any) -> FakeAdministration:
        """Connect an administration of the owner."""
        sealed = self.sealer.seal(
            Secret("pw"), tenant=ACCOUNT.account_id, field=f"administration:{code}:password"
        )
        self.tenants.put_administration(
            Administration(
                administration_id=code,
                account_id=ACCOUNT.account_id,
                contractcode=code,
                username="api",
                sealed_password=sealed,
                entries_left=about.get("max_entries"),
            )
        )
        self.books.by_contract[code] = FakeAdministration(code, **about)
        return self.books[code]

    def shop(self, shop_id: str = STORE_ID, code: str = "123456", **settings: Any) -> FakeShop:
        """Connect a shop that books orders in status 3."""
        if self.tenants.administration(code) is None:
            self.administration(code)
        store = Store(id=shop_id, name="Winkel", domain="https://winkel.example", region_code="NL")
        token = Secret(f"token-of-{shop_id}")
        sealed = self.sealer.seal(token, tenant=ACCOUNT.account_id, field=f"shop:{shop_id}:token")
        self.tenants.put_shop(
            ConnectedShop(
                shop_id=shop_id,
                account_id=ACCOUNT.account_id,
                administration_id=code,
                sealed_token=sealed,
                store=store,
            )
        )
        self.choose(shop_id, **({"trigger_statuses": (3,)} | settings))
        self.shops.by_token[token.text] = FakeShop(store)
        return self.shops.by_token[token.text]

    def choose(self, shop_id: str = STORE_ID, **settings: Any) -> None:
        """Other choices for a shop."""
        self.tenants.save_settings(
            shop_id, ShopSettings(**settings), by="owner", at=self.clock.now()
        )

    @property
    def fetching(self) -> FetchServices:
        return FetchServices(
            tenants=self.tenants,
            sealer=self.sealer,
            shops=self.shops,
            ledger=self.ledger,
            findings=self.findings,
            orders_queue=self.orders_queue,
            shops_queue=self.shops_queue,
            notices=self.notices,
            clock=self.clock,
            statuses=lambda shop: {status.id: status for status in shop.order_statuses()},
        )

    @property
    def booking(self) -> BatchServices:
        return BatchServices(
            one=BookServices(
                tenants=self.tenants,
                ledger=self.ledger,
                vat_rates=FakeVatRates(),
                vies=self.checks,
                clock=self.clock,
                read=self.read,
                read_again=lambda shop, number: self.shops.by_token[
                    f"token-of-{shop.shop_id}"
                ].order(number),
            ),
            sealer=self.sealer,
            administrations=self.books,
            notices=self.notices,
            findings=self.findings,
            trial_cap=self.trial_cap,
        )

    @property
    def following(self) -> FollowServices:
        return FollowServices(
            fetching=self.fetching,
            booking=self.booking,
            findings=self.findings,
            memories=self.follow_memories,
            pages=self.follow_queue,
        )

    def look_up(self) -> LookedUp:
        """The look-ups of now; what they send is booked."""
        services = self.following
        rows = open_posts(services)
        shops = [shop for shop in self.tenants.all_shops() if shop.shop_id in rows]
        report = LookedUp()
        for group in administrations_of(shops):
            report.add(look_up_posts(services, group, rows))
        while len(self.orders_queue):
            self.book()
        self.orders_queue.five_minutes_later()
        return report

    def night(self) -> FollowReport:
        """The nightly rule strikes; what it sends is booked."""
        services, report = self.following, FollowReport()
        schedule_follow_ups(services)
        for waiting in self.follow_queue.take():
            page = waiting.page
            report.add(follow_page(services, page.shop_ids, attempt=page.attempt))
        while len(self.orders_queue):
            self.book()
        self.orders_queue.five_minutes_later()
        return report

    def told(self) -> dict[tuple[str, str], str]:
        """What owners must hear of: (number, code) -> detail."""
        return {(one.number, one.code): one.detail for one in self.findings.open()}

    def schedule(self) -> None:
        scheduling = ScheduleServices(self.tenants, self.shops_queue)
        hour_strikes(HourlyServices(scheduling, self.cache, self.clock))

    def fetch(self) -> list[FetchReport]:
        """Work through the pages that are on the queue now."""
        return [
            fetch_orders(
                self.fetching,
                waiting.page.shop_ids,
                attempt=waiting.page.attempt,
                numbers=waiting.page.numbers,
            )
            for waiting in self.shops_queue.take()
        ]

    def book(self) -> BookReport:
        """Book one batch."""
        return book_orders(self.booking, self.orders_queue.take())

    def hour(self) -> None:
        """The hourly rule strikes; every queue is worked through, once an hour later."""
        self.schedule()
        self.fetch()
        while len(self.orders_queue):
            self.book()
        self.orders_queue.five_minutes_later()
        self.clock.move(hours=1)

    def rows(self, shop_id: str = STORE_ID) -> dict[str, LedgerRow]:
        """The rows of a shop by order number."""
        found: Iterable[LedgerRow] = self.ledger.shop_rows(shop_id)
        return {row.key.number: row for row in found}

    def states(self, shop_id: str = STORE_ID) -> dict[str, str]:
        return {number: row.state for number, row in self.rows(shop_id).items()}
