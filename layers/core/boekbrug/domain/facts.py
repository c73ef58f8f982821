"""What the outside world answered, handed to the pure rules: the rules never ask themselves."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from boekbrug.domain.order import Order, OrderStatus, Payment, Store


@dataclass(frozen=True, slots=True)
class VatRate:
    """One rate of a country; ``kind`` is Acumulus' vattype word (normal, reduced, ...)."""

    rate: Decimal
    kind: str = ""


@dataclass(frozen=True, slots=True)
class VatPeriod:
    """The rates of a country from one date until another, both inclusive; ``None`` is open.

    ``region`` is Acumulus' countryregion: 1 Netherlands, 2 EU, 3 world (A4).
    """

    start: date | None
    until: date | None
    region: int | None
    rates: tuple[VatRate, ...]


@dataclass(frozen=True, slots=True)
class EuThreshold:
    """``report_threshold_eu_ecommerce`` of one calendar year, in euro (A9)."""

    year: int
    threshold: Decimal
    nltaxed: Decimal
    reached: bool


@dataclass(frozen=True, slots=True)
class SentInvoice:
    """An order that is in Acumulus already."""

    entryid: str = ""
    invoicenumber: str = ""
    conceptid: str = ""


@dataclass(frozen=True, slots=True)
class VatCheck:
    """What VIES said of a VAT number, and when: evidence (R26).

    ``consultation`` is VIES' own number of this answer, given to those who say who they are.
    """

    valid: bool
    at: datetime
    consultation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a decision may look at besides the order and the merchant's settings.

    ``vat_rates``: per country code its periods; an empty tuple = Acumulus has no VAT data for it;
    a missing country = the look-up failed (R55).
    ``payments`` is ``None`` when they were not read.
    ``eu_threshold`` is ``None`` when the report was not read or failed (R45).
    ``originals`` are the orders that credit orders refer to, by order number (R111).
    ``originals_sent`` / ``already_sent``: what is in Acumulus, by order number.
    ``vies``: normalised VAT number -> VIES' answer; one that is missing was not to be had (R26).
    """

    now: datetime
    store: Store
    statuses: Mapping[int, OrderStatus] = field(default_factory=dict)
    vat_rates: Mapping[str, tuple[VatPeriod, ...]] = field(default_factory=dict)
    eu_threshold: EuThreshold | None = None
    payments: tuple[Payment, ...] | None = None
    already_sent: Mapping[str, SentInvoice] = field(default_factory=dict)
    originals: Mapping[str, Order] = field(default_factory=dict)
    vies: Mapping[str, VatCheck] = field(default_factory=dict)
