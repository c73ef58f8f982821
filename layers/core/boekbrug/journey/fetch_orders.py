"""A page of shops -> what is new in each; a few shops in flight, one request at a time per shop.

A shop that failed goes back as part of a smaller page, later; a refused token pauses its shop.
A slow or broken shop never holds up the others.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from boekbrug.domain.order import OrderStatus
from boekbrug.errors import RetryLater, StopShop, where
from boekbrug.journey.fetch_shop import ShopReport, ShopRun, fetch_again, fetch_shop
from boekbrug.journey.pauses import PauseServices, stop_shop
from boekbrug.journey.ports import (
    Clock,
    ConnectedShop,
    Ledger,
    Notices,
    OrdersQueue,
    Sealer,
    Shop,
    ShopMemory,
    Shops,
    ShopsQueue,
    Tenants,
)

log = logging.getLogger(__name__)

SHOPS_IN_FLIGHT = 32  # waiting is what a page costs; one request at a time per shop all the same
MOST_PAGES = 20  # of one shop in one run: a long history goes on in a next run
MANY = 5  # shops refused together are not a coincidence
PAUSES = (20, 120, 900)  # seconds before a failed shop is tried again; then the next hour does


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchServices:
    """What fetching needs; ``statuses`` reads the order statuses, cached across shops."""

    tenants: Tenants
    sealer: Sealer
    shops: Shops
    ledger: Ledger
    orders_queue: OrdersQueue
    shops_queue: ShopsQueue
    notices: Notices
    clock: Clock
    statuses: Callable[[Shop], dict[int, OrderStatus]]


@dataclass(slots=True)
class FetchReport:
    """What became of a page of shops, for logs and metrics."""

    shops: int = 0
    fetched: int = 0
    fresh: int = 0
    sent: int = 0
    failed: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    wait: int = 0


def fetch_orders(
    services: FetchServices,
    shop_ids: Sequence[str],
    *,
    attempt: int = 0,
    numbers: Sequence[str] = (),
    time_left: Callable[[], bool] = lambda: True,
) -> FetchReport:
    """Fetch every shop of a page; ``time_left`` turns false when the function must come to an end.

    With ``numbers`` a page is one shop, and only these orders of it are read.
    Raises ``RetryLater`` only when our own storage cannot be read: the page comes back whole.
    """
    shops = services.tenants.shops(shop_ids)
    memories = services.ledger.memories([shop_id for shop_id in shop_ids if shop_id in shops])
    active = [shop for shop in shops.values() if not shop.paused]
    report = FetchReport(shops=len(active))
    with ThreadPoolExecutor(max_workers=SHOPS_IN_FLIGHT) as pool:
        runs = [
            (
                shop,
                pool.submit(
                    _fetch_one, services, shop, memories.get(shop.shop_id), numbers, time_left
                ),
            )
            for shop in active
        ]
        results = [(shop, run.result()) for shop, run in runs]
    for shop, result in _believed(results):
        _add(services, report, shop, result)
    _send_back(services, report, attempt, numbers)
    return report


type Result = ShopReport | RetryLater | StopShop


def _believed(
    results: Sequence[tuple[ConnectedShop, Result]],
) -> list[tuple[ConnectedShop, Result]]:
    """When a whole page is refused, it is our own partner token that is wrong: pause nobody."""
    refused = [result for _, result in results if isinstance(result, StopShop)]
    if len(refused) < len(results) or len(refused) < MANY:
        return list(results)
    log.error(
        "every shop of a page was refused", extra={"shops": len(refused), "code": "partner_token"}
    )
    return [
        (shop, RetryLater("refused with every other shop", code="partner_token"))
        for shop, _ in results
    ]


def _fetch_one(
    services: FetchServices,
    shop: ConnectedShop,
    memory: ShopMemory | None,
    numbers: Sequence[str],
    time_left: Callable[[], bool],
) -> Result:
    if not time_left():
        return RetryLater("no time left in this run")
    try:
        token = services.sealer.open(
            shop.sealed_token, tenant=shop.account_id, field=f"shop:{shop.shop_id}:token"
        )
        run = ShopRun(
            shop=shop,
            api=services.shops.open(token),
            ledger=services.ledger,
            tenants=services.tenants,
            queue=services.orders_queue,
            statuses=services.statuses,
            now=services.clock.now(),
            may_go_on=lambda pages: pages < MOST_PAGES and time_left(),
        )
        return fetch_again(run, numbers) if numbers else fetch_shop(run, memory)
    except RetryLater as later:
        log.warning(
            "shop not fetched now",
            extra={"shop": shop.shop_id, "code": later.code, "why": str(later)},
        )
        return later
    except StopShop as refused:
        return refused  # the page as a whole tells whether it is this shop's token
    except Exception as broken:  # noqa: BLE001  # a fault in one shop never stops the other shops
        log.error(  # noqa: TRY400  # the text of an unknown fault may hold customer data
            "shop not fetched: fault", extra={"shop": shop.shop_id, "why": where(broken)}
        )
        return RetryLater("fault while fetching", code="fault")


def _pausing(services: FetchServices) -> PauseServices:
    return PauseServices(services.tenants, services.notices, services.clock)


def _add(services: FetchServices, report: FetchReport, shop: ConnectedShop, result: Result) -> None:
    match result:
        case ShopReport():
            report.fetched += result.fetched
            report.fresh += result.fresh
            report.sent += result.sent
            if result.unfinished:
                report.unfinished.append(shop.shop_id)
        case RetryLater(after=after):
            report.failed.append(shop.shop_id)
            report.wait = max(report.wait, after or 0)
        case StopShop():
            _stop(services, report, shop, result)


def _stop(
    services: FetchServices, report: FetchReport, shop: ConnectedShop, refused: StopShop
) -> None:
    try:
        stop_shop(_pausing(services), shop, refused.code)
        report.stopped.append(shop.shop_id)
    except RetryLater:
        report.failed.append(shop.shop_id)


def _send_back(
    services: FetchServices, report: FetchReport, attempt: int, numbers: Sequence[str]
) -> None:
    """Long sweeps go on at once; failed shops a few times later, then the hourly rule does."""
    if report.unfinished:
        services.shops_queue.send(report.unfinished)
    if report.failed and attempt < len(PAUSES):
        delay = min(max(PAUSES[attempt], report.wait), 900)
        services.shops_queue.send(report.failed, delay=delay, attempt=attempt + 1, numbers=numbers)
