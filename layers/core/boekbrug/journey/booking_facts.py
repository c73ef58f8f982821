"""An order -> the facts its conversion may look at: the same for booking, trying and showing it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from boekbrug.domain.facts import EuThreshold, Facts, SentInvoice, VatPeriod
from boekbrug.domain.order import Order, OrderStatus, Payment
from boekbrug.domain.rates import countries_needed
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import NeedsOperator, RetryLater
from boekbrug.journey.message_facts import PAID
from boekbrug.journey.ports.books import VatRates
from boekbrug.journey.ports.ledger import (
    BOOKED,
    HELD,
    POSTING,
    QUEUED,
    UNCLEAR,
    WAITING,
    Ledger,
    LedgerRow,
)
from boekbrug.journey.ports.shops import FetchedOrder, Shop
from boekbrug.journey.ports.tenants import ConnectedShop

ORIGINAL_NOT_BOOKED = "original_not_booked"
_NOT_THERE_YET = (QUEUED, WAITING, POSTING, UNCLEAR, HELD)


class FactSources(Protocol):
    """Where facts come from, besides the shop and the books."""

    @property
    def ledger(self) -> Ledger: ...
    @property
    def vat_rates(self) -> VatRates: ...


class ThresholdReport(Protocol):
    """What is asked of the books."""

    def eu_threshold(self, year: int) -> EuThreshold: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldByShop:
    """What only the shop knows: ``payments`` are ``None`` when they were not read."""

    statuses: Mapping[int, OrderStatus] = field(default_factory=dict)
    payments: tuple[Payment, ...] | None = None
    original: Order | None = None


def ask_shop(api: Shop, order: Order, statuses: Mapping[int, OrderStatus]) -> ToldByShop:
    """Read what belongs to an order. Raises as the port does."""
    number = order.credited_order_number
    original = api.order(number) if number else None
    return ToldByShop(
        statuses=statuses,
        payments=api.payments(order.number) if order.payment_status in PAID else None,
        original=original.order if isinstance(original, FetchedOrder) else None,
    )


def booking_facts(
    sources: FactSources,
    books: ThresholdReport,
    shop: ConnectedShop,
    order: Order,
    *,
    settings: ShopSettings,
    told: ToldByShop,
    now: datetime,
) -> Facts | str:
    """What the conversion may look at, or the reason why the order has to wait.

    Raises ``RetryLater`` (our own storage) and ``StopShop`` (Acumulus refuses us).
    """
    sent: dict[str, SentInvoice] = {}
    originals: dict[str, Order] = {}
    if order.credited_order_number:
        rows = sources.ledger.by_number(shop.shop_id, order.credited_order_number)
        if any(row.state in _NOT_THERE_YET for row in rows):
            return ORIGINAL_NOT_BOOKED
        sent |= {row.key.number: _sent(row) for row in rows if row.state == BOOKED}
        if told.original is not None:
            originals[told.original.number] = told.original
    asked = countries_needed(
        order, settings, shop.store, originals.get(order.credited_order_number)
    )
    return Facts(
        now=now,
        store=shop.store,
        statuses=told.statuses,
        vat_rates=_rates(sources.vat_rates, dict(asked)),
        payments=told.payments,
        already_sent=sent,
        originals=originals,
        eu_threshold=_threshold(books, order, dict(asked), settings.home_country),
    )


def _threshold(
    books: ThresholdReport, order: Order, asked: Mapping[str, date], home: str
) -> EuThreshold | None:
    """The report on distance sales, only for orders that it can matter for (R45)."""
    abroad = any(country != home for country in asked)
    if not abroad or order.tax_strategy or order.credited_order_number or order.date.year < 2021:
        return None
    try:
        return books.eu_threshold(order.date.year)
    except (RetryLater, NeedsOperator):
        return None


def _sent(row: LedgerRow) -> SentInvoice:
    return SentInvoice(row.entryid, row.invoicenumber, row.conceptid)


def _rates(rates: VatRates, asked: Mapping[str, date]) -> dict[str, tuple[VatPeriod, ...]]:
    found = ((country, rates.periods(country, on)) for country, on in asked.items())
    return {country: periods for country, periods in found if periods is not None}
