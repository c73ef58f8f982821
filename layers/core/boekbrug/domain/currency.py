"""Currency -> euro by the merchant's rate; without a rate there is no invoice (R117, R118)."""

from decimal import Decimal

from boekbrug.domain.amounts import ONE
from boekbrug.domain.order import Order, Store
from boekbrug.domain.settings import ShopSettings

EURO = "EUR"


def currency_of(order: Order, store: Store) -> str:
    """The order's own currency; one that does not tell has that of its shop (R13, R118)."""
    return order.currency or store.currency


def exchange_rate(order: Order, settings: ShopSettings, store: Store) -> Decimal | None:
    """Euro per unit of the order's currency, or ``None`` without a usable rate."""
    currency = currency_of(order, store)
    if currency == EURO:
        return ONE
    rate = settings.exchange_rates.get(currency)
    return rate if rate is not None and rate > 0 else None
