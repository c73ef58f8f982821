"""What one web shop holds: its token, orders, payments and the lists a merchant can set up."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from workbench.standins.shop.order_records import OrderBook

Access = Literal["active", "expired", "inactive"]
_STORES = uuid.UUID("6f1d3a52-9a41-5c55-8e2f-0c3b6a0f7d10")

# Ids 1, 2, 3, 6 and 10 are publicly known (Mijnwebwinkel API, order statuses); the rest is ours.
STATUSES: dict[int, tuple[str, str]] = {
    1: ("Bestelling in behandeling", "Order pending"),
    2: ("Verzonden", "Shipped"),
    3: ("Betaald", "Paid"),
    4: ("Geannuleerd", "Cancelled"),
    5: ("Niet afgerond", "Not completed"),
    6: ("Afgehaald en betaald", "Collected and paid"),
    7: ("Afgehandeld", "Handled"),
    10: ("Retour", "Return"),
    11: ("Gecrediteerd", "Credited"),
}
CREDIT_STATUSES = {10, 11}

_GATEWAYS = {
    "mollie": (
        "Mollie",
        {"ideal": "iDEAL", "bancontact": "Bancontact", "creditcard": "Creditcard"},
    ),
    "paypal": ("PayPal", {"paypal": "PayPal"}),
    "basic": (
        "Basis",
        {
            "advance": "Vooraf overmaken",
            "invoice": "Op factuur",
            "cash": "Contant",
            "pickup": "Betalen bij afhalen",
        },
    ),
}


@dataclass
class Shop:
    """One shop behind one token; ``store["id"]`` is its identity. ``repr`` shows no token."""

    token: str = field(repr=False)
    store: dict[str, Any] = field(default_factory=lambda: demo_store(), repr=False)  # noqa: PLW0108 -- defined below
    orders: OrderBook = field(default_factory=OrderBook, repr=False)
    statuses: list[dict[str, Any]] | None = field(default=None, repr=False)
    gateways: list[dict[str, Any]] = field(default_factory=lambda: demo_gateways(), repr=False)  # noqa: PLW0108 -- defined below
    store_gateways: list[dict[str, Any]] | None = field(default=None, repr=False)
    tax_regions: list[dict[str, Any]] = field(default_factory=lambda: [dutch_region()], repr=False)
    shipping_methods: list[dict[str, Any]] = field(default_factory=list, repr=False)
    payments: dict[str, list[dict[str, Any]]] = field(default_factory=dict, repr=False)
    access: Access = "active"

    @property
    def id(self) -> str:
        return str(self.store["id"])

    @property
    def home_country(self) -> str:
        return str(self.store.get("region_code") or "NL")

    def order_statuses(self, language: str) -> list[dict[str, Any]]:
        """The statuses of the shop's files, else the built-in ones in Dutch or English."""
        if self.statuses is not None:
            return self.statuses
        english = not language.startswith("nl")
        return [
            {"status": key, "description": texts[english], "credit_order": key in CREDIT_STATUSES}
            for key, texts in STATUSES.items()
        ]

    def priced_gateways(self) -> list[dict[str, Any]]:
        """The gateways with this shop's costs, free of charge unless a file says otherwise."""
        if self.store_gateways is not None:
            return self.store_gateways
        free = {"cost": {"amount": "0.00", "percentage": "0.00"}}
        return [
            {**each, "methods": [{**method, "settings": free} for method in each["methods"]]}
            for each in self.gateways
        ]


def demo_store(name: str = "Voorbeeldwinkel", **changes: Any) -> dict[str, Any]:
    """A store document as /v1/store gives it; every name has its own, stable id."""
    return {
        "id": str(uuid.uuid5(_STORES, name)),
        "name": name,
        "primary_domain": "https://www.voorbeeldwinkel.example",
        "description": "",
        "open": True,
        "version": "Premium",
        "administration_language": "nl_NL",
        "currency": "EUR",
        "prices_include_tax": True,
        "default_language": "nl_NL",
        "active_languages": ["nl_NL", "en_GB"],
        "currency_format_locale": "nl_NL",
        "available_business_models": "ALL",
        "region_code": "NL",
        **changes,
    }


def demo_gateways() -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "displayName": shown,
            "websiteUrl": "",
            "methods": [{"name": key, "displayName": text} for key, text in methods.items()],
        }
        for name, (shown, methods) in _GATEWAYS.items()
    ]


def dutch_region() -> dict[str, Any]:
    return {
        "regionCode": "NL",
        "taxEnabled": True,
        "taxNumber": None,
        "taxRate": "0.21",
        "shippingTaxMethod": "proportional",
        "shippingTaxRate": None,
        "transactionTaxMethod": "fixed",
        "transactionTaxRate": "0.21",
        "overrides": [],
    }


def shop_of(token: str, orders: Iterable[dict[str, Any]] = (), **parts: Any) -> Shop:
    """A shop from order documents; ``parts`` are other fields of ``Shop``."""
    return Shop(token, orders=OrderBook(orders), **parts)
