"""The environment -> real adapters, wired once per process; the only place that names them."""

import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from boekbrug.acumulus.client import AcumulusAdministrations
from boekbrug.acumulus.vat_rates import CachedVatRates
from boekbrug.domain.order import OrderStatus
from boekbrug.errors import NeedsOperator
from boekbrug.journey.book_order import BookServices
from boekbrug.journey.book_orders import BatchServices
from boekbrug.journey.fetch_orders import FetchServices
from boekbrug.journey.hourly import HourlyServices
from boekbrug.journey.ports.shops import FetchedOrder, Shop, UnreadableOrder
from boekbrug.journey.ports.tenants import ConnectedShop, Secret
from boekbrug.journey.resting import Restraint
from boekbrug.journey.schedule_fetches import ScheduleServices
from boekbrug.journey.send_notices import NoticeServices
from boekbrug.journey.trials import DEFAULT_CAP
from boekbrug.journey.vies_checks import ViesChecks
from boekbrug.ledger.cache import SharedCache
from boekbrug.ledger.dynamodb import DynamoLedger
from boekbrug.ledger.findings import DynamoFindings, DynamoFollowMemories
from boekbrug.mijnwebwinkel.client import MijnwebwinkelShops, Patience
from boekbrug.mijnwebwinkel.to_order import read_order
from boekbrug.mijnwebwinkel.transport import READ_SECONDS
from boekbrug.notices.ses import SesNotices
from boekbrug.queues.sqs import SqsHeldOrders, SqsOrdersQueue, SqsShopsQueue
from boekbrug.settings.dynamodb import DynamoTenants
from boekbrug.settings.mail_memories import DynamoMailMemories
from boekbrug.settings.sealing import DynamoDataKeys, KmsSealer
from boekbrug.vies.client import BASE_URL as VIES_URL
from boekbrug.vies.client import ViesService

if TYPE_CHECKING:
    from boekbrug.hooks.keys import DynamoHookKeys
    from boekbrug.journey.account_care import CareServices
    from boekbrug.journey.connect import ConnectServices
    from boekbrug.journey.connect_steps import StepServices
    from boekbrug.journey.decisions import DecisionServices
    from boekbrug.journey.explain import ExplainServices
    from boekbrug.journey.following import FollowServices
    from boekbrug.journey.receive_hook import HookServices
    from boekbrug.journey.sign_in import SignInServices
    from boekbrug.portal.door import Portal

SIGN_UP_OPEN = "open"
STATUSES_LIVE = 3600  # seconds that the list of order statuses is kept


@dataclass(frozen=True, slots=True)
class Settings:
    """What the template hands to the functions; a missing name stops the start with its name."""

    ledger_table: str
    settings_table: str
    secrets_key_id: str
    shops_queue_url: str
    orders_queue_url: str
    shop_api_url: str
    books_api_url: str
    partner_token: Secret
    shop_seconds: int
    books_timeout_seconds: int
    mail_from: str
    portal_url: str
    alarm_email: str
    follow_up_queue_url: str
    look_up_pause_seconds: int
    look_up_again_seconds: int
    trial_imports: int
    hook_url: str
    books_rest_seconds: int
    books_rest_most_seconds: int
    sign_up: str
    vies_url: str
    contact: str

    @staticmethod
    def from_environment() -> "Settings":
        """Read once at the first event; a function without a right simply has no name for it."""
        env = os.environ
        missing = [name for name in ("LEDGER_TABLE", "SETTINGS_TABLE") if not env.get(name)]
        if missing:
            raise NeedsOperator(f"not set in the environment: {', '.join(missing)}", code="set_up")
        return Settings(
            ledger_table=env["LEDGER_TABLE"],
            settings_table=env["SETTINGS_TABLE"],
            secrets_key_id=env.get("SECRETS_KEY_ID", ""),
            shops_queue_url=env.get("SHOPS_QUEUE_URL", ""),
            orders_queue_url=env.get("ORDERS_QUEUE_URL", ""),
            shop_api_url=env.get("SHOP_API_URL") or "https://api.myonlinestore.com",
            books_api_url=env.get("BOOKS_API_URL") or "https://api.sielsystems.nl/acumulus",
            partner_token=Secret(env.get("PARTNER_TOKEN", "")),
            shop_seconds=int(env.get("SHOP_SECONDS") or READ_SECONDS),
            books_timeout_seconds=int(env.get("BOOKS_TIMEOUT_SECONDS") or 60),
            mail_from=env.get("MAIL_FROM", ""),
            portal_url=env.get("PORTAL_URL", ""),
            alarm_email=env.get("ALARM_EMAIL", ""),
            follow_up_queue_url=env.get("FOLLOW_UP_QUEUE_URL", ""),
            look_up_pause_seconds=int(env.get("LOOK_UP_PAUSE_SECONDS") or 180),
            look_up_again_seconds=int(env.get("LOOK_UP_AGAIN_SECONDS") or 600),
            hook_url=env.get("HOOK_URL", ""),
            trial_imports=int(env.get("TRIAL_IMPORTS") or DEFAULT_CAP),
            books_rest_seconds=int(env.get("BOOKS_REST_SECONDS") or 2),
            books_rest_most_seconds=int(env.get("BOOKS_REST_MOST_SECONDS") or 1800),
            sign_up=env.get("SIGN_UP") or SIGN_UP_OPEN,
            vies_url=env.get("VIES_URL") or VIES_URL,
            contact=env.get("CONTACT", ""),
        )


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """Now, in UTC."""
        return datetime.now(UTC)


