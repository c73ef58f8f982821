"""A shop that was connected and looked at -> on: from now on its orders are fetched and booked."""

from boekbrug.journey.connect_rows import ConnectServices, Tell, nobody
from boekbrug.journey.ports.tenants import NOT_STARTED, ConnectedShop
from boekbrug.journey.upkeep import resume


def switch_on(services: ConnectServices, shop: ConnectedShop, *, tell: Tell = nobody) -> bool:
    """Once its access is proven again; false when it was on already."""
    if shop.paused != NOT_STARTED:
        return False
    resume(services, shop.shop_id, tell=tell)
    return True
