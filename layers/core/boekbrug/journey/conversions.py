"""Orders of a shop -> what each would become under given settings; nothing is posted or stored.

What the conversion asks of the outside is asked once, however often an order is converted.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from boekbrug.domain.convert import convert
from boekbrug.domain.eligibility import decide
from boekbrug.domain.facts import EuThreshold, Facts
from boekbrug.domain.invoice import Hold, Invoice, Skip
from boekbrug.domain.order import Order, OrderStatus
from boekbrug.domain.settings import ShopSettings
from boekbrug.errors import BoekbrugError, RetryLater
from boekbrug.journey.booking_facts import FactSources, ThresholdReport, ToldByShop, booking_facts
from boekbrug.journey.ports.tenants import ConnectedShop

type Outcome = Invoice | Hold | Skip


@dataclass(slots=True)
class OnceAYear:
    """A report on distance sales that is asked for once; what does not come is left out."""

    report: ThresholdReport
    _kept: dict[int, EuThreshold | None] = field(default_factory=dict)

    def eu_threshold(self, year: int) -> EuThreshold:
        """Raises ``RetryLater`` when it did not come, now or before."""
        if year not in self._kept:
            try:
                self._kept[year] = self.report.eu_threshold(year)
            except BoekbrugError:
                self._kept[year] = None
        found = self._kept[year]
        if found is None:
            raise RetryLater("the report on distance sales did not come", code="books_refused")
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversions:
    """What every conversion is based on, besides the order and the settings.

    ``originals`` are the orders that credit orders refer to, by number.
    """

    sources: FactSources
    report: ThresholdReport
    shop: ConnectedShop
    statuses: Mapping[int, OrderStatus]
    originals: Mapping[str, Order]
    now: datetime

    def outcome(self, order: Order, settings: ShopSettings) -> Outcome:
        """The invoice, or why there is none (yet)."""
        facts = self.facts(order, settings)
        if isinstance(facts, str):
            return Hold(facts, waits=True)
        return outcome_of(order, settings, facts)

    def facts(self, order: Order, settings: ShopSettings) -> Facts | str:
        """As ``booking_facts``; payments are not read: that is a call each."""
        told = ToldByShop(
            statuses=self.statuses, original=self.originals.get(order.credited_order_number)
        )
        return booking_facts(
            self.sources,
            self.report,
            self.shop,
            order,
            settings=settings,
            told=told,
            now=self.now,
        )


def outcome_of(order: Order, settings: ShopSettings, facts: Facts) -> Outcome:
    """As booking decides it."""
    return decide(order, settings, facts) or convert(order, settings, facts)