class Statuses:
    """The shops' order statuses, read once an hour per process (one list for all, shop API 8)."""

    def __init__(self) -> None:
        self._known: dict[int, OrderStatus] = {}
        self._until = 0.0

    def __call__(self, shop: Shop) -> dict[int, OrderStatus]:
        """Raises ``RetryLater`` when they cannot be read: a status is never guessed.

        No lock: shops in flight may read the list twice, but a slow shop holds up no other.
        """
        if time.monotonic() >= self._until:
            self._known = {status.id: status for status in shop.order_statuses()}
            self._until = time.monotonic() + STATUSES_LIVE
        return self._known


class RatesStore:
    """VAT rates shared by all processes, kept beside the ledger."""

    def __init__(self, cache: SharedCache, clock: SystemClock) -> None:
        self._cache = cache
        self._clock = clock

    def get(self, key: str) -> str | None:
        """The value, or ``None`` when it is gone. Raises ``RetryLater``."""
        value = self._cache.get(f"vat#{key}", now=self._clock.now())
        return value if isinstance(value, str) else None

    def put(self, key: str, value: str, *, seconds: int) -> None:
        """Keep it for some seconds. Raises ``RetryLater``."""
        until = self._clock.now() + timedelta(seconds=seconds)
        self._cache.put(f"vat#{key}", value, expires=until)


