"""Order -> a hash of what matters for the books: a change makes the booking out of date (R122)."""

from decimal import Decimal
from hashlib import blake2b

from boekbrug.domain.amounts import plain
from boekbrug.domain.order import Order


def fingerprint(order: Order) -> str:
    """32 hexadecimal digits over the financial fields (shop API, section 9); no texts count.

    The same for every shape in which the shop may send the same order.
    """
    prices = sorted(
        f"{_text(price.net)}/{_text(price.gross)}/{_text(price.rate)}"
        for line in order.lines
        for price in line.prices
    )
    number = "".join(order.debtor.invoice.vat_number.split()).upper()
    parts = (
        _text(order.total),
        order.currency,
        order.tax_region,
        order.tax_strategy or "",
        order.business_model or "B2C",
        number,
        order.credited_order_number,
        *prices,
    )
    return blake2b("|".join(parts).encode(), digest_size=16).hexdigest()


def _text(number: Decimal | None) -> str:
    return "" if number is None else plain(number)
