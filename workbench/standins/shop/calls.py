"""A permitted request for one shop in, its answer out: one function per call of the API."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.standins import raw_json
from workbench.standins.http_server import Answer
from workbench.standins.shop import shapes
from workbench.standins.shop.answers import not_found
from workbench.standins.shop.filters import boolean, page_of, paged, selected
from workbench.standins.shop.order_records import OrderRecord
from workbench.standins.shop.payments import payments_of
from workbench.standins.shop.routes import Route
from workbench.standins.shop.shop_data import Shop
from workbench.standins.shop.switches import ShopSwitches


@dataclass(frozen=True, slots=True)
class Ask:
    """A request after its tokens were checked."""

    query: Mapping[str, str]
    route: Route
    shop: Shop
    switches: ShopSwitches

    @property
    def wants_xml(self) -> bool:
        return self.query.get("format", self.switches.format_left_out) == "xml"

    @property
    def order(self) -> OrderRecord | None:
        """The order in the path; a test order only when it is asked for."""
        order = self.shop.orders.find(self.route.number)
        if order is None or not order.is_test or self.switches.test_order_by_number == "served":
            return order
        return order if boolean(self.query, "test", self.switches) else None


def served(ask: Ask) -> Answer:
    """The answer to a call of ``CALLS``; raises BadQuery."""
    if ask.route.call == "orders" and not ask.wants_xml:
        # The one answer that can be large: put together from texts that are kept.
        texts = (shapes.order_json(order, ask.shop, ask.switches) for order in _page(ask))
        return Answer(200, b"[" + b",".join(texts) + b"]")
    value = CALLS[ask.route.call](ask)
    if isinstance(value, Answer):
        return value
    if ask.wants_xml:
        return Answer(200, shapes.xml(value, ask.route.call), "application/xml")
    return Answer(200, raw_json.dumps(value))


def _page(ask: Ask) -> list[OrderRecord]:
    page = page_of(ask.query, ask.switches)
    return paged(selected(ask.shop.orders, ask.query, ask.switches), page, ask.switches)


def _store(ask: Ask) -> Any:
    return ask.shop.store


def _orders(ask: Ask) -> Any:
    return [shapes.order_document(order, ask.shop, ask.switches) for order in _page(ask)]


def _count(ask: Ask) -> Any:
    return {"count": len(selected(ask.shop.orders, ask.query, ask.switches))}


def _order(ask: Ask) -> Any:
    if ask.order is None:
        return not_found("No order with this number.")
    return shapes.order_document(ask.order, ask.shop, ask.switches)


def _payments(ask: Ask) -> Any:
    if ask.order is None:
        return not_found("No order with this number.")
    embed = ask.query.get("embed", "")
    return {"payments": payments_of(ask.order, ask.shop, ask.switches, embed)}


def _statuses(ask: Ask) -> Any:
    return ask.shop.order_statuses(ask.query.get("language", "nl_NL"))


def _gateways(ask: Ask) -> Any:
    return {"gateways": ask.shop.gateways}


def _store_gateways(ask: Ask) -> Any:
    if ask.route.number not in {"me", ask.shop.id}:
        return not_found("No such store.")
    return {"gateways": ask.shop.priced_gateways()}


def _tax_regions(ask: Ask) -> Any:
    regions = ask.shop.tax_regions
    return {"regions": regions} if ask.switches.shapes == "live" else regions


def _tax_region(ask: Ask) -> Any:
    code = ask.route.number.upper()
    found = [region for region in ask.shop.tax_regions if region.get("regionCode") == code]
    return {"region": found[0]} if found else not_found("No tax policy for this region.")


def _shipping_methods(ask: Ask) -> Any:
    return ask.shop.shipping_methods


def _nothing(_: Ask) -> Any:
    return []


CALLS: dict[str, Callable[[Ask], Any]] = {
    "store": _store,
    "orders": _orders,
    "count": _count,
    "order": _order,
    "payments": _payments,
    "statuses": _statuses,
    "gateways": _gateways,
    "store_gateways": _store_gateways,
    "tax_regions": _tax_regions,
    "tax_region": _tax_region,
    "shipping_methods": _shipping_methods,
    "locations": _nothing,
    "discount_codes": _nothing,
}
