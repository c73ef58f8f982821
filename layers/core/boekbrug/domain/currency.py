"""Currency -> euro by the merchant's rate; without a rate there is no invoice (R117, R118)."""

from decimal import Decimal

from boekbrug.domain.amounts import ONE
from boekbrug.domain.order import Order
from boekbrug.domain.settings import ShopSettings

EURO = "EUR"


def exchange_rate(order: Order, settings: ShopSettings) -> Decimal | None:
    """Euro per unit of the order's currency, or ``None`` without a usable rate."""
    if order.currency == EURO:
        return ONE
    rate = settings.exchange_rates.get(order.currency)
    return rate if rate is not None and rate > 0 else None
