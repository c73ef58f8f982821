"""A shop that was connected and looked at -> on: from now on its orders are fetched and booked."""

from contextlib import suppress

from boekbrug.errors import RetryLater
from boekbrug.journey.connect_rows import ConnectServices, Tell, nobody
from boekbrug.journey.ports import NOT_STARTED, ConnectedShop, ShopsQueue
from boekbrug.journey.upkeep import resume


def switch_on(
    services: ConnectServices, queue: ShopsQueue, shop: ConnectedShop, *, tell: Tell = nobody
) -> bool:
    """Once its access is proven again; false when it was on already.

    The first orders are asked for at once. When that cannot be asked, the next hour does it.
    """
    if shop.paused != NOT_STARTED:
        return False
    resume(services, shop.shop_id, tell=tell)
    with suppress(RetryLater):
        queue.send([shop.shop_id])
    return True