class Services:
    """Each adapter is made when it is first needed and lives as long as the process."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.clock = SystemClock()

    @cached_property
    def tenants(self) -> DynamoTenants:
        return DynamoTenants(self.settings.settings_table)

    @cached_property
    def ledger(self) -> DynamoLedger:
        return DynamoLedger(self.settings.ledger_table)

    @cached_property
    def sealer(self) -> KmsSealer:
        return KmsSealer(self.settings.secrets_key_id, DynamoDataKeys(self.settings.settings_table))

    @cached_property
    def shops(self) -> MijnwebwinkelShops:
        seconds = self.settings.shop_seconds
        return MijnwebwinkelShops(
            self.settings.shop_api_url,
            self.settings.partner_token,
            patience=Patience(budget=seconds),
            read_seconds=seconds,
            contact=self.settings.contact,
        )

    @cached_property
    def administrations(self) -> AcumulusAdministrations:
        return AcumulusAdministrations(
            self.settings.books_api_url,
            post_timeout=self.settings.books_timeout_seconds,
            contact=self.settings.contact,
        )

    @cached_property
    def notices(self) -> SesNotices:
        return SesNotices(self.settings.mail_from, portal_url=self.settings.portal_url)

    @cached_property
    def scheduling(self) -> ScheduleServices:
        return ScheduleServices(self.tenants, SqsShopsQueue(self.settings.shops_queue_url))

    @cached_property
    def cache(self) -> SharedCache:
        return SharedCache(self.settings.ledger_table)

    @cached_property
    def hourly(self) -> HourlyServices:
        return HourlyServices(self.scheduling, self.cache, self.clock)

    @cached_property
    def fetching(self) -> FetchServices:
        return FetchServices(
            tenants=self.tenants,
            sealer=self.sealer,
            shops=self.shops,
            ledger=self.ledger,
            findings=self.findings,
            orders_queue=SqsOrdersQueue(self.settings.orders_queue_url),
            shops_queue=SqsShopsQueue(self.settings.shops_queue_url),
            notices=self.notices,
            clock=self.clock,
            statuses=Statuses(),
        )

    @cached_property
    def vat_rates(self) -> CachedVatRates:
        store = RatesStore(self.cache, self.clock)
        return CachedVatRates(self.administrations, store=store)

    @cached_property
    def vies(self) -> ViesService:
        return ViesService(
            self.settings.vies_url, now=self.clock.now, contact=self.settings.contact
        )

    @cached_property
    def booking(self) -> BatchServices:
        return BatchServices(
            one=BookServices(
                tenants=self.tenants,
                ledger=self.ledger,
                vat_rates=self.vat_rates,
                vies=ViesChecks(self.vies),
                clock=self.clock,
                read=read_order,
                read_again=self._read_again,
            ),
            sealer=self.sealer,
            administrations=self.administrations,
            notices=self.notices,
            findings=self.findings,
            trial_cap=self.settings.trial_imports,
            restraint=Restraint(
                first=timedelta(seconds=self.settings.books_rest_seconds),
                most=timedelta(seconds=self.settings.books_rest_most_seconds),
            ),
        )

    @cached_property
    def held_orders(self) -> SqsHeldOrders:
        return SqsHeldOrders(self.settings.orders_queue_url)

    @cached_property
    def follow_memories(self) -> DynamoFollowMemories:
        return DynamoFollowMemories(self.settings.ledger_table)

    @cached_property
    def following(self) -> "FollowServices":
        from boekbrug.journey.following import FollowServices  # noqa: PLC0415  # others start without
        from boekbrug.journey.look_up import Pauses  # noqa: PLC0415  # as above

        return FollowServices(
            fetching=self.fetching,
            booking=self.booking,
            findings=self.findings,
            memories=self.follow_memories,
            pages=SqsShopsQueue(self.settings.follow_up_queue_url),
            pauses=Pauses(
                first=timedelta(seconds=self.settings.look_up_pause_seconds),
                again=timedelta(seconds=self.settings.look_up_again_seconds),
            ),
        )

    @property
    def hook_url(self) -> str:
        return self.settings.hook_url

    @cached_property
    def caring(self) -> "CareServices":
        from boekbrug.journey.account_care import CareServices  # noqa: PLC0415  # the portal's only

        return CareServices(
            tenants=self.tenants, ledger=self.ledger, notices=self.notices, clock=self.clock
        )

    @cached_property
    def hook_keys(self) -> "DynamoHookKeys":
        from boekbrug.hooks.keys import DynamoHookKeys  # noqa: PLC0415  # as above

        return DynamoHookKeys(self.settings.settings_table, self.sealer)

    @cached_property
    def hooks(self) -> "HookServices":
        from boekbrug.hooks.once import IdempotentOnce  # noqa: PLC0415  # slow to import
        from boekbrug.journey.receive_hook import HookServices  # noqa: PLC0415  # as above

        return HookServices(
            tenants=self.tenants,
            keys=self.hook_keys,
            once=IdempotentOnce(self.settings.settings_table),
            shops_queue=SqsShopsQueue(self.settings.shops_queue_url),
            clock=self.clock,
        )

    @cached_property
    def telling(self) -> NoticeServices:
        return NoticeServices(
            tenants=self.tenants,
            ledger=self.ledger,
            findings=self.findings,
            notices=self.notices,
            memories=DynamoMailMemories(self.settings.settings_table),
            clock=self.clock,
            operator=self.settings.alarm_email,
        )

    # ----------------------------------------------------------------- the portal
    # Only its function imports what follows; the others start without.

    @property
    def portal_url(self) -> str:
        return self.settings.portal_url

    @cached_property
    def findings(self) -> DynamoFindings:
        return DynamoFindings(self.settings.ledger_table)

    @cached_property
    def shops_queue(self) -> SqsShopsQueue:
        return SqsShopsQueue(self.settings.shops_queue_url)

    @cached_property
    def signing_in(self) -> "SignInServices":
        from boekbrug.journey.sign_in import SignInServices  # noqa: PLC0415
        from boekbrug.settings.access import DynamoAccess  # noqa: PLC0415

        return SignInServices(
            tenants=self.tenants,
            access=DynamoAccess(self.settings.settings_table),
            notices=self.notices,
            clock=self.clock,
            open_to_all=self.settings.sign_up == SIGN_UP_OPEN,
        )

    @cached_property
    def connecting(self) -> "ConnectServices":
        from boekbrug.journey.connect import ConnectServices  # noqa: PLC0415

        return ConnectServices(
            tenants=self.tenants,
            sealer=self.sealer,
            shops=self.shops,
            administrations=self.administrations,
            clock=self.clock,
            notices=self.notices,
            shops_queue=self.shops_queue,
        )

    @cached_property
    def connect_steps(self) -> "StepServices":
        from boekbrug.journey.connect_steps import StepServices  # noqa: PLC0415
        from boekbrug.settings.drafts import DynamoConnectDrafts  # noqa: PLC0415

        return StepServices(
            self.connecting,
            DynamoConnectDrafts(self.settings.settings_table),
            self.signing_in.access,
        )

    @cached_property
    def deciding(self) -> "DecisionServices":
        from boekbrug.journey.decisions import DecisionServices  # noqa: PLC0415

        return DecisionServices(self.fetching, self.booking)

    @cached_property
    def explaining(self) -> "ExplainServices":
        from boekbrug.journey.explain import ExplainServices  # noqa: PLC0415

        return ExplainServices(
            tenants=self.tenants,
            ledger=self.ledger,
            sealer=self.sealer,
            shops=self.shops,
            clock=self.clock,
        )

    @cached_property
    def portal(self) -> "Portal":
        from boekbrug.portal.door import Portal  # noqa: PLC0415

        return Portal(self)

    def close(self) -> None:
        """Close the connections to the outside; for whoever wires more than once."""
        for name in ("shops", "administrations", "vies"):
            if name in self.__dict__:
                getattr(self, name).close()

    def _read_again(
        self, shop: ConnectedShop, number: str
    ) -> FetchedOrder | UnreadableOrder | None:
        token = self.sealer.open(
            shop.sealed_token, tenant=shop.account_id, field=f"shop:{shop.shop_id}:token"
        )
        return self.shops.open(token).order(number)


@lru_cache(maxsize=1)
def services() -> Services:
    """The wiring of this process."""
    return Services(Settings.from_environment())
