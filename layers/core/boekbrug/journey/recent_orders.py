"""A shop -> its latest orders, in a few reads; nothing is stored."""

from boekbrug.journey.ports.shops import FetchedOrder, Shop, Sweep, UnreadableOrder
from boekbrug.journey.sweeps import sweep_orders

MOST = 200


def recent_orders(shop: Shop, most: int = MOST) -> list[FetchedOrder | UnreadableOrder]:
    """The ``most`` orders with the highest numbers, by ascending number.

    The list is only given by ascending number, so its length is asked for first. Raises what the
    port raises.
    """
    listed = shop.count(Sweep())
    found = list(sweep_orders(shop, Sweep(), offset=max(0, listed - most)))
    return found[-most:]
