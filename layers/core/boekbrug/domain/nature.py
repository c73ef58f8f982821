"""What is sold: goods or services (R29), margin goods (R41); from the merchant's choices."""

import re
from collections.abc import Iterable
from decimal import Decimal
from fnmatch import translate
from functools import lru_cache

from boekbrug.domain.amounts import ZERO
from boekbrug.domain.order import Order, OrderLine
from boekbrug.domain.settings import ShopSettings

PRODUCT = "Product"
SERVICE = "Service"
UNKNOWN = ""

_BY_SETTING = {"products": PRODUCT, "services": SERVICE}


def nature_of(line: OrderLine, settings: ShopSettings) -> str:
    """Product or Service of an article line; unknown without a rule that says so (R29, R70)."""
    known = _BY_SETTING.get(settings.sells)
    if known is not None:
        return known
    if not settings.service_skus:
        return UNKNOWN
    return SERVICE if matches(line, settings.service_skus) else PRODUCT


def main_nature(order: Order, settings: ShopSettings) -> str:
    """What shipping and other side lines follow: the nature with the largest amount (R29)."""
    known = _BY_SETTING.get(settings.sells)
    if known is not None:
        return known
    amounts: dict[str, Decimal] = {}
    for line in order.lines:
        if line.articles:
            nature = nature_of(line, settings)
            amount = sum((abs(price.net) for price in line.prices), ZERO)
            amounts[nature] = amounts.get(nature, ZERO) + amount
    return max(amounts, key=lambda nature: amounts[nature], default=UNKNOWN)


def article_natures(order: Order, settings: ShopSettings) -> set[str]:
    """Every nature that occurs among the article lines (R36)."""
    if settings.sells in _BY_SETTING:
        return {_BY_SETTING[settings.sells]}
    return {nature_of(line, settings) for line in order.lines if line.articles} or {UNKNOWN}


def is_margin_line(line: OrderLine, settings: ShopSettings) -> bool:
    """By the merchant's rule and a purchase price; never by a purchase price alone (R41)."""
    if settings.margin_goods == "none" or not line.articles:
        return False
    if settings.margin_goods == "only":
        return True
    return purchase_price(line) > 0 and matches(line, settings.margin_skus)


def purchase_price(line: OrderLine) -> Decimal:
    """Of all articles in the line together, per unit, in the order's currency; 0 when unknown."""
    return sum((article.purchase_price or ZERO for article in line.articles), ZERO)


def matches(line: OrderLine, patterns: tuple[str, ...]) -> bool:
    """Whether an article of the line has one of these SKUs; ``*`` stands for anything."""
    skus: Iterable[str] = (article.sku.strip() for article in line.articles)
    return bool(patterns) and any(sku and _pattern(patterns).match(sku) for sku in skus)


@lru_cache(maxsize=256)
def _pattern(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """One expression for all; upper and lower case are the same, ``[`` has no meaning."""
    parts = (translate(pattern.strip().replace("[", "[[]")) for pattern in patterns)
    return re.compile("|".join(parts), re.IGNORECASE)
