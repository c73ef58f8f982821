"""A path in, the name of the call out (Mijnwebwinkel API, endpoints)."""

import re
from dataclasses import dataclass

_ROUTES = {
    "store": "/v1/store",
    "orders": "/v1/orders",
    "count": "/v1/orders/count",
    "order": "/v1/orders/([^/]+)",
    "payments": "/v1/orders/([^/]+)/payments",
    "statuses": "/v1/orderstatuses",
    "gateways": "/v1/payment/gateways",
    "store_gateways": "/v1/payment/stores/([^/]+)/gateways",
    "tax_regions": "/v1/tax-policy/regions",
    "tax_region": "/v1/tax-policy/regions/([^/]+)",
    "shipping_methods": "/v1/shipping/methods",
    "locations": "/v1/offlinelocations",
    "discount_codes": "/v1/discountcodes",
}
_PATTERNS = [(call, re.compile(pattern)) for call, pattern in _ROUTES.items()]


@dataclass(frozen=True, slots=True)
class Route:
    """Which call a path is; ``number`` is the order number, store or country in it."""

    call: str
    number: str = ""

    @property
    def partner_token_is_enough(self) -> bool:
        return self.call in {"statuses", "gateways"}


def route(path: str) -> Route:
    """The call behind a path, "unknown" when there is none."""
    for call, pattern in _PATTERNS:
        if match := pattern.fullmatch(path.rstrip("/")):
            return Route(call, match[1] if match.groups() else "")
    return Route("unknown")
