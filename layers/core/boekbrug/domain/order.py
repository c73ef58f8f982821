"""The order as we understand it, whatever shape the shop sent it in.

Money is ``Decimal`` in the order's currency, rates are percentages (``Decimal("21")``), dates and
times are local to the shop (Europe/Amsterdam, without offset). A value the shop left out is
``None`` or an empty text or tuple, never a guess.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Price:
    """The price of a whole line at one VAT rate (F1, F2): quantity included.

    ``net`` has up to six decimals; ``gross`` exactly two, or ``None`` when the shop did not give
    it (orders from before 2019-04-12); ``rate`` is ``None`` when the shop left it empty (F4).
    """

    net: Decimal
    gross: Decimal | None
    rate: Decimal | None


@dataclass(frozen=True, slots=True)
class ArticleOption:
    """A chosen option; ``list_option_id`` is empty for an action price."""

    description: str
    list_option_id: str = ""


@dataclass(frozen=True, slots=True)
class Article:
    """What is sold in a line; ``purchase_price`` is per unit in the order's currency."""

    description: str
    sku: str
    purchase_price: Decimal | None = None
    options: tuple[ArticleOption, ...] = ()


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line: article, custom, shipping, payment, discount or any other type (F15)."""

    type: str
    description: str
    quantity: Decimal | None
    prices: tuple[Price, ...]
    articles: tuple[Article, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """An invoice or delivery address as the customer typed it; all texts may be empty."""

    name: str = ""
    company: str = ""
    street: str = ""
    number: str = ""
    zipcode: str = ""
    city: str = ""
    country_code: str = ""
    country: str = ""
    phone: str = ""
    vat_number: str = ""
    bank_account: str = ""


@dataclass(frozen=True, slots=True)
class Debtor:
    """The customer; ``delivery`` is ``None`` when the order has no delivery address."""

    id: str = ""
    email: str = ""
    name: str = ""
    company: str = ""
    phone: str = ""
    bank_account: str = ""
    invoice: Address = field(default_factory=Address)
    delivery: Address | None = None


@dataclass(frozen=True, slots=True)
class OrderPayment:
    """The (deprecated) payment on the order: gateway, method and its status id (0..7)."""

    gateway: str = ""
    method: str = ""
    status_id: int | None = None


@dataclass(frozen=True, slots=True)
class TaxTotal:
    """One entry of ``price.tax``: informative VAT amount per rate (F6)."""

    amount: Decimal
    rate: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order of one shop.

    ``tax_strategy`` is ``None`` when the shop did not send the field (orders from before 2019-09,
    R13) and ``""`` for ordinary VAT. ``currency`` is ``""`` when the shop did not send it: then it
    is the shop's own. ``credited_order_number`` is ``""`` for an ordinary order.
    ``is_test`` is set when the shop or a payment says so or the number is not all digits (R4).
    """

    uuid: str
    number: str
    placed_at: datetime
    status: int | None
    status_changed_at: datetime | None = None
    currency: str = "EUR"
    total: Decimal
    taxes: tuple[TaxTotal, ...] = ()
    lines: tuple[OrderLine, ...]
    debtor: Debtor
    tax_region: str = ""
    tax_strategy: str | None = None
    business_model: str = ""
    discount_code: str = ""
    credited_order_number: str = ""
    credit_order_numbers: tuple[str, ...] = ()
    payment_status: str = ""
    payment: OrderPayment | None = None
    shipping_countries: tuple[str, ...] = ()
    delivery_type: str = ""
    offline_location_id: str = ""
    is_test: bool = False

    @property
    def date(self) -> date:
        """The order date, local to the shop."""
        return self.placed_at.date()


@dataclass(frozen=True, slots=True)
class Store:
    """The shop itself (``GET /store``); ``region_code`` is its home country or empty."""

    id: str
    name: str = ""
    domain: str = ""
    region_code: str = ""
    currency: str = "EUR"
    prices_include_tax: bool | None = None


@dataclass(frozen=True, slots=True)
class OrderStatus:
    """One row of ``GET /orderstatuses``: ids are the shop's, never hard-coded (R1)."""

    id: int
    description: str
    credit_order: bool = False


@dataclass(frozen=True, slots=True)
class PaymentMutation:
    """One step of a payment: authorize, capture, failed, refund or void; amount in euro."""

    type: str
    amount: Decimal
    created_at: datetime | None
    """Moment with offset, as the API gives it."""


@dataclass(frozen=True, slots=True)
class Payment:
    """A payment of an order (``GET /orders/{number}/payments``); amount in the currency's units."""

    gateway: str
    method: str
    amount: Decimal
    currency: str
    is_test: bool
    mutations: tuple[PaymentMutation, ...] = ()
