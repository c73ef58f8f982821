"""A world to connect shops in: memory stores, fake systems, a clock that tests set."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from boekbrug.domain.order import OrderStatus, Store
from boekbrug.domain.settings import ShopSettings
from boekbrug.journey.connect import ConnectServices, connect_file
from boekbrug.journey.connect_texts import Remark
from boekbrug.journey.patience import Patience
from boekbrug.journey.pauses import PauseServices
from boekbrug.journey.ports.tenants import Administration, ConnectedShop
from boekbrug.notices.memory import MemoryNotices
from boekbrug.queues.memory import MemoryShopsQueue
from boekbrug.settings.memory import MemorySealer, MemoryTenants
from tests.support.fake_books import FakeAdministration, FakeAdministrations
from tests.support.fake_shop import FakeShop, FakeShops, unreachable

TOKEN, PASSWORD = "winkeltoken-0123456789", "geheim-wachtwoord-1"
EMAILS = ("eigenaar@example.nl",)


@dataclass
class SetClock:
    """The time that a test says it is."""

    at: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def forward(self, **parts: float) -> None:
        """Some time passes."""
        self.at += timedelta(**parts)


@dataclass
class ListsAway(FakeShop):
    """A shop whose lists do not come; everything else does."""

    def order_statuses(self) -> tuple[OrderStatus, ...]:
        raise unreachable()

    def payment_methods(self) -> tuple[tuple[str, str, str], ...]:
        raise unreachable()


@dataclass
class World:
    """One shop and one administration that can be connected, and everything that came of it."""

    tenants: MemoryTenants = field(default_factory=MemoryTenants)
    sealer: MemorySealer = field(default_factory=MemorySealer)
    shops: FakeShops = field(default_factory=FakeShops)
    books: FakeAdministrations = field(default_factory=FakeAdministrations)
    notices: MemoryNotices = field(default_factory=MemoryNotices)
    shops_queue: MemoryShopsQueue = field(default_factory=MemoryShopsQueue)
    clock: SetClock = field(default_factory=SetClock)
    told: list[Remark] = field(default_factory=list)
    slept: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.add_shop(TOKEN, "shop-1", "Winkel Aap")
        self.add_contract("123456")

    @property
    def services(self) -> ConnectServices:
        return ConnectServices(
            tenants=self.tenants,
            sealer=self.sealer,
            shops=self.shops,
            administrations=self.books,
            clock=self.clock,
            notices=self.notices,
            shops_queue=self.shops_queue,
            patience=Patience(seconds=60, sleep=self.slept.append),
        )

    @property
    def pausing(self) -> PauseServices:
        return PauseServices(self.tenants, self.notices, self.clock)

    @property
    def shop(self) -> ConnectedShop:
        """The shop as it is stored now."""
        found = self.tenants.shop("shop-1")
        assert found is not None
        return found

    @property
    def administration(self) -> Administration:
        """The only administration as it is stored now."""
        (found,) = self.tenants.all_administrations()
        return found

    @property
    def settings(self) -> ShopSettings:
        """The settings that decide now."""
        return self.tenants.settings("shop-1", self.shop.settings_version)

    @property
    def codes(self) -> list[str]:
        """What connecting remarked, by code."""
        return [remark.code for remark in self.told]

    @property
    def subjects(self) -> list[str]:
        """What the owner was mailed."""
        return [mail.subject for mail in self.notices.sent]

    def add_shop(self, token: str, store_id: str, name: str) -> FakeShop:
        """A shop exists at Mijnwebwinkel."""
        domain = f"{store_id}.example.nl"
        shop = FakeShop(Store(id=store_id, name=name, domain=domain))
        self.shops.by_token[token] = shop
        return shop

    def add_contract(self, contractcode: str, password: str = PASSWORD) -> FakeAdministration:
        """A contract exists at Acumulus."""
        administration = FakeAdministration(contractcode, password=password)
        self.books.by_contract[contractcode] = administration
        return administration

    def connect(
        self, *administrations: dict[str, Any], started: bool = True
    ) -> list[ConnectedShop]:
        """Connect a document with these administrations."""
        document = {
            "partner_token": "partner-token-000000",
            "administrations": list(administrations) or [contract()],
        }
        return connect_file(
            self.services, document, emails=EMAILS, started=started, tell=self.told.append
        )


def contract(*shops: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """An administration of a --connect document; without shops it has the one that exists."""
    return {
        "contractcode": "123456",
        "username": "api",
        "password": PASSWORD,
        "shops": list(shops) or [a_shop()],
        **changes,
    }


def a_shop(token: str = TOKEN, **settings: Any) -> dict[str, Any]:
    """A shop of a --connect document."""
    return {"token": token, "settings": settings}
