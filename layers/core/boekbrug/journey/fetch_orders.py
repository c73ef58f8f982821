"""A page of shops -> what is new in each; a few shops in flight, one request at a time per shop.

A shop that failed goes back as part of a smaller page, later; a refused token pauses its shop,
once it is certain that our own token is not the one that is refused.
A slow or broken shop never holds up the others.
"""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from boekbrug.domain.order import OrderStatus
from boekbrug.errors import NeedsOperator, RetryLater, StopShop, where
from boekbrug.journey.fetch_shop import ShopReport, ShopRun, fetch_again, fetch_shop
from boekbrug.journey.pauses import PauseServices, stop_shop
from boekbrug.journey.ports.clock import Clock
from boekbrug.journey.ports.findings import Findings
from boekbrug.journey.ports.ledger import Ledger, ShopMemory
from boekbrug.journey.ports.mails import Notices
from boekbrug.journey.ports.queues import OrdersQueue, ShopsQueue
from boekbrug.journey.ports.shops import Shop, Shops
from boekbrug.journey.ports.tenants import ConnectedShop, Sealer, Tenants
from boekbrug.journey.shop_away import fetched_again, not_fetched

log = logging.getLogger(__name__)

SHOPS_IN_FLIGHT = 32  # waiting is what a page costs; one request at a time per shop all the same
MOST_PAGES = 20  # of one shop in one run: a long history goes on in a next run
PAUSES = (20, 120, 900)  # seconds before a failed shop is tried again; then the next hour does


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchServices:
    """What fetching needs; ``statuses`` reads the order statuses, cached across shops."""

    tenants: Tenants
    sealer: Sealer
    shops: Shops
    ledger: Ledger
    findings: Findings
    orders_queue: OrdersQueue
    shops_queue: ShopsQueue
    notices: Notices
    clock: Clock
    statuses: Callable[[Shop], dict[int, OrderStatus]]


@dataclass(slots=True)
class FetchReport:
    """What became of a page of shops, for logs and metrics.

    ``refused_us``: Mijnwebwinkel refused our own token, which is the operator's to mend.
    """

    shops: int = 0
    fetched: int = 0
    fresh: int = 0
    sent: int = 0
    failed: list[str] = field(default_factory=list)
    unfinished: list[str] = field(default_factory=list)
    stopped: list[str] = field(default_factory=list)
    refused_us: list[str] = field(default_factory=list)
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
    for shop, result in _believed(services, results):
        _add(services, report, shop, result)
        if not numbers:
            _note(services, shop, memories.get(shop.shop_id), result, attempt)
    _send_back(services, report, attempt, numbers)
    return report


type Result = ShopReport | RetryLater | StopShop | NeedsOperator
type Results = list[tuple[ConnectedShop, Result]]


def _believed(services: FetchServices, results: Results) -> Results:
    """A refusal pauses its shop when our own token works: every call carries both of them."""
    refused = [shop for shop, result in results if isinstance(result, StopShop)]
    if not refused:
        return results
    instead: Result
    try:
        if _partner_token_works(services, results):
            return results
    except RetryLater as unknown:
        instead = unknown
    else:
        instead = NeedsOperator("our own token is refused", code="partner_token")
        log.error(str(instead), extra={"shops": len(refused), "code": instead.code})
    return [(shop, instead if isinstance(result, StopShop) else result) for shop, result in results]


def _partner_token_works(services: FetchServices, results: Results) -> bool:
    """A shop that was fetched just now and still answers proves it; else it is asked for alone."""
    fetched = next((shop for shop, result in results if isinstance(result, ShopReport)), None)
    with suppress(StopShop, RetryLater):
        if fetched is not None and _open(services, fetched).store().id:
            return True
    return services.shops.partner_token_works()


def _open(services: FetchServices, shop: ConnectedShop) -> Shop:
    token = services.sealer.open(
        shop.sealed_token, tenant=shop.account_id, field=f"shop:{shop.shop_id}:token"
    )
    return services.shops.open(token)


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
        run = ShopRun(
            shop=shop,
            api=_open(services, shop),
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
        case NeedsOperator():
            report.refused_us.append(shop.shop_id)  # the next hour asks again
        case StopShop():
            _stop(services, report, shop, result)


def _note(
    services: FetchServices,
    shop: ConnectedShop,
    memory: ShopMemory | None,
    result: Result,
    attempt: int,
) -> None:
    """Whether the shop can be read, once all tries of this hour are done."""
    findings, now = services.findings, services.clock.now()
    match result:
        case ShopReport():
            fetched_again(findings, shop.shop_id, memory, now)
        case RetryLater() if attempt < len(PAUSES):
            pass
        case RetryLater() | NeedsOperator():
            not_fetched(services.ledger, findings, shop.shop_id, memory, now)


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
