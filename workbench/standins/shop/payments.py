"""An order in, its payments out: from its file, or composed from what the order says itself."""

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Any

from workbench.standins.clock import AMSTERDAM
from workbench.standins.shop.order_records import OrderRecord
from workbench.standins.shop.shop_data import Shop
from workbench.standins.shop.switches import ShopSwitches

Payment = dict[str, Any]
EMBEDDABLE = ("mutations", "properties", "order")
# The mutations that lead to a payment status (Mijnwebwinkel API, payments of an order).
_MUTATIONS = {
    "authorized": ("authorize",),
    "captured": ("authorize", "capture"),
    "refunded": ("authorize", "capture", "refund"),
    "voided": ("authorize", "void"),
    "failed": ("failed",),
}
_LINE_TYPES = {"article": "physical", "shipping": "shipping_fee", "payment": "payment_fee"}


def payments_of(
    order: OrderRecord, shop: Shop, switches: ShopSwitches, embed: str
) -> list[Payment]:
    """The payments with only the embedded parts that were asked for."""
    payments = shop.payments.get(order.number)
    if payments is None:
        composed = switches.payments_without_file == "composed"
        payments = _composed(order, shop) if composed else []
    wanted = {name.strip() for name in embed.split(",")}
    return [_shown(each, order, wanted, switches) for each in payments]


def _shown(
    payment: Payment, order: OrderRecord, wanted: set[str], switches: ShopSwitches
) -> Payment:
    shown = {
        name: value for name, value in payment.items() if name not in EMBEDDABLE or name in wanted
    }
    if "order" in wanted and "order" not in shown:
        shown["order"] = _embedded_order(order)
    if "mutations" in shown and switches.refund_sign != "as_given":
        negative = switches.refund_sign == "negative"
        shown["mutations"] = [_signed(each, negative=negative) for each in shown["mutations"]]
    return shown


def _signed(mutation: Payment, *, negative: bool) -> Payment:
    if mutation.get("type") != "refund":
        return mutation
    amount = abs(int(mutation["price"]))
    return {**mutation, "price": -amount if negative else amount}


def _composed(order: OrderRecord, shop: Shop) -> list[Payment]:
    """One payment over the whole order; none for credits, zero totals and manual payments."""
    payment = order.data.get("payment")
    gateway = payment.get("gateway_name") if isinstance(payment, dict) else None
    cents = _cents(_of(order.data, "price").get("total"))
    if order.is_credit or not cents or gateway in {None, "", "basic"}:
        return []
    seed = uuid.UUID(str(uuid.uuid5(uuid.NAMESPACE_OID, f"{shop.id} {order.number}")))
    moment = _iso_moment(order)
    status = str(order.data.get("payment_status") or "unknown")
    return [
        {
            "id": str(uuid.uuid5(seed, "payment")),
            "gateway": gateway,
            "method": _of(order.data, "payment").get("method_name"),
            "gatewayReference": f"tr_{seed.hex[:10]}",
            "price": cents,
            "currency": order.data.get("currency", "EUR"),
            "storeId": shop.id,
            "reference": str(uuid.uuid5(seed, "reference")),
            "isTest": order.is_test,
            "createdAt": moment,
            "updatedAt": moment,
            "mutations": [
                _mutation(type_, index, cents, moment, seed)
                for index, type_ in enumerate(_MUTATIONS.get(status, ()))
            ],
            "properties": [],
        }
    ]


def _mutation(type_: str, index: int, cents: int, moment: str | None, seed: uuid.UUID) -> Payment:
    return {
        "id": seed.int % 10**8 + index,
        "type": type_,
        "reference": None,
        "price": cents,
        "description": None,
        "createdAt": moment,
        "expiresAt": None,
    }


def _embedded_order(order: OrderRecord) -> Payment:
    lines = order.data.get("orderlines")
    shown = [_embedded_line(line) for line in lines] if isinstance(lines, list) else []
    return {
        "id": order.data.get("uuid"),
        "reference": order.number,
        "price": _cents(_of(order.data, "price").get("total")),
        "tax": sum(line["tax"] for line in shown),
        "locale": order.data.get("locale", "nl_NL"),
        "lines": shown,
    }


def _embedded_line(line: dict[str, Any]) -> Payment:
    prices = line.get("price")
    parts = prices if isinstance(prices, list) else [prices or {}]
    gross = sum((_money(part.get("amount_including_tax")) for part in parts), Decimal())
    net = sum((_money(part.get("amount")) for part in parts), Decimal())
    rate = (gross - net) / net if net else Decimal()  # an effective rate, as the vendor shows
    return {
        "id": line.get("id"),
        "type": _LINE_TYPES.get(str(line.get("type")), str(line.get("type"))),
        "name": line.get("description"),
        "description": line.get("description"),
        "quantity": line.get("quantity", 1),
        "price": _cents(gross),
        "tax": _cents(gross - net),
        "taxRate": f"{rate:.4f}",
    }


def _of(data: dict[str, Any], name: str) -> dict[str, Any]:
    value = data.get(name)
    return value if isinstance(value, dict) else {}


def _money(value: Any) -> Decimal:
    return Decimal(str(value)) if value not in {None, ""} else Decimal()


def _cents(value: Any) -> int:
    return int((_money(value) * 100).quantize(Decimal(1), "ROUND_HALF_UP"))


def _iso_moment(order: OrderRecord) -> str | None:
    try:
        return datetime.fromisoformat(order.placed).replace(tzinfo=AMSTERDAM).isoformat()
    except ValueError:
        return None
