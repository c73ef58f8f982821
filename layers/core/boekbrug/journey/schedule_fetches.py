"""The hour strikes: active shops -> pages of shop ids on the ShopsQueue, spread over time."""

from dataclasses import dataclass

from boekbrug.journey.ports.queues import ShopsQueue
from boekbrug.journey.ports.tenants import Tenants

PAGE_SIZE = 100
SECONDS_BETWEEN_PAGES = 2
LONGEST_DELAY = 900  # SQS delivers no later than this


@dataclass(frozen=True, slots=True)
class ScheduleServices:
    """What scheduling needs: it never talks to a shop and needs no secret."""

    tenants: Tenants
    shops_queue: ShopsQueue


@dataclass(frozen=True, slots=True)
class Scheduled:
    """How many active shops were put on the queue, in how many pages."""

    shops: int
    pages: int


def schedule_fetches(services: ScheduleServices) -> Scheduled:
    """Send every active shop once, a page at a time, a few seconds apart."""
    shops = pages = 0
    after: str | None = None
    while True:
        page, after = services.tenants.active_shops(after, PAGE_SIZE)
        if page:
            delay = min(pages * SECONDS_BETWEEN_PAGES, LONGEST_DELAY)
            services.shops_queue.send([shop.shop_id for shop in page], delay=delay)
            shops, pages = shops + len(page), pages + 1
        if after is None:
            return Scheduled(shops, pages)
