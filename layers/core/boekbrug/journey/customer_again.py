"""Whose invoice an order is, read again from the shop: for one look into Acumulus only."""

from boekbrug.domain.contact import addresses
from boekbrug.domain.order import Order
from boekbrug.errors import BoekbrugError
from boekbrug.journey.fetch_shop import ShopRun
from boekbrug.journey.look_up import Customer
from boekbrug.journey.ports.ledger import LedgerRow
from boekbrug.journey.ports.shops import FetchedOrder


def customer_of(run: ShopRun, row: LedgerRow) -> Customer | None:
    """``None`` when the shop does not tell, of the order or of the one that it credits."""
    try:
        order = _order(run, row.key.number)
        credited = order.credited_order_number if order else ""
        original = _order(run, credited) if credited else None
    except BoekbrugError:
        return None
    if order is None or (credited and original is None):
        return None
    settings = run.tenants.settings(run.shop.shop_id, row.settings_version)
    ids = (one.debtor.id for one in (order, original) if one is not None)
    return Customer(
        frozenset(filter(None, ids)), addresses(order, original, settings, run.shop.store)
    )


def _order(run: ShopRun, number: str) -> Order | None:
    found = run.api.order(number)
    return found.order if isinstance(found, FetchedOrder) else None
